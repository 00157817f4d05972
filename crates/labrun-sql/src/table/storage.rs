//! Storage descriptors: which classes read and write a format, and what they are told (the SerDe pages).

use serde_json::{Value, json};

use super::{TableError, columns, location, parameters};
use crate::ddl::{CreateTable, Delimiters, Properties, RowFormat, Storage};

const LAZY: &str = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";

/// Name, SerDe, input format, output format. The last four are `[hive]`, in part.
const FORMATS: [[&str; 4]; 6] = [
    ["TEXTFILE", LAZY, "org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"],
    [
        "PARQUET",
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    ],
    [
        "ORC",
        "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
        "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
        "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
    ],
    [
        "AVRO",
        "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
        "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
        "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
    ],
    [
        "SEQUENCEFILE",
        LAZY,
        "org.apache.hadoop.mapred.SequenceFileInputFormat",
        "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
    ],
    [
        "RCFILE",
        "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe",
        "org.apache.hadoop.hive.ql.io.RCFileInputFormat",
        "org.apache.hadoop.hive.ql.io.RCFileOutputFormat",
    ],
];

pub(super) fn descriptor(create: &CreateTable) -> Result<Value, TableError> {
    let written = create.location.as_deref().ok_or(TableError::NoLocation)?;
    let (serde, input, output) = classes(create);
    let (buckets, count) = match &create.clustered_by {
        Some(buckets) => (buckets.columns.as_slice(), i64::from(buckets.count)),
        None => (&[][..], -1),
    };
    Ok(json!({
        "Columns": columns(&create.columns),
        "Location": location(written)?,
        "InputFormat": input,
        "OutputFormat": output,
        "Compressed": false,
        "NumberOfBuckets": count,
        "SerdeInfo": {"SerializationLibrary": serde, "Parameters": parameters(&told(create))},
        "BucketColumns": buckets,
        "SortColumns": [],
        "StoredAsSubDirectories": false,
    }))
}

/// A SerDe without `STORED AS` reads text files (describe-table).
fn classes(create: &CreateTable) -> (&str, &str, &str) {
    let [text, ..] = &FORMATS;
    let format = match &create.stored_as {
        Some(Storage::Format(name)) => FORMATS.iter().find(|format| format[0] == name).unwrap_or(text),
        _ => text,
    };
    let serde = match &create.row_format {
        Some(RowFormat::Serde(class)) => class.as_str(),
        _ => format[1],
    };
    match &create.stored_as {
        Some(Storage::Classes { input, output }) => (serde, input, output),
        _ => (serde, format[2], format[3]),
    }
}

/// Every SerDe has `serialization.format`, which is the field delimiter if there is one (`[hive]`).
fn told(create: &CreateTable) -> Properties {
    let mut all = match &create.row_format {
        Some(RowFormat::Delimited(delimiters)) => delimited(delimiters),
        _ => Vec::new(),
    };
    for (key, value) in &create.serde_properties {
        all.retain(|(before, _)| before != key);
        all.push((key.clone(), value.clone()));
    }
    if !all.iter().any(|(key, _)| key == "serialization.format") {
        all.push(("serialization.format".to_owned(), "1".to_owned()));
    }
    all
}

/// `colelction.delim` is Hive's spelling of it (`[hive]`, serdeConstants).
fn delimited(delimiters: &Delimiters) -> Properties {
    let pairs = [
        ("field.delim", &delimiters.fields),
        ("serialization.format", &delimiters.fields),
        ("escape.delim", &delimiters.escape),
        ("colelction.delim", &delimiters.items),
        ("mapkey.delim", &delimiters.keys),
        ("line.delim", &delimiters.lines),
        ("serialization.null.format", &delimiters.null),
    ];
    pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?))).collect()
}
