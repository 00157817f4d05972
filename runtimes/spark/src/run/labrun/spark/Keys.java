package run.labrun.spark;

import java.io.File;
import java.io.FileNotFoundException;
import java.net.URI;
import org.apache.hadoop.fs.Path;

/** Hadoop's paths as S3's buckets and keys and back, and which of them are staged in the run's folder. Touches neither disk nor network. */
final class Keys {
    private Keys() {}

    static String bucket(Path path) {
        return path.toUri().getAuthority();
    }

    /** "" for the bucket itself; never a leading or trailing slash. */
    static String key(Path path) {
        String name = path.toUri().getPath();
        return name.startsWith("/") ? name.substring(1) : name;
    }

    static String folder(String key) {
        return key.isEmpty() ? "" : key + "/";
    }

    static Path path(URI root, String key) {
        String trimmed = key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
        return new Path(root.getScheme(), root.getAuthority(), "/" + trimmed);
    }

    /** Spark's and Hadoop's committers put what isn't final under these; Glue's own committer doesn't show them in S3 either. */
    static boolean staged(String key) {
        for (String part : key.split("/")) {
            if (part.equals("_temporary") || part.startsWith(".spark-staging-")) {
                return true;
            }
        }
        return false;
    }

    static File staged(String bucket, String key) {
        return new File(new File(Gateway.staging(), bucket), key);
    }

    static FileNotFoundException missing(String bucket, String key, Exception cause) {
        FileNotFoundException error = new FileNotFoundException("No such file or directory 's3://" + bucket + "/" + key + "'");
        if (cause != null) {
            error.initCause(cause);
        }
        return error;
    }
}
