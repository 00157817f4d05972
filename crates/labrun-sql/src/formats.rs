//! Formats of files: what a table's classes say of them, and how their bytes become rows.

mod column;
mod compression;
mod conform;
mod java;
mod json;
mod lazy;
mod moment;
mod opencsv;
mod pattern;
mod scalar;
pub(crate) mod write;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use datafusion::arrow::array::ArrayRef;
use serde_json::Value;

pub(crate) use compression::{Compression, Unpacker};
pub(crate) use conform::{conform, converts, mismatch};

use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

/// How the files of a table are read.
#[derive(Clone, Debug)]
pub(crate) enum Format {
    /// Lines of text.
    Lines(Arc<TextFile>),
    /// Parquet.
    Parquet(Parquet),
    /// ORC, whose columns are found by place or else by name (`orc.column.index.access`).
    Orc(bool),
    /// Avro, with the schema that rows are read as (`avro.schema.literal`).
    Avro(Option<String>),
}

/// How columns of a Parquet file are found.
#[derive(Clone, Debug)]
pub(crate) struct Parquet {
    /// By place, not by name (`parquet.column.index.access`).
    pub(crate) by_index: bool,
}

/// Files of lines, each a row.
#[derive(Debug)]
pub(crate) struct TextFile {
    /// Lines at the start of each file that are no rows.
    pub(crate) header_lines: usize,
    pub(crate) rows: Box<dyn Rows>,
}

/// How lines become rows.
pub(crate) trait Rows: Send + Sync + Debug {
    /// The columns at these places of the table, one row a line (which has no line end).
    fn columns(&self, lines: &[&[u8]], wanted: &[usize]) -> Outcome<Vec<ArrayRef>>;
}

impl TextFile {
    /// Whether a part of the file can be read alone: what is compressed, or has a header, can't.
    pub(crate) fn splits(&self, key: &str) -> bool {
        self.header_lines == 0 && Compression::of(key) == Compression::None
    }
}

/// Input formats that labrun has none of, and what they read.
const FOREIGN_INPUTS: [(&str, &str); 7] = [
    ("SymlinkTextInputFormat", "symlink tables"),
    ("CloudTrailInputFormat", "CloudTrail tables"),
    ("HoodieParquet", "Hudi tables"),
    ("HoodieInputFormat", "Hudi tables"),
    ("SequenceFileInputFormat", "SequenceFile tables"),
    ("RCFileInputFormat", "RCFile tables"),
    ("IonInputFormat", "Ion tables"),
];

/// SerDes that labrun has none of.
const FOREIGN_SERDES: [(&str, &str); 4] = [
    ("IonHiveSerDe", "Ion tables"),
    ("LazyBinaryColumnarSerDe", "RCFile tables"),
    ("ColumnarSerDe", "RCFile tables"),
    ("CloudTrailSerde", "CloudTrail tables"),
];

/// What is no table of Hive's is known by its parameters: `table_type`, and what Spark writes.
fn refuse_foreign(descriptor: &Value, parameters: &BTreeMap<String, String>) -> Outcome<()> {
    let class = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (input, serde) = (class(&descriptor["InputFormat"]), class(&descriptor["SerdeInfo"]["SerializationLibrary"]));
    let is = |key: &str, value: &str| parameters.get(key).is_some_and(|found| found.eq_ignore_ascii_case(value));
    let by_class = || {
        let input = FOREIGN_INPUTS.iter().find(|(name, _)| input.contains(name));
        input.or_else(|| FOREIGN_SERDES.iter().find(|(name, _)| serde.contains(name))).map(|(_, what)| *what)
    };
    let what = match () {
        () if is("table_type", "ICEBERG") => Some("Iceberg tables"),
        () if is("table_type", "DELTA") || is("spark.sql.sources.provider", "delta") => Some("Delta Lake tables"),
        () => by_class(),
    };
    what.map_or(Ok(()), |what| Err(Fault::not_emulated(what)))
}

impl Format {
    /// Of a table's descriptor, its parameters and its columns.
    pub(crate) fn of(descriptor: &Value, parameters: &BTreeMap<String, String>, columns: &[(String, SqlType)]) -> Outcome<Self> {
        refuse_foreign(descriptor, parameters)?;
        let serde = descriptor["SerdeInfo"]["SerializationLibrary"].as_str().unwrap_or_default();
        let options = crate::scan::strings(&descriptor["SerdeInfo"]["Parameters"]);
        // `[hive]` What a table says of its files may stand at the SerDe or at the table.
        let said = |key: &str| options.get(key).or_else(|| parameters.get(key));
        let is = |key: &str| said(key).map(|value| value.trim().eq_ignore_ascii_case("true"));
        let rows: Box<dyn Rows> = match serde {
            "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" => {
                return Ok(Format::Parquet(Parquet { by_index: is("parquet.column.index.access").unwrap_or(false) }));
            }
            "org.apache.hadoop.hive.ql.io.orc.OrcSerde" => {
                return Ok(Format::Orc(is("orc.column.index.access").unwrap_or(true)));
            }
            "org.apache.hadoop.hive.serde2.avro.AvroSerDe" => return Ok(Format::Avro(said("avro.schema.literal").cloned())),
            "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe" => Box::new(lazy::Lazy::new(&options, columns)),
            "org.openx.data.jsonserde.JsonSerDe" => Box::new(json::Lines::new(json::Flavor::OpenX, &options, columns)),
            "org.apache.hive.hcatalog.data.JsonSerDe" => Box::new(json::Lines::new(json::Flavor::Hive, &options, columns)),
            "org.apache.hadoop.hive.serde2.OpenCSVSerde" => Box::new(opencsv::OpenCsv::new(&options, columns)?),
            "org.apache.hadoop.hive.serde2.RegexSerDe" => Box::new(pattern::Pattern::regex(&options, columns)?),
            "com.amazonaws.glue.serde.GrokSerDe" => Box::new(pattern::Pattern::grok(&options, columns)?),
            other => return Err(Fault::not_emulated(format!("tables with the SerDe {other}"))),
        };
        let header_lines = said("skip.header.line.count").and_then(|count| count.trim().parse().ok()).unwrap_or(0);
        Ok(Format::Lines(Arc::new(TextFile { header_lines, rows })))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_here_is_refused_by_name() {
        let lazy = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
        for (input, serde, parameter, what) in [
            ("", lazy, ("table_type", "ICEBERG"), "Iceberg"),
            ("", lazy, ("spark.sql.sources.provider", "delta"), "Delta Lake"),
            ("org.apache.hudi.hadoop.HoodieParquetInputFormat", lazy, ("a", "b"), "Hudi"),
            ("com.amazon.emr.cloudtrail.CloudTrailInputFormat", lazy, ("a", "b"), "CloudTrail"),
            ("org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat", lazy, ("a", "b"), "symlink"),
            ("org.apache.hadoop.mapred.SequenceFileInputFormat", lazy, ("a", "b"), "SequenceFile"),
            ("", "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe", ("a", "b"), "RCFile"),
            ("", "com.amazon.ionhiveserde.IonHiveSerDe", ("a", "b"), "Ion"),
            ("", "org.example.MySerDe", ("a", "b"), "org.example.MySerDe"),
        ] {
            let descriptor = json!({"InputFormat": input, "SerdeInfo": {"SerializationLibrary": serde}});
            let parameters = BTreeMap::from([(parameter.0.to_owned(), parameter.1.to_owned())]);
            let fault = Format::of(&descriptor, &parameters, &[]).unwrap_err();
            assert!(fault.code == "NOT_SUPPORTED" && fault.message.contains(what), "{fault}");
        }
    }
}
