package run.labrun.spark;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Plain S3 over HTTP, path style, with the run's token in place of a signature: the dozen calls that the file system needs. Knows nothing
 * of Hadoop's paths, folders or staging. `HttpURLConnection` because it loads a tenth of the classes of the newer client and keeps
 * connections alive by itself.
 */
final class S3Client {
    static final int PART = 8 << 20;
    static final int FILE_PART = 64 << 20;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int READ_MILLIS = 300_000;

    /** A body that can be sent again: a stale kept-alive connection fails before S3 saw anything. */
    interface Body {
        long length();

        InputStream open() throws IOException;
    }

    record Bytes(byte[] data, int used) implements Body {
        @Override
        public long length() {
            return used;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(data, 0, used);
        }
    }

    record Slice(File file, long from, long length) implements Body {
        @Override
        public InputStream open() throws IOException {
            FileInputStream in = new FileInputStream(file);
            in.getChannel().position(from);
            return in;
        }
    }

    private S3Client() {}

    static S3Xml.Page list(String bucket, String prefix, boolean delimited, int limit, String token) throws IOException {
        StringBuilder query = new StringBuilder("?list-type=2&encoding-type=url&max-keys=").append(limit).append("&prefix=").append(encoded(prefix));
        if (delimited) {
            query.append("&delimiter=%2F");
        }
        if (token != null) {
            query.append("&continuation-token=").append(encoded(token));
        }
        HttpURLConnection answer = send("GET", "/" + bucket + query, null);
        try (InputStream body = answer.getInputStream()) {
            return S3Xml.page(body);
        }
    }

    /** All objects below a prefix, page by page. */
    static List<S3Xml.Item> listAll(String bucket, String prefix) throws IOException {
        List<S3Xml.Item> all = new ArrayList<>();
        String token = null;
        do {
            S3Xml.Page page = list(bucket, prefix, false, 1000, token);
            all.addAll(page.items());
            token = page.next();
        } while (token != null);
        return all;
    }

    static S3Xml.Item head(String bucket, String key) throws IOException {
        HttpURLConnection answer = send("HEAD", path(bucket, key), null);
        return new S3Xml.Item(key, answer.getContentLengthLong(), answer.getLastModified(), unquoted(answer.getHeaderField("ETag")));
    }

    /** A ranged GET; the caller reads or abandons the stream. With an ETag, an object that was replaced meanwhile is an error. */
    static HttpURLConnection get(String bucket, String key, long from, long to, String etag) throws IOException {
        String[] headers = etag == null
            ? new String[] {"Range", "bytes=" + from + "-" + to}
            : new String[] {"Range", "bytes=" + from + "-" + to, "If-Match", "\"" + etag + "\""};
        return send("GET", path(bucket, key), null, headers);
    }

    static void put(String bucket, String key, Body body) throws IOException {
        drain(send("PUT", path(bucket, key), body));
    }

    /** A whole local file: one PUT, or parts when it is big. Nothing of it is held in memory. */
    static void putFile(String bucket, String key, File file) throws IOException {
        long length = file.length();
        if (length <= FILE_PART) {
            put(bucket, key, new Slice(file, 0, length));
            return;
        }
        String upload = startUpload(bucket, key);
        try {
            List<String> tags = new ArrayList<>();
            for (long from = 0; from < length; from += FILE_PART) {
                tags.add(putPart(bucket, key, upload, tags.size() + 1, new Slice(file, from, Math.min(FILE_PART, length - from))));
            }
            finishUpload(bucket, key, upload, tags);
        } catch (IOException | RuntimeException e) {
            abortUpload(bucket, key, upload);
            throw e;
        }
    }

    static String startUpload(String bucket, String key) throws IOException {
        return S3Xml.first(whole(send("POST", path(bucket, key) + "?uploads", new Bytes(new byte[0], 0))), "UploadId");
    }

    static String putPart(String bucket, String key, String upload, int number, Body body) throws IOException {
        HttpURLConnection answer = send("PUT", path(bucket, key) + "?partNumber=" + number + "&uploadId=" + encoded(upload), body);
        String etag = answer.getHeaderField("ETag");
        drain(answer);
        return etag;
    }

    static void finishUpload(String bucket, String key, String upload, List<String> tags) throws IOException {
        StringBuilder xml = new StringBuilder("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        for (int at = 0; at < tags.size(); at++) {
            xml.append("<Part><PartNumber>").append(at + 1).append("</PartNumber><ETag>").append(S3Xml.escaped(tags.get(at))).append("</ETag></Part>");
        }
        Body body = text(xml.append("</CompleteMultipartUpload>").toString());
        failIfError(whole(send("POST", path(bucket, key) + "?uploadId=" + encoded(upload), body)));
    }

    static void abortUpload(String bucket, String key, String upload) {
        try {
            drain(send("DELETE", path(bucket, key) + "?uploadId=" + encoded(upload), null));
        } catch (IOException ignored) {
            // the first error is the one worth telling
        }
    }

    /** CopyObject may answer 200 and an error in its body. */
    static void copy(String bucket, String from, String to) throws IOException {
        failIfError(whole(send("PUT", path(bucket, to), new Bytes(new byte[0], 0), "x-amz-copy-source", path(bucket, from))));
    }

    static void delete(String bucket, String key) throws IOException {
        drain(send("DELETE", path(bucket, key), null));
    }

    static void deleteAll(String bucket, List<String> keys) throws IOException {
        for (int from = 0; from < keys.size(); from += 1000) {
            StringBuilder xml = new StringBuilder("<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>");
            for (String key : keys.subList(from, Math.min(from + 1000, keys.size()))) {
                xml.append("<Object><Key>").append(S3Xml.escaped(key)).append("</Key></Object>");
            }
            Bytes body = text(xml.append("</Delete>").toString());
            failIfError(whole(send("POST", "/" + bucket + "?delete", body, "Content-MD5", md5(body))));
        }
    }

    private static void failIfError(byte[] body) throws IOException {
        String code = S3Xml.first(body, "Code");
        if (!code.isEmpty()) {
            throw S3Xml.error(code.equals("AccessDenied") ? 403 : 500, body);
        }
    }

    private static HttpURLConnection send(String method, String target, Body body, String... headers) throws IOException {
        try {
            return once(method, target, body, headers);
        } catch (S3Exception | SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return once(method, target, body, headers);
        }
    }

    private static HttpURLConnection once(String method, String target, Body body, String... headers) throws IOException {
        HttpURLConnection call = (HttpURLConnection) new URL(Gateway.endpoint() + target).openConnection();
        call.setRequestMethod(method);
        call.setInstanceFollowRedirects(false);
        call.setUseCaches(false);
        call.setConnectTimeout(CONNECT_MILLIS);
        call.setReadTimeout(READ_MILLIS);
        call.setRequestProperty("Authorization", Gateway.authorization());
        call.setRequestProperty("User-Agent", "labrun-spark");
        for (int at = 0; at < headers.length; at += 2) {
            call.setRequestProperty(headers[at], headers[at + 1]);
        }
        if (body != null) {
            call.setDoOutput(true);
            call.setFixedLengthStreamingMode(body.length());
            call.setRequestProperty("Content-Type", "application/octet-stream");
            try (InputStream in = body.open(); OutputStream out = call.getOutputStream()) {
                pipe(in, out, body.length());
            }
        }
        int status = call.getResponseCode();
        if (status >= 300) {
            try (InputStream error = call.getErrorStream()) {
                throw S3Xml.error(status, error == null ? new byte[0] : error.readAllBytes());
            }
        }
        return call;
    }

    private static void pipe(InputStream in, OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[(int) Math.min(1 << 17, Math.max(length, 1))];
        long left = length;
        while (left > 0) {
            int got = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (got < 0) {
                throw new IOException("the body ended " + left + " bytes early");
            }
            out.write(buffer, 0, got);
            left -= got;
        }
    }

    private static byte[] whole(HttpURLConnection answer) throws IOException {
        try (InputStream in = answer.getInputStream()) {
            return in.readAllBytes();
        }
    }

    /** Reads what is left, so that the connection can be used again. */
    private static void drain(HttpURLConnection answer) throws IOException {
        whole(answer);
    }

    private static Bytes text(String xml) {
        byte[] data = xml.getBytes(StandardCharsets.UTF_8);
        return new Bytes(data, data.length);
    }

    private static String md5(Bytes body) {
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(body.data()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String unquoted(String etag) {
        return etag == null ? "" : etag.replace("\"", "");
    }

    private static String path(String bucket, String key) {
        return "/" + bucket + "/" + encoded(key).replace("%2F", "/");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
    }
}
