//! A statement from QUEUED to its end: run, its result file written, or why not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use labrun_sql::Kind;
use labrun_sql::dml::Dml;
use labrun_sql::engine::{Meter, Written};
use labrun_sql::result;
use labrun_wire::AwsError;

use super::data::{self, Answer};
use super::ddl::{self, Outcome};
use super::query::{QUERIES, Query, QueryError, State};
use super::s3;
use super::store::Store;
use crate::sandbox::Cx;
use crate::sandbox::outbox::Task;

/// Why a statement failed, as the error catalog numbers it.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) category: i64,
    pub(super) number: i64,
    pub(super) message: String,
}

/// The category of what its user can mend.
const USER: i64 = 2;
const SYSTEM: i64 = 1;
/// Measured: cancelled by its user.
const STOPPED: &str = "Query cancelled by user";
/// That it is cancelled: workgroups-setting-control-limits-cloudwatch. The words are as Athena's console shows them.
const LIMIT: &str = "Bytes scanned limit was exceeded";

impl Failure {
    pub(super) fn user(number: i64, message: impl Into<String>) -> Self {
        Failure { category: USER, number, message: message.into() }
    }
}

/// The task behind StartQueryExecution.
pub(super) async fn execute(cx: Cx, task: Task) {
    let id = task.payload["id"].as_str().unwrap_or_default().to_owned();
    let Ok(Some(query)) = cx.read(|tx| Ok(tx.get(&QUERIES, &id))) else { return };
    if query.state.is_final() {
        return;
    }
    if task.redelivered() {
        let message = "The emulator was stopped while this statement ran. Start it again.".to_owned();
        return end(&cx, &id, Err(Failure { category: SYSTEM, number: 400, message }));
    }
    if !begin(&cx, &id) {
        return;
    }
    let began = Instant::now();
    let meter = Arc::new(Meter::limited(query.scan_limit));
    // Dropped, it stops: its threads are free again.
    let outcome = tokio::select! {
        outcome = product(&cx, &query, &meter) => outcome,
        () = stopped(&cx, &id) => return cancel(&cx, &id, &meter, STOPPED),
    };
    let engine = millis(began);
    let outcome = match outcome {
        // Who stops a statement finds no result of it; what it did to the catalog stays done.
        _ if is_stopping(&cx, &id) => return cancel(&cx, &id, &meter, STOPPED),
        Err(_) if meter.is_exceeded() => return cancel(&cx, &id, &meter, LIMIT),
        Ok(product) => keep(&cx, &query, product).await,
        // Only Hive's side leaves a file (measured).
        Err(failure) if !query.location.ends_with(".txt") => Err(failure),
        Err(failure) => Err(explain(&cx, &query, failure).await),
    };
    let after = millis(began) - engine;
    // A state that takes no write has said so to the client; the task stays in the outbox and is delivered again.
    drop(cx.write(|tx| {
        tx.update(&QUERIES, &id, |query| {
            (query.times.engine, query.times.after) = (engine, after);
            query.scanned = meter.bytes_read();
        });
        Ok(())
    }));
    end(&cx, &id, outcome);
}

/// What a statement gives.
enum Product {
    /// Lines of a statement of the catalog.
    Lines(Outcome),
    /// A table.
    Rows(Answer),
    /// Files.
    Files(Written),
}

async fn product(cx: &Cx, query: &Query, meter: &Arc<Meter>) -> Result<Product, Failure> {
    let (statement, parameters) = data::resolved(cx, query)?;
    let store = Store { cx, query, parameters, meter };
    match statement.kind {
        Kind::Query(Dml::Select(tree)) => data::select(cx, query, *tree, store.parameters, meter).await.map(Product::Rows),
        Kind::Query(Dml::CreateTableAs(create)) => store.create_table_as(create).await.map(Product::Files),
        Kind::Query(Dml::Insert(insert)) => store.insert(insert).await.map(Product::Files),
        Kind::Query(Dml::Unload(unload)) => store.unload(unload).await.map(Product::Files),
        _ => ddl::run(cx, query, statement).await.map(Product::Lines),
    }
}

/// How often a statement that runs is looked at.
const LOOK: Duration = Duration::from_millis(50);

fn is_stopping(cx: &Cx, id: &str) -> bool {
    cx.read(|tx| Ok(tx.get(&QUERIES, id).is_some_and(|query| query.stopping))).unwrap_or_default()
}

/// Returns when its user has told it to stop.
async fn stopped(cx: &Cx, id: &str) {
    while !is_stopping(cx, id) {
        tokio::time::sleep(LOOK).await;
    }
}

fn millis(since: Instant) -> i64 {
    i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX)
}

/// RUNNING, unless it was stopped before.
fn begin(cx: &Cx, id: &str) -> bool {
    let begun = cx.write(|tx| {
        let stopping = tx.get(&QUERIES, id).is_none_or(|query| query.stopping);
        if !stopping {
            let now = tx.now();
            tx.update(&QUERIES, id, |query| {
                query.state = State::Running;
                query.times.queued = now.millis() - query.submitted.millis();
            });
        }
        Ok(!stopping)
    });
    match begun {
        Ok(true) => true,
        Ok(false) => {
            cancel(cx, id, &Meter::default(), STOPPED);
            false
        }
        Err(_) => false,
    }
}

/// What it read up to here is billed (workgroups-setting-control-limits-cloudwatch).
fn cancel(cx: &Cx, id: &str, meter: &Meter, why: &str) {
    drop(cx.write(|tx| {
        let now = tx.now();
        tx.update(&QUERIES, id, |query| {
            (query.state, query.completed) = (State::Cancelled, Some(now));
            query.reason = Some(why.to_owned());
            query.scanned = meter.bytes_read();
        });
        Ok(())
    }));
}

fn end(cx: &Cx, id: &str, outcome: Result<Vec<(String, String)>, Failure>) {
    drop(cx.write(|tx| {
        let now = tx.now();
        tx.update(&QUERIES, id, |query| {
            query.completed = Some(now);
            match outcome {
                Ok(columns) => (query.state, query.columns) = (State::Succeeded, columns),
                Err(failure) => fail(query, failure),
            }
        });
        Ok(())
    }));
}

fn fail(query: &mut Query, failure: Failure) {
    query.state = State::Failed;
    query.reason = Some(failure.message.clone());
    query.error = Some(QueryError {
        error_category: failure.category,
        error_type: failure.number,
        retryable: false,
        error_message: failure.message,
    });
}

/// Writes the result file: of a table as CSV, with a file that says what its columns are; else lines joined by line feeds, without a last
/// one (measured).
async fn keep(cx: &Cx, query: &Query, product: Product) -> Result<Vec<(String, String)>, Failure> {
    let (bucket, key) = query.place();
    let no_bucket = |fault: AwsError| Failure::user(NO_BUCKET, refused(bucket, &fault));
    match product {
        Product::Lines(outcome) => {
            s3::put(cx, bucket, key, Some("text/plain"), outcome.lines.join("\n").into()).await.map_err(no_bucket)?;
            Ok(outcome.columns)
        }
        Product::Rows(answer) => {
            let about = result::metadata(&query.id, &answer.columns);
            s3::put(cx, bucket, key, Some("application/octet-stream"), answer.csv.into()).await.map_err(no_bucket)?;
            s3::put(cx, bucket, &format!("{key}.metadata"), Some("application/octet-stream"), about.into())
                .await
                .map_err(no_bucket)?;
            Ok(answer.columns.into_iter().map(|column| (column.name, column.kind.to_string())).collect())
        }
        Product::Files(written) => {
            let list: String = written.files.iter().map(|file| format!("{file}\n")).collect();
            if !list.is_empty() {
                s3::put(cx, bucket, &format!("{key}-manifest.csv"), Some("text/csv"), list.into()).await.map_err(no_bucket)?;
            }
            drop(cx.write(|tx| {
                tx.update(&QUERIES, &query.id, |query| query.updated = Some(written.rows));
                Ok(())
            }));
            Ok(vec![("rows".to_owned(), "bigint".to_owned())])
        }
    }
}

/// Hive's side leaves its reason in the result file (measured). Where that can't be written either, the state still tells it.
async fn explain(cx: &Cx, query: &Query, failure: Failure) -> Failure {
    let (bucket, key) = query.place();
    drop(s3::put(cx, bucket, key, Some("text/plain"), failure.message.clone().into()).await);
    failure
}

/// Error catalog: the result's bucket.
const NO_BUCKET: i64 = 1306;

/// Ours.
fn refused(bucket: &str, fault: &AwsError) -> String {
    format!("Unable to write the query result to bucket {bucket}: {} ({})", fault.message, fault.code)
}
