//! The Data Catalog as a crawl reads and writes it: through the service's own operations, as the crawler's role.

use labrun_wire::value::to_value;
use labrun_wire::{AwsError, AwsResult};
use serde_json::{Value, json};

use crate::sandbox::Tx;

/// The most that BatchCreatePartition takes.
const BATCH: usize = 100;

pub(super) struct Database<'a>(pub(super) &'a str);

impl Database<'_> {
    pub(super) fn call(&self, tx: &mut Tx, operation: &str, mut input: Value) -> AwsResult<Value> {
        input["DatabaseName"] = json!(self.0);
        let input = to_value(&input).map_err(|fault| AwsError::internal(fault.to_string()))?;
        tx.call("glue", operation, input).map(|output| output.to_json())
    }

    /// All items of a listing.
    fn all(&self, tx: &Tx, operation: &str, items: &str, mut input: Value) -> AwsResult<Vec<Value>> {
        input["DatabaseName"] = json!(self.0);
        let mut all = Vec::new();
        loop {
            let asked = to_value(&input).map_err(|fault| AwsError::internal(fault.to_string()))?;
            let page = tx.ask("glue", operation, asked)?.to_json();
            all.extend(page[items].as_array().cloned().unwrap_or_default());
            match page["NextToken"].as_str() {
                Some(token) if !token.is_empty() => input["NextToken"] = json!(token),
                _ => return Ok(all),
            }
        }
    }

    pub(super) fn tables(&self, tx: &Tx) -> AwsResult<Vec<Value>> {
        self.all(tx, "GetTables", "TableList", json!({}))
    }

    pub(super) fn partitions(&self, tx: &Tx, table: &str) -> AwsResult<Vec<Value>> {
        self.all(tx, "GetPartitions", "Partitions", json!({"TableName": table}))
    }

    pub(super) fn add_partitions(&self, tx: &mut Tx, table: &str, inputs: &[Value]) -> AwsResult<()> {
        for part in inputs.chunks(BATCH) {
            let answer = self.call(tx, "BatchCreatePartition", json!({"TableName": table, "PartitionInputList": part}))?;
            if let Some(error) = answer["Errors"].as_array().and_then(|errors| errors.first()) {
                let text = |name: &str| error["ErrorDetail"][name].as_str().unwrap_or_default().to_owned();
                return Err(AwsError::new(text("ErrorCode"), text("ErrorMessage")));
            }
        }
        Ok(())
    }
}

pub(super) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}
