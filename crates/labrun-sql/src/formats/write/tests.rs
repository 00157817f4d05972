//! What is written is read again, for each format and type.

use super::*;
use crate::datum::{self, Datum};
use crate::scan::tests::Shelf;
use crate::types::Type;

const PLAIN: [(&str, &str); 12] = [
    ("a", "boolean"),
    ("b", "tinyint"),
    ("c", "smallint"),
    ("d", "int"),
    ("e", "bigint"),
    ("f", "float"),
    ("g", "double"),
    ("h", "varchar(10)"),
    ("i", "string"),
    ("j", "binary"),
    ("k", "date"),
    ("l", "timestamp"),
];

const NESTED: [(&str, &str); 6] = [
    ("m", "decimal(20,3)"),
    ("n", "char(3)"),
    ("o", "array<int>"),
    ("p", "map<string,bigint>"),
    ("q", "struct<x:int,y:array<string>>"),
    ("r", "array<struct<at:timestamp,t:string>>"),
];

fn text(text: &str) -> Datum {
    Datum::Text(text.to_owned())
}

fn plain_rows() -> Vec<Vec<Datum>> {
    let row = vec![
        Datum::Boolean(true),
        Datum::Integer(-128),
        Datum::Integer(32_767),
        Datum::Integer(-5),
        Datum::Integer(i64::MIN),
        Datum::Real(1.5),
        Datum::Double(1e-7),
        text("käse"),
        text("a \"quoted\" text, longer than a view keeps inside"),
        Datum::Binary(vec![0, 255, 10]),
        Datum::Date(-1),
        Datum::Timestamp(1_579_059_880_123_000_000),
    ];
    vec![row, vec![Datum::Null; 12]]
}

fn nested_rows() -> Vec<Vec<Datum>> {
    let moment = Datum::Row(vec![Datum::Timestamp(-1_000_000), text("t")]);
    let row = vec![
        Datum::Decimal(-12_345),
        text("ab"),
        Datum::Array(vec![Datum::Integer(1), Datum::Null]),
        Datum::Map(vec![(text("k"), Datum::Integer(9)), (text("l"), Datum::Null)]),
        Datum::Row(vec![Datum::Integer(7), Datum::Array(vec![text("u"), text("v")])]),
        Datum::Array(vec![moment.clone(), moment]),
    ];
    vec![row, vec![Datum::Null; 6]]
}

type Columns = Vec<(String, SqlType)>;

fn kinds(columns: &[(&str, &str)]) -> Columns {
    columns.iter().map(|(name, kind)| ((*name).to_owned(), SqlType::of_column(&Type::parse(kind).unwrap()))).collect()
}

fn written(target: Target, packing: Packing, columns: &[(&str, &str)], rows: &[Vec<Datum>]) -> Outcome<Bytes> {
    let kinds = kinds(columns);
    let mut writer = Writer::new(target, packing, &kinds)?;
    let arrays = kinds.iter().enumerate().map(|(at, (name, kind))| {
        let values: Vec<Datum> = rows.iter().map(|row| row[at].clone()).collect();
        (name.as_str(), datum::column(&values, kind).unwrap())
    });
    let batch = crate::scan::tests::batch(arrays.collect());
    // Two batches of one file.
    writer.write(&batch)?;
    writer.write(&batch.slice(0, 1))?;
    assert!(writer.size() > 0);
    writer.finish()
}

fn shelf(target: Target, packing: Packing, columns: &[(&str, &str)], file: Bytes) -> Shelf {
    let (serde, options): (&str, &[(&str, &str)]) = match target {
        Target::Parquet => ("org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", &[]),
        Target::Orc => ("org.apache.hadoop.hive.ql.io.orc.OrcSerde", &[]),
        Target::Avro => ("org.apache.hadoop.hive.serde2.avro.AvroSerDe", &[]),
        Target::Json => ("org.apache.hive.hcatalog.data.JsonSerDe", &[]),
        Target::Text(_) => ("org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", &[("field.delim", "|")]),
    };
    Shelf::named(serde, options, columns, &format!("t/0{}", target.extension(packing)), file)
}

/// The rows as the engine shows them when they never were in a file.
fn shown(columns: &[(&str, &str)], rows: &[Vec<Datum>]) -> Vec<String> {
    let kinds = kinds(columns);
    let value = |(value, (_, kind)): (&Datum, &(String, SqlType))| {
        crate::functions::cast::text(value, kind).unwrap_or_else(|| "NULL".to_owned())
    };
    let mut shown: Vec<String> =
        [&rows[0], &rows[1], &rows[0]].map(|row| row.iter().zip(&kinds).map(value).collect::<Vec<_>>().join("; ")).to_vec();
    shown.sort();
    shown
}

fn check(target: Target, packing: Packing, columns: &[(&str, &str)], rows: &[Vec<Datum>]) {
    let file = written(target, packing, columns, rows).unwrap_or_else(|fault| panic!("{target:?} {packing:?}: {fault}"));
    let mut found = shelf(target, packing, columns, file).rows("SELECT * FROM t");
    found.sort();
    assert_eq!(found, shown(columns, rows), "{target:?} {packing:?}");
}

const TARGETS: [Target; 5] = [Target::Parquet, Target::Text(b'|'), Target::Json, Target::Orc, Target::Avro];

#[test]
fn all_types_come_back() {
    for target in TARGETS {
        check(target, Packing::Gzip, &PLAIN, &plain_rows());
        if target != Target::Orc {
            check(target, Packing::Gzip, &NESTED, &nested_rows());
        }
    }
}

#[test]
fn all_codecs_come_back() {
    let packings = [Packing::None, Packing::Gzip, Packing::Snappy, Packing::Zstd(Some(5)), Packing::Lz4, Packing::Bzip2];
    for target in TARGETS {
        for packing in packings {
            match (target, packing) {
                (Target::Parquet | Target::Orc, Packing::Bzip2) | (Target::Avro, Packing::Lz4) => {
                    assert_eq!(written(target, packing, &PLAIN, &plain_rows()).unwrap_err().code, "NOT_SUPPORTED");
                }
                _ => check(target, packing, &PLAIN, &plain_rows()),
            }
        }
    }
}

#[test]
fn what_cannot_be_written() {
    let orc = Writer::new(Target::Orc, Packing::Gzip, &kinds(&NESTED)).err().unwrap();
    assert_eq!(orc.to_string(), "NOT_SUPPORTED: labrun does not emulate writing ORC columns of type decimal(20,3)");
    let uuid = Writer::new(Target::Parquet, Packing::Gzip, &[("u".to_owned(), SqlType::Uuid)]).err().unwrap();
    assert_eq!(uuid.to_string(), "NOT_SUPPORTED: Unsupported Hive type: uuid");
}

#[test]
fn lines_as_they_stand() {
    let columns = [("a", "int"), ("b", "array<string>"), ("c", "decimal(5,2)")];
    let rows = vec![vec![Datum::Integer(1), Datum::Array(vec![text("x"), text("y")]), Datum::Decimal(150)], vec![Datum::Null; 3]];
    let lines = |target| String::from_utf8(written(target, Packing::None, &columns, &rows).unwrap().to_vec()).unwrap();
    assert_eq!(lines(Target::Text(b',')), "1,x\u{2}y,1.50\n\\N,\\N,\\N\n1,x\u{2}y,1.50\n");
    let (full, empty) = ("{\"a\":1,\"b\":[\"x\",\"y\"],\"c\":1.50}\n", "{\"a\":null,\"b\":null,\"c\":null}\n");
    assert_eq!(lines(Target::Json), format!("{full}{empty}{full}"));
}
