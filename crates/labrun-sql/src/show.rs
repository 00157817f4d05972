//! What `SHOW` and `DESCRIBE` print, line by line, out of Glue's tables and partitions. Each row of a result is one such line, whatever
//! its columns are (measured).

mod create;
mod describe;
mod pattern;

pub use create::{create_table, create_view};
pub use describe::{describe, describe_column, describe_partition};
pub use pattern::{database_matches, matches};

use serde_json::Value;

use crate::ddl::Ddl;
use crate::member::{columns as data_columns, is_view, keys, list, pairs, text};

/// Columns of `DESCRIBE` and `SHOW COLUMNS` on a view.
pub const VIEW_COLUMNS: [(&str, &str); 2] = [("column", "varchar"), ("type", "varchar")];

/// Names and types of a result's columns; none where a statement shows nothing. Views are described with [`VIEW_COLUMNS`].
pub fn columns(ddl: &Ddl) -> Vec<(&'static str, &'static str)> {
    let names: &[&str] = match ddl {
        Ddl::ShowTables(_) => &["tab_name"],
        Ddl::ShowDatabases(_) => &["database_name"],
        Ddl::ShowColumns(_) => &["field"],
        Ddl::ShowPartitions(_) => &["partition"],
        Ddl::ShowProperties(_) => &["prpt_name", "prpt_value"],
        Ddl::ShowCreateTable(_) => &["createtab_stmt"],
        Ddl::ShowViews(_) => &["views"],
        Ddl::ShowCreateView(_) => &["create view"],
        Ddl::Describe(_) => &["col_name", "data_type", "comment"],
        _ => &[],
    };
    names.iter().map(|name| (*name, "string")).collect()
}

/// To 20 characters; what is longer stays as it is.
fn padded(text: &str) -> String {
    format!("{text:<20}")
}

/// Letters that one does not see, as a statement would write them.
fn visible(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            control if control.is_control() => out.push_str(&format!("\\u{:04X}", control as u32)),
            other => out.push(other),
        }
    }
    out
}

/// `SHOW COLUMNS`: keys of partitions too.
pub fn show_columns(table: &Value) -> Vec<String> {
    let names = data_columns(table).iter().chain(list(table, "PartitionKeys")).map(|column| text(column, "Name"));
    if is_view(table) { names.map(str::to_owned).collect() } else { names.map(padded).collect() }
}

/// `SHOW PARTITIONS`: `k=v/k2=v2`.
pub fn show_partitions(table: &Value, partitions: &[Value]) -> Vec<String> {
    let keys = keys(table);
    let line = |partition: &Value| {
        let values = list(partition, "Values").iter().map(|value| value.as_str().unwrap_or_default());
        keys.iter().zip(values).map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("/")
    };
    partitions.iter().map(line).collect()
}

/// `SHOW TBLPROPERTIES`: all by name, or the value of one. The answer for one that is not there is `[hive]`.
pub fn show_properties(table: &Value, key: Option<&str>) -> Vec<String> {
    let pairs = pairs(table, "Parameters");
    let Some(key) = key else { return pairs.iter().map(|(key, value)| format!("{key}\t{value}")).collect() };
    let found = pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).to_owned());
    let absent = || format!("Table {}.{} does not have property: {key}", text(table, "DatabaseName"), text(table, "Name"));
    vec![found.unwrap_or_else(absent)]
}

#[cfg(test)]
mod tests;
