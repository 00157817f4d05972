//! Files out of rows: what CTAS, INSERT and UNLOAD leave behind (compression-support-hive, ctas-considerations-limitations).
//!
//! A [`Writer`] takes batches and gives the bytes of one file. Where they go, and when a file is full, its caller decides.
#![allow(dead_code, reason = "the statements that write are still to come")]

mod avro;
mod json;
mod lines;
mod orc;
mod parquet;
mod text;

use bytes::Bytes;
use datafusion::arrow::array::{ArrayRef, RecordBatch};

use self::lines::{LineRows, Lines};
use super::conform;
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Parquet,
    /// Delimited by this sign, `^A` by default.
    Text(u8),
    Json,
    Orc,
    Avro,
}

/// What a file is packed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    None,
    /// Deflate, under its name in each format: gzip, zlib, deflate.
    Gzip,
    Snappy,
    /// With a level, 3 by default.
    Zstd(Option<i32>),
    Lz4,
    Bzip2,
}

/// One file under construction.
pub(crate) struct Writer {
    kinds: Vec<SqlType>,
    encoder: Box<dyn Encoder>,
}

/// How rows become bytes of a format. Columns have the forms of the table's types.
trait Encoder: Send {
    fn write(&mut self, columns: Vec<ArrayRef>, rows: usize) -> Outcome<()>;

    /// Bytes up to now, about.
    fn size(&self) -> usize;

    fn finish(self: Box<Self>) -> Outcome<Vec<u8>>;
}

impl Packing {
    /// As `write_compression` names it; `None` where there is no such codec.
    pub(crate) fn parse(name: &str, level: Option<i32>) -> Option<Self> {
        Some(match name.to_uppercase().as_str() {
            "NONE" | "UNCOMPRESSED" => Packing::None,
            "GZIP" | "ZLIB" | "DEFLATE" => Packing::Gzip,
            "SNAPPY" => Packing::Snappy,
            "ZSTD" => Packing::Zstd(level),
            "LZ4" => Packing::Lz4,
            "BZIP2" => Packing::Bzip2,
            _ => return None,
        })
    }
}

impl Target {
    /// The end of a file's name: readers of text know the codec by it.
    pub(crate) fn extension(self, packing: Packing) -> &'static str {
        match (self, packing) {
            (Target::Parquet | Target::Orc | Target::Avro, _) | (_, Packing::None) => "",
            (_, Packing::Gzip) => ".gz",
            (_, Packing::Snappy) => ".snappy",
            (_, Packing::Zstd(_)) => ".zst",
            (_, Packing::Lz4) => ".lz4",
            (_, Packing::Bzip2) => ".bz2",
        }
    }
}

impl Writer {
    /// `Err` where the format can't have such columns, or not such a codec.
    pub(crate) fn new(target: Target, packing: Packing, columns: &[(String, SqlType)]) -> Outcome<Self> {
        let columns = columns.iter().map(|(name, kind)| Ok((name.clone(), stored(kind)?))).collect::<Outcome<Vec<_>>>()?;
        let kinds: Vec<SqlType> = columns.iter().map(|(_, kind)| kind.clone()).collect();
        let lines = |rows: Box<dyn LineRows>| Lines::new(rows, packing, kinds.clone()).map(Box::new);
        let encoder: Box<dyn Encoder> = match target {
            Target::Parquet => Box::new(parquet::Encoder::new(&columns, packing)?),
            Target::Orc => Box::new(orc::Encoder::new(&columns, packing)?),
            Target::Avro => Box::new(avro::Encoder::new(&columns, packing)?),
            Target::Text(delimiter) => lines(Box::new(text::Rows::new(delimiter)))?,
            Target::Json => lines(Box::new(json::Rows::new(&columns)))?,
        };
        Ok(Writer { kinds, encoder })
    }

    /// Rows whose columns are those of the table, in the forms of the query's types.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Outcome<()> {
        let columns = batch.columns().iter().zip(&self.kinds).map(|(column, kind)| conform(column, kind));
        let columns = columns.collect::<Outcome<Vec<_>>>()?;
        if columns.len() != self.kinds.len() {
            return Err(Fault::new("GENERIC_INTERNAL_ERROR", "rows have other columns than their table"));
        }
        self.encoder.write(columns, batch.num_rows())
    }

    /// Bytes of the file up to now, about.
    pub(crate) fn size(&self) -> usize {
        self.encoder.size()
    }

    /// The whole file.
    pub(crate) fn finish(self) -> Outcome<Bytes> {
        self.encoder.finish().map(Bytes::from)
    }
}

/// The type that a table keeps a query's values in (data-types).
fn stored(kind: &SqlType) -> Outcome<SqlType> {
    let column = kind.to_column().ok_or_else(|| Fault::not_supported(format!("Unsupported Hive type: {kind}")))?;
    Ok(SqlType::of_column(&column))
}

/// A failure of an encoder.
fn failed(error: &dyn std::fmt::Display) -> Fault {
    Fault::new("HIVE_WRITER_DATA_ERROR", format!("Failed to write file: {error}"))
}

#[cfg(test)]
mod tests;
