//! Parquet: the engine's own reader, which prunes row groups and pages by their statistics, over our counted objects.

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

use super::files::{self, File};
use super::predicate::physical;
use super::store::Store;
use super::table::Layout;
use crate::datum;
use crate::fault::Outcome;

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
    let mut source = ParquetSource::new(schema.clone())
        .with_table_parquet_options(TableParquetOptions::default())
        .with_parquet_file_reader_factory(Arc::new(Readers { store: store.clone() }))
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
        .build();
    Ok(DataSourceExec::from_data_source(config))
}

/// Opens the objects of a scan.
#[derive(Debug)]
struct Readers {
    store: Store,
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
        Ok(Box::new(Reader { store: self.store.clone(), file: Arc::clone(file) }))
    }
}

/// An object of Parquet.
struct Reader {
    store: Store,
    file: Arc<File>,
}

fn failed(fault: crate::fault::Fault) -> ParquetError {
    ParquetError::External(Box::new(fault))
}

impl AsyncFileReader for Reader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes>> {
        async move { self.store.part(&self.file.bucket, &self.file.object.key, range).await.map_err(failed) }.boxed()
    }

    fn get_metadata<'a>(&'a mut self, options: Option<&'a ArrowReaderOptions>) -> BoxFuture<'a, Result<Arc<ParquetMetaData>>> {
        async move {
            let size = self.file.object.size;
            let pages = options.map_or(PageIndexPolicy::Skip, |options| {
                if options.page_index() { PageIndexPolicy::Optional } else { PageIndexPolicy::Skip }
            });
            let reader = ParquetMetaDataReader::new().with_page_index_policy(pages);
            Ok(Arc::new(reader.load_and_finish(&mut *self, size).await?))
        }
        .boxed()
    }
}
