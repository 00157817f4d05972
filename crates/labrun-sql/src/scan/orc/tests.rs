//! ORC files as tables see them, and what is read of them.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use orc_rust::arrow_writer::ArrowWriterBuilder;

use crate::scan::tests::{Shelf, batch};

const SERDE: &str = "org.apache.hadoop.hive.ql.io.orc.OrcSerde";

fn file(batch: &RecordBatch) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriterBuilder::new(&mut bytes, batch.schema()).try_build().unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn integers(values: impl IntoIterator<Item = i32>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<Int32Array>())
}

#[test]
fn columns_by_place_or_by_name() {
    let moment = Arc::new(TimestampMillisecondArray::from(vec![1_500, 1]));
    let text = Arc::new(StringArray::from(vec![Some("x"), None]));
    let bytes = file(&batch(vec![("UserId", integers([1, 2])), ("s", text), ("at", moment)]));
    let columns = [("userid", "bigint"), ("text", "varchar(5)"), ("at", "timestamp"), ("more", "string")];
    let by_place = Shelf::new(SERDE, &[], &columns, bytes.clone());
    let rows = ["1; x; 1970-01-01 00:00:01.500; NULL", "2; NULL; 1970-01-01 00:00:00.001; NULL"];
    assert_eq!(by_place.rows("SELECT * FROM t ORDER BY 1"), rows);
    assert_eq!(by_place.rows("SELECT text FROM t WHERE userid = 1"), ["x"]);
    assert_eq!(by_place.rows("SELECT count(*) FROM t"), ["2"]);
    let by_name = Shelf::new(SERDE, &[("orc.column.index.access", "false")], &columns, bytes);
    assert_eq!(by_name.rows("SELECT text, userid FROM t ORDER BY 2"), ["NULL; 1", "NULL; 2"]);
}

#[test]
fn only_the_wanted_columns_are_read() {
    let mut chance = fastrand::Rng::with_seed(3);
    let mut noise = || -> ArrayRef { Arc::new((0..20_000).map(|_| chance.i64(..)).collect::<Int64Array>()) };
    let names: Vec<String> = (0..10).map(|at| format!("c{at}")).collect();
    let bytes = file(&batch(names.iter().map(|name| (name.as_str(), noise())).collect()));
    let size = bytes.len() as u64;
    let kinds: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "bigint")).collect();
    let found = Shelf::new(SERDE, &[], &kinds, bytes).query("SELECT max(c3) FROM t").unwrap();
    assert!(found.bytes_read * 100 <= size * 15, "{} of {size}", found.bytes_read);
}

#[test]
fn broken_files_neither_panic_nor_loop() {
    let shelf = Shelf::new(SERDE, &[], &[("a", "int"), ("b", "string")], "no ORC");
    assert_eq!(shelf.query("SELECT * FROM t").unwrap_err().code, "HIVE_CANNOT_OPEN_SPLIT");
    let text = Arc::new(StringArray::from(vec!["some text"; 50]));
    Shelf::new(SERDE, &[], &[("a", "int"), ("b", "string")], file(&batch(vec![("a", integers(0..50)), ("b", text)])))
        .stays_calm(300);
}
