//! Parquet files as tables see them, and what is read of them.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, Int32Array, Int32Builder, Int64Array, ListArray, MapBuilder, MapFieldNames,
    RecordBatch, StringArray, StringBuilder, StructArray, TimestampMicrosecondArray, TimestampNanosecondArray,
};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Field};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use crate::scan::tests::{Shelf, batch};

const SERDE: &str = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";

fn file(batch: &RecordBatch, properties: WriterProperties) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn plain(batch: &RecordBatch) -> Vec<u8> {
    file(batch, WriterProperties::builder().build())
}

fn integers(values: impl IntoIterator<Item = i32>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<Int32Array>())
}

#[test]
fn columns_by_name_in_any_case_or_by_place() {
    let bytes = plain(&batch(vec![("UserId", integers([1, 2])), ("other", integers([3, 4]))]));
    let columns = [("missing", "string"), ("userid", "bigint"), ("other", "int")];
    let by_name = Shelf::new(SERDE, &[], &columns, bytes.clone());
    assert_eq!(by_name.rows("SELECT * FROM t ORDER BY userid"), ["NULL; 1; 3", "NULL; 2; 4"]);
    assert_eq!(by_name.rows("SELECT other FROM t WHERE userid = 2"), ["4"]);
    assert_eq!(by_name.rows("SELECT count(*) FROM t WHERE missing IS NULL"), ["2"]);
    let by_place =
        Shelf::new(SERDE, &[("parquet.column.index.access", "true")], &[("a", "int"), ("b", "int"), ("c", "int")], bytes);
    assert_eq!(by_place.rows("SELECT c, b, a FROM t WHERE b > 3"), ["NULL; 4; 2"]);
}

#[test]
fn types_that_are_wider_or_other() {
    let bytes = plain(&batch(vec![
        ("i", integers([7])),
        ("d", Arc::new(Decimal128Array::from(vec![1234]).with_precision_and_scale(6, 2).unwrap())),
        ("s", Arc::new(StringArray::from(vec!["abcdef"]))),
        ("day", Arc::new(Date32Array::from(vec![1]))),
        ("us", Arc::new(TimestampMicrosecondArray::from(vec![1_500]))),
        ("ns", Arc::new(TimestampNanosecondArray::from(vec![1_499_999]).with_timezone("UTC"))),
    ]));
    let columns =
        [("i", "double"), ("d", "decimal(20,4)"), ("s", "varchar(3)"), ("day", "date"), ("us", "timestamp"), ("ns", "timestamp")];
    let shelf = Shelf::new(SERDE, &[], &columns, bytes.clone());
    let row = "7.0; 12.3400; abc; 1970-01-02; 1970-01-01 00:00:00.002; 1970-01-01 00:00:00.001";
    assert_eq!(shelf.rows("SELECT * FROM t"), [row]);
    assert_eq!(shelf.rows("SELECT i FROM t WHERE us = timestamp '1970-01-01 00:00:00.002' AND s = 'abc'"), ["7.0"]);
    let fault = Shelf::new(SERDE, &[], &[("s", "int")], bytes).query("SELECT s FROM t").unwrap_err();
    assert!(fault.code == "HIVE_BAD_DATA" && fault.message.contains("incompatible with type integer"), "{fault}");
}

#[test]
fn nested_types_under_other_names() {
    let element = Arc::new(Field::new("array_element", DataType::Int32, true));
    let list = ListArray::new(element, OffsetBuffer::from_lengths([2, 0]), integers([1, 2]), None);
    let names = MapFieldNames { entry: "key_value".to_owned(), key: "k".to_owned(), value: "v".to_owned() };
    let mut map = MapBuilder::new(Some(names), StringBuilder::new(), Int32Builder::new());
    map.keys().append_value("x");
    map.values().append_value(9);
    map.append(true).unwrap();
    map.append(false).unwrap();
    let row = StructArray::from(vec![
        (Arc::new(Field::new("B", DataType::Int32, true)), integers([5, 6])),
        (Arc::new(Field::new("extra", DataType::Int32, true)), integers([0, 0])),
    ]);
    let bytes = plain(&batch(vec![("l", Arc::new(list)), ("m", Arc::new(map.finish())), ("r", Arc::new(row) as ArrayRef)]));
    let columns = [("l", "array<bigint>"), ("m", "map<string,bigint>"), ("r", "struct<b:bigint,c:string>")];
    let shelf = Shelf::new(SERDE, &[], &columns, bytes);
    let all = ["[1, 2]; {x=9}; {b=5, c=null}", "[]; NULL; {b=6, c=null}"];
    assert_eq!(shelf.rows("SELECT * FROM t"), all);
    assert_eq!(shelf.rows("SELECT r.b FROM t WHERE r.b = 6"), ["6"]);
}

/// Values that no encoding makes small.
fn noise(rows: i64, seed: u64) -> ArrayRef {
    let mut chance = fastrand::Rng::with_seed(seed);
    Arc::new((0..rows).map(|_| chance.i64(..)).collect::<Int64Array>())
}

#[test]
fn one_column_of_twenty_reads_a_tenth_at_most() {
    let names: Vec<String> = (0..20).map(|at| format!("c{at}")).collect();
    let columns = names.iter().enumerate().map(|(at, name)| (name.as_str(), noise(20_000, at as u64))).collect();
    let bytes = plain(&batch(columns));
    let size = bytes.len() as u64;
    let kinds: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "bigint")).collect();
    let shelf = Shelf::new(SERDE, &[], &kinds, bytes);
    let found = shelf.query("SELECT max(c7) FROM t").unwrap();
    assert!(found.bytes_read * 10 <= size, "{} of {size}", found.bytes_read);
    let all = shelf.query("SELECT * FROM t").unwrap();
    assert!(all.bytes_read >= size * 9 / 10, "{} of {size}", all.bytes_read);
    let counted = shelf.query("SELECT count(*) FROM t").unwrap();
    assert!(counted.bytes_read * 20 <= size, "{} of {size}", counted.bytes_read);
}

#[test]
fn one_row_group_of_ten_reads_little_more_than_itself() {
    let rows = 50_000;
    let ordered: ArrayRef = Arc::new((0..rows).collect::<Int64Array>());
    let made = batch(vec![("id", ordered), ("x", noise(rows, 1)), ("y", noise(rows, 2))]);
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(5_000)).build();
    let bytes = file(&made, properties);
    let size = bytes.len() as u64;
    let shelf = Shelf::new(SERDE, &[], &[("id", "bigint"), ("x", "bigint"), ("y", "bigint")], bytes);
    let found = shelf.query("SELECT x, y FROM t WHERE id BETWEEN 20000 AND 24999").unwrap();
    assert_eq!(found.rows.len(), 5_000);
    assert!(found.bytes_read * 100 <= size * 15, "{} of {size}", found.bytes_read);
    let limited = shelf.query("SELECT x FROM t LIMIT 5").unwrap();
    assert_eq!(limited.rows.len(), 5);
    assert!(limited.bytes_read * 100 <= size * 15, "{} of {size}", limited.bytes_read);
}

#[test]
fn what_is_no_parquet() {
    let fault = Shelf::new(SERDE, &[], &[("a", "int")], "not Parquet at all").query("SELECT * FROM t").unwrap_err();
    assert_eq!(fault.to_string(), "HIVE_BAD_DATA: Not valid Parquet file: s3://b/t/0 expected magic number: PAR1 got:  all");
    let fault =
        Shelf::new(SERDE, &[], &[("a", "int")], &b"PAR1\x01\x02\xff\x00\x00\x00PAR1"[..]).query("SELECT * FROM t").unwrap_err();
    assert_eq!(fault.code, "HIVE_CANNOT_OPEN_SPLIT", "{fault}");
}

#[test]
fn broken_files_neither_panic_nor_loop() {
    let made = batch(vec![("a", integers(0..50)), ("s", Arc::new(StringArray::from(vec!["x"; 50])))]);
    Shelf::new(SERDE, &[], &[("a", "int"), ("s", "string")], plain(&made)).stays_calm(300);
}
