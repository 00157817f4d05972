//! Runs queries: plans them, reads what they need, gives their rows.

mod insert;
mod names;
mod sink;
mod tables;
mod target;

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::execution::context::SessionContext;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::execution::{SendableRecordBatchStream, SessionState};
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionConfig;
use futures::StreamExt;
use object_store::memory::InMemory;

use crate::datum::Reader;
use crate::fault::{Fault, Outcome};
pub use crate::plan::OutputColumn;
use crate::plan::{Context, Planned};
use crate::query::tree;
pub use crate::scan::Meter;
use crate::scan::Store;
use crate::source::{Catalog, Objects};
pub use insert::Inserted;
pub use names::names_columns;
pub use sink::{Sink, Written};
pub use target::{NewTable, of_ctas, of_table, of_unload};

/// What all queries share: memory, and how many tasks one may have.
#[derive(Debug)]
pub struct Engine {
    runtime: Arc<RuntimeEnv>,
    tasks: usize,
}

/// What a query is run in.
#[derive(Clone, Debug)]
pub struct Session {
    /// Where its tables are.
    pub catalog: Arc<dyn Catalog>,
    /// Where their objects are.
    pub objects: Arc<dyn Objects>,
    /// Where a bare name of a table is looked for.
    pub database: String,
    /// When it started: nanoseconds since 1970, UTC.
    pub now: i128,
    /// What stands for each `?`, as expressions.
    pub parameters: Vec<tree::Expr>,
    /// Counts what the query reads.
    pub meter: Arc<Meter>,
}

/// A query that runs: dropped, it stops.
pub struct Running {
    /// Of its rows.
    pub columns: Vec<OutputColumn>,
    stream: SendableRecordBatchStream,
}

impl Engine {
    /// With so many bytes of memory for all queries at once, and so many tasks for each.
    pub fn new(memory: usize, tasks: usize) -> Outcome<Self> {
        let runtime = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(FairSpillPool::new(memory))).build_arc()?;
        let nowhere =
            url::Url::parse(crate::scan::NOWHERE).map_err(|error| Fault::new("GENERIC_INTERNAL_ERROR", error.to_string()))?;
        runtime.register_object_store(&nowhere, Arc::new(InMemory::new()));
        Ok(Engine { runtime, tasks: tasks.max(1) })
    }

    /// Plans a query and starts it.
    pub async fn start(&self, query: &tree::Query, session: &Session) -> Outcome<Running> {
        self.run(plan(query, session).await?).await
    }

    /// Runs a query into files. With `columns`, its rows become theirs, by place; `None` stands for a column that gets nulls.
    pub async fn write(
        &self,
        query: &tree::Query,
        session: &Session,
        sink: &Sink,
        columns: Option<&Inserted>,
    ) -> Outcome<(Vec<OutputColumn>, Written)> {
        let mut planned = plan(query, session).await?;
        if let Some(columns) = columns {
            planned = columns.fit(planned)?;
        }
        let named = planned.columns.iter().map(|column| (column.name.to_lowercase(), column.kind.clone())).collect();
        let mut filling = sink::Filling::new(sink, Arc::clone(&session.objects), named).await?;
        let mut running = self.run(planned).await?;
        while let Some(rows) = running.next().await? {
            filling.take(&rows.batch).await?;
        }
        Ok((running.columns, filling.finish().await?))
    }

    async fn run(&self, planned: Planned) -> Outcome<Running> {
        let context = SessionContext::new_with_state(self.state());
        let physical = context.state().create_physical_plan(&planned.plan).await;
        let physical = physical.map_err(|error| unplanned(&planned.plan, error.into()))?;
        let stream = datafusion::physical_plan::execute_stream(physical, context.task_ctx())?;
        Ok(Running { columns: planned.columns, stream })
    }

    /// The columns that a query would have; nothing of its data is read.
    pub async fn describe(&self, query: &tree::Query, session: &Session) -> Outcome<Vec<OutputColumn>> {
        plan(query, session).await.map(|planned| planned.columns)
    }

    /// The engine's steps without its own reading of types: a plan of ours has none to be mended.
    fn state(&self) -> SessionState {
        let mut config = SessionConfig::new().with_target_partitions(self.tasks).with_batch_size(8192);
        config.options_mut().execution.parquet.pushdown_filters = true;
        config.options_mut().execution.parquet.reorder_filters = true;
        config.options_mut().sql_parser.enable_ident_normalization = false;
        SessionStateBuilder::new()
            .with_config(config)
            .with_runtime_env(Arc::clone(&self.runtime))
            .with_default_features()
            .with_analyzer_rules(Vec::new())
            .build()
    }
}

async fn plan(query: &tree::Query, session: &Session) -> Outcome<Planned> {
    let store = Store::new(Arc::clone(&session.objects), Arc::clone(&session.meter));
    let tables = tables::load(query, session, &store).await?;
    let context =
        Context { tables: &tables, database: session.database.clone(), parameters: session.parameters.clone(), now: session.now };
    crate::plan::plan(query, &context)
}

/// A subquery that the engine makes no plan of is a limit that Trino has too, elsewhere; it is said in its words.
fn unplanned(plan: &LogicalPlan, fault: Fault) -> Fault {
    if fault.code != "GENERIC_INTERNAL_ERROR" {
        return fault;
    }
    let (mut queries, mut correlated) = (false, false);
    let walked = plan.apply_with_subqueries(|step| {
        correlated |= !step.all_out_ref_exprs().is_empty();
        step.apply_subqueries(|_| {
            queries = true;
            Ok(TreeNodeRecursion::Continue)
        })?;
        Ok(TreeNodeRecursion::Continue)
    });
    match walked {
        Ok(_) if correlated => Fault::not_supported("Given correlated subquery is not supported"),
        Ok(_) if queries => Fault::not_emulated("a subquery at this place"),
        _ => fault,
    }
}

impl Running {
    /// The next rows; none at the end.
    pub async fn next(&mut self) -> Outcome<Option<Rows>> {
        match self.stream.next().await {
            None => Ok(None),
            Some(batch) => Ok(Some(Rows { batch: batch?, columns: self.columns.clone() })),
        }
    }
}

/// Rows of a result.
pub struct Rows {
    batch: RecordBatch,
    columns: Vec<OutputColumn>,
}

impl Rows {
    /// How many.
    pub fn len(&self) -> usize {
        self.batch.num_rows()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Each value as Athena writes it; `None` is null.
    pub fn texts(&self) -> Vec<Vec<Option<String>>> {
        let readers: Vec<Reader> =
            self.batch.columns().iter().zip(&self.columns).map(|(column, output)| Reader::new(column, &output.kind)).collect();
        (0..self.len())
            .map(|row| {
                readers
                    .iter()
                    .zip(&self.columns)
                    .map(|(reader, output)| crate::functions::cast::text(&reader.get(row), &output.kind))
                    .collect()
            })
            .collect()
    }
}
