package run.labrun.spark;

import java.io.IOException;

/** What S3 answered, in the words that the AWS SDK for Java prints, so that a trace reads as it would on Glue. */
public final class S3Exception extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    S3Exception(int status, String code, String message, String requestId) {
        super(message + " (Service: Amazon S3; Status Code: " + status + "; Error Code: " + code + "; Request ID: " + requestId + ")");
        this.status = status;
        this.code = code;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    boolean missingObject() {
        return code.equals("NoSuchKey") || (status == 404 && !code.equals("NoSuchBucket") && !code.equals("NoSuchUpload"));
    }

    boolean denied() {
        return status == 403;
    }
}
