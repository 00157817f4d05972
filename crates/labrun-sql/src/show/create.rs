//! `SHOW CREATE TABLE` and `SHOW CREATE VIEW`: the statement again, one row a line. The layout is Hive's (`[hive]`,
//! `DDLTask.showCreateTable`; the pages show it in ctas-insert-into), with its blanks at the ends of lines.

use serde_json::Value;

use super::visible;
use crate::member::{columns, list, pairs, text};
use crate::view::{View, ViewError};

/// Of a table.
pub fn create_table(table: &Value) -> Vec<String> {
    let storage = &table["StorageDescriptor"];
    let mut lines = vec![format!("CREATE EXTERNAL TABLE `{}`(", text(table, "Name"))];
    lines.extend(fenced(columns(table).iter().map(column)));
    let comment = text(&table["Parameters"], "comment");
    if !comment.is_empty() {
        lines.push(format!("COMMENT '{}'", escaped(comment)));
    }
    let keys = list(table, "PartitionKeys");
    if !keys.is_empty() {
        lines.push("PARTITIONED BY ( ".to_owned());
        lines.extend(fenced(keys.iter().map(column)));
    }
    lines.extend(buckets(storage));
    lines.extend(row_format(storage));
    lines.push("LOCATION".to_owned());
    lines.push(format!("  '{}'", escaped(text(storage, "Location"))));
    let mut properties = pairs(table, "Parameters");
    properties.retain(|(key, _)| !matches!(*key, "EXTERNAL" | "comment"));
    if !properties.is_empty() {
        lines.push("TBLPROPERTIES (".to_owned());
        lines.extend(fenced(properties.into_iter().map(|(key, value)| pair(key, value))));
    }
    lines
}

/// One below the other: a comma and a blank behind each, a parenthesis behind the last.
fn fenced(items: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = items.map(|item| format!("  {item}, ")).collect();
    match lines.last_mut() {
        Some(last) => {
            last.truncate(last.len() - 2);
            last.push(')');
        }
        None => lines.push(")".to_owned()),
    }
    lines
}

fn column(column: &Value) -> String {
    let plain = format!("`{}` {}", text(column, "Name"), text(column, "Type"));
    match column["Comment"].as_str() {
        Some(comment) => format!("{plain} COMMENT '{}'", escaped(comment)),
        None => plain,
    }
}

fn pair(key: &str, value: &str) -> String {
    format!("'{}'='{}'", escaped(key), escaped(value))
}

fn buckets(storage: &Value) -> Vec<String> {
    let by = list(storage, "BucketColumns");
    if by.is_empty() {
        return Vec::new();
    }
    let mut lines = vec!["CLUSTERED BY ( ".to_owned()];
    lines.extend(fenced(by.iter().map(|name| name.as_str().unwrap_or_default().to_owned())));
    lines.push(format!("INTO {} BUCKETS", storage["NumberOfBuckets"]));
    lines
}

fn row_format(storage: &Value) -> Vec<String> {
    let serde = &storage["SerdeInfo"];
    let mut lines = delimited(serde).unwrap_or_else(|| by_serde(serde));
    lines.push("STORED AS INPUTFORMAT ".to_owned());
    lines.push(format!("  '{}' ", escaped(text(storage, "InputFormat"))));
    lines.push("OUTPUTFORMAT ".to_owned());
    lines.push(format!("  '{}'", escaped(text(storage, "OutputFormat"))));
    lines
}

fn by_serde(serde: &Value) -> Vec<String> {
    let told = pairs(serde, "Parameters");
    let mut lines = vec!["ROW FORMAT SERDE ".to_owned(), format!("  '{}' ", escaped(text(serde, "SerializationLibrary")))];
    // Every SerDe has this one; nobody said it.
    let said: Vec<_> = told.into_iter().filter(|pair| *pair != ("serialization.format", "1")).collect();
    if !said.is_empty() {
        lines.push("WITH SERDEPROPERTIES ( ".to_owned());
        lines.extend(fenced(said.into_iter().map(|(key, value)| pair(key, value))));
        if let Some(last) = lines.last_mut() {
            last.push(' ');
        }
    }
    lines
}

/// LazySimpleSerDe, if the clauses can say all that it is told.
fn delimited(serde: &Value) -> Option<Vec<String>> {
    const CLAUSES: [(&str, &str); 7] = [
        ("field.delim", "  FIELDS TERMINATED BY"),
        ("escape.delim", "    ESCAPED BY"),
        ("colelction.delim", "  COLLECTION ITEMS TERMINATED BY"),
        ("collection.delim", "  COLLECTION ITEMS TERMINATED BY"),
        ("mapkey.delim", "  MAP KEYS TERMINATED BY"),
        ("line.delim", "  LINES TERMINATED BY"),
        ("serialization.null.format", "  NULL DEFINED AS"),
    ];
    let told = pairs(serde, "Parameters");
    let value = |key: &str| told.iter().find(|(told, _)| *told == key).map(|(_, value)| *value);
    let field = value("field.delim")?;
    let format = value("serialization.format").is_none_or(|format| format == field || format == "1");
    let known = |key: &str| key == "serialization.format" || CLAUSES.iter().any(|(clause, _)| *clause == key);
    if !format || !text(serde, "SerializationLibrary").ends_with(".LazySimpleSerDe") || !told.iter().all(|(key, _)| known(key)) {
        return None;
    }
    let clauses = CLAUSES.iter().filter_map(|(key, words)| Some(format!("{words} '{}' ", escaped(value(key)?))));
    Some(std::iter::once("ROW FORMAT DELIMITED ".to_owned()).chain(clauses).collect())
}

/// As the statement's own strings are read.
fn escaped(text: &str) -> String {
    visible(text).replace('\'', "\\'")
}

/// Of a view; how Athena breaks its lines is unconfirmed.
pub fn create_view(table: &Value) -> Result<Vec<String>, ViewError> {
    let view = View::decode(text(table, "ViewOriginalText"))?;
    let mut lines = vec![format!("CREATE VIEW {}.{} AS ", text(table, "DatabaseName"), text(table, "Name"))];
    lines.extend(view.query.lines().map(str::to_owned));
    Ok(lines)
}
