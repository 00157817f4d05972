//! Partitions: their values in the order of the table's keys, and where they lie.

use serde_json::{Value, json};

use super::{TableError, location};
use crate::ddl::{NewPartition, PartitionSpec};
use crate::member::{keys, text};

/// The values of a spec in the order of the table's keys; `None` for a key that it leaves open.
pub fn values(table: &Value, spec: &PartitionSpec) -> Result<Vec<Option<String>>, TableError> {
    let keys = keys(table);
    if spec.iter().any(|(key, _)| !keys.contains(&key.as_str())) {
        return Err(TableError::NoSuchKey(shown(spec)));
    }
    let value = |key: &&str| spec.iter().find(|(written, _)| written == key).map(|(_, value)| value.clone());
    Ok(keys.iter().map(value).collect())
}

/// `CreatePartition`'s `PartitionInput`: stored as its table is, under the table's location if it names none.
pub fn partition_input(table: &Value, new: &NewPartition) -> Result<Value, TableError> {
    let found: Option<Vec<String>> = values(table, &new.spec)?.into_iter().collect();
    let missing = || TableError::MissingKey { spec: shown(&new.spec), keys: keys(table).len() };
    let values = found.ok_or_else(missing)?;
    let place = match &new.location {
        Some(written) => location(written)?,
        None => below(table, &values),
    };
    Ok(stored(table, &values, &place))
}

/// A partition with the table's storage, elsewhere.
pub(crate) fn stored(table: &Value, values: &[String], place: &str) -> Value {
    let mut storage = table["StorageDescriptor"].clone();
    storage["Location"] = json!(place);
    json!({"Values": values, "StorageDescriptor": storage, "Parameters": {}})
}

fn below(table: &Value, values: &[String]) -> String {
    let folders = keys(table).into_iter().zip(values).map(|(key, value)| format!("/{key}={value}")).collect::<String>();
    format!("{}{folders}", text(&table["StorageDescriptor"], "Location").trim_end_matches('/'))
}

fn shown(spec: &PartitionSpec) -> String {
    spec.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ")
}
