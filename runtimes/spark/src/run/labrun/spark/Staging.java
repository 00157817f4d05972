package run.labrun.spark;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** The part of a bucket that isn't final: local files in the run's folder, which become objects when a committer renames them. */
final class Staging {
    private static final int SENDERS = 2;

    private final URI root;
    private final String bucket;

    Staging(URI root, String bucket) {
        this.root = root;
        this.bucket = bucket;
    }

    OutputStream create(String key) throws IOException {
        File file = Keys.staged(bucket, key);
        Files.createDirectories(file.getParentFile().toPath());
        return Files.newOutputStream(file.toPath(), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    boolean mkdirs(String key) throws IOException {
        Files.createDirectories(Keys.staged(bucket, key).toPath());
        return true;
    }

    FileStatus status(String key) throws FileNotFoundException {
        File file = Keys.staged(bucket, key);
        if (!file.exists()) {
            throw Keys.missing(bucket, key, null);
        }
        return status(key, file);
    }

    private FileStatus status(String key, File file) {
        Path path = Keys.path(root, key);
        return file.isDirectory()
            ? new FileStatus(0, true, 1, 0, file.lastModified(), path)
            : new FileStatus(file.length(), false, 1, S3FileSystem.BLOCK, file.lastModified(), path);
    }

    FileStatus[] list(String key) throws FileNotFoundException {
        File file = Keys.staged(bucket, key);
        if (!file.exists()) {
            throw Keys.missing(bucket, key, null);
        }
        File[] inside = file.listFiles();
        if (inside == null) {
            return new FileStatus[] {status(key, file)};
        }
        Arrays.sort(inside);
        return Arrays.stream(inside).map(child -> status(key + "/" + child.getName(), child)).toArray(FileStatus[]::new);
    }

    boolean delete(String key) throws IOException {
        File file = Keys.staged(bucket, key);
        boolean was = file.exists();
        remove(file);
        return was;
    }

    private static void remove(File file) throws IOException {
        File[] inside = file.listFiles();
        if (inside != null && !Files.isSymbolicLink(file.toPath())) {
            for (File child : inside) {
                remove(child);
            }
        }
        Files.deleteIfExists(file.toPath());
    }

    boolean rename(String from, String to) throws IOException {
        File source = Keys.staged(bucket, from);
        File target = Keys.staged(bucket, to);
        if (!source.exists()) {
            return false;
        }
        Files.createDirectories(target.getParentFile().toPath());
        Files.move(source.toPath(), target.toPath(), StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    /** The moment when staged files become objects. */
    boolean publish(String from, String to) throws IOException {
        File source = Keys.staged(bucket, from);
        if (!source.exists()) {
            return false;
        }
        List<String> names = new ArrayList<>();
        collect(source, "", names);
        if (names.size() == 1) {
            S3Client.putFile(bucket, to + names.get(0), new File(source.getPath() + names.get(0)));
        } else if (names.size() > 1) {
            publishMany(source, to, names);
        }
        remove(source);
        return true;
    }

    private static void collect(File file, String name, List<String> names) {
        File[] inside = file.listFiles();
        if (inside == null) {
            names.add(name);
            return;
        }
        Arrays.sort(inside);
        for (File child : inside) {
            collect(child, name + "/" + child.getName(), names);
        }
    }

    private void publishMany(File source, String to, List<String> names) throws IOException {
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        try {
            List<Future<?>> sent = new ArrayList<>();
            for (String name : names) {
                sent.add(senders.submit(() -> {
                    S3Client.putFile(bucket, to + name, new File(source.getPath() + name));
                    return null;
                }));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing to S3", e);
        } finally {
            senders.shutdownNow();
        }
    }
}
