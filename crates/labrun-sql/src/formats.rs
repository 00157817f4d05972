//! Formats of files: what a table's SerDe says of them, and how their bytes become rows.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use datafusion::arrow::array::ArrayRef;
use serde_json::Value;

use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

mod column;
mod compression;
mod json;
mod lazy;
mod moment;
mod scalar;

pub(crate) use compression::{Compression, Unpacker};

/// How the files of a table are read.
#[derive(Clone, Debug)]
pub(crate) enum Format {
    /// Lines of text.
    Lines(Arc<TextFile>),
    /// Parquet.
    Parquet(Parquet),
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

impl Format {
    /// Of a table's descriptor, its parameters and its columns.
    pub(crate) fn of(descriptor: &Value, parameters: &BTreeMap<String, String>, columns: &[(String, SqlType)]) -> Outcome<Self> {
        let serde = descriptor["SerdeInfo"]["SerializationLibrary"].as_str().unwrap_or_default();
        let options = crate::scan::strings(&descriptor["SerdeInfo"]["Parameters"]);
        let rows: Box<dyn Rows> = match serde {
            "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" => {
                let by_index = options.get("parquet.column.index.access").is_some_and(|value| value.eq_ignore_ascii_case("true"));
                return Ok(Format::Parquet(Parquet { by_index }));
            }
            "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe" => Box::new(lazy::Lazy::new(&options, columns)),
            "org.openx.data.jsonserde.JsonSerDe" => Box::new(json::Lines::new(json::Flavor::OpenX, &options, columns)),
            "org.apache.hive.hcatalog.data.JsonSerDe" => Box::new(json::Lines::new(json::Flavor::Hive, &options, columns)),
            other => return Err(Fault::not_emulated(format!("tables with the SerDe {other}"))),
        };
        let header = parameters.get("skip.header.line.count").or_else(|| options.get("skip.header.line.count"));
        let header_lines = header.and_then(|count| count.parse().ok()).unwrap_or(0);
        Ok(Format::Lines(Arc::new(TextFile { header_lines, rows })))
    }
}
