package run.labrun.spark;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import org.apache.hadoop.fs.FSExceptionMessages;
import org.apache.hadoop.fs.FSInputStream;

/**
 * Reads an object by ranged GETs. A reader that goes forward gets windows that double, streamed from the socket; one that jumps (Parquet
 * and ORC begin at the end) gets a small window around the place, held in memory, so that a small file costs one request whatever the order.
 */
final class S3InputStream extends FSInputStream {
    private static final int NEAR = 128 << 10;
    private static final int FIRST = 256 << 10;
    private static final long WIDEST = 32L << 20;
    private static final int SKIP = 256 << 10;

    private final String bucket;
    private final String key;
    private long position;
    private long length = -1;
    private String etag;
    private byte[] near = new byte[0];
    private long nearFrom;
    private InputStream body;
    private long bodyAt;
    private long bodyEnd;
    private long window = FIRST;
    private boolean closed;

    S3InputStream(String bucket, String key, long knownLength) {
        this.bucket = bucket;
        this.key = key;
        this.length = knownLength;
    }

    @Override
    public synchronized void seek(long to) throws IOException {
        if (to < 0) {
            throw new EOFException(FSExceptionMessages.NEGATIVE_SEEK);
        }
        position = to;
    }

    @Override
    public synchronized long getPos() {
        return position;
    }

    @Override
    public boolean seekToNewSource(long target) {
        return false;
    }

    @Override
    public synchronized int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] into, int at, int wanted) throws IOException {
        if (closed) {
            throw new IOException(FSExceptionMessages.STREAM_IS_CLOSED);
        }
        if (wanted == 0) {
            return 0;
        }
        if (length >= 0 && position >= length) {
            return -1;
        }
        if (inNear()) {
            int offset = (int) (position - nearFrom);
            int got = Math.min(wanted, near.length - offset);
            System.arraycopy(near, offset, into, at, got);
            position += got;
            return got;
        }
        if (!inBody()) {
            open(wanted);
            return length >= 0 && position >= length ? -1 : read(into, at, wanted);
        }
        return fromBody(into, at, wanted);
    }

    private int fromBody(byte[] into, int at, int wanted) throws IOException {
        int got = body.read(into, at, (int) Math.min(wanted, bodyEnd - bodyAt));
        if (got < 0) {
            throw new EOFException("S3 closed the connection " + (bodyEnd - bodyAt) + " bytes early");
        }
        bodyAt += got;
        position += got;
        if (bodyAt == bodyEnd) {
            release();
        }
        return got;
    }

    private boolean inNear() {
        return position >= nearFrom && position < nearFrom + near.length;
    }

    /** True when the open window continues at the position, after a short skip if need be. */
    private boolean inBody() throws IOException {
        if (body == null || position < bodyAt || position >= bodyEnd || position - bodyAt > SKIP) {
            return false;
        }
        while (bodyAt < position) {
            long skipped = body.skip(position - bodyAt);
            if (skipped <= 0) {
                return false;
            }
            bodyAt += skipped;
        }
        return true;
    }

    private void open(int wanted) throws IOException {
        boolean onward = position == 0 || position == bodyEnd;
        release();
        if (onward) {
            long span = Math.max(window, wanted);
            window = Math.min(window * 2, WIDEST);
            stream(position, position + span - 1);
        } else {
            window = FIRST;
            if (wanted >= FIRST) {
                stream(position, position + wanted - 1);
            } else {
                around(wanted);
            }
        }
    }

    private void stream(long from, long to) throws IOException {
        HttpURLConnection answer = get(from, to);
        if (answer != null) {
            body = answer.getInputStream();
            bodyAt = from;
            bodyEnd = from + answer.getContentLengthLong();
        }
    }

    private void around(int wanted) throws IOException {
        long from = Math.max(0, position - NEAR);
        long to = position + Math.max(wanted, NEAR) - 1;
        HttpURLConnection answer = get(from, to);
        if (answer != null) {
            try (InputStream in = answer.getInputStream()) {
                near = in.readAllBytes();
            }
            nearFrom = from;
            bodyEnd = from + near.length;
        }
    }

    /** Null when the range lies behind the end, which then is known. */
    private HttpURLConnection get(long from, long to) throws IOException {
        try {
            HttpURLConnection answer = S3Client.get(bucket, key, from, to, etag);
            etag = S3Client.unquoted(answer.getHeaderField("ETag"));
            String range = answer.getHeaderField("Content-Range");
            if (range == null) {
                length = answer.getContentLengthLong();
                if (from > 0) {
                    throw new IOException("S3 ignored the range of a GET");
                }
            } else {
                length = Long.parseLong(range.substring(range.indexOf('/') + 1));
            }
            return answer;
        } catch (S3Exception e) {
            if (e.status() == 416) {
                length = Math.min(from, length < 0 ? from : length);
                return null;
            }
            throw e.missingObject() ? Keys.missing(bucket, key, e) : e;
        }
    }

    private void release() throws IOException {
        if (body != null) {
            body.close();
            body = null;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        near = new byte[0];
        release();
    }
}
