"""Tables and partitions of the Data Catalog, read through boto3 as the run's role: where the data lies and how it is written.

Source: developer guide, "Data Catalog" pages and the Glue API (GetTable, GetPartitions).
"""
from typing import NamedTuple

from .refusal import not_built

SERDES = {
    "org.openx.data.jsonserde.JsonSerDe": "json", "org.apache.hive.hcatalog.data.JsonSerDe": "json", "org.apache.hadoop.hive.serde2.OpenCSVSerde": "csv",
    "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe": "csv", "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe": "parquet",
    "org.apache.hadoop.hive.ql.io.orc.OrcSerde": "orc",
}


class Table(NamedTuple):
    name: str
    location: str
    format: str
    options: dict
    columns: list  # (name, type)
    keys: list  # (name, type)


class Partition(NamedTuple):
    values: tuple
    location: str


def client():
    import boto3

    return boto3.client("glue")


def table(glue, database, name, catalog_id=None):
    more = {"CatalogId": catalog_id} if catalog_id else {}
    return described(glue.get_table(DatabaseName=database, Name=name, **more)["Table"])


def described(found):
    """What a GetTable answer means to a reader. Pure."""
    storage = found.get("StorageDescriptor") or {}
    serde = storage.get("SerdeInfo") or {}
    parameters = {**(storage.get("Parameters") or {}), **(found.get("Parameters") or {})}
    fmt = _format(found, parameters, serde)
    location = storage.get("Location") or ""
    if not location.startswith(("s3://", "s3a://", "s3n://")):
        raise not_built(f"the table {found['Name']} at {location or 'no location'} (only s3:// is)")
    columns = [(column["Name"], column.get("Type", "string")) for column in storage.get("Columns") or []]
    keys = [(column["Name"], column.get("Type", "string")) for column in found.get("PartitionKeys") or []]
    return Table(found["Name"], location, fmt, _options(fmt, parameters, serde), columns, keys)


def _format(found, parameters, serde):
    library = serde.get("SerializationLibrary", "")
    fmt = parameters.get("classification") or SERDES.get(library)
    if fmt not in ("json", "csv", "parquet", "orc"):
        raise not_built(f"the table {found['Name']} with classification {parameters.get('classification')!r} and SerDe {library or None!r}")
    return fmt


def _options(fmt, parameters, serde):
    if fmt != "csv":
        return {}
    said = {**parameters, **(serde.get("Parameters") or {})}
    separator = said.get("separatorChar") or said.get("field.delim") or said.get("delimiter") or ","
    options = {"separator": separator, "quoteChar": said.get("quoteChar") or '"'}
    skip = said.get("skip.header.line.count", "0")
    if skip not in ("0", "1"):
        raise not_built(f"skip.header.line.count={skip}")
    options["withHeader"] = skip == "1"
    return options


def partitions(glue, database, name, catalog_id=None):
    more = {"CatalogId": catalog_id} if catalog_id else {}
    pages = glue.get_paginator("get_partitions").paginate(DatabaseName=database, TableName=name, ExcludeColumnSchema=True, **more)
    return [Partition(tuple(one["Values"]), one["StorageDescriptor"]["Location"]) for page in pages for one in page["Partitions"]]


def matching(session, found, keys, predicate):
    """`push_down_predicate`: "any Boolean expression supported by Spark SQL" over the partition columns, so Spark itself evaluates it."""
    if not predicate or not found:
        return found
    names = [name for name, _ in keys]
    rows = [(at, *one.values) for at, one in enumerate(found)]
    frame = session.createDataFrame(rows, "labrun_at int, " + ", ".join(f"`{name}` string" for name in names))
    frame = frame.selectExpr("labrun_at", *[f"cast(`{name}` as {kind}) as `{name}`" for name, kind in keys])
    kept = {row[0] for row in frame.filter(predicate).select("labrun_at").collect()}
    return [one for at, one in enumerate(found) if at in kept]


def in_hive_style(table_, partition):
    """True when the partition's folder says its own values, under the table's location."""
    wanted = "/".join(f"{name}={value}" for (name, _), value in zip(table_.keys, partition.values))
    return partition.location.rstrip("/") == f"{table_.location.rstrip('/')}/{wanted}"
