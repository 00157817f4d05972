//! What stands between the engine and a reader of files: a reader that breaks on a file fails the query, not the process.
//!
//! It also keeps the engine from handing conditions down after the plan is made: the reader would drop those that it can't use.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::Result;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties};
use futures::{Stream, StreamExt};

use crate::fault::Fault;

/// A scan by a reader that is not ours.
#[derive(Debug)]
pub(super) struct Guard {
    inner: Arc<dyn ExecutionPlan>,
}

impl Guard {
    pub(super) fn new(inner: Arc<dyn ExecutionPlan>) -> Self {
        Guard { inner }
    }
}

/// A stream that ends with a fault where it would panic.
pub(super) fn guarded<S>(schema: SchemaRef, stream: S) -> SendableRecordBatchStream
where
    S: Stream<Item = Result<datafusion::arrow::array::RecordBatch>> + Send + 'static,
{
    let caught = AssertUnwindSafe(stream).catch_unwind();
    let batches = caught.map(|caught| {
        caught.unwrap_or_else(|_| Err(Fault::new("HIVE_CURSOR_ERROR", "Failed to read file: its content is malformed").into()))
    });
    Box::pin(RecordBatchStreamAdapter::new(schema, batches))
}

impl DisplayAs for Guard {
    fn fmt_as(&self, _: DisplayFormatType, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Guard")
    }
}

impl ExecutionPlan for Guard {
    fn name(&self) -> &'static str {
        "Guard"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.inner.properties()
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.inner]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn for<'a> FnMut(&'a Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(children.into_iter().next().map_or(self, |inner| Arc::new(Guard::new(inner))))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let inner = self.inner.execute(partition, context)?;
        Ok(guarded(inner.schema(), inner))
    }
}
