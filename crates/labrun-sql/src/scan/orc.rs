//! ORC: stripe by stripe, of each only the streams of the wanted columns.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::arrow::array::{ArrayRef, RecordBatch, new_null_array};
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt, TryStreamExt};
use orc_rust::arrow_reader::ArrowReaderBuilder;
use orc_rust::projection::ProjectionMask;
use orc_rust::reader::AsyncChunkReader;
use orc_rust::schema::TimestampPrecision;

use super::exec::{ROWS, Scan};
use super::files::Split;
use super::store::Store;
use crate::fault::{Fault, Outcome};
use crate::formats::conform;

/// Where a column of the table is in the file.
struct Place {
    /// Of the table.
    column: usize,
    /// Its name in the file, which lacks it otherwise.
    name: Option<String>,
}

pub(super) fn batches(scan: Arc<Scan>, by_index: bool, split: Split) -> BoxStream<'static, Outcome<RecordBatch>> {
    stream::once(open(scan, by_index, split)).try_flatten().boxed()
}

async fn open(scan: Arc<Scan>, by_index: bool, split: Split) -> Outcome<BoxStream<'static, Outcome<RecordBatch>>> {
    let path = split.file.path();
    let failed = move |error: &dyn std::fmt::Display| {
        Fault::new("HIVE_CANNOT_OPEN_SPLIT", format!("Error opening Hive split {path}: {error}"))
    };
    let source = Source { store: scan.store.clone(), split: split.clone() };
    let builder = ArrowReaderBuilder::try_new_async(source).await.map_err(|error| failed(&error))?;
    let root = builder.file_metadata().root_data_type();
    let places = places(&scan, root.children().iter().map(|column| column.name()).collect(), by_index);
    let wanted: Vec<&str> = places.iter().filter_map(|place| place.name.as_deref()).collect();
    if wanted.is_empty() {
        let rows = builder.file_metadata().number_of_rows();
        return Ok(without_columns(scan, split, places, rows));
    }
    let mask = ProjectionMask::named_roots(root, &wanted);
    let reader = builder.with_projection(mask).with_batch_size(ROWS).with_timestamp_precision(TimestampPrecision::Microsecond);
    let batches = reader.build_async().map(move |batch| {
        let batch = batch.map_err(|error| failed(&error))?;
        let columns = places.iter().map(|place| column(&scan, place, &batch)).collect::<Outcome<_>>()?;
        scan.batch(&split, columns, batch.num_rows())
    });
    Ok(batches.boxed())
}

/// By place, as Athena does unless `orc.column.index.access` is false; by name in any case then (handling-schema-updates-chapter).
fn places(scan: &Scan, names: Vec<&str>, by_index: bool) -> Vec<Place> {
    let find = |column: usize| {
        let wanted = &scan.layout.columns[column].0;
        let found = if by_index { names.get(column) } else { names.iter().find(|name| name.eq_ignore_ascii_case(wanted)) };
        Place { column, name: found.map(|name| (*name).to_owned()) }
    };
    scan.own().into_iter().map(find).collect()
}

fn column(scan: &Scan, place: &Place, batch: &RecordBatch) -> Outcome<ArrayRef> {
    let kind = &scan.layout.columns[place.column].1;
    match place.name.as_deref().and_then(|name| batch.column_by_name(name)) {
        Some(found) => conform(found, kind),
        None => Ok(new_null_array(&kind.arrow(), batch.num_rows())),
    }
}

/// Rows of which nothing is wanted that the file has: the footer counts them.
fn without_columns(scan: Arc<Scan>, split: Split, places: Vec<Place>, rows: u64) -> BoxStream<'static, Outcome<RecordBatch>> {
    let left = (0..rows).step_by(ROWS).map(move |start| (rows - start).min(ROWS as u64) as usize);
    stream::iter(left)
        .map(move |count| {
            let kinds = places.iter().map(|place| &scan.layout.columns[place.column].1);
            let columns = kinds.map(|kind| new_null_array(&kind.arrow(), count)).collect();
            scan.batch(&split, columns, count)
        })
        .boxed()
}

/// An object as the reader asks for it.
struct Source {
    store: Store,
    split: Split,
}

impl AsyncChunkReader for Source {
    fn len(&mut self) -> BoxFuture<'_, io::Result<u64>> {
        let size = self.split.file.object.size;
        async move { Ok(size) }.boxed()
    }

    fn get_bytes(&mut self, start: u64, length: u64) -> BoxFuture<'_, io::Result<Bytes>> {
        async move {
            let file = &self.split.file;
            let end = start.checked_add(length).filter(|end| *end <= file.object.size);
            let end = end.ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, "a part lies behind the end"))?;
            if start == end {
                return Ok(Bytes::new());
            }
            self.store.part(&file.bucket, &file.object.key, start..end).await.map_err(io::Error::other)
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests;
