//! Calls of Glue, made as whoever runs a statement.

use labrun_wire::value::{from_value, to_value};
use labrun_wire::{AwsError, AwsResult};
use serde_json::{Value, json};

use crate::gateway::body::Upload;
use crate::sandbox::Cx;

/// One operation.
pub(super) async fn call(cx: &Cx, operation: &str, input: &Value) -> AwsResult<Value> {
    let input = to_value(input).map_err(|fault| AwsError::internal(fault.to_string()))?;
    let (answer, _) = cx.call("glue", operation, input, Upload::empty()).await?;
    from_value(answer).map_err(|fault| AwsError::internal(fault.to_string()))
}

/// All pages of a listing.
pub(super) async fn all(cx: &Cx, operation: &str, mut input: Value, items: &str) -> AwsResult<Vec<Value>> {
    let mut found = Vec::new();
    loop {
        let mut page = call(cx, operation, &input).await?;
        found.extend(page[items].as_array_mut().map(std::mem::take).unwrap_or_default());
        match page["NextToken"].as_str().filter(|token| !token.is_empty()) {
            Some(token) => input["NextToken"] = json!(token),
            None => return Ok(found),
        }
    }
}

/// What has a name; nothing where the catalog has nothing of it.
pub(super) async fn find(cx: &Cx, operation: &str, input: &Value, member: &str) -> AwsResult<Option<Value>> {
    match call(cx, operation, input).await {
        Ok(mut answer) => Ok(Some(answer[member].take())),
        Err(fault) if fault.code == "EntityNotFoundException" => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// BatchCreatePartition takes so many at once (Glue API reference).
const AT_ONCE: usize = 100;

/// Partitions of a table; those that are there stay as they are.
pub(super) async fn add_partitions(cx: &Cx, database: &Value, table: &Value, inputs: &[Value]) -> AwsResult<()> {
    for portion in inputs.chunks(AT_ONCE) {
        let input = json!({ "DatabaseName": database, "TableName": table, "PartitionInputList": portion });
        let answer = call(cx, "BatchCreatePartition", &input).await?;
        let mut errors = answer["Errors"].as_array().into_iter().flatten().map(|error| &error["ErrorDetail"]);
        if let Some(other) = errors.find(|detail| detail["ErrorCode"] != "AlreadyExistsException") {
            let text = |member: &str| other[member].as_str().unwrap_or_default().to_owned();
            return Err(AwsError::new(text("ErrorCode"), text("ErrorMessage")));
        }
    }
    Ok(())
}
