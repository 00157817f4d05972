package run.labrun.spark;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import org.apache.hadoop.fs.FSInputStream;

/** A staged file, read back before it is committed (footers that a writer or committer looks at). */
final class StagedInputStream extends FSInputStream {
    private final RandomAccessFile file;

    StagedInputStream(File file) throws FileNotFoundException {
        this.file = new RandomAccessFile(file, "r");
    }

    @Override
    public void seek(long to) throws IOException {
        file.seek(to);
    }

    @Override
    public long getPos() throws IOException {
        return file.getFilePointer();
    }

    @Override
    public boolean seekToNewSource(long target) {
        return false;
    }

    @Override
    public int read() throws IOException {
        return file.read();
    }

    @Override
    public int read(byte[] into, int at, int wanted) throws IOException {
        return file.read(into, at, wanted);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
