"""`GlueContext`: the door to sources and sinks.

Source: developer guide, "GlueContext class". A source is listed once, here, when its frame is made; Spark gets exactly the files found.
"""
from . import catalog, formats, job, source
from .dynamicframe import DynamicFrame, DynamicFrameReader, DynamicFrameWriter
from .refusal import check_options, not_built
from .utils import log

UNBUILT = (
    "add_ingestion_time_columns", "begin_transaction", "cancel_transaction", "commit_transaction", "create_data_frame", "create_data_frame_from_catalog",
    "create_data_frame_from_options", "create_dynamic_frame_from_rdd", "create_sample_dynamic_frame_from_catalog", "create_sample_dynamic_frame_from_options",
    "extract_jdbc_conf", "forEachBatch", "getCatalogSink", "getCatalogSource", "getSampleStreamingDynamicFrame", "getSink", "getSource", "get_catalog_schema_as_spark_schema",
    "get_connection", "purge_s3_path", "purge_table", "start_transaction", "transition_s3_path", "transition_table", "write_data_frame", "write_data_frame_from_catalog",
    "write_dynamic_frame_from_jdbc_conf", "write_from_jdbc_conf", "write_from_options", "create_sample_dynamic_frame", "create_data_frame_from_rdd",
)
SESSION = ("createDataFrame", "range", "read", "readStream", "sql", "table", "udf")
SINK = ("path", "partitionKeys", "compression")
SINK_DEFAULTS = {"enableUpdateCatalog": (False,), "useS3ListImplementation": (True, False), "groupFiles": ("none",)}


class GlueLogger:
    """`get_logger()`: lines in the error log, as on Glue."""

    def info(self, text):
        log("INFO", text)

    def warn(self, text):
        log("WARN", text)

    def error(self, text):
        log("ERROR", text)

    def debug(self, text):
        pass


class GlueContext:
    def __init__(self, sparkContext, **options):
        from pyspark.sql import SparkSession

        check_options("GlueContext option", options, (), {"minPartitions": ("",), "targetPartitions": ("",)})
        self.spark_session = SparkSession.builder.getOrCreate()
        self.sc = self._sc = sparkContext
        self.create_dynamic_frame = DynamicFrameReader(self)
        self.write_dynamic_frame = DynamicFrameWriter(self)

    def __getattr__(self, name):
        if name in UNBUILT:
            raise not_built(f"GlueContext.{name}")
        if name in SESSION:
            return getattr(self.spark_session, name)
        raise AttributeError(f"'GlueContext' object has no attribute {name!r}")

    def get_logger(self):
        return GlueLogger()

    # --- sources

    def create_dynamic_frame_from_options(self, connection_type, connection_options={}, format=None, format_options={}, transformation_ctx="", **more):
        check_options("argument", more, ())
        fmt, format_options = _connection(connection_type, format), dict(format_options or {})
        formats.check_read(fmt, format_options)
        source.check(connection_options)
        found = []
        for path in source.paths(connection_options):
            listed = source.visible(source.listing(self._jvm, path), path, connection_options, fmt)
            found.append((path, listed))
        if not any(listed for _, listed in found):
            return self._nothing()
        chosen = self._chosen(transformation_ctx, [file for _, listed in found for file in listed], connection_options)
        frames = [self._read(fmt, [file for file in listed if file in chosen], format_options, path) for path, listed in found]
        return self._together([frame for frame in frames if frame is not None])

    def create_dynamic_frame_from_catalog(self, database, table_name, redshift_tmp_dir="", transformation_ctx="", push_down_predicate="", additional_options={},
                                          catalog_id=None, **more):
        check_options("argument", more, ())
        options = dict(additional_options or {}, recurse=True)
        source.check(options)
        glue = catalog.client()
        table = catalog.table(glue, database, table_name, catalog_id)
        if not table.keys:
            if push_down_predicate:
                raise not_built("push_down_predicate for a table without partitions")
            groups = [(None, source.visible(source.listing(self._jvm, table.location), table.location, options, table.format))]
        else:
            wanted = catalog.matching(self.spark_session, catalog.partitions(glue, database, table_name, catalog_id), table.keys, push_down_predicate)
            groups = [(one, source.visible(source.listing(self._jvm, one.location), one.location, options, table.format)) for one in wanted]
        chosen = self._chosen(transformation_ctx, [file for _, listed in groups for file in listed], options)
        return self._from_table(table, [(one, [file for file in listed if file in chosen]) for one, listed in groups])

    def _chosen(self, context, files, options):
        from labrun_spark import current

        source.check_compression(options, files)
        return set(source.chosen(job.session(), context, files, options, current.now_ms()))

    def _read(self, fmt, files, options, path, schema=None):
        if not files:
            return None
        base = path if path.endswith("/") or len(files) > 1 or files[0].path != path.split("://", 1)[1] else None
        conf = self.spark_session.conf
        name = "spark.sql.sources.partitionColumnTypeInference.enabled"
        before = conf.get(name)
        # A folder's name is text; only a catalog says otherwise.
        conf.set(name, "false")
        known = self._jvm.run.labrun.spark.Known
        known.hold("\n".join(f"{file.path}\t{file.size}\t{file.modified}" for file in files))
        try:
            return formats.read(self.spark_session, fmt, files, options, base, schema)
        finally:
            known.drop()
            conf.set(name, before)

    def _from_table(self, table, groups):
        from pyspark.sql import functions as F

        schema = _csv_schema(table) if table.format == "csv" else None
        frames = []
        plain = [file for one, files in groups for file in files if one is None or catalog.in_hive_style(table, one)]
        for one, files in groups:
            if one is not None and not catalog.in_hive_style(table, one) and files:
                frame = formats.read(self.spark_session, table.format, files, table.options, None, schema)
                frames.append(frame.withColumns({name: F.lit(value) for (name, _), value in zip(table.keys, one.values)}))
        if plain:
            frames.append(self._read(table.format, plain, table.options, table.location, schema))
        if not frames:
            return self._nothing(_declared(table))
        frame = self._together(frames).toDF()
        return DynamicFrame(frame.withColumns({name: F.col(f"`{name}`").cast(kind) for name, kind in table.keys}), self, table.name)

    def _together(self, frames):
        if not frames:
            return self._nothing()
        whole = frames[0]
        for frame in frames[1:]:
            whole = whole.unionByName(frame, allowMissingColumns=True)
        return DynamicFrame(whole, self)

    def _nothing(self, schema=None):
        """A frame without records: as on Glue it has no fields either, unless a catalog names them."""
        from pyspark.sql.types import StructType

        return DynamicFrame(self.spark_session.createDataFrame([], schema or StructType([])), self)

    @property
    def _jvm(self):
        return self.spark_session._jvm

    # --- sinks

    def write_dynamic_frame_from_options(self, frame, connection_type, connection_options={}, format=None, format_options={}, transformation_ctx=""):
        fmt, format_options = _connection(connection_type, format), dict(format_options or {})
        formats.check_write(fmt, format_options)
        check_options("sink option", connection_options, SINK, SINK_DEFAULTS)
        if "path" not in connection_options:
            raise ValueError("connection_options has no path")
        self._write(frame, connection_options["path"], fmt, format_options, connection_options)
        return frame

    def write_dynamic_frame_from_catalog(self, frame, database, table_name, redshift_tmp_dir="", transformation_ctx="", additional_options={}, catalog_id=None):
        options = dict(additional_options or {})
        check_options("sink option", options, ("partitionKeys",), SINK_DEFAULTS)
        table = catalog.table(catalog.client(), database, table_name, catalog_id)
        format_options = {"separator": table.options["separator"], "writeHeader": table.options["withHeader"]} if table.format == "csv" else {}
        self._write(frame, table.location, table.format, format_options, options)
        return frame

    def _write(self, frame, path, fmt, options, connection):
        from labrun_spark import current

        if not isinstance(frame, DynamicFrame):
            raise not_built(f"writing a {type(frame).__name__} (a DynamicFrame is what a sink takes)")
        data = frame.toDF()
        if not data.columns:
            return
        source.split(path)
        out = formats.writer(data, fmt, options, connection, current.now_ms())
        keys = connection.get("partitionKeys") or []
        if keys:
            out = out.partitionBy(*keys)
        name, conf = "spark.sql.sources.commitProtocolClass", self.spark_session.conf
        before = conf.get(name)
        conf.set(name, "run.labrun.spark.GlueCommitProtocol")
        try:
            out.save(path)
        finally:
            conf.set(name, before)


def _connection(connection_type, fmt):
    """The format of a connection; `parquet` and `orc` are also names of connections, which mean files in S3."""
    if connection_type in ("parquet", "orc"):
        return connection_type
    if connection_type != "s3":
        raise not_built(f"the connection type {connection_type!r}")
    return fmt


def _csv_schema(table):
    from pyspark.sql.types import StringType, StructType

    schema = StructType()
    for name, kind in table.columns:
        schema = schema.add(name, _type(kind))
    for name, _ in table.keys:
        schema = schema.add(name, StringType())
    return schema


def _declared(table):
    from pyspark.sql.types import StructType

    schema = StructType()
    for name, kind in table.columns + table.keys:
        schema = schema.add(name, _type(kind))
    return schema


def _type(kind):
    from pyspark.sql.types import _parse_datatype_string

    return _parse_datatype_string(kind)
