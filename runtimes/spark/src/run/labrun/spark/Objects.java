package run.labrun.spark;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** What `awsglue` asks S3 itself: listings with ETag and exact modification time, which Hadoop's file status can't carry. */
public final class Objects {
    private Objects() {}

    /** A line for each object below the prefix: key (URL-encoded), size, modified in milliseconds, ETag; tab-separated, S3's order. */
    public static String list(String bucket, String prefix) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (S3Xml.Item item : S3Client.listAll(bucket, prefix)) {
            lines.append(URLEncoder.encode(item.key(), StandardCharsets.UTF_8)).append('\t').append(item.size()).append('\t')
                .append(item.modified()).append('\t').append(item.etag()).append('\n');
        }
        return lines.toString();
    }

    /** The object's line as in `list`, or "" when there is none. */
    public static String head(String bucket, String key) throws IOException {
        try {
            S3Xml.Item item = S3Client.head(bucket, key);
            return URLEncoder.encode(key, StandardCharsets.UTF_8) + "\t" + item.size() + "\t" + item.modified() + "\t" + item.etag() + "\n";
        } catch (S3Exception e) {
            if (e.missingObject()) {
                return "";
            }
            throw e;
        }
    }
}
