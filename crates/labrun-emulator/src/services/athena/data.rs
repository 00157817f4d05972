//! Queries of data: run by the engine of queries on threads of its own, so that a heavy one never holds up the gateway.

use std::sync::{Arc, OnceLock};

use labrun_sql::engine::{Engine, Inserted, Meter, OutputColumn, Session, Sink, Written, names_columns};
use labrun_sql::fault::Fault;
use labrun_sql::prepared::Prepared;
use labrun_sql::query as sql;
use labrun_sql::query::tree::{Expr, Query as Tree};
use labrun_sql::{Kind, Statement, result, source};
use tokio::runtime::Runtime;

use super::execute::Failure;
use super::lake::Lake;
use super::prepared;
use super::query::Query;
use crate::sandbox::Cx;

/// The threads, and the memory that all queries share.
struct Machine {
    runtime: Runtime,
    engine: Arc<Engine>,
}

/// What all queries of the process may hold at once; more is spilled, or fails by name.
const MEMORY: usize = 1 << 30;

/// What a query gave.
pub(super) struct Answer {
    pub(super) columns: Vec<OutputColumn>,
    /// The result file.
    pub(super) csv: String,
}

/// Started at the first query. `Err` where the system gives no threads.
fn machine() -> Result<&'static Machine, Failure> {
    static MACHINE: OnceLock<Result<Machine, String>> = OnceLock::new();
    let made = MACHINE.get_or_init(|| {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .thread_name("sql")
            .on_thread_start(behind_the_gateway)
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let engine = Engine::new(MEMORY, threads).map_err(|fault| fault.to_string())?;
        Ok(Machine { runtime, engine: Arc::new(engine) })
    });
    made.as_ref().map_err(|reason| Failure {
        category: 1,
        number: 400,
        message: format!("The engine of queries did not start: {reason}"),
    })
}

/// Threads of queries yield to those that answer requests.
fn behind_the_gateway() {
    // Where the system says no, they run at the priority of the others.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, 10);
}

/// The engine's session for a query, and its meter.
fn session(cx: &Cx, query: &Query, meter: &Arc<Meter>, parameters: Vec<Expr>) -> Session {
    let lake = Arc::new(Lake::new(cx.clone()));
    let objects: Arc<dyn source::Objects> = Arc::<Lake>::clone(&lake);
    Session {
        catalog: lake,
        objects,
        database: query.context.database.as_deref().unwrap_or("default").to_lowercase(),
        now: i128::from(query.submitted.millis()) * 1_000_000,
        parameters,
        meter: Arc::clone(meter),
    }
}

/// Runs a statement that gives rows to its end.
pub(super) async fn select(
    cx: &Cx,
    query: &Query,
    tree: Tree,
    parameters: Vec<Expr>,
    meter: &Arc<Meter>,
) -> Result<Answer, Failure> {
    let session = session(cx, query, meter, parameters);
    let machine = machine()?;
    let engine = Arc::clone(&machine.engine);
    let running = Aborting(machine.runtime.spawn(async move { rows(&engine, &tree, &session).await }));
    running.await.map_err(|fault| failure(&fault))
}

/// Names and types of what a query would give.
pub(super) async fn columns(cx: &Cx, query: &Query, tree: Tree, parameters: Vec<Expr>) -> Result<Vec<OutputColumn>, Failure> {
    let session = session(cx, query, &Arc::default(), parameters);
    let machine = machine()?;
    let engine = Arc::clone(&machine.engine);
    let running = Aborting(machine.runtime.spawn(async move { engine.describe(&tree, &session).await }));
    running.await.map_err(|fault| failure(&fault))
}

async fn rows(engine: &Engine, tree: &Tree, session: &Session) -> Result<Answer, Fault> {
    let mut running = engine.start(tree, session).await?;
    let mut csv = String::new();
    let heading: Vec<Option<String>> = running.columns.iter().map(|column| Some(column.name.clone())).collect();
    result::write_line(&mut csv, &heading);
    while let Some(batch) = running.next().await? {
        batch.texts().iter().for_each(|row| result::write_line(&mut csv, row));
    }
    Ok(Answer { columns: running.columns, csv })
}

/// A task that ends when nobody waits for it any more: that is how a query is stopped.
struct Aborting<T>(tokio::task::JoinHandle<Result<T, Fault>>);

impl<T> Drop for Aborting<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T> Future for Aborting<T> {
    type Output = Result<T, Fault>;

    fn poll(mut self: std::pin::Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> std::task::Poll<Self::Output> {
        let crashed = |error: tokio::task::JoinError| {
            Fault::new("GENERIC_INTERNAL_ERROR", format!("the engine of queries failed: {error}"))
        };
        std::pin::Pin::new(&mut self.0).poll(cx).map(|ended| ended.unwrap_or_else(|error| Err(crashed(error))))
    }
}

/// The statement that a query is, after EXECUTE has put its own in its place, with what stands for each `?`.
pub(super) fn resolved(cx: &Cx, query: &Query) -> Result<(Statement, Vec<Expr>), Failure> {
    let wrong = |message: String| Failure::user(1100, message);
    let read = |text: &str| labrun_sql::parse(text).map_err(|fault| wrong(fault.to_string()));
    let mut statement = read(&query.text)?;
    let mut values = given(query);
    if let Kind::Prepared(Prepared::Execute { name, parameters }) = &statement.kind {
        let using = parameters.iter().map(|text| sql::parse_expression(text).map_err(|fault| wrong(fault.to_string())));
        let using = using.collect::<Result<Vec<_>, _>>()?;
        if !using.is_empty() {
            values = using;
        }
        let saved = cx.read(|tx| prepared::find(tx, &query.work_group, name)).map_err(|fault| wrong(fault.message))?;
        statement = read(&saved.query_statement)?;
    }
    if matches!(statement.kind, Kind::Query(_)) {
        check_count(statement.parameters, values.len())?;
    }
    Ok((statement, values))
}

/// ExecutionParameters: an expression as it is written; what is none, or names a column, is a text (measured).
fn given(query: &Query) -> Vec<Expr> {
    let texts = query.parameters.iter().flatten();
    texts
        .map(|text| sql::parse_expression(text).ok().filter(|expr| !names_columns(expr)).unwrap_or_else(|| Expr::text(text)))
        .collect()
}

/// There must be a value for each `?`; values for a text without any are ignored (measured).
fn check_count(wanted: usize, given: usize) -> Result<(), Failure> {
    if wanted == 0 || wanted == given {
        return Ok(());
    }
    let message = format!("INVALID_PARAMETER_USAGE: Incorrect number of parameters: expected {wanted} but found {given}");
    Err(Failure::user(1100, message))
}

/// Runs a query into files.
pub(super) async fn write(cx: &Cx, query: &Query, job: Job, meter: &Arc<Meter>) -> Result<(Vec<OutputColumn>, Written), Failure> {
    let session = session(cx, query, meter, job.parameters);
    let machine = machine()?;
    let engine = Arc::clone(&machine.engine);
    let (tree, sink, inserted) = (job.tree, job.sink, job.inserted);
    let running = Aborting(machine.runtime.spawn(async move { engine.write(&tree, &session, &sink, inserted.as_ref()).await }));
    running.await.map_err(|fault| failure(&fault))
}

/// A query whose rows go into files.
pub(super) struct Job {
    pub(super) tree: Tree,
    pub(super) parameters: Vec<Expr>,
    pub(super) sink: Sink,
    /// Of the table that gets them, if it is there already.
    pub(super) inserted: Option<Inserted>,
}

/// Source: Athena User Guide, "Athena error catalog"; the numbers of the first seven were measured.
const NUMBERS: [(&str, i64); 19] = [
    ("TABLE_NOT_FOUND", 1301),
    ("SCHEMA_NOT_FOUND", 1301),
    ("COLUMN_NOT_FOUND", 1006),
    ("CATALOG_NOT_FOUND", 1006),
    ("TYPE_MISMATCH", 1002),
    ("FUNCTION_NOT_FOUND", 1303),
    ("DIVISION_BY_ZERO", 1001),
    ("INVALID_CAST_ARGUMENT", 1100),
    ("INVALID_FUNCTION_ARGUMENT", 1106),
    ("INVALID_PARAMETER_USAGE", 1100),
    ("NOT_SUPPORTED", 1200),
    ("SYNTAX_ERROR", 1006),
    ("NUMERIC_VALUE_OUT_OF_RANGE", 1001),
    ("HIVE_BAD_DATA", 1001),
    ("HIVE_CURSOR_ERROR", 1001),
    ("HIVE_PARTITION_SCHEMA_MISMATCH", 1004),
    ("VIEW_IS_STALE", 1107),
    ("INVALID_VIEW", 1107),
    ("PERMISSION_DENIED", 1500),
];

/// What is wrong with the query is its user's; what is wrong with the engine is the system's.
pub(super) fn failure(fault: &Fault) -> Failure {
    let number = NUMBERS.iter().find(|(code, _)| *code == fault.code).map(|(_, number)| *number);
    match (fault.code, number) {
        ("GENERIC_INTERNAL_ERROR", _) => Failure { category: 1, number: 400, message: fault.to_string() },
        ("HIVE_METASTORE_ERROR", _) => Failure { category: 1, number: 204, message: fault.to_string() },
        ("EXCEEDED_LOCAL_MEMORY_LIMIT", _) => Failure { category: 1, number: 1, message: fault.to_string() },
        (_, Some(number)) => Failure::user(number, fault.to_string()),
        (_, None) => Failure::user(1006, fault.to_string()),
    }
}
