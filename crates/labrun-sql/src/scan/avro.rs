//! Avro: blocks of whole rows, columns by their names; `avro.schema.literal` says what the rows are read as (avro-serde).

use std::ops::Range;
use std::sync::Arc;

use arrow_avro::errors::AvroError;
use arrow_avro::reader::{AsyncAvroFileReader, AsyncFileReader, HeaderInfo, read_header_info};
use arrow_avro::schema::AvroSchema;
use bytes::Bytes;
use datafusion::arrow::array::{ArrayRef, RecordBatch, new_null_array};
use datafusion::arrow::error::ArrowError;
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt, TryStreamExt};

use super::exec::{ROWS, Scan};
use super::files::Split;
use super::store::Store;
use crate::fault::{Fault, Outcome};
use crate::formats::conform;

/// Blocks that start within so many bytes are read at once.
const PART: u64 = 4 << 20;

/// What is read for the header first.
const FIRST: u64 = 8 << 10;

pub(super) fn batches(scan: Arc<Scan>, literal: Option<String>, split: Split) -> BoxStream<'static, Outcome<RecordBatch>> {
    stream::once(open(scan, literal, split)).try_flatten().boxed()
}

async fn open(scan: Arc<Scan>, literal: Option<String>, split: Split) -> Outcome<BoxStream<'static, Outcome<RecordBatch>>> {
    let size = split.file.object.size;
    let header = header(&scan, &split).await?;
    let parts = (0..size).step_by(PART as usize).map(move |start| start..(start + PART).min(size));
    let batches =
        stream::iter(parts).flat_map(move |part| match reader(&scan, &split, header.clone(), literal.as_deref(), part) {
            Err(fault) => stream::once(async { Err(fault) }).boxed(),
            Ok(reader) => {
                let (scan, split) = (Arc::clone(&scan), split.clone());
                let rows = move |batch: Result<RecordBatch, ArrowError>| {
                    let batch = batch.map_err(|error| failed(&split, &error))?;
                    let columns = scan.own().into_iter().map(|at| column(&scan, at, &batch)).collect::<Outcome<_>>()?;
                    scan.batch(&split, columns, batch.num_rows())
                };
                reader.map(rows).boxed()
            }
        });
    Ok(batches.boxed())
}

/// A header is as long as its schema: more of the file is asked for until it is whole.
async fn header(scan: &Scan, split: &Split) -> Outcome<HeaderInfo> {
    let (file, mut length) = (&split.file, FIRST);
    loop {
        let end = length.min(file.object.size);
        let start = scan.store.part(&file.bucket, &file.object.key, 0..end).await?;
        match read_header_info(&start[..]) {
            Ok(header) => return Ok(header),
            Err(error) if end == file.object.size || length >= PART || !start.starts_with(b"Obj") => {
                return Err(failed(split, &error));
            }
            Err(_) => length *= 8,
        }
    }
}

/// Text as plain strings: as views, the library's 59.3 loses which of them are NULL.
fn reader(
    scan: &Scan,
    split: &Split,
    header: HeaderInfo,
    literal: Option<&str>,
    part: Range<u64>,
) -> Outcome<AsyncAvroFileReader<Source>> {
    let source = Source { store: scan.store.clone(), split: split.clone() };
    let mut builder = AsyncAvroFileReader::builder(source, split.file.object.size, ROWS).with_range(part);
    if let Some(literal) = literal {
        builder = builder.with_reader_schema(AvroSchema::new(literal.to_owned()));
    }
    builder.build_with_header(header).map_err(|error| failed(split, &error))
}

fn column(scan: &Scan, at: usize, batch: &RecordBatch) -> Outcome<ArrayRef> {
    let (name, kind) = &scan.layout.columns[at];
    let found = batch.schema_ref().fields().iter().position(|field| field.name().eq_ignore_ascii_case(name));
    match found {
        Some(found) => conform(batch.column(found), kind),
        None => Ok(new_null_array(&kind.arrow(), batch.num_rows())),
    }
}

fn failed(split: &Split, error: &dyn std::fmt::Display) -> Fault {
    Fault::new("HIVE_CANNOT_OPEN_SPLIT", format!("Error opening Hive split {}: {error}", split.file.path()))
}

/// An object as the reader asks for it.
struct Source {
    store: Store,
    split: Split,
}

impl AsyncFileReader for Source {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes, AvroError>> {
        async move {
            let file = &self.split.file;
            if range.start >= range.end || range.end > file.object.size {
                return Err(AvroError::EOF("a part lies behind the end".to_owned()));
            }
            let part = self.store.part(&file.bucket, &file.object.key, range).await;
            part.map_err(|fault| AvroError::External(Box::new(fault)))
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests;
