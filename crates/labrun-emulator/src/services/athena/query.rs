//! Query executions: started, shown, listed, stopped. What happens in between is `execute`'s.

use std::sync::Arc;

use labrun_sql::ddl::Ddl;
use labrun_sql::prepared::Prepared;
use labrun_sql::syntax::Reason;
use labrun_sql::{Kind, Statement};
use labrun_wire::page::page;
use labrun_wire::{AwsError, AwsResult, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::work_group::{self, Nothing, PRIMARY};
use super::{catalog, error, token};
use crate::sandbox::{Scope, Table, Tx};

pub(super) const QUERIES: Table<Query> = Table::new("athena.queries", Scope::Regional);
const PAGE: i64 = 50;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Query {
    pub(super) id: String,
    pub(super) text: String,
    statement_type: String,
    substatement_type: String,
    pub(super) work_group: String,
    pub(super) context: Context,
    /// The result file.
    pub(super) location: String,
    parameters: Option<Vec<String>>,
    pub(super) state: State,
    /// Told to stop, and not at its end yet.
    pub(super) stopping: bool,
    pub(super) reason: Option<String>,
    pub(super) error: Option<QueryError>,
    pub(super) submitted: Timestamp,
    pub(super) completed: Option<Timestamp>,
    pub(super) times: Times,
    /// Names and types of the result's columns.
    pub(super) columns: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Context {
    pub(super) database: Option<String>,
    catalog: Option<String>,
}

/// In milliseconds of the machine, as they were.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Times {
    pub(super) queued: i64,
    pub(super) engine: i64,
    pub(super) after: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum State {
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

impl State {
    pub(super) fn is_final(self) -> bool {
        !matches!(self, State::Queued | State::Running)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            State::Queued => "QUEUED",
            State::Running => "RUNNING",
            State::Succeeded => "SUCCEEDED",
            State::Failed => "FAILED",
            State::Cancelled => "CANCELLED",
        }
    }
}

/// Source: Athena User Guide, "Athena error catalog".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct QueryError {
    pub(super) error_category: i64,
    pub(super) error_type: i64,
    pub(super) retryable: bool,
    pub(super) error_message: String,
}

pub(super) fn find(tx: &Tx, id: &str) -> AwsResult<Arc<Query>> {
    tx.get(&QUERIES, id).ok_or_else(|| error::no_query(id))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Start {
    query_string: String,
    client_request_token: Option<String>,
    query_execution_context: Option<Context>,
    result_configuration: Option<ResultConfiguration>,
    work_group: Option<String>,
    execution_parameters: Option<Vec<String>>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ResultConfiguration {
    output_location: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Started {
    query_execution_id: String,
}

/// Records the statement and returns; the outbox runs it. One that no parser takes is refused here, and has no id.
pub(super) fn start(tx: &mut Tx, input: Start) -> AwsResult<Started> {
    let asked = json!(["query", input.query_string, input.query_execution_context, input.result_configuration, input.work_group]);
    let token = input.client_request_token.as_deref();
    if let Some(id) = token.map(|token| token::earlier(tx, token, &asked)).transpose()?.flatten() {
        return Ok(Started { query_execution_id: id });
    }
    let group = work_group::enabled(tx, input.work_group.as_deref().unwrap_or(PRIMARY))?;
    let context = input.query_execution_context.unwrap_or_default();
    context.catalog.as_deref().map(catalog::check).transpose()?;
    let statement = parsed(&input.query_string)?;
    let id = tx.ids().uuid();
    let given = input.result_configuration.and_then(|result| result.output_location);
    let query = Query {
        location: format!("{}{id}.txt", folder(&group.settings, given)?),
        id: id.clone(),
        statement_type: statement.statement_type().to_owned(),
        substatement_type: statement.substatement_type().to_owned(),
        text: statement.text,
        work_group: group.name.clone(),
        context,
        parameters: input.execution_parameters,
        state: State::Queued,
        stopping: false,
        reason: None,
        error: None,
        submitted: tx.now(),
        completed: None,
        times: Times::default(),
        columns: Vec::new(),
    };
    tx.put(&QUERIES, &id, query);
    token.iter().for_each(|token| token::keep(tx, token, &id, asked.clone()));
    tx.later("athena", "Execute", format!("athena query {id}"), json!({ "id": id }));
    Ok(Started { query_execution_id: id })
}

/// A statement that can be run here, or why it is refused before it has an id.
fn parsed(text: &str) -> AwsResult<Statement> {
    let statement = labrun_sql::parse(text).map_err(|fault| match fault.reason {
        Reason::NotEmulated => AwsError::not_implemented(fault.to_string()),
        _ => error::malformed(fault.to_string()),
    })?;
    match &statement.kind {
        Kind::Ddl(Ddl::CreateView(_)) | Kind::Query(_) | Kind::Prepared(Prepared::Execute { .. }) => {
            Err(AwsError::not_implemented(format!("Athena's {} statements", statement.substatement_type())))
        }
        Kind::Ddl(_) | Kind::Prepared(_) => Ok(statement),
    }
}

/// Where results go, with a slash at its end: the workgroup's place where that is enforced, or where the query names none.
fn folder(settings: &work_group::Settings, given: Option<String>) -> AwsResult<String> {
    let own = settings.output_location.clone();
    let location = if settings.enforced { own } else { given.or(own) };
    let location = location.ok_or_else(error::no_output_location)?;
    work_group::check_location(&location)?;
    Ok(format!("{}/", location.trim_end_matches('/')))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Identified {
    query_execution_id: String,
}

/// A query that is at its end stays as it is. One that waits is cancelled at once, one that runs by who runs it.
pub(super) fn stop(tx: &mut Tx, input: Identified) -> AwsResult<Nothing> {
    let query = find(tx, &input.query_execution_id)?;
    if !query.state.is_final() {
        tx.update(&QUERIES, &query.id, |query| query.stopping = true);
    }
    Ok(Nothing {})
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Got {
    query_execution: Shown,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    query_execution_id: String,
    query: String,
    statement_type: String,
    substatement_type: String,
    result_configuration: ResultConfiguration,
    query_execution_context: Context,
    status: Status,
    statistics: Statistics,
    work_group: String,
    engine_version: work_group::EngineVersion,
    execution_parameters: Option<Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Status {
    state: &'static str,
    state_change_reason: Option<String>,
    submission_date_time: Timestamp,
    completion_date_time: Option<Timestamp>,
    athena_error: Option<QueryError>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statistics {
    #[serde(rename = "EngineExecutionTimeInMillis")]
    engine: i64,
    /// Statements of the catalog read no data.
    #[serde(rename = "DataScannedInBytes")]
    scanned: i64,
    #[serde(rename = "TotalExecutionTimeInMillis")]
    total: i64,
    #[serde(rename = "QueryQueueTimeInMillis")]
    queued: i64,
    #[serde(rename = "ServiceProcessingTimeInMillis")]
    after: i64,
}

fn shown(tx: &Tx, query: &Query) -> Shown {
    let Times { queued, engine, after } = query.times;
    Shown {
        query_execution_id: query.id.clone(),
        query: query.text.clone(),
        statement_type: query.statement_type.clone(),
        substatement_type: query.substatement_type.clone(),
        result_configuration: ResultConfiguration { output_location: Some(query.location.clone()) },
        query_execution_context: query.context.clone(),
        status: Status {
            state: query.state.name(),
            state_change_reason: query.reason.clone(),
            submission_date_time: query.submitted,
            completion_date_time: query.completed,
            athena_error: query.error.clone(),
        },
        statistics: Statistics { engine, scanned: 0, total: queued + engine + after, queued, after },
        work_group: query.work_group.clone(),
        engine_version: work_group::find(tx, &query.work_group)
            .map_or_else(|_| work_group::Settings::default().engine_version(), |group| group.settings.engine_version()),
        execution_parameters: query.parameters.clone(),
    }
}

pub(super) fn get(tx: &Tx, input: Identified) -> AwsResult<Got> {
    let query = find(tx, &input.query_execution_id)?;
    Ok(Got { query_execution: shown(tx, &query) })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Many {
    query_execution_ids: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GotMany {
    query_executions: Vec<Shown>,
    unprocessed_query_execution_ids: Vec<Unprocessed>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Unprocessed {
    query_execution_id: String,
    error_code: &'static str,
    error_message: String,
}

pub(super) fn batch_get(tx: &Tx, input: Many) -> AwsResult<GotMany> {
    let mut many = GotMany { query_executions: Vec::new(), unprocessed_query_execution_ids: Vec::new() };
    for id in input.query_execution_ids {
        match find(tx, &id) {
            Ok(query) => many.query_executions.push(shown(tx, &query)),
            Err(fault) => many.unprocessed_query_execution_ids.push(Unprocessed {
                query_execution_id: id,
                error_code: "QUERY_EXECUTION_NOT_FOUND",
                error_message: fault.message,
            }),
        }
    }
    Ok(many)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    next_token: Option<String>,
    max_results: Option<i64>,
    work_group: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    query_execution_ids: Vec<String>,
    next_token: Option<String>,
}

/// The newest first.
pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let group = work_group::find(tx, input.work_group.as_deref().unwrap_or(PRIMARY))?.name.clone();
    let context = format!("athena.ListQueryExecutions {group}");
    let after = work_group::after(&context, input.next_token.as_deref())?;
    let place = |query: &Query| format!("{:020} {}", i64::MAX - query.submitted.millis(), query.id);
    let of_group = tx.list(&QUERIES, "").into_iter().filter(|(_, query)| query.work_group == group);
    let mut places: Vec<String> = of_group.map(|(_, query)| place(&query)).collect();
    places.sort();
    let left = places.into_iter().filter(|place| after.as_ref().is_none_or(|after| place > after));
    let page = page(left, work_group::size(input.max_results, PAGE), &context, Clone::clone);
    let id = |place: String| place.split_once(' ').map(|(_, id)| id.to_owned()).unwrap_or_default();
    Ok(Listed { query_execution_ids: page.items.into_iter().map(id).collect(), next_token: page.next })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Runtime {
    query_runtime_statistics: RuntimeStatistics,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RuntimeStatistics {
    timeline: Timeline,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Timeline {
    #[serde(rename = "QueryQueueTimeInMillis")]
    queued: i64,
    #[serde(rename = "EngineExecutionTimeInMillis")]
    engine: i64,
    #[serde(rename = "ServiceProcessingTimeInMillis")]
    after: i64,
    #[serde(rename = "TotalExecutionTimeInMillis")]
    total: i64,
}

/// Statements of the catalog have a timeline; rows and stages are those of queries.
pub(super) fn runtime_statistics(tx: &Tx, input: Identified) -> AwsResult<Runtime> {
    let Times { queued, engine, after } = find(tx, &input.query_execution_id)?.times;
    let timeline = Timeline { queued, engine, after, total: queued + engine + after };
    Ok(Runtime { query_runtime_statistics: RuntimeStatistics { timeline } })
}
