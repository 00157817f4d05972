"""`DynamicFrame` and its reader and writer, over a DataFrame.

Source: developer guide, "DynamicFrame class", "DynamicFrameReader class", "DynamicFrameWriter class". Choice types are not built: a column
whose values differ in type gets the one type that Spark finds for all of them.
"""
from . import mapping
from .refusal import check_thresholds, not_built

UNBUILT = (
    "assertErrorThreshold", "errorsAsDynamicFrame", "errorsCount", "join", "map", "mergeDynamicFrame", "relationalize", "resolveChoice", "simplify_ddb_json", "spigot",
    "split_fields", "split_rows", "stageErrorsCount", "unbox", "union", "unnest", "unnest_ddb_json", "write", "with_frame_schema", "recompute_schema", "getSchema",
)


class Record(dict):
    """A row as a filter function sees it: by key, and by attribute where the name allows."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def record(value):
    """A Row, and the rows in it, as records."""
    if hasattr(value, "asDict"):
        return Record((name, record(value[name])) for name in value.__fields__)
    if isinstance(value, list):
        return [record(one) for one in value]
    return value


class DynamicFrame:
    def __init__(self, jdf, glue_ctx, name=""):
        from pyspark.sql import DataFrame

        if not isinstance(jdf, DataFrame):
            raise not_built("a DynamicFrame made from anything but a DataFrame")
        self._frame = jdf
        self.glue_ctx = glue_ctx
        self.name = name

    @classmethod
    def fromDF(cls, dataframe, glue_ctx, name=""):
        return cls(dataframe, glue_ctx, name)

    def toDF(self, options=None):
        if options:
            raise not_built("toDF with options (choice types)")
        return self._frame

    def _next(self, frame):
        return DynamicFrame(frame, self.glue_ctx, self.name)

    def __getattr__(self, name):
        if name in UNBUILT:
            raise not_built(f"DynamicFrame.{name}")
        raise AttributeError(f"'DynamicFrame' object has no attribute {name!r}")

    # --- information

    def count(self):
        return self._frame.count()

    def schema(self):
        return self._frame.schema

    def printSchema(self):
        print(mapping.printed(self._frame.schema))

    def show(self, num_rows=20):
        """One record a line, as JSON."""
        import json

        from pyspark.sql import functions as F

        if not self._frame.columns:
            return
        whole = F.to_json(F.struct(*[mapping.column([name]) for name in self._frame.columns]), {"ignoreNullFields": "false"})
        for row in self._frame.limit(num_rows).select(whole).collect():
            print(json.dumps(json.loads(row[0]), ensure_ascii=False))

    def getNumPartitions(self):
        return self._frame.rdd.getNumPartitions()

    def repartition(self, num_partitions, transformation_ctx="", info="", stageThreshold=0, totalThreshold=0):
        check_thresholds(stageThreshold, totalThreshold)
        return self._next(self._frame.repartition(num_partitions))

    def coalesce(self, num_partitions, shuffle=False, transformation_ctx="", info="", stageThreshold=0, totalThreshold=0):
        check_thresholds(stageThreshold, totalThreshold)
        return self._next(self._frame.repartition(num_partitions) if shuffle else self._frame.coalesce(num_partitions))

    # --- transforms

    def apply_mapping(self, mappings, case_sensitive=False, transformation_ctx="", info="", stageThreshold=0, totalThreshold=0):
        check_thresholds(stageThreshold, totalThreshold)
        if case_sensitive:
            raise not_built("apply_mapping with case_sensitive")
        fields = mapping.tree(mappings, lambda path: mapping.exists(self._frame.schema, path))
        return self._next(self._frame.select(*mapping.columns(fields)))

    def drop_fields(self, paths, transformation_ctx="", info="", stageThreshold=0, totalThreshold=0):
        check_thresholds(stageThreshold, totalThreshold)
        frame = self._frame
        for path in [paths] if isinstance(paths, str) else paths:
            frame = mapping.drop(frame, mapping.parts(path))
        return self._next(frame)

    def select_fields(self, paths, transformation_ctx="", info="", stageThreshold=0, totalThreshold=0):
        check_thresholds(stageThreshold, totalThreshold)
        wanted = [mapping.parts(path) for path in ([paths] if isinstance(paths, str) else paths)]
        if any(len(path) > 1 for path in wanted):
            raise not_built("select_fields with a nested path")
        return self._next(self._frame.select(*[mapping.column(path) for path in wanted if mapping.exists(self._frame.schema, path)]))

    def rename_field(self, oldName, newName, transformation_ctx="", info="", stageThreshold=0, totalThreshold=0):
        check_thresholds(stageThreshold, totalThreshold)
        old, new = mapping.parts(oldName), mapping.parts(newName)
        if len(old) > 1 or len(new) > 1:
            raise not_built("rename_field with a nested path")
        return self._next(self._frame.withColumnRenamed(old[0], new[0]))

    def filter(self, f, transformation_ctx="", info="", stageThreshold=0, totalThreshold=0):
        """A record for which `f` fails is an error record and is dropped: no threshold stops the job (the guide's default)."""
        check_thresholds(stageThreshold, totalThreshold)
        if not self._frame.columns:
            return self
        from pyspark.sql import functions as F

        row = F.struct(*[mapping.column([name]) for name in self._frame.columns])
        return self._next(self._frame.filter(F.udf(_guarded(f), "boolean")(row)))


def _guarded(f):
    def keep(row):
        try:
            return bool(f(record(row)))
        except Exception as error:
            import sys

            print(f"awsglue: filter dropped a record: {type(error).__name__}: {error}", file=sys.stderr)
            return False

    return keep


class DynamicFrameReader:
    def __init__(self, glue_context):
        self._glue_context = glue_context

    def from_options(self, connection_type, connection_options=None, format=None, format_options=None, transformation_ctx="", push_down_predicate="", **more):
        if push_down_predicate:
            raise not_built("push_down_predicate with from_options")
        return self._glue_context.create_dynamic_frame_from_options(connection_type, connection_options or {}, format, format_options or {}, transformation_ctx, **more)

    def from_catalog(self, database=None, table_name=None, redshift_tmp_dir="", transformation_ctx="", push_down_predicate="", additional_options=None, catalog_id=None,
                     name_space=None, **more):
        return self._glue_context.create_dynamic_frame_from_catalog(
            name_space or database, table_name, redshift_tmp_dir, transformation_ctx, push_down_predicate, additional_options or {}, catalog_id, **more)

    def from_rdd(self, *args, **named):
        raise not_built("create_dynamic_frame.from_rdd")


class DynamicFrameWriter:
    def __init__(self, glue_context):
        self._glue_context = glue_context

    def from_options(self, frame, connection_type, connection_options=None, format=None, format_options=None, transformation_ctx=""):
        return self._glue_context.write_dynamic_frame_from_options(frame, connection_type, connection_options or {}, format, format_options or {}, transformation_ctx)

    def from_catalog(self, frame, database=None, table_name=None, redshift_tmp_dir="", transformation_ctx="", additional_options=None, catalog_id=None, name_space=None):
        return self._glue_context.write_dynamic_frame_from_catalog(
            frame, name_space or database, table_name, redshift_tmp_dir, transformation_ctx, additional_options or {}, catalog_id)

    def from_jdbc_conf(self, *args, **named):
        raise not_built("write_dynamic_frame.from_jdbc_conf")


def __getattr__(name):
    if name in ("DynamicFrameCollection", "ResolveOption"):
        return type(name, (), {"__init__": lambda self, *a, **k: (_ for _ in ()).throw(not_built(name)), "__doc__": "Not built."})
    raise AttributeError(f"module 'awsglue.dynamicframe' has no attribute {name!r}")
