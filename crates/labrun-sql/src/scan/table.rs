//! A table of the Data Catalog as the engine scans it.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::Result;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use serde_json::Value;

use super::exec::{FileScan, Scan};
use super::files::{self, File, Split};
use super::location::Location;
use super::parquet;
use super::partition::{self, Partition};
use super::predicate::{holding, only_of};
use super::store::Store;
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::formats::Format;
use crate::plan::TableColumn;
use crate::source::Catalog;
use crate::sqltype::{SqlType, VARCHAR};
use crate::types::Type;

/// The hidden column with the object that a row comes from (select).
const PATH: &str = "$path";

/// What the catalog says of a table.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) database: String,
    pub(crate) name: String,
    pub(crate) columns: Vec<(String, SqlType)>,
    pub(crate) partitioned_by: Vec<(String, SqlType)>,
    pub(crate) location: Location,
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) format: Format,
}

impl Layout {
    /// Of a table as Glue gives it.
    pub(crate) fn of(table: &Value) -> Outcome<Self> {
        let descriptor = &table["StorageDescriptor"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let parameters = strings(&table["Parameters"]);
        let columns = columns(&descriptor["Columns"])?;
        Ok(Layout {
            database: text(&table["DatabaseName"]),
            name: text(&table["Name"]),
            partitioned_by: self::columns(&table["PartitionKeys"])?,
            location: Location::parse(descriptor["Location"].as_str().unwrap_or_default())?,
            format: Format::of(descriptor, &parameters, &columns)?,
            columns,
            parameters,
        })
    }

    pub(crate) fn partition_schema(&self) -> SchemaRef {
        Arc::new(Schema::new(fields(&self.partitioned_by)))
    }

    /// Of one column alone.
    pub(crate) fn column_schema(&self, name: &str, kind: &SqlType) -> SchemaRef {
        Arc::new(Schema::new(vec![Field::new(name, kind.arrow(), true)]))
    }

    pub(crate) fn file_schema(&self) -> SchemaRef {
        Arc::new(Schema::new(fields(&self.columns)))
    }

    /// Of the partition and the path.
    pub(crate) fn constant_fields(&self) -> Vec<Field> {
        let path = [(PATH.to_owned(), VARCHAR)];
        fields(&self.partitioned_by).into_iter().chain(fields(&path)).collect()
    }

    /// Of the constant at a place.
    pub(crate) fn constant_kind(&self, at: usize) -> SqlType {
        self.partitioned_by.get(at).map_or(VARCHAR, |(_, kind)| kind.clone())
    }

    fn constant_kinds(&self) -> Vec<SqlType> {
        self.partitioned_by.iter().map(|(_, kind)| kind.clone()).chain([VARCHAR]).collect()
    }
}

fn fields(columns: &[(String, SqlType)]) -> Vec<Field> {
    columns.iter().map(|(name, kind)| Field::new(name, kind.arrow(), true)).collect()
}

pub(crate) fn strings(map: &Value) -> BTreeMap<String, String> {
    let entries = map.as_object().into_iter().flatten();
    entries.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

fn columns(list: &Value) -> Outcome<Vec<(String, SqlType)>> {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let columns = list.iter().map(|column| {
        let name = column["Name"].as_str().unwrap_or_default().to_lowercase();
        let written = column["Type"].as_str().unwrap_or("string");
        let kind = Type::parse(written).map_err(|error| Fault::new("HIVE_INVALID_METADATA", error.to_string()))?;
        Ok((name, SqlType::of_column(&kind)))
    });
    columns.collect()
}

/// A table that can be scanned.
#[derive(Debug)]
pub(crate) struct HiveTable {
    layout: Arc<Layout>,
    schema: SchemaRef,
    catalog: Arc<dyn Catalog>,
    store: Store,
    /// When the query started: partitions can follow from it.
    now: i128,
}

impl HiveTable {
    pub(crate) fn new(layout: Layout, catalog: Arc<dyn Catalog>, store: Store, now: i128) -> Self {
        let all = fields(&layout.columns).into_iter().chain(layout.constant_fields());
        let schema = Arc::new(Schema::new(all.collect::<Vec<_>>()));
        HiveTable { layout: Arc::new(layout), schema, catalog, store, now }
    }

    /// As a plan names them.
    pub(crate) fn columns(&self) -> Vec<TableColumn> {
        let own = self.layout.columns.iter().chain(&self.layout.partitioned_by);
        let own = own.map(|(name, kind)| TableColumn { name: name.clone(), kind: kind.clone(), hidden: false });
        own.chain([TableColumn { name: PATH.to_owned(), kind: VARCHAR, hidden: true }]).collect()
    }

    /// Names of what is the same in all rows of a file.
    fn constants(&self) -> Vec<String> {
        self.layout.constant_fields().iter().map(|field| field.name().clone()).collect()
    }

    /// A scan without the engine's own sources.
    fn own_scan(&self, wanted: &[usize], limit: Option<usize>, groups: Vec<Vec<Split>>) -> Result<Arc<dyn ExecutionPlan>> {
        let schema = Arc::new(self.schema.project(wanted)?);
        let (layout, store) = (Arc::clone(&self.layout), self.store.clone());
        Ok(Arc::new(FileScan::new(Scan { layout, store, wanted: wanted.to_vec(), schema, limit }, groups)))
    }

    async fn files(&self, filters: &[Expr]) -> Outcome<Vec<Arc<File>>> {
        let keys: Vec<String> = self.layout.partitioned_by.iter().map(|(name, _)| name.clone()).collect();
        let on_partitions: Vec<Expr> = filters.iter().filter(|filter| only_of(filter, &keys)).cloned().collect();
        let partitions = partition::find(&self.layout, self.catalog.as_ref(), &on_partitions, self.now).await?;
        let mut files = Vec::new();
        for Partition { location, values } in partitions {
            for object in self.store.list(&location).await? {
                let path = Datum::Text(format!("s3://{}/{}", location.bucket, object.key));
                let values = values.iter().cloned().chain([path]).collect();
                files.push(Arc::new(File { bucket: location.bucket.clone(), object, values }));
            }
        }
        let constants = self.constants();
        let on_files: Vec<Expr> = filters.iter().filter(|filter| only_of(filter, &constants)).cloned().collect();
        let rows: Vec<Vec<Datum>> = files.iter().map(|file| file.values.clone()).collect();
        let schema = Arc::new(Schema::new(self.layout.constant_fields()));
        let keep = holding(&on_files, &schema, &self.layout.constant_kinds(), &rows)?;
        Ok(files.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(file, _)| file).collect())
    }
}

#[async_trait]
impl TableProvider for HiveTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let constants = self.constants();
        let support = |filter: &&Expr| {
            if only_of(filter, &constants) { TableProviderFilterPushDown::Exact } else { TableProviderFilterPushDown::Inexact }
        };
        Ok(filters.iter().map(support).collect())
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let files = self.files(filters).await?;
        let all: Vec<usize> = (0..self.schema.fields().len()).collect();
        let wanted = projection.unwrap_or(&all);
        if files.is_empty() {
            return Ok(Arc::new(EmptyExec::new(Arc::new(self.schema.project(wanted)?))));
        }
        let tasks = state.config().target_partitions();
        Ok(match &self.layout.format {
            Format::Parquet(_) => parquet::scan(&self.layout, &self.store, &files, (wanted, filters, limit), tasks)?,
            Format::Orc(_) | Format::Avro(_) => self.own_scan(wanted, limit, files::groups(&files, tasks, |_| false))?,
            Format::Lines(lines) => {
                let groups = files::groups(&files, tasks, |file| lines.splits(&file.object.key));
                self.own_scan(wanted, limit, groups)?
            }
        })
    }
}
