//! A scan as a step of a plan: the splits of each group one after the other, one group a task. Who stops asking stops the reading.

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, ScalarValue};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties};
use futures::StreamExt;
use futures::stream::{self, BoxStream};

use super::files::Split;
use super::guard::guarded;
use super::store::Store;
use super::table::Layout;
use super::{avro, orc, text};
use crate::datum;
use crate::fault::{Fault, Outcome};
use crate::formats::Format;

/// Rows of a batch, at most.
pub(crate) const ROWS: usize = 8192;

/// What is read, and where it comes from.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(crate) layout: Arc<Layout>,
    pub(crate) store: Store,
    /// Places in the table's schema: of the file, then of the constants.
    pub(crate) wanted: Vec<usize>,
    pub(crate) schema: SchemaRef,
    /// More rows than these are not asked for.
    pub(crate) limit: Option<usize>,
}

impl Scan {
    /// Those of the wanted columns that the files have.
    pub(crate) fn own(&self) -> Vec<usize> {
        let own = self.layout.columns.len();
        self.wanted.iter().copied().filter(|at| *at < own).collect()
    }

    /// A batch of a file's rows: its [`Scan::own`] columns, and those that are the same in all rows of it.
    pub(crate) fn batch(&self, split: &Split, read: Vec<ArrayRef>, rows: usize) -> Outcome<RecordBatch> {
        let own = self.layout.columns.len();
        let mut read = read.into_iter();
        let columns = self.wanted.iter().map(|at| {
            if *at < own {
                return read.next().ok_or_else(|| Fault::new("GENERIC_INTERNAL_ERROR", "a format gave too few columns"));
            }
            self.constant(split, *at - own, rows)
        });
        let columns = columns.collect::<Outcome<Vec<ArrayRef>>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        Ok(RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)?)
    }

    /// A column of the partition, or the path.
    fn constant(&self, split: &Split, at: usize, rows: usize) -> Outcome<ArrayRef> {
        let one = datum::column(&split.file.values[at..=at], &self.layout.constant_kind(at))?;
        Ok(ScalarValue::try_from_array(&one, 0)?.to_array_of_size(rows)?)
    }

    fn batches(self: Arc<Self>, split: Split) -> BoxStream<'static, Outcome<RecordBatch>> {
        match &self.layout.format {
            Format::Lines(file) => text::batches(Arc::clone(&self), Arc::clone(file), split),
            Format::Orc(by_index) => orc::batches(Arc::clone(&self), *by_index, split),
            Format::Avro(literal) => avro::batches(Arc::clone(&self), literal.clone(), split),
            Format::Parquet(_) => {
                stream::once(async { Err(Fault::new("GENERIC_INTERNAL_ERROR", "Parquet has a scan of its own")) }).boxed()
            }
        }
    }
}

/// Reads the splits of each group.
#[derive(Debug)]
pub(crate) struct FileScan {
    scan: Arc<Scan>,
    groups: Vec<Vec<Split>>,
    properties: Arc<PlanProperties>,
}

impl FileScan {
    pub(crate) fn new(scan: Scan, groups: Vec<Vec<Split>>) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&scan.schema)),
            Partitioning::UnknownPartitioning(groups.len()),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        FileScan { scan: Arc::new(scan), groups, properties: Arc::new(properties) }
    }
}

impl DisplayAs for FileScan {
    fn fmt_as(&self, _: DisplayFormatType, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let splits: usize = self.groups.iter().map(Vec::len).sum();
        write!(out, "FileScan: {}.{}, splits={splits}", self.scan.layout.database, self.scan.layout.name)
    }
}

impl ExecutionPlan for FileScan {
    fn name(&self) -> &'static str {
        "FileScan"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn for<'a> FnMut(&'a Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, _: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(&self, partition: usize, _: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let scan = Arc::clone(&self.scan);
        let schema = Arc::clone(&scan.schema);
        let mut left = scan.limit.unwrap_or(usize::MAX);
        let splits = stream::iter(self.groups[partition].clone());
        let batches = splits.flat_map(move |split| Arc::clone(&scan).batches(split)).scan((), move |(), batch| {
            let more = left > 0;
            left = left.saturating_sub(batch.as_ref().map_or(0, RecordBatch::num_rows));
            async move { more.then_some(batch) }
        });
        Ok(guarded(schema, batches.map(|batch| batch.map_err(Into::into))))
    }
}
