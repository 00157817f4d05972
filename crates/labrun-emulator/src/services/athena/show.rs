//! Query executions as they are shown: one, several, the list of a workgroup, and where the time went.

use labrun_wire::page::page;
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::query::{Context, Identified, QUERIES, Query, QueryError, ResultConfiguration, Times, find};
use super::settings::{EngineVersion, Settings};
use super::work_group::{self, PRIMARY};
use crate::sandbox::Tx;

const PAGE: i64 = 50;

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
    engine_version: EngineVersion,
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
        statistics: Statistics {
            engine,
            scanned: i64::try_from(query.scanned).unwrap_or(i64::MAX),
            total: queued + engine + after,
            queued,
            after,
        },
        work_group: query.work_group.clone(),
        engine_version: work_group::find(tx, &query.work_group)
            .map_or_else(|_| Settings::default().engine_version(), |group| group.settings.engine_version()),
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
