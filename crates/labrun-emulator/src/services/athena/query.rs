//! Query executions: started and stopped. What happens in between is `execute`'s, what is told of them `show`'s.

use std::sync::Arc;

use labrun_sql::dml::Dml;
use labrun_sql::prepared::Prepared;
use labrun_sql::syntax::Reason;
use labrun_sql::{Kind, Statement};
use labrun_wire::{AwsError, AwsResult, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::settings::{Settings, check_location};
use super::work_group::{self, Nothing, PRIMARY};
use super::{catalog, error, prepared, token};
use crate::sandbox::{Scope, Table, Tx};

pub(super) const QUERIES: Table<Query> = Table::new("athena.queries", Scope::Regional);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Query {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) statement_type: String,
    pub(super) substatement_type: String,
    pub(super) work_group: String,
    pub(super) context: Context,
    /// The result file.
    pub(super) location: String,
    pub(super) parameters: Option<Vec<String>>,
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
    /// Bytes of objects that it read.
    #[serde(default)]
    pub(super) scanned: u64,
    /// Of its workgroup; 0 is none.
    #[serde(default)]
    pub(super) scan_limit: u64,
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

impl Query {
    /// Bucket and key of the result file.
    pub(super) fn place(&self) -> (&str, &str) {
        self.location.trim_start_matches("s3://").split_once('/').unwrap_or_default()
    }
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
pub(super) struct ResultConfiguration {
    pub(super) output_location: Option<String>,
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
    let end = if gives_rows(tx, &group.name, &statement)? { "csv" } else { "txt" };
    let id = tx.ids().uuid();
    let given = input.result_configuration.and_then(|result| result.output_location);
    let query = Query {
        location: format!("{}{id}.{end}", folder(&group.settings, given)?),
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
        scanned: 0,
        scan_limit: group.settings.scan_limit,
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
        Kind::Query(Dml::Select(_)) | Kind::Ddl(_) | Kind::Prepared(_) => Ok(statement),
        Kind::Query(_) => Err(AwsError::not_implemented(format!("Athena's {} statements", statement.substatement_type()))),
    }
}

/// Whether its result is a table: then the file is one of CSV. What EXECUTE names must be there.
fn gives_rows(tx: &Tx, work_group: &str, statement: &Statement) -> AwsResult<bool> {
    let Kind::Prepared(Prepared::Execute { name, .. }) = &statement.kind else {
        return Ok(matches!(statement.kind, Kind::Query(Dml::Select(_))));
    };
    let saved = prepared::find(tx, work_group, name)?;
    Ok(matches!(parsed(&saved.query_statement)?.kind, Kind::Query(Dml::Select(_))))
}

/// Where results go, with a slash at its end: the workgroup's place where that is enforced, or where the query names none.
fn folder(settings: &Settings, given: Option<String>) -> AwsResult<String> {
    let own = settings.output_location.clone();
    let location = if settings.enforced { own } else { given.or(own) };
    let location = location.ok_or_else(error::no_output_location)?;
    check_location(&location)?;
    Ok(format!("{}/", location.trim_end_matches('/')))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Identified {
    pub(super) query_execution_id: String,
}

/// A query that is at its end stays as it is. One that waits is cancelled at once, one that runs by who runs it.
pub(super) fn stop(tx: &mut Tx, input: Identified) -> AwsResult<Nothing> {
    let query = find(tx, &input.query_execution_id)?;
    if !query.state.is_final() {
        tx.update(&QUERIES, &query.id, |query| query.stopping = true);
    }
    Ok(Nothing {})
}
