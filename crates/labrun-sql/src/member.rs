//! Reading Glue's values: what is absent reads as empty.

use serde_json::Value;

pub(crate) fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

pub(crate) fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value[member].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The pairs of a map of texts, by key.
pub(crate) fn pairs<'a>(value: &'a Value, member: &str) -> Vec<(&'a str, &'a str)> {
    let map = value[member].as_object();
    let mut pairs: Vec<(&str, &str)> =
        map.into_iter().flatten().map(|(key, value)| (key.as_str(), value.as_str().unwrap_or_default())).collect();
    pairs.sort_unstable();
    pairs
}

/// Data columns of a table or partition.
pub(crate) fn columns(value: &Value) -> &[Value] {
    list(&value["StorageDescriptor"], "Columns")
}

/// Names of the keys of partitions.
pub(crate) fn keys(table: &Value) -> Vec<&str> {
    list(table, "PartitionKeys").iter().map(|key| text(key, "Name")).collect()
}

pub(crate) fn is_view(table: &Value) -> bool {
    text(table, "TableType") == "VIRTUAL_VIEW"
}
