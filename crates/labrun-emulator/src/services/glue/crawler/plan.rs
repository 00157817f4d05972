//! A planned table as the Data Catalog gets it: names, columns, SerDe and the parameters that a crawler writes.
//!
//! Source: Glue Developer Guide, "Parameters set on Data Catalog tables by crawler"; the SerDes of "Defining tables"; the values are
//! as users' reports show them.

use serde_json::{Map, Value, json};

use super::super::classify::{Column, Format, Found, Serde};
use super::layout::{Part, Planned, Stats, value};

/// "The maximum length of a table name is 128 characters."
const LONGEST_NAME: usize = 128;
const TEXT: (&str, &str) =
    ("org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat");

/// A table and its partitions, as inputs of the catalog's operations.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) name: String,
    pub(super) location: String,
    pub(super) keys: Vec<String>,
    pub(super) table: Value,
    pub(super) partitions: Vec<(Vec<String>, Value)>,
}

/// `base` is where the folders begin, with a slash at its end.
pub(super) fn ready(planned: &Planned, base: &str, prefix: &str, crawler: &str, inherit: bool) -> Ready {
    let location = location(base, &planned.folders, planned.file.as_deref());
    let keys: Vec<Value> = planned.keys.iter().map(|name| json!({"Name": name, "Type": "string"})).collect();
    let mut parameters = parameters(&planned.found, planned.stats);
    parameters.insert("UPDATED_BY_CRAWLER".to_owned(), crawler.into());
    let storage = storage(&planned.found, &location, &parameters);
    let partitions = planned.parts.iter().map(|part| partition(planned, part, base, inherit));
    Ready {
        name: table_name(prefix, &location),
        keys: planned.keys.clone(),
        table: json!({
            "Owner": "owner",
            "Retention": 0,
            "StorageDescriptor": storage,
            "PartitionKeys": keys,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": parameters,
        }),
        partitions: partitions.collect(),
        location,
    }
}

fn partition(planned: &Planned, part: &Part, base: &str, inherit: bool) -> (Vec<String>, Value) {
    let values = part.folders[planned.folders.len()..].iter().map(|folder| value(folder).to_owned()).collect();
    let found = if inherit { &planned.found } else { &part.found };
    let parameters = parameters(found, part.stats);
    let storage = storage(found, &location(base, &part.folders, None), &parameters);
    (values, json!({"StorageDescriptor": storage, "Parameters": parameters}))
}

fn location(base: &str, folders: &[String], file: Option<&str>) -> String {
    let below: String = folders.iter().map(|folder| format!("{folder}/")).collect();
    format!("{base}{below}{}", file.unwrap_or_default())
}

/// From the folder's, the file's or the bucket's name. "Only letters, digits and underscores"; what is none becomes `_`.
fn table_name(prefix: &str, location: &str) -> String {
    let last = location.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let clean = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { '_' };
    prefix.to_lowercase().chars().chain(last.chars().map(clean)).take(LONGEST_NAME).collect()
}

/// A name for a table whose own is taken.
pub(super) fn with_hash(name: &str, hash: &str) -> String {
    let short: String = name.chars().take(LONGEST_NAME - hash.len() - 1).collect();
    format!("{short}_{hash}")
}

fn parameters(found: &Found, stats: Stats) -> Map<String, Value> {
    let records = if stats.read == 0 { 0 } else { u128::from(stats.records) * u128::from(stats.bytes) / u128::from(stats.read) };
    let average = u128::from(stats.bytes).checked_div(records).unwrap_or_default();
    let mut all = json!({
        "CrawlerSchemaDeserializerVersion": "1.0",
        "CrawlerSchemaSerializerVersion": "1.0",
        "averageRecordSize": average.max(u128::from(records > 0)).to_string(),
        "classification": found.classification,
        "compressionType": found.compression,
        "objectCount": stats.objects.to_string(),
        "recordCount": records.to_string(),
        "sizeKey": stats.bytes.to_string(),
        "typeOfData": "file",
    });
    if let (Some(all), Value::Object(own)) = (all.as_object_mut(), own_parameters(&found.format)) {
        all.extend(own);
    }
    all.as_object().cloned().unwrap_or_default()
}

/// What only one format has.
fn own_parameters(format: &Format) -> Value {
    match format {
        Format::Csv { delimiter, header, quoted, .. } => {
            let mut own = json!({"delimiter": delimiter, "columnsOrdered": "true", "areColumnsQuoted": quoted.to_string()});
            if *header {
                own["skip.header.line.count"] = json!("1");
            }
            own
        }
        Format::Json { path: Some(path) } => json!({"jsonPath": path}),
        Format::Avro { schema } => json!({"avro.schema.literal": schema}),
        Format::Grok { pattern, custom } if custom.is_empty() => json!({"grokPattern": pattern}),
        Format::Grok { pattern, custom } => json!({"grokPattern": pattern, "grokCustomPatterns": custom}),
        Format::Json { path: None } | Format::Parquet | Format::Orc | Format::Unknown => json!({}),
    }
}

fn storage(found: &Found, location: &str, parameters: &Map<String, Value>) -> Value {
    let columns: Vec<Value> = found.columns.iter().map(column).collect();
    let mut storage = json!({
        "Columns": columns,
        "Location": location,
        "Compressed": found.compression != "none",
        "NumberOfBuckets": -1,
        "BucketColumns": [],
        "SortColumns": [],
        "Parameters": parameters,
        "StoredAsSubDirectories": false,
    });
    if let Some(((input, output), library, own)) = serde(found) {
        storage["InputFormat"] = json!(input);
        storage["OutputFormat"] = json!(output);
        storage["SerdeInfo"] = json!({"SerializationLibrary": library, "Parameters": own});
    }
    storage
}

/// Hive's names are lower-case; those of struct fields stay as they are.
fn column(column: &Column) -> Value {
    json!({"Name": column.name.to_lowercase(), "Type": column.kind.to_string()})
}

/// Input and output format, SerDe, and its properties.
type Reader = ((&'static str, &'static str), &'static str, Value);

const PARQUET: (&str, &str) = (
    "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
);
const ORC: (&str, &str) = ("org.apache.hadoop.hive.ql.io.orc.OrcInputFormat", "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat");
const AVRO: (&str, &str) =
    ("org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat", "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat");

fn serde(found: &Found) -> Option<Reader> {
    let (library, own) = match &found.format {
        Format::Unknown => return None,
        Format::Parquet => {
            let library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";
            return Some((PARQUET, library, json!({"serialization.format": "1"})));
        }
        Format::Orc => return Some((ORC, "org.apache.hadoop.hive.ql.io.orc.OrcSerde", json!({}))),
        Format::Avro { schema } => {
            let own = json!({"avro.schema.literal": schema, "serialization.format": "1"});
            return Some((AVRO, "org.apache.hadoop.hive.serde2.avro.AvroSerDe", own));
        }
        Format::Csv { delimiter, quote, serde, .. } => csv_serde(*delimiter, *quote, *serde),
        Format::Json { .. } => {
            let paths: Vec<&str> = found.columns.iter().map(|column| column.name.as_str()).collect();
            ("org.openx.data.jsonserde.JsonSerDe", json!({"paths": paths.join(",")}))
        }
        Format::Grok { pattern, custom } if custom.is_empty() => (GROK, json!({"input.format": pattern})),
        Format::Grok { pattern, custom } => (GROK, json!({"input.format": pattern, "input.grokCustomPatterns": custom})),
    };
    Some((TEXT, library, own))
}

const GROK: &str = "com.amazonaws.glue.serde.GrokSerDe";

/// "LazySimpleSerDe even for quoted files", unless a classifier says otherwise.
fn csv_serde(delimiter: char, quote: char, serde: Serde) -> (&'static str, Value) {
    match serde {
        Serde::LazySimple => ("org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", json!({"field.delim": delimiter})),
        Serde::OpenCsv => {
            let own = json!({"separatorChar": delimiter, "quoteChar": quote, "escapeChar": "\\", "serialization.format": "1"});
            ("org.apache.hadoop.hive.serde2.OpenCSVSerde", own)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tables() {
        for (location, name) in [
            ("s3://bucket/Sales Data/", "p_sales_data"),
            ("s3://my-bucket/", "p_my_bucket"),
            ("s3://b/year=2017/", "p_year_2017"),
            ("s3://b/a/orders.csv", "p_orders_csv"),
        ] {
            assert_eq!(table_name("P_", location), name);
        }
        let long = table_name("", &format!("s3://b/{}/", "x".repeat(200)));
        assert_eq!((long.len(), with_hash(&long, &"f".repeat(32)).len()), (128, 128));
    }
}
