package run.labrun.spark;

/**
 * Where the run's requests go and what they carry: set once by the Python driver when the run arrives, read at every request, so that a
 * stand-by can be booted before it knows either. Says nothing about S3 itself: that is {@link S3Client}.
 */
public final class Gateway {
    private static volatile String endpoint = "http://127.0.0.1:4566";
    private static volatile String token = "";
    private static volatile String staging = "staging";
    private static volatile long offsetMillis;

    private Gateway() {}

    /** Called through Py4J before any path of the run is opened. */
    public static void set(String newEndpoint, String newToken, String stagingFolder) {
        endpoint = newEndpoint.endsWith("/") ? newEndpoint.substring(0, newEndpoint.length() - 1) : newEndpoint;
        token = newToken;
        staging = stagingFolder;
    }

    /** The sandbox's clock minus wall time, in milliseconds; {@link SandboxClock} adds it to Spark's clock functions. */
    public static void setOffset(long millis) {
        offsetMillis = millis;
    }

    public static long offset() {
        return offsetMillis;
    }

    static String endpoint() {
        return endpoint;
    }

    static String authorization() {
        return "Labrun-Run " + token;
    }

    static String staging() {
        return staging;
    }
}
