//! Files of lines: what rows are as text, packed as it grows.

use std::io::Write;

use datafusion::arrow::array::ArrayRef;

use super::{Encoder, Packing, failed};
use crate::datum::{Datum, read};
use crate::fault::Outcome;
use crate::sqltype::SqlType;

/// A line out of the values of a row.
pub(super) trait LineRows: Send {
    fn line(&self, row: &[Datum], kinds: &[SqlType], out: &mut Vec<u8>);
}

/// Text is packed when so much of it is there: Hadoop's blocks are as long.
const BLOCK: usize = 256 << 10;

pub(super) struct Lines {
    rows: Box<dyn LineRows>,
    kinds: Vec<SqlType>,
    pending: Vec<u8>,
    packer: Packer,
}

/// Bytes that are being packed.
enum Packer {
    Plain(Vec<u8>),
    Gzip(flate2::write::GzEncoder<Vec<u8>>),
    Bzip2(bzip2::write::BzEncoder<Vec<u8>>),
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
    /// In Hadoop's blocks of one piece each.
    Blocks(fn(&[u8]) -> Outcome<Vec<u8>>, Vec<u8>),
}

fn snappy(block: &[u8]) -> Outcome<Vec<u8>> {
    snap::raw::Encoder::new().compress_vec(block).map_err(|error| failed(&error))
}

fn lz4(block: &[u8]) -> Outcome<Vec<u8>> {
    Ok(lz4_flex::block::compress(block))
}

impl Packer {
    fn new(packing: Packing) -> Outcome<Self> {
        Ok(match packing {
            Packing::None => Packer::Plain(Vec::new()),
            Packing::Gzip => Packer::Gzip(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default())),
            Packing::Bzip2 => Packer::Bzip2(bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default())),
            Packing::Zstd(level) => {
                let encoder = zstd::stream::write::Encoder::new(Vec::new(), level.unwrap_or(3));
                Packer::Zstd(encoder.map_err(|error| failed(&error))?)
            }
            Packing::Snappy => Packer::Blocks(snappy, Vec::new()),
            Packing::Lz4 => Packer::Blocks(lz4, Vec::new()),
        })
    }

    fn add(&mut self, bytes: &[u8]) -> Outcome<()> {
        let written = match self {
            Packer::Plain(out) => out.write_all(bytes),
            Packer::Gzip(out) => out.write_all(bytes),
            Packer::Bzip2(out) => out.write_all(bytes),
            Packer::Zstd(out) => out.write_all(bytes),
            Packer::Blocks(codec, out) => return blocks(*codec, bytes, out),
        };
        written.map_err(|error| failed(&error))
    }

    fn size(&self) -> usize {
        match self {
            Packer::Plain(out) | Packer::Blocks(_, out) => out.len(),
            Packer::Gzip(out) => out.get_ref().len(),
            Packer::Bzip2(out) => out.get_ref().len(),
            Packer::Zstd(out) => out.get_ref().len(),
        }
    }

    fn finish(self) -> Outcome<Vec<u8>> {
        let finished = match self {
            Packer::Plain(out) | Packer::Blocks(_, out) => Ok(out),
            Packer::Gzip(out) => out.finish(),
            Packer::Bzip2(out) => out.finish(),
            Packer::Zstd(out) => out.finish(),
        };
        finished.map_err(|error| failed(&error))
    }
}

fn blocks(codec: fn(&[u8]) -> Outcome<Vec<u8>>, bytes: &[u8], out: &mut Vec<u8>) -> Outcome<()> {
    for block in bytes.chunks(BLOCK) {
        let packed = codec(block)?;
        // A block is far shorter than 4 GiB.
        out.extend((block.len() as u32).to_be_bytes());
        out.extend((packed.len() as u32).to_be_bytes());
        out.extend(packed);
    }
    Ok(())
}

impl Lines {
    pub(super) fn new(rows: Box<dyn LineRows>, packing: Packing, kinds: Vec<SqlType>) -> Outcome<Self> {
        Ok(Lines { rows, kinds, pending: Vec::new(), packer: Packer::new(packing)? })
    }

    fn pack(&mut self) -> Outcome<()> {
        self.packer.add(&self.pending)?;
        self.pending.clear();
        Ok(())
    }
}

impl Encoder for Lines {
    fn write(&mut self, columns: Vec<ArrayRef>, rows: usize) -> Outcome<()> {
        for row in 0..rows {
            let values: Vec<Datum> = columns.iter().zip(&self.kinds).map(|(column, kind)| read(column, kind, row)).collect();
            self.rows.line(&values, &self.kinds, &mut self.pending);
            self.pending.push(b'\n');
            if self.pending.len() >= BLOCK {
                self.pack()?;
            }
        }
        Ok(())
    }

    fn size(&self) -> usize {
        self.packer.size() + self.pending.len()
    }

    fn finish(mut self: Box<Self>) -> Outcome<Vec<u8>> {
        self.pack()?;
        self.packer.finish()
    }
}

/// A plain value as text, the same in all formats of lines; NULL has none.
pub(super) fn plain(value: &Datum, kind: &SqlType) -> Option<String> {
    use base64::Engine;
    Some(match value {
        Datum::Null => return None,
        Datum::Binary(bytes) => base64::engine::general_purpose::STANDARD.encode(bytes),
        Datum::Date(day) => crate::formats::scalar::date_text(i64::from(*day)),
        Datum::Timestamp(nanoseconds) => crate::formats::scalar::timestamp_text(*nanoseconds),
        other => crate::functions::cast::text(other, kind).unwrap_or_default(),
    })
}
