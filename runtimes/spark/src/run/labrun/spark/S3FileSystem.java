package run.labrun.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * s3://, s3a:// and s3n:// for Spark. Folders are what listings show: nothing is put for `mkdirs`, and no marker is ever left. What a
 * committer has not committed lies in {@link Staging}. Each look at a path costs one LIST where Hadoop's own connector takes a HEAD and a
 * LIST; where a role may not list, it falls back to HEAD.
 */
public final class S3FileSystem extends FileSystem {
    /** As Hadoop's local file system and S3A have it, so that RDDs split the same way. */
    static final long BLOCK = 32L << 20;
    private static final int GLANCE = 100;

    private final Set<String> made = ConcurrentHashMap.newKeySet();
    private URI uri;
    private String bucket;
    private Path working;
    private Staging staging;

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        super.initialize(name, conf);
        setConf(conf);
        bucket = name.getAuthority();
        if (bucket == null || bucket.isEmpty()) {
            throw new IOException("no bucket in " + name);
        }
        uri = URI.create(name.getScheme() + "://" + bucket);
        working = new Path(uri.getScheme(), bucket, "/");
        staging = new Staging(uri, bucket);
    }

    @Override
    public URI getUri() {
        return uri;
    }

    @Override
    public String getScheme() {
        return uri.getScheme();
    }

    @Override
    public long getDefaultBlockSize() {
        return BLOCK;
    }

    @Override
    public long getDefaultBlockSize(Path path) {
        return BLOCK;
    }

    @Override
    public Path getWorkingDirectory() {
        return working;
    }

    @Override
    public void setWorkingDirectory(Path to) {
        working = to;
    }

    private String key(Path path) {
        checkPath(path);
        return Keys.key(makeQualified(path));
    }

    // --- reading

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        String key = key(path);
        if (Keys.staged(key)) {
            return new FSDataInputStream(new StagedInputStream(Keys.staged(bucket, key)));
        }
        return new FSDataInputStream(new S3InputStream(bucket, key, -1));
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        String key = key(path);
        if (Keys.staged(key)) {
            return staging.status(key);
        }
        FileStatus found = look(key);
        if (found != null) {
            return found;
        }
        if (made.contains(key)) {
            return folder(key);
        }
        throw Keys.missing(bucket, key, null);
    }

    /** One delimited LIST tells file from folder from nothing; a second is needed only between more than a hundred like-named siblings. */
    private FileStatus look(String key) throws IOException {
        if (key.isEmpty()) {
            S3Client.list(bucket, "", true, 1, null);
            return folder(key);
        }
        S3Xml.Item known = Known.find(bucket, key);
        if (known != null) {
            return file(known);
        }
        S3Xml.Page page;
        try {
            page = S3Client.list(bucket, key, true, GLANCE, null);
        } catch (S3Exception e) {
            return e.denied() ? lookByHead(key, e) : raise(e);
        }
        for (S3Xml.Item item : page.items()) {
            if (item.key().equals(key)) {
                return file(item);
            }
        }
        if (page.prefixes().contains(key + "/")) {
            return folder(key);
        }
        boolean more = page.next() != null && !S3Client.list(bucket, key + "/", false, 1, null).items().isEmpty();
        return more ? folder(key) : null;
    }

    private FileStatus lookByHead(String key, S3Exception denied) throws IOException {
        try {
            return file(S3Client.head(bucket, key));
        } catch (S3Exception e) {
            throw denied;
        }
    }

    private static FileStatus raise(S3Exception e) throws S3Exception {
        throw e;
    }

    private FileStatus folder(String key) {
        return new FileStatus(0, true, 1, 0, 0, Keys.path(uri, key));
    }

    private FileStatus file(S3Xml.Item item) {
        return new FileStatus(item.size(), false, 1, BLOCK, item.modified(), Keys.path(uri, item.key()));
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        String key = key(path);
        if (Keys.staged(key)) {
            return staging.list(key);
        }
        if (Known.find(bucket, key) != null) {
            return new FileStatus[] {getFileStatus(path)};
        }
        String prefix = Keys.folder(key);
        List<FileStatus> found = new ArrayList<>();
        boolean any = key.isEmpty();
        String token = null;
        do {
            S3Xml.Page page = S3Client.list(bucket, prefix, true, 1000, token);
            any |= !page.items().isEmpty() || !page.prefixes().isEmpty();
            page.items().stream().filter(item -> !item.key().endsWith("/")).forEach(item -> found.add(file(item)));
            page.prefixes().stream().filter(sub -> sub.length() > prefix.length() + 1).forEach(sub -> found.add(folder(sub)));
            token = page.next();
        } while (token != null);
        if (!any) {
            FileStatus itself = getFileStatus(path);
            return itself.isFile() ? new FileStatus[] {itself} : new FileStatus[0];
        }
        found.sort((a, b) -> a.getPath().compareTo(b.getPath()));
        return found.toArray(new FileStatus[0]);
    }

    /** Hadoop's own is a LIST for each folder; this is a flat one. */
    @Override
    public RemoteIterator<LocatedFileStatus> listFiles(Path path, boolean recursive) throws IOException {
        String key = key(path);
        if (!recursive || Keys.staged(key)) {
            return super.listFiles(path, recursive);
        }
        List<S3Xml.Item> items = S3Client.listAll(bucket, Keys.folder(key));
        if (items.isEmpty() && !key.isEmpty()) {
            return super.listFiles(path, false);
        }
        items.removeIf(item -> item.key().endsWith("/"));
        var each = items.iterator();
        return new RemoteIterator<>() {
            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public LocatedFileStatus next() throws IOException {
                FileStatus status = file(each.next());
                return new LocatedFileStatus(status, getFileBlockLocations(status, 0, status.getLen()));
            }
        };
    }

    // --- writing

    @Override
    public FSDataOutputStream create(Path path, FsPermission permission, boolean overwrite, int bufferSize, short replication,
            long blockSize, Progressable progress) throws IOException {
        String key = key(path);
        if (Keys.staged(key)) {
            return new FSDataOutputStream(staging.create(key), statistics);
        }
        if (key.isEmpty()) {
            throw new FileAlreadyExistsException(path + " is a bucket");
        }
        if (!overwrite && look(key) != null) {
            throw new FileAlreadyExistsException(path + " already exists");
        }
        OutputStream out = new S3OutputStream(bucket, key);
        return new FSDataOutputStream(out, statistics);
    }

    @Override
    public FSDataOutputStream createNonRecursive(Path path, FsPermission permission, java.util.EnumSet<org.apache.hadoop.fs.CreateFlag> flags,
            int bufferSize, short replication, long blockSize, Progressable progress) throws IOException {
        return create(path, permission, flags.contains(org.apache.hadoop.fs.CreateFlag.OVERWRITE), bufferSize, replication, blockSize, progress);
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
        throw new UnsupportedOperationException("S3 objects can't be appended to");
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        String key = key(path);
        if (Keys.staged(key)) {
            return staging.mkdirs(key);
        }
        for (String at = key; !at.isEmpty(); at = at.substring(0, Math.max(0, at.lastIndexOf('/')))) {
            made.add(at);
        }
        return true;
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        String key = key(path);
        boolean was = staging.delete(key);
        if (Keys.staged(key)) {
            return was;
        }
        made.removeIf(name -> name.equals(key) || name.startsWith(key + "/"));
        FileStatus status = key.isEmpty() ? folder(key) : look(key);
        if (status == null) {
            return was;
        }
        if (status.isFile()) {
            S3Client.delete(bucket, key);
            return true;
        }
        List<String> keys = new ArrayList<>();
        S3Client.listAll(bucket, Keys.folder(key)).forEach(item -> keys.add(item.key()));
        if (!recursive && keys.stream().anyMatch(name -> !name.equals(key + "/"))) {
            throw new IOException(path + " is a folder that isn't empty");
        }
        S3Client.deleteAll(bucket, keys);
        return true;
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        String source = key(from);
        String target = key(to);
        if (Keys.staged(source)) {
            return Keys.staged(target) ? staging.rename(source, target) : staging.publish(source, target);
        }
        if (Keys.staged(target)) {
            throw new UnsupportedOperationException("objects aren't moved into a committer's folder: " + from + " to " + to);
        }
        FileStatus what = getFileStatus(from);
        FileStatus there = look(target);
        if (there != null && there.isFile()) {
            return false;
        }
        String goal = there == null ? target : Keys.folder(target) + from.getName();
        return what.isFile() ? moveFile(source, goal) : moveFolder(source, goal);
    }

    private boolean moveFile(String source, String goal) throws IOException {
        S3Client.copy(bucket, source, goal);
        S3Client.delete(bucket, source);
        return true;
    }

    private boolean moveFolder(String source, String goal) throws IOException {
        if ((goal + "/").startsWith(source + "/")) {
            return false;
        }
        List<String> keys = new ArrayList<>();
        for (S3Xml.Item item : S3Client.listAll(bucket, source + "/")) {
            S3Client.copy(bucket, item.key(), goal + item.key().substring(source.length()));
            keys.add(item.key());
        }
        S3Client.deleteAll(bucket, keys);
        return true;
    }
}
