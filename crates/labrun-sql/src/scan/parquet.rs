//! Parquet: the engine's own reader, which prunes row groups and pages by their statistics, over our counted objects.

mod adapt;
mod footer;

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::common::ScalarValue;
use datafusion::common::config::TableParquetOptions;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::ParquetFileReaderFactory;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::utils::conjunction;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use futures::FutureExt;
use futures::future::BoxFuture;
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};

use self::adapt::Adapters;
use super::files::{self, File};
use super::guard::Guard;
use super::predicate::physical;
use super::store::Store;
use super::table::Layout;
use crate::datum;
use crate::fault::{Fault, Outcome};
use crate::formats::Format;

/// Where no object is looked for: files are opened by [`Readers`].
pub(crate) const NOWHERE: &str = "labrun://objects";

/// What a query wants of a table: places of columns, conditions, a number of rows.
type Wanted<'w> = (&'w [usize], &'w [Expr], Option<usize>);

pub(crate) fn scan(
    layout: &Layout,
    store: &Store,
    files: &[Arc<File>],
    wanted: Wanted,
    tasks: usize,
) -> Outcome<Arc<dyn ExecutionPlan>> {
    let (projection, filters, limit) = wanted;
    let constants = layout.constant_fields().into_iter().map(Arc::new).collect::<Vec<_>>();
    let schema = TableSchema::builder(layout.file_schema()).with_table_partition_cols(constants).build();
    let mut options = TableParquetOptions::default();
    // More than three digits are rounded later, and nanoseconds would not reach far enough.
    options.global.coerce_int96 = Some("us".to_owned());
    let mut source = ParquetSource::new(schema.clone())
        .with_table_parquet_options(options)
        .with_parquet_file_reader_factory(Arc::new(Readers::new(layout, store)))
        .with_pushdown_filters(true)
        .with_reorder_filters(true)
        .with_enable_page_index(true);
    if let Some(condition) = conjunction(filters.iter().cloned()) {
        source = source.with_predicate(physical(&condition, schema.table_schema())?);
    }
    let groups = files::groups(files, tasks, |_| true).into_iter().map(|group| {
        let splits = group.into_iter().map(|split| {
            let file = &split.file;
            let values = file.values.iter().enumerate().map(|(at, value)| {
                let column = datum::column(std::slice::from_ref(value), &layout.constant_kind(at))?;
                Ok(ScalarValue::try_from_array(&column, 0)?)
            });
            let part = PartitionedFile::new("object", file.object.size)
                .with_range(split.start as i64, split.end as i64)
                .with_partition_values(values.collect::<Outcome<_>>()?)
                .with_extension(Arc::clone(file));
            Ok(part)
        });
        Ok(FileGroup::new(splits.collect::<Outcome<Vec<_>>>()?))
    });
    let config = FileScanConfigBuilder::new(ObjectStoreUrl::parse(NOWHERE)?, Arc::new(source))
        .with_file_groups(groups.collect::<Outcome<Vec<_>>>()?)
        .with_projection_indices(Some(projection.to_vec()))?
        .with_limit(limit)
        .with_expr_adapter(Some(Arc::new(adapters(layout))))
        .build();
    Ok(Arc::new(Guard::new(DataSourceExec::from_data_source(config))))
}

fn adapters(layout: &Layout) -> Adapters {
    Adapters(Arc::new(layout.columns.iter().cloned().collect()))
}

/// Opens the objects of a scan.
#[derive(Debug)]
struct Readers {
    store: Store,
    columns: Arc<Vec<String>>,
    by_index: bool,
}

impl Readers {
    fn new(layout: &Layout, store: &Store) -> Self {
        let by_index = matches!(&layout.format, Format::Parquet(parquet) if parquet.by_index);
        let columns = layout.columns.iter().map(|(name, _)| name.clone()).collect();
        Readers { store: store.clone(), columns: Arc::new(columns), by_index }
    }
}

impl ParquetFileReaderFactory for Readers {
    fn create_reader(
        &self,
        _: usize,
        part: PartitionedFile,
        _: Option<usize>,
        _: &ExecutionPlanMetricsSet,
    ) -> datafusion::common::Result<Box<dyn AsyncFileReader + Send>> {
        let Some(file) = part.extension::<Arc<File>>() else {
            return datafusion::common::internal_err!("a part of a scan without its object");
        };
        let (store, columns) = (self.store.clone(), Arc::clone(&self.columns));
        Ok(Box::new(Reader { store, columns, by_index: self.by_index, file: Arc::clone(file) }))
    }
}

/// An object of Parquet.
struct Reader {
    store: Store,
    file: Arc<File>,
    columns: Arc<Vec<String>>,
    by_index: bool,
}

fn failed(fault: Fault) -> ParquetError {
    ParquetError::External(Box::new(fault))
}

impl Reader {
    async fn part(&self, range: Range<u64>) -> Result<Bytes> {
        if range.start >= range.end || range.end > self.file.object.size {
            return Err(self.malformed(&ParquetError::EOF("a part lies behind the end".to_owned())));
        }
        self.store.part(&self.file.bucket, &self.file.object.key, range).await.map_err(failed)
    }

    async fn footer(&mut self, pages: PageIndexPolicy) -> Result<ParquetMetaData> {
        let size = self.file.object.size;
        // A footer fits into this much, mostly: one read instead of two.
        let tail = self.part(size.saturating_sub(8)..size).await?;
        if tail.len() < 8 || !tail.ends_with(b"PAR1") {
            let path = self.file.path();
            let got = String::from_utf8_lossy(&tail[tail.len().saturating_sub(4)..]).into_owned();
            let words = format!("Not valid Parquet file: {path} expected magic number: PAR1 got: {got}");
            return Err(failed(Fault::new("HIVE_BAD_DATA", words)));
        }
        let reader = ParquetMetaDataReader::new().with_page_index_policy(pages);
        let metadata = reader.load_and_finish(&mut *self, size).await?;
        footer::renamed(metadata, &self.columns, self.by_index)
    }

    /// Our own failures stay; all others are the file's.
    fn malformed(&self, error: &ParquetError) -> ParquetError {
        let words = format!("Error opening Hive split {}: {error}", self.file.path());
        failed(Fault::new("HIVE_CANNOT_OPEN_SPLIT", words))
    }
}

impl AsyncFileReader for Reader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes>> {
        async move { self.part(range).await }.boxed()
    }

    fn get_metadata<'a>(&'a mut self, options: Option<&'a ArrowReaderOptions>) -> BoxFuture<'a, Result<Arc<ParquetMetaData>>> {
        let pages = options.map_or(PageIndexPolicy::Skip, ArrowReaderOptions::column_index_policy);
        async move {
            match self.footer(pages).await {
                Ok(metadata) => Ok(Arc::new(metadata)),
                Err(ParquetError::External(own)) => Err(ParquetError::External(own)),
                Err(error) => Err(self.malformed(&error)),
            }
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests;
