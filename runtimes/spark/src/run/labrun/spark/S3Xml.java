package run.labrun.spark;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads the few XML documents of S3 that the file system meets. The JDK's own StAX parser, so that no jar decides which one is used. */
final class S3Xml {
    private static final XMLInputFactory FACTORY = factory();

    /** One object of a listing. */
    record Item(String key, long size, long modified, String etag) {}

    /** One page of ListObjectsV2: objects and common prefixes in the order S3 gave, and the token of the next page or null. */
    record Page(List<Item> items, List<String> prefixes, String next) {}

    private S3Xml() {}

    private static XMLInputFactory factory() {
        XMLInputFactory made = XMLInputFactory.newDefaultFactory();
        made.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        made.setProperty(XMLInputFactory.IS_COALESCING, true);
        return made;
    }

    static Page page(InputStream body) throws IOException {
        List<Item> items = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        String next = null;
        try {
            XMLStreamReader xml = FACTORY.createXMLStreamReader(body, "UTF-8");
            while (xml.hasNext()) {
                if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                switch (xml.getLocalName()) {
                    case "Contents" -> items.add(item(xml));
                    case "CommonPrefixes" -> prefixes.add(decoded(child(xml, "CommonPrefixes", "Prefix")));
                    case "NextContinuationToken" -> next = xml.getElementText();
                    default -> { }
                }
            }
        } catch (XMLStreamException e) {
            throw new IOException("unreadable listing from S3: " + e.getMessage(), e);
        }
        return new Page(items, prefixes, next);
    }

    private static Item item(XMLStreamReader xml) throws XMLStreamException {
        String key = "";
        String etag = "";
        long size = 0;
        long modified = 0;
        while (!(xml.next() == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("Contents"))) {
            if (xml.getEventType() != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            switch (xml.getLocalName()) {
                case "Key" -> key = decoded(xml.getElementText());
                case "Size" -> size = Long.parseLong(xml.getElementText().trim());
                case "LastModified" -> modified = Instant.parse(xml.getElementText().trim()).toEpochMilli();
                case "ETag" -> etag = xml.getElementText().replace("\"", "");
                default -> { }
            }
        }
        return new Item(key, size, modified, etag);
    }

    private static String child(XMLStreamReader xml, String parent, String name) throws XMLStreamException {
        String text = "";
        while (!(xml.next() == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals(parent))) {
            if (xml.getEventType() == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals(name)) {
                text = xml.getElementText();
            }
        }
        return text;
    }

    /** Listings are asked for with `encoding-type=url`, which XML needs for keys that hold control characters. */
    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** The text of the first element called `name`, or "" (also for a body that isn't XML: a proxy's, or none at all). */
    static String first(byte[] body, String name) {
        try {
            XMLStreamReader xml = FACTORY.createXMLStreamReader(new java.io.ByteArrayInputStream(body), "UTF-8");
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals(name)) {
                    return xml.getElementText();
                }
            }
        } catch (XMLStreamException e) {
            return "";
        }
        return "";
    }

    static S3Exception error(int status, byte[] body) {
        String code = first(body, "Code");
        String message = first(body, "Message");
        String fallback = status == 403 ? "AccessDenied" : status == 404 ? "NotFound" : "InternalError";
        return new S3Exception(status, code.isEmpty() ? fallback : code, message.isEmpty() ? fallback : message, first(body, "RequestId"));
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;");
    }
}
