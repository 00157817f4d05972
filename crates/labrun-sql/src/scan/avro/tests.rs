//! Avro files as tables see them.

use std::sync::Arc;

use arrow_avro::writer::AvroWriter;
use datafusion::arrow::array::{ArrayRef, Int32Array, RecordBatch, StringArray, TimestampMicrosecondArray};

use crate::scan::tests::{Shelf, batch};

const SERDE: &str = "org.apache.hadoop.hive.serde2.avro.AvroSerDe";

fn file(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = AvroWriter::new(Vec::new(), batch.schema().as_ref().clone()).unwrap();
    writer.write(batch).unwrap();
    writer.finish().unwrap();
    writer.into_inner()
}

fn people() -> Vec<u8> {
    let ids: ArrayRef = Arc::new(Int32Array::from(vec![1, 2]));
    let names = Arc::new(StringArray::from(vec![Some("Ann"), None]));
    file(&batch(vec![("Id", ids), ("name", names), ("at", Arc::new(TimestampMicrosecondArray::from(vec![1_500, 0])))]))
}

#[test]
fn columns_by_name() {
    let columns = [("name", "string"), ("missing", "int"), ("id", "bigint"), ("at", "timestamp")];
    let shelf = Shelf::new(SERDE, &[], &columns, people());
    let rows = ["Ann; NULL; 1; 1970-01-01 00:00:00.002", "NULL; NULL; 2; 1970-01-01 00:00:00.000"];
    assert_eq!(shelf.rows("SELECT * FROM t ORDER BY id"), rows);
    assert_eq!(shelf.rows("SELECT count(*) FROM t"), ["2"]);
    assert_eq!(shelf.rows("SELECT id FROM t LIMIT 1").len(), 1);
}

#[test]
fn as_the_literal_says() {
    let literal = r#"{"type": "record", "name": "topLevelRecord", "fields": [
        {"name": "name", "type": ["null", "string"], "default": null},
        {"name": "added", "type": "int", "default": 7}]}"#;
    let shelf = Shelf::new(SERDE, &[("avro.schema.literal", literal)], &[("name", "string"), ("added", "int")], people());
    match shelf.query("SELECT name, added FROM t ORDER BY name") {
        Ok(found) => assert_eq!(found.rows, ["Ann; 7", "NULL; 7"]),
        Err(fault) => panic!("{fault}"),
    }
}

#[test]
fn broken_files_neither_panic_nor_loop() {
    let columns = [("name", "string"), ("id", "bigint")];
    assert_eq!(Shelf::new(SERDE, &[], &columns, "no Avro").query("SELECT * FROM t").unwrap_err().code, "HIVE_CANNOT_OPEN_SPLIT");
    Shelf::new(SERDE, &[], &columns, people()).stays_calm(300);
}
