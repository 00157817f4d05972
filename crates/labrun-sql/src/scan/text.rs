//! Files of lines: read in chunks, unpacked on the way.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::arrow::array::RecordBatch;
use futures::StreamExt;
use futures::stream::{self, BoxStream};

use super::exec::{ROWS, Scan};
use super::files::Split;
use super::lines::Lines;
use crate::fault::{Fault, Outcome};
use crate::formats::{Compression, TextFile, Unpacker};

/// How much of a file is read first; each chunk is twice the one before it, up to [`LARGEST_CHUNK`]: `LIMIT` needs no more.
const FIRST_CHUNK: u64 = 64 << 10;
const LARGEST_CHUNK: u64 = 1 << 20;

/// More than Athena takes: `Line too long in text file` (other-notable-limitations).
const LONGEST_LINE: usize = 32 << 20;

/// A split under way.
struct Reading {
    scan: Arc<Scan>,
    format: Arc<TextFile>,
    split: Split,
    /// The file's columns that are wanted.
    own: Vec<usize>,
    lines: Lines,
    packed: Option<Packed>,
    /// Lines at the start that are still to be left out.
    skip: usize,
    chunk: u64,
}

/// A compressed file under way.
struct Packed {
    unpacker: Unpacker,
    input: Bytes,
    /// Where in the object the next chunk starts.
    next: u64,
}

pub(super) fn batches(scan: Arc<Scan>, format: Arc<TextFile>, split: Split) -> BoxStream<'static, Outcome<RecordBatch>> {
    let reading = match Reading::new(scan, format, split) {
        Ok(reading) => reading,
        Err(fault) => return stream::once(async { Err(fault) }).boxed(),
    };
    let step = |reading: Option<Reading>| async move {
        let mut reading = reading?;
        match reading.batch().await {
            Ok(Some(batch)) => Some((Ok(batch), Some(reading))),
            Ok(None) => None,
            Err(fault) => Some((Err(fault), None)),
        }
    };
    stream::unfold(Some(reading), step).boxed()
}

impl Reading {
    fn new(scan: Arc<Scan>, format: Arc<TextFile>, split: Split) -> Outcome<Self> {
        let compression = Compression::of(&split.file.object.key);
        let (lines, packed) = if compression == Compression::None {
            (Lines::new(split.start, split.end), None)
        } else {
            let unpacker = Unpacker::new(compression).map_err(|error| unreadable(&split, &error))?;
            (Lines::new(0, u64::MAX), Some(Packed { unpacker, input: Bytes::new(), next: 0 }))
        };
        let skip = if split.start == 0 { format.header_lines } else { 0 };
        Ok(Reading { own: scan.own(), scan, format, split, lines, packed, skip, chunk: FIRST_CHUNK })
    }

    /// The next rows; none at the end.
    async fn batch(&mut self) -> Outcome<Option<RecordBatch>> {
        loop {
            let mut lines = self.lines.take(ROWS);
            let left_out = self.skip.min(lines.len());
            self.skip -= left_out;
            lines.drain(..left_out);
            if !lines.is_empty() {
                return self.rows(&lines).map(Some);
            }
            if self.lines.is_done() {
                return Ok(None);
            }
            if self.lines.waiting() > LONGEST_LINE {
                let path = self.split.file.path();
                return Err(Fault::new("HIVE_CURSOR_ERROR", format!("Line too long in text file: {path}")));
            }
            match &self.packed {
                None => self.more().await?,
                Some(_) => self.more_unpacked().await?,
            }
        }
    }

    fn rows(&self, places: &[Range<usize>]) -> Outcome<RecordBatch> {
        let bytes = self.lines.bytes();
        let lines: Vec<&[u8]> = places.iter().map(|place| &bytes[place.clone()]).collect();
        let columns = self.format.rows.columns(&lines, &self.own)?;
        self.scan.batch(&self.split, columns, lines.len())
    }

    /// One chunk more. A line that starts in the split belongs to it, however far it goes.
    async fn more(&mut self) -> Outcome<()> {
        let (start, size) = (self.lines.position(), self.split.file.object.size);
        if start >= size {
            self.lines.finish();
            return Ok(());
        }
        let end = if start < self.split.end { (start + self.chunk).min(self.split.end) } else { start + FIRST_CHUNK };
        let chunk = self.part(start, end.min(size)).await?;
        self.lines.push(&chunk);
        Ok(())
    }

    async fn more_unpacked(&mut self) -> Outcome<()> {
        let size = self.split.file.object.size;
        let at = self.packed.as_ref().filter(|packed| packed.input.is_empty()).map(|packed| packed.next);
        if let Some(at) = at.filter(|at| *at < size) {
            let input = self.part(at, (at + self.chunk).min(size)).await?;
            if let Some(packed) = &mut self.packed {
                packed.next += input.len() as u64;
                packed.input = input;
            }
        }
        let Some(packed) = &mut self.packed else { return Ok(()) };
        let stepped = if packed.input.is_empty() {
            self.lines.finish();
            packed.unpacker.finish(self.lines.room())
        } else {
            packed.unpacker.step(&packed.input, self.lines.room()).map(|used| packed.input = packed.input.split_off(used))
        };
        stepped.map_err(|error| unreadable(&self.split, &error))
    }

    async fn part(&mut self, start: u64, end: u64) -> Outcome<Bytes> {
        self.chunk = (self.chunk * 2).min(LARGEST_CHUNK);
        let file = &self.split.file;
        let part = self.scan.store.part(&file.bucket, &file.object.key, start..end).await?;
        if part.is_empty() {
            return Err(Fault::new("HIVE_CURSOR_ERROR", format!("Failed to read file: {}: it ends early", file.path())));
        }
        Ok(part)
    }
}

fn unreadable(split: &Split, error: &std::io::Error) -> Fault {
    Fault::new("HIVE_CURSOR_ERROR", format!("Failed to read file: {}: {error}", split.file.path()))
}
