//! A table of each format.

use std::io::Write;

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int32Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use serde_json::{Value, json};

use super::World;

const LAZY: &str = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
const OPENX: &str = "org.openx.data.jsonserde.JsonSerDe";

/// What a table says of its files: SerDe, its properties, the table's.
type Storage<'s> = (&'s str, &'s [(&'s str, &'s str)], &'s [(&'s str, &'s str)]);

type Columns<'c> = &'c [(&'c str, &'c str)];

impl World {
    /// A table over `s3://data/<name>/`, without files.
    fn table(&mut self, name: &str, columns: Columns, storage: Storage) {
        let (serde, options, parameters) = storage;
        let columns: Vec<Value> = columns.iter().map(|(name, kind)| json!({"Name": name, "Type": kind})).collect();
        let map = |pairs: &[(&str, &str)]| -> Value {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value))).collect()
        };
        let table = json!({
            "DatabaseName": "default", "Name": name, "TableType": "EXTERNAL_TABLE", "PartitionKeys": [],
            "Parameters": map(parameters),
            "StorageDescriptor": {
                "Columns": columns,
                "Location": format!("s3://data/{name}/"),
                "SerdeInfo": {"SerializationLibrary": serde, "Parameters": map(options)},
            },
        });
        self.tables.insert(("default".to_owned(), name.to_owned()), table);
    }

    /// One with a file of text.
    fn lines(&mut self, name: &str, columns: Columns, storage: Storage, content: &str) {
        self.table(name, columns, storage);
        self.object(&format!("{name}/part-0"), content.to_owned());
    }
}

/// Puts them into the world.
pub(super) fn add(world: &mut World) {
    delimited(world);
    packed(world);
    quoted(world);
    json(world);
    patterns(world);
    binary(world);
}

fn delimited(world: &mut World) {
    let options = [("field.delim", ","), ("colelction.delim", "|"), ("mapkey.delim", ":")];
    let columns = [
        ("id", "int"),
        ("tags", "array<string>"),
        ("scores", "map<string,int>"),
        ("place", "struct<x:double,y:double>"),
        ("day", "date"),
        ("at", "timestamp"),
        ("price", "decimal(6,2)"),
        ("code", "char(3)"),
        ("short", "varchar(4)"),
        ("data", "binary"),
        ("ok", "boolean"),
    ];
    let content = "1,a|b,k:1|l:2,1.5|2.5,2020-01-31,2020-01-31 12:30:45.5,12.345,ab,toolong,aGk=,TRUE\n\
                   2,\\N,,|,31/01/2020,2020-01-31T12:30:45,x,a,b,aGk=,yes\n\
                   3\n";
    world.lines("all_types", &columns, (LAZY, &options, &[]), content);
    let header = [("skip.header.line.count", "1")];
    world.lines("with_header", &[("a", "int"), ("b", "string")], (LAZY, &options[..1], &header), "a,b\r\n1,x\r\n2,y\r\n");
    world.lines(
        "control_a",
        &[("a", "int"), ("b", "string")],
        (LAZY, &[("serialization.format", "1")], &[]),
        "1\u{1}x\n\\N\u{1}\\N\n",
    );
}

fn packed(world: &mut World) {
    world.table("packed", &[("a", "string"), ("n", "int")], (LAZY, &[("field.delim", ",")], &[]));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(b"gz,1\n").expect("gzip");
    world.object("packed/a.gz", gzip.finish().expect("gzip"));
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bzip2.write_all(b"bz2,2\n").expect("bzip2");
    world.object("packed/a.bz2", bzip2.finish().expect("bzip2"));
    world.object("packed/a.zst", zstd::encode_all(&b"zst,3\n"[..], 1).expect("zstd"));
    world.object("packed/a.csv", "csv,4\n");
    world.object("packed/_hidden", "no,5\n");
    world.table("broken_gzip", &[("a", "string")], (LAZY, &[], &[]));
    world.object("broken_gzip/a.gz", "no gzip at all");
}

fn quoted(world: &mut World) {
    let serde = "org.apache.hadoop.hive.serde2.OpenCSVSerde";
    let columns = [("a", "string"), ("n", "int"), ("day", "date"), ("at", "timestamp")];
    let content = "\"x, \"\"y\"\"\",\"7\",\"18276\",\"1579059880000\"\nplain,8,0,0\nshort\n";
    world.lines("quoted", &columns, (serde, &[], &[]), content);
    world.lines("quoted_wrong", &[("a", "string"), ("n", "int")], (serde, &[], &[]), "x,1\ny,\n");
    let signs = [("separatorChar", "\t"), ("quoteChar", "'")];
    world.lines("quoted_tabs", &[("a", "string"), ("b", "string")], (serde, &signs, &[]), "'a\tb'\tc\n");
}

fn json(world: &mut World) {
    let columns = [("id", "int"), ("user_name", "string"), ("tags", "array<string>"), ("place", "struct<x:double,city:string>")];
    let content = "{\"ID\": 1, \"user.name\": \"Ann\", \"tags\": [\"a\", \"b\"], \"place\": {\"x\": 1.5, \"City\": \"Oslo\"}}\n\
                   {\"id\": \"2\", \"tags\": []}\n";
    world.lines("json_openx", &columns, (OPENX, &[("dots.in.keys", "true")], &[]), content);
    let broken = "{\"a\": 1}\n{\"a\": 2\n";
    world.lines("json_broken", &[("a", "int")], (OPENX, &[], &[]), broken);
    world.lines("json_ignored", &[("a", "int")], (OPENX, &[("ignore.malformed.json", "true")], &[]), broken);
    let hive = "org.apache.hive.hcatalog.data.JsonSerDe";
    let formats = [("timestamp.formats", "yyyy-MM-dd'T'HH:mm:ss.SSS'Z',yyyy-MM-dd'T'HH:mm:ss")];
    let content = "{\"at\":\"2020-01-31T12:30:45.250Z\"}\n{\"at\":\"2020-01-31T12:30:45\"}\n{\"at\":null}\n";
    world.lines("json_hive", &[("at", "timestamp")], (hive, &formats, &[]), content);
}

fn patterns(world: &mut World) {
    let serde = "org.apache.hadoop.hive.serde2.RegexSerDe";
    let options = [("input.regex", "^(\\S+) \"([^\"]*)\" (\\d+)$")];
    let content = "me \"GET /a b\" 200\nno match\n";
    world.lines("regex", &[("who", "string"), ("what", "string"), ("status", "int")], (serde, &options, &[]), content);
    world.lines("regex_wrong", &[("who", "string")], (serde, &options, &[]), content);
    let options = [
        ("input.format", "%{TIMESTAMP_ISO8601:at} %{LOGLEVEL:level} - status=%{STATE:state}"),
        ("input.grokCustomPatterns", "STATE [A-Z]+"),
    ];
    let columns = [("at", "string"), ("level", "string"), ("state", "string")];
    world.lines(
        "grok",
        &columns,
        ("com.amazonaws.glue.serde.GrokSerDe", &options, &[]),
        "2017-09-12 12:10:34,972 INFO - status=RUN\n",
    );
}

/// Two rows, the second without a name.
fn people() -> RecordBatch {
    let columns: [(&str, ArrayRef); 3] = [
        ("Id", Arc::new(Int32Array::from(vec![1, 2]))),
        ("name", Arc::new(StringArray::from(vec![Some("Ann"), None]))),
        ("at", Arc::new(TimestampMicrosecondArray::from(vec![1_500_000, 0]))),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true))).expect("a batch")
}

fn binary(world: &mut World) {
    let columns = [("id", "bigint"), ("name", "string"), ("at", "timestamp"), ("added", "int")];
    let people = people();
    let mut parquet = parquet::arrow::ArrowWriter::try_new(Vec::new(), people.schema(), None).expect("Parquet");
    parquet.write(&people).expect("Parquet");
    world.table("people_parquet", &columns, ("org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", &[], &[]));
    world.object("people_parquet/0", parquet.into_inner().expect("Parquet"));
    let mut bytes = Vec::new();
    let mut orc = orc_rust::arrow_writer::ArrowWriterBuilder::new(&mut bytes, people.schema()).try_build().expect("ORC");
    orc.write(&people).expect("ORC");
    orc.close().expect("ORC");
    world.table("people_orc", &columns, ("org.apache.hadoop.hive.ql.io.orc.OrcSerde", &[], &[]));
    world.object("people_orc/0", bytes);
    let mut avro = arrow_avro::writer::AvroWriter::new(Vec::new(), people.schema().as_ref().clone()).expect("Avro");
    avro.write(&people).expect("Avro");
    avro.finish().expect("Avro");
    world.table("people_avro", &columns, ("org.apache.hadoop.hive.serde2.avro.AvroSerDe", &[], &[]));
    world.object("people_avro/0", avro.into_inner());
    world.table("no_parquet", &columns, ("org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", &[], &[]));
    world.object("no_parquet/0", "id,name");
    world.table("ion", &columns, ("com.amazon.ionhiveserde.IonHiveSerDe", &[], &[]));
    world.table("iceberg", &columns, ("", &[], &[("table_type", "ICEBERG")]));
}
