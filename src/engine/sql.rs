//! Statements for Athena, run to their end as any client would run them: started, followed, their results paged through.

use std::time::Duration;

use serde_json::{Value, json};

use crate::cloud::{CallError, Cloud};

/// How often a statement's state is asked for.
const LOOK: Duration = Duration::from_millis(10);

/// A statement that is at its end.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub(crate) struct Ran {
    pub query: String,
    pub statement: String,
    /// `SUCCEEDED`, `FAILED` or `CANCELLED`.
    pub state: String,
    /// Why it did not succeed.
    pub reason: Option<String>,
    pub columns: Vec<String>,
    /// Whether it gives a table, and not lines of the catalog.
    pub table: bool,
    /// A missing value is `None`.
    pub rows: Vec<Vec<Option<String>>>,
    pub millis: u64,
    pub scanned_bytes: u64,
}

/// Runs one statement; `database` is what names without one belong to.
pub(crate) async fn run(cloud: &Cloud, text: &str, database: Option<&str>) -> Result<Ran, CallError> {
    let mut input = json!({ "QueryString": text, "WorkGroup": "primary", "ClientRequestToken": token() });
    if let Some(database) = database {
        input["QueryExecutionContext"] = json!({ "Database": database });
    }
    if let Some(location) = place(cloud).await? {
        input["ResultConfiguration"] = json!({ "OutputLocation": location });
    }
    let started = cloud.call("athena", "StartQueryExecution", input).await?;
    let id = json!({ "QueryExecutionId": started["QueryExecutionId"] });
    let execution = ended(cloud, &id).await?;
    let (columns, mut rows) = match execution["Status"]["State"].as_str() {
        Some("SUCCEEDED") => results(cloud, &id).await?,
        _ => (Vec::new(), Vec::new()),
    };
    let table = execution["ResultConfiguration"]["OutputLocation"].as_str().is_some_and(|file| file.ends_with(".csv"));
    if table && !rows.is_empty() {
        // The heading, which the columns are too.
        rows.remove(0);
    }
    let said = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(Ran {
        query: said(&id["QueryExecutionId"]),
        statement: said(&execution["SubstatementType"]),
        state: said(&execution["Status"]["State"]),
        reason: execution["Status"]["StateChangeReason"].as_str().map(str::to_owned),
        columns,
        table,
        rows,
        millis: execution["Statistics"]["TotalExecutionTimeInMillis"].as_u64().unwrap_or_default(),
        scanned_bytes: execution["Statistics"]["DataScannedInBytes"].as_u64().unwrap_or_default(),
    })
}

fn token() -> String {
    (0..32).map(|_| fastrand::digit(16)).collect()
}

/// Where results go, if the workgroup says nothing: a bucket named as Athena's console names it, made on first need.
async fn place(cloud: &Cloud) -> Result<Option<String>, CallError> {
    let group = cloud.call("athena", "GetWorkGroup", json!({ "WorkGroup": "primary" })).await?;
    if group["WorkGroup"]["Configuration"]["ResultConfiguration"]["OutputLocation"].is_string() {
        return Ok(None);
    }
    let me = cloud.call("sts", "GetCallerIdentity", json!({})).await?;
    let bucket = format!("aws-athena-query-results-{}-{}", me["Account"].as_str().unwrap_or_default(), cloud.region);
    match cloud.call("s3", "CreateBucket", json!({ "Bucket": bucket })).await {
        Err(error) if !error.is_present() => Err(error),
        _ => Ok(Some(format!("s3://{bucket}/"))),
    }
}

/// The execution, once it is at its end.
async fn ended(cloud: &Cloud, id: &Value) -> Result<Value, CallError> {
    loop {
        let mut answer = cloud.call("athena", "GetQueryExecution", id.clone()).await?;
        let execution = answer["QueryExecution"].take();
        if !matches!(execution["Status"]["State"].as_str(), Some("QUEUED" | "RUNNING")) {
            return Ok(execution);
        }
        tokio::time::sleep(LOOK).await;
    }
}

type Results = (Vec<String>, Vec<Vec<Option<String>>>);

async fn results(cloud: &Cloud, id: &Value) -> Result<Results, CallError> {
    let (mut input, mut rows) = (id.clone(), Vec::new());
    loop {
        let page = cloud.call("athena", "GetQueryResults", input.clone()).await?;
        let set = &page["ResultSet"];
        let value = |datum: &Value| datum["VarCharValue"].as_str().map(str::to_owned);
        let row = |row: &Value| row["Data"].as_array().into_iter().flatten().map(value).collect();
        rows.extend(set["Rows"].as_array().into_iter().flatten().map(row));
        match page["NextToken"].as_str() {
            Some(token) => input["NextToken"] = json!(token),
            None => {
                let columns = set["ResultSetMetadata"]["ColumnInfo"].as_array().into_iter().flatten();
                return Ok((columns.filter_map(|column| column["Name"].as_str()).map(str::to_owned).collect(), rows));
            }
        }
    }
}
