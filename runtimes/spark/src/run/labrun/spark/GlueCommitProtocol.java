package run.labrun.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.orc.OrcFile;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.internal.io.FileCommitProtocol;
import org.apache.spark.internal.io.FileNameSpec;
import org.apache.spark.sql.execution.datasources.SQLHadoopMapReduceCommitProtocol;
import scala.Option;

/**
 * How a DynamicFrame's sink names its files, and that it writes none for a partition without rows (Spark writes one, for its schema).
 * Used for that one write only; DataFrame writers keep Spark's own protocol and names.
 */
public final class GlueCommitProtocol extends SQLHadoopMapReduceCommitProtocol {
    private static final long serialVersionUID = 1L;
    /** "run-1700000000000-part-r-" and the like; absent where Glue hands the write to Spark (Parquet, ORC). */
    public static final String NAME = "labrun.glue.name";
    public static final String FORMAT = "labrun.glue.format";
    public static final String HEADER = "labrun.glue.header";

    private final List<String> written = new ArrayList<>();

    public GlueCommitProtocol(String jobId, String path, boolean dynamicPartitionOverwrite) {
        super(jobId, path, dynamicPartitionOverwrite);
    }

    @Override
    public String getFilename(TaskAttemptContext task, FileNameSpec spec) {
        String name = task.getConfiguration().get(NAME);
        if (name == null) {
            return super.getFilename(task, spec);
        }
        String ending = spec.suffix();
        int dot = ending.indexOf('.');
        String counter = ending.startsWith("-c") && !ending.startsWith("-c000") ? ending.substring(0, dot < 0 ? ending.length() : dot) : "";
        String packed = ending.endsWith(".gz") ? ".gz" : ending.endsWith(".bz2") ? ".bz2" : "";
        return String.format(name, task.getTaskAttemptID().getTaskID().getId()) + counter + packed;
    }

    @Override
    public String newTaskTempFile(TaskAttemptContext task, Option<String> folder, FileNameSpec spec) {
        String path = super.newTaskTempFile(task, folder, spec);
        written.add(path);
        return path;
    }

    @Override
    public FileCommitProtocol.TaskCommitMessage commitTask(TaskAttemptContext task) {
        try {
            if (written.size() == 1 && empty(new Path(written.get(0)), task.getConfiguration())) {
                FileSystem files = new Path(written.get(0)).getFileSystem(task.getConfiguration());
                files.delete(new Path(written.get(0)), false);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return super.commitTask(task);
    }

    private static boolean empty(Path path, Configuration conf) throws IOException {
        FileSystem files = path.getFileSystem(conf);
        if (!files.exists(path)) {
            return false;
        }
        return switch (conf.get(FORMAT, "")) {
            case "parquet" -> parquetRows(path, conf) == 0;
            case "orc" -> OrcFile.createReader(path, OrcFile.readerOptions(conf)).getNumberOfRows() == 0;
            case "csv" -> lines(path, files, conf) <= (conf.getBoolean(HEADER, false) ? 1 : 0);
            default -> lines(path, files, conf) == 0;
        };
    }

    private static long parquetRows(Path path, Configuration conf) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, conf))) {
            return reader.getRecordCount();
        }
    }

    /** Counts to two: more is not asked. */
    private static int lines(Path path, FileSystem files, Configuration conf) throws IOException {
        var codec = new org.apache.hadoop.io.compress.CompressionCodecFactory(conf).getCodec(path);
        try (var raw = files.open(path); var in = codec == null ? raw : codec.createInputStream(raw)) {
            int seen = 0;
            boolean started = false;
            byte[] buffer = new byte[8192];
            for (int got = in.read(buffer); got >= 0 && seen < 2; got = in.read(buffer)) {
                for (int at = 0; at < got && seen < 2; at++) {
                    started = buffer[at] != '\n';
                    seen += started ? 0 : 1;
                }
            }
            return seen + (started ? 1 : 0);
        }
    }
}
