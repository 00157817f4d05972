"""Reading files into DataFrames and writing them, format by format, in Glue's ways where they differ from Spark's.

Source: developer guide, "Data format options for inputs and outputs" (and the page of each format).
"""
from .refusal import check_options, flag, not_built

READ = {
    "csv": ("separator", "escaper", "quoteChar", "multiLine", "multiline", "withHeader", "skipFirst", "writeHeader"),
    "json": ("multiLine", "multiline"),
    "parquet": ("compression", "blockSize", "pageSize", "useGlueParquetWriter"),
    "orc": (),
    "text": (),
}
WRITE = {
    "csv": ("separator", "quoteChar", "escaper", "writeHeader", "withHeader", "multiLine", "multiline", "skipFirst"),
    "json": ("multiLine", "multiline"),
    "parquet": ("compression", "blockSize", "pageSize", "useGlueParquetWriter"),
    "glueparquet": ("compression", "blockSize", "pageSize"),
    "orc": ("compression",),
    "text": (),
}
DEFAULTS = {"optimizePerformance": (False,), "strictCheckForQuoting": (False,), "jsonPath": ("",), "escaper": ("none", "-1")}


def check_read(fmt, options):
    if fmt not in READ:
        raise not_built(f"the format {fmt!r}" if fmt else "reading without a format")
    check_options(f"{fmt} option", options, READ[fmt], DEFAULTS)


def check_write(fmt, options):
    if fmt not in WRITE:
        raise not_built(f"the format {fmt!r} for a sink" if fmt else "writing without a format")
    check_options(f"{fmt} option", options, WRITE[fmt], DEFAULTS)


def _csv(options):
    """Spark's names for Glue's options. Glue escapes nothing by default and reads doubled quotes as RFC 4180 has them."""
    quote = str(options.get("quoteChar", '"'))
    escaper = options.get("escaper")
    wide = {"sep": options.get("separator", ","), "multiLine": str(flag(options.get("multiLine", options.get("multiline", False)))).lower()}
    wide["quote"] = "\u0000" if quote == "-1" else quote
    wide["escape"] = wide["quote"] if escaper in (None, "none", "-1", "") else escaper
    return wide


def read(session, fmt, files, options, base=None, schema=None):
    """A DataFrame over exactly these files (bucket/key). Their names are taken as they are, never as globs."""
    reader = session.read.option("__globPaths__", "false")
    if base:
        reader = reader.option("basePath", base)
    if schema is not None:
        reader = reader.schema(schema)
    names = [f"s3://{file.path}" for file in files]
    if fmt == "csv":
        return _read_csv(reader, names, options, schema)
    if fmt == "json":
        return reader.option("multiLine", str(flag(options.get("multiLine", options.get("multiline", False)))).lower()).json(names)
    if fmt == "parquet":
        # Each record describes itself: a column that only some files have is there for all.
        return reader.option("mergeSchema", "true").parquet(*names)
    if fmt == "orc":
        return reader.option("mergeSchema", "true").orc(names)
    return reader.text(names)


def _read_csv(reader, names, options, schema):
    """All columns are strings; without a header they are col0, col1, … A header that differs between files is an error, not a guess."""
    header = flag(options.get("withHeader", False))
    if flag(options.get("skipFirst", False)) and not header:
        raise not_built("the csv option skipFirst without withHeader")
    reader = reader.options(**_csv(options)).option("header", str(header).lower()).option("inferSchema", "false").option("enforceSchema", "false")
    if schema is not None:
        reader = reader.option("mode", "FAILFAST")
    frame = reader.csv(names)
    if header or schema is not None:
        return frame
    return frame.toDF(*[f"col{name[2:]}" if name.startswith("_c") and name[2:].isdigit() else name for name in frame.columns])


def writer(frame, fmt, options, connection, stamp_ms):
    """A DataFrameWriter that appends in Glue's manner: no _SUCCESS, no file without rows, names as Glue gives them."""
    out = frame.write.mode("append").option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
    spark_format = "parquet" if fmt == "glueparquet" else fmt
    out = out.format(spark_format).option("labrun.glue.format", spark_format)
    name = _name(fmt, options, stamp_ms)
    if name:
        out = out.option("labrun.glue.name", name)
    if fmt == "csv":
        header = flag(options.get("writeHeader", True))
        out = out.options(**_csv(options)).option("header", str(header).lower()).option("labrun.glue.header", str(header).lower()).option("emptyValue", "")
    return _compressed(out, spark_format, options, connection)


def _name(fmt, options, stamp_ms):
    """As seen in Glue's output; for Parquet and ORC the guide hands the write to Spark, whose names stay."""
    if fmt in ("csv", "json", "text"):
        return f"run-{stamp_ms}-part-r-%05d"
    if fmt == "glueparquet" or flag(options.get("useGlueParquetWriter", False)):
        codec = str(options.get("compression", "snappy")).lower()
        return f"run-{stamp_ms}-part-block-0-r-%05d-{codec}.parquet"
    return None


def _compressed(out, fmt, options, connection):
    codec = connection.get("compression") or options.get("compression")
    if codec:
        codec = str(codec).lower()
        if codec not in ("none", "uncompressed", "gzip", "bzip2", "snappy", "zstd", "lz4"):
            raise not_built(f"compression {codec!r}")
        out = out.option("compression", codec)
    for name, spark in (("blockSize", "parquet.block.size"), ("pageSize", "parquet.page.size")):
        if fmt == "parquet" and name in options:
            out = out.option(spark, str(options[name]))
    return out
