//! GetQueryResults: the result file, read again and cut into rows.

use labrun_sql::result;
use labrun_wire::page::page;
use labrun_wire::value::Map;
use labrun_wire::{AwsResult, Value};
use serde::{Deserialize, Serialize};

use super::query::{self, Query, State};
use super::{error, work_group};
use crate::gateway::body::{Download, Upload};
use crate::sandbox::Cx;

const PAGE: i64 = 1000;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Get {
    query_execution_id: String,
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Got {
    update_count: Option<i64>,
    result_set: ResultSet,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ResultSet {
    rows: Vec<Row>,
    result_set_metadata: Metadata,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    data: Vec<Datum>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Datum {
    var_char_value: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    column_info: Vec<Column>,
}

/// As measured: catalog hive, no schema nor table.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Column {
    catalog_name: &'static str,
    schema_name: &'static str,
    table_name: &'static str,
    name: String,
    label: String,
    r#type: String,
    precision: i64,
    scale: i64,
    nullable: &'static str,
    case_sensitive: bool,
}

pub(super) async fn get(cx: Cx, input: Get, _: Upload) -> AwsResult<(Got, Option<Download>)> {
    let query = cx.read(|tx| query::find(tx, &input.query_execution_id))?;
    match query.state {
        State::Queued | State::Running => return Err(error::not_finished(query.state.name())),
        State::Failed => return Err(error::failed(query.state.name())),
        State::Cancelled => return Err(error::no_results()),
        State::Succeeded => {}
    }
    let text = if query.updated.is_some() { String::new() } else { text(&cx, &query).await? };
    let context = format!("athena.GetQueryResults {}", query.id);
    let after = work_group::after(&context, input.next_token.as_deref())?;
    let after: usize = after.and_then(|after| after.parse().ok()).unwrap_or_default();
    let left = rows(&query, &text).into_iter().enumerate().skip(after);
    let page = page(left, work_group::size(input.max_results, PAGE), &context, |(number, _)| (number + 1).to_string());
    let datum = |value| Datum { var_char_value: value };
    let row = |(_, row): (usize, result::Row)| Row { data: row.into_iter().map(datum).collect() };
    let rows = page.items.into_iter().map(row).collect();
    let result_set = ResultSet { rows, result_set_metadata: Metadata { column_info: columns(&query) } };
    let update_count = Some(query.updated.and_then(|rows| i64::try_from(rows).ok()).unwrap_or_default());
    Ok((Got { update_count, result_set, next_token: page.next }, None))
}

/// Of a table the heading is the first row (measured); a line of the catalog is one value.
fn rows(query: &Query, text: &str) -> Vec<result::Row> {
    if query.location.ends_with(".csv") {
        return result::read_lines(text);
    }
    if text.is_empty() { Vec::new() } else { text.split('\n').map(|line| vec![Some(line.to_owned())]).collect() }
}

/// The file as its caller may read it; who removed it has no results.
async fn text(cx: &Cx, query: &Query) -> AwsResult<String> {
    let (bucket, key) = query.place();
    let input = Map::from([("Bucket".to_owned(), bucket.into()), ("Key".to_owned(), key.into())]);
    let got = cx.call("s3", "GetObject", Value::Map(input), Upload::empty()).await;
    let (_, download) = got.map_err(|_| error::no_results())?;
    let mut text = Vec::new();
    if let Some(mut download) = download {
        while let Some(bytes) = download.next().await? {
            text.extend_from_slice(&bytes);
        }
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn columns(query: &Query) -> Vec<Column> {
    let table = !query.location.ends_with(".txt");
    query.columns.iter().map(|(name, kind)| column(name, kind, table)).collect()
}

fn column(name: &str, kind: &str, table: bool) -> Column {
    let about = if table { result::describe(kind) } else { None };
    let (precision, scale) = about.as_ref().map_or((0, 0), |about| (about.precision, about.scale));
    Column {
        catalog_name: "hive",
        schema_name: "",
        table_name: "",
        name: name.to_owned(),
        label: name.to_owned(),
        precision,
        scale,
        nullable: "UNKNOWN",
        case_sensitive: about.as_ref().map_or(kind == "varchar", |about| about.case_sensitive),
        r#type: about.map_or_else(|| kind.to_owned(), |about| about.kind),
    }
}
