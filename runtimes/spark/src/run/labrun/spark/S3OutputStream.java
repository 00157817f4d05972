package run.labrun.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes an object: one PUT when it is small, parts of constant size when it is not. Nothing is visible in S3 before `close`. */
final class S3OutputStream extends OutputStream {
    private final String bucket;
    private final String key;
    private final List<String> tags = new ArrayList<>();
    private byte[] buffer = new byte[64 << 10];
    private int used;
    private String upload;
    private boolean closed;

    S3OutputStream(String bucket, String key) {
        this.bucket = bucket;
        this.key = key;
    }

    @Override
    public synchronized void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] from, int at, int count) throws IOException {
        if (closed) {
            throw new IOException("Stream is closed!");
        }
        int done = 0;
        while (done < count) {
            if (used == S3Client.PART) {
                part();
            }
            int take = Math.min(count - done, S3Client.PART - used);
            room(take);
            System.arraycopy(from, at + done, buffer, used, take);
            used += take;
            done += take;
        }
    }

    private void room(int more) {
        if (used + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(S3Client.PART, Math.max(used + more, buffer.length * 2)));
        }
    }

    private void part() throws IOException {
        try {
            if (upload == null) {
                upload = S3Client.startUpload(bucket, key);
            }
            tags.add(S3Client.putPart(bucket, key, upload, tags.size() + 1, new S3Client.Bytes(buffer, used)));
            used = 0;
        } catch (IOException e) {
            abandon();
            throw e;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        if (upload == null) {
            closed = true;
            S3Client.put(bucket, key, new S3Client.Bytes(buffer, used));
        } else {
            if (used > 0) {
                part();
            }
            closed = true;
            S3Client.finishUpload(bucket, key, upload, tags);
        }
        buffer = new byte[0];
    }

    private void abandon() {
        closed = true;
        if (upload != null) {
            S3Client.abortUpload(bucket, key, upload);
        }
    }
}
