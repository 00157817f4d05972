"""What Spark on Glue can do and this one can't yet, refused by name: formats whose jars the pip package lacks, and the Data Catalog as metastore.

SQL statements that would change a catalog are caught in the JVM (`CatalogRefusal`); here they only get the error's usual type.
"""
import functools
import re

MISSING = {
    "avro": "avro", "com.databricks.spark.avro": "avro", "xml": "xml", "com.databricks.spark.xml": "xml", "jdbc": "jdbc", "delta": "delta", "iceberg": "iceberg",
    "hudi": "hudi", "org.apache.hudi": "hudi", "kafka": "kafka", "kinesis": "kinesis", "dynamodb": "dynamodb", "redshift": "redshift", "hive": "hive",
    "io.github.spark_redshift_community.spark.redshift": "redshift", "mongodb": "mongodb", "com.crealytics.spark.excel": "excel", "org.apache.iceberg": "iceberg",
}
CATALOG = "Spark SQL over the Glue Data Catalog"


def refused(what):
    """The one sentence of a refusal."""
    return NotImplementedError(f"{what} is not built yet on labrun (see SEMANTICS.md)")


def check_format(name):
    known = MISSING.get(str(name).lower())
    if known:
        raise refused(f"the format {known} (its jar is not part of the pyspark package)")


def _guard_format(cls):
    original = cls.format

    @functools.wraps(original)
    def guarded(self, source):
        check_format(source)
        return original(self, source)

    cls.format = guarded


def _guard_keyword(cls, method, at):
    """`load(path, format=…)` and `save(path, format=…)` name a format too."""
    original = getattr(cls, method)

    @functools.wraps(original)
    def guarded(self, *args, **named):
        check_format(named.get("format") or (args[at] if len(args) > at else None))
        return original(self, *args, **named)

    setattr(cls, method, guarded)


def _refuse_method(cls, method, what):
    def gone(self, *args, **named):
        raise refused(what)

    setattr(cls, method, functools.wraps(getattr(cls, method))(gone))


def install():
    from pyspark.sql import DataFrameReader, DataFrameWriter, DataFrameWriterV2, SparkSession
    from pyspark.sql.catalog import Catalog
    from pyspark.sql.streaming import DataStreamReader, DataStreamWriter

    for cls in (DataFrameReader, DataFrameWriter, DataStreamReader, DataStreamWriter):
        _guard_format(cls)
    _guard_keyword(DataFrameReader, "load", 1)
    _guard_keyword(DataFrameWriter, "save", 1)
    for cls in (DataFrameReader, DataFrameWriter):
        _refuse_method(cls, "jdbc", "the format jdbc (its drivers are not part of the pyspark package)")
    _refuse_method(DataFrameWriter, "saveAsTable", f"saveAsTable: {CATALOG}")
    _refuse_method(DataFrameWriter, "insertInto", f"insertInto: {CATALOG}")
    for method in ("create", "append", "overwrite", "overwritePartitions", "replace", "createOrReplace"):
        _refuse_method(DataFrameWriterV2, method, f"writeTo(…).{method}: {CATALOG}")
    for method in ("createTable", "createExternalTable", "setCurrentDatabase", "setCurrentCatalog", "recoverPartitions", "refreshTable"):
        _refuse_method(Catalog, method, f"spark.catalog.{method}: {CATALOG}")
    for cls, method in ((SparkSession, "sql"), (SparkSession, "table"), (DataFrameReader, "table")):
        _name_catalog(cls, method)


def _name_catalog(cls, method):
    """A table with a database before it can only mean the Data Catalog; a bare name that isn't known keeps Spark's own error."""
    original = getattr(cls, method)

    @functools.wraps(original)
    def named(self, *args, **more):
        try:
            return original(self, *args, **more)
        except Exception as error:
            what = _catalog_name(error)
            if what is None:
                raise
            raise (what if isinstance(what, Exception) else refused(f"{CATALOG} (table {what})")) from None

    setattr(cls, method, named)


def _catalog_name(error):
    text = str(error)
    if type(error).__name__ == "UnsupportedOperationException" and "not built yet on labrun" in text:
        return NotImplementedError(text)
    if "[NOT_SUPPORTED_COMMAND_WITHOUT_HIVE_SUPPORT]" in text:
        return NotImplementedError(f"{CATALOG} ({text.split('] ', 1)[1].split(' is not supported')[0]}) is not built yet on labrun (see SEMANTICS.md)")
    found = re.search(r"\[TABLE_OR_VIEW_NOT_FOUND\] The table or view (`[^`]+`\.`[^`]+`(?:\.`[^`]+`)?) cannot be found", text)
    if found:
        return found.group(1).replace("`", "")
    found = re.search(r"\[SCHEMA_NOT_FOUND\] The schema (`[^ ]+`) cannot be found", text)
    return found.group(1).replace("`", "") + ".*" if found else None
