//! Rows out of objects: JSON lines, CSV with a header, Parquet; `.gz` where the name says so.
//!
//! Each row carries `_file` and `_modified`. Names that begin with `_` or `.` and empty objects are no data, as for Spark.

use std::io::Read as _;

use bytes::Bytes;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use serde_json::{Map, Value, json};

use crate::cloud::CallError;
use crate::cloud::objects::{Address, Listed};
use crate::cloud::sdk::Sdk;
use crate::lab::file::Format;

/// What one check may read; more is no lab's business.
const MOST_BYTES: u64 = 64 << 20;

/// `{ rows, count, files }` of a folder. Objects that are no rows of the format are named under `error`.
pub(super) async fn read(sdk: &Sdk, from: &Address, format: Format) -> Result<Value, CallError> {
    let under = from.clone().folder();
    let objects: Vec<Listed> = sdk.list(&under).await?.into_iter().filter(|object| is_data(object, &under)).collect();
    let mut rows = Vec::new();
    let mut files = Vec::new();
    let mut left = MOST_BYTES;
    let mut error = Value::Null;
    for object in &objects {
        let bytes = sdk.read(&Address { bucket: under.bucket.clone(), key: object.key.clone() }, left).await?;
        left = left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        match parse(&object.key, bytes, format) {
            Ok(found) => rows.extend(found.into_iter().map(|row| placed(row, object))),
            Err(reason) => error = json!(format!("{}: {reason}", object.key)),
        }
        files.push(json!({ "Key": object.key, "Size": object.size, "ETag": object.etag, "LastModified": object.modified }));
    }
    Ok(json!({ "count": rows.len(), "rows": rows, "files": files, "error": error }))
}

fn is_data(object: &Listed, under: &Address) -> bool {
    let below = object.key.strip_prefix(under.key.as_str()).unwrap_or(&object.key);
    object.size > 0 && !below.split('/').any(|part| part.starts_with(['_', '.']) && !part.contains('='))
}

fn placed(row: Value, object: &Listed) -> Value {
    let mut members = match row {
        Value::Object(members) => members,
        other => Map::from_iter([("value".to_owned(), other)]),
    };
    members.insert("_file".to_owned(), json!(object.key));
    members.insert("_modified".to_owned(), json!(object.modified));
    Value::Object(members)
}

fn parse(name: &str, bytes: Vec<u8>, format: Format) -> Result<Vec<Value>, String> {
    let bytes = if name.ends_with(".gz") { unpack(&bytes)? } else { bytes };
    match format {
        Format::Json => json_lines(&bytes),
        Format::Csv => csv_rows(&bytes),
        Format::Parquet => parquet_rows(bytes),
    }
}

fn unpack(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut plain = Vec::new();
    let limited = flate2::read::MultiGzDecoder::new(bytes).take(MOST_BYTES).read_to_end(&mut plain);
    limited.map_err(|error| error.to_string())?;
    Ok(plain)
}

fn json_lines(bytes: &[u8]) -> Result<Vec<Value>, String> {
    let values = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
    let rows: Result<Vec<Value>, _> = values.collect();
    // One JSON list is a list of rows.
    let flat = |row| match row {
        Value::Array(items) => items,
        other => vec![other],
    };
    Ok(rows.map_err(|error| error.to_string())?.into_iter().flat_map(flat).collect())
}

/// Values stay strings, as the file has them.
fn csv_rows(bytes: &[u8]) -> Result<Vec<Value>, String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let names = reader.headers().map_err(|error| error.to_string())?.clone();
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.map_err(|error| error.to_string())?;
        let members = names.iter().zip(&record).map(|(name, value)| (name.to_owned(), json!(value)));
        Ok(Value::Object(members.collect()))
    };
    reader.records().map(row).collect()
}

fn parquet_rows(bytes: Vec<u8>) -> Result<Vec<Value>, String> {
    let reader = SerializedFileReader::new(Bytes::from(bytes)).map_err(|error| error.to_string())?;
    let rows = reader.get_row_iter(None).map_err(|error| error.to_string())?;
    rows.map(|row| row.map(|row| parquet_row(&row)).map_err(|error| error.to_string())).collect()
}

fn parquet_row(row: &parquet::record::Row) -> Value {
    let members = row.get_column_iter().map(|(name, field)| (name.clone(), parquet_value(field)));
    Value::Object(members.collect())
}

fn parquet_value(field: &parquet::record::Field) -> Value {
    use parquet::record::Field;
    match field {
        Field::Null => Value::Null,
        Field::Bool(flag) => json!(flag),
        Field::Byte(number) => json!(number),
        Field::Short(number) => json!(number),
        Field::Int(number) => json!(number),
        Field::Long(number) => json!(number),
        Field::UByte(number) => json!(number),
        Field::UShort(number) => json!(number),
        Field::UInt(number) => json!(number),
        Field::ULong(number) => json!(number),
        Field::Float(number) => json!(number),
        Field::Double(number) => json!(number),
        Field::Str(text) => json!(text),
        Field::TimestampMillis(millis) => json!(*millis as f64 / 1_000.0),
        Field::TimestampMicros(micros) => json!(*micros as f64 / 1_000_000.0),
        Field::Group(group) => parquet_row(group),
        Field::ListInternal(list) => list.elements().iter().map(parquet_value).collect(),
        // Dates, decimals and maps as their text.
        other => json!(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_lines_and_lists_are_rows() {
        assert_eq!(json_lines(b"{\"a\":1}\n{\"a\":2}\n").unwrap(), [json!({"a": 1}), json!({"a": 2})]);
        assert_eq!(json_lines(b"[{\"a\":1}]").unwrap(), [json!({"a": 1})]);
        assert!(json_lines(b"{\"a\":").is_err());
    }

    #[test]
    fn csv_values_stay_strings() {
        assert_eq!(csv_rows(b"a,b\n1,\"x,y\"\n").unwrap(), [json!({"a": "1", "b": "x,y"})]);
    }

    #[test]
    fn markers_and_empty_objects_are_no_data() {
        let under = Address { bucket: "b".into(), key: "out/".into() };
        let object = |key: &str, size| Listed { key: key.into(), size, etag: String::new(), modified: 0.0 };
        assert!(is_data(&object("out/day=1/part-0.json", 1), &under));
        assert!(!is_data(&object("out/_SUCCESS", 1), &under));
        assert!(!is_data(&object("out/part-0.json", 0), &under));
        assert!(!is_data(&object("out/_temporary/0/part-0.json", 1), &under));
    }
}
