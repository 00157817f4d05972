package run.labrun.spark;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Objects that `awsglue` has just listed, while it hands them to Spark: Spark looks at each of them two or three times. Held only for that
 * moment, because nothing else may take an older look for the truth.
 */
public final class Known {
    private static final Map<String, S3Xml.Item> ITEMS = new ConcurrentHashMap<>();

    private Known() {}

    /** Lines of bucket/key, size and modification time, separated by tabs. */
    public static void hold(String lines) {
        for (String line : lines.split("\n")) {
            String[] fields = line.split("\t");
            String path = fields[0];
            S3Xml.Item item = new S3Xml.Item(path.substring(path.indexOf('/') + 1), Long.parseLong(fields[1]), Long.parseLong(fields[2]), "");
            ITEMS.put(path, item);
        }
    }

    public static void drop() {
        ITEMS.clear();
    }

    static S3Xml.Item find(String bucket, String key) {
        return ITEMS.isEmpty() ? null : ITEMS.get(bucket + "/" + key);
    }
}
