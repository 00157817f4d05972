//! `SHOW CREATE TABLE` and `SHOW CREATE VIEW`: the statement again, one row a line. The layout is Hive's ([hive],
//! `DDLTask.showCreateTable`; the pages show it in ctas-insert-into), with its blanks at the ends of lines.

use serde_json::Value;

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
    lines.push("TBLPROPERTIES (".to_owned());
    let properties = pairs(table, "Parameters").into_iter().filter(|(key, _)| !matches!(*key, "EXTERNAL" | "comment"));
    lines.extend(fenced(properties.map(|(key, value)| pair(key, value))));
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
    let told = pairs(serde, "Parameters");
    let quoted = |text: &str| format!("  '{}'", escaped(text));
    let mut lines = vec!["ROW FORMAT SERDE ".to_owned(), format!("{} ", quoted(text(serde, "SerializationLibrary")))];
    // Only what was said by someone: every SerDe has this one.
    if told.iter().any(|pair| *pair != ("serialization.format", "1")) {
        lines.push("WITH SERDEPROPERTIES ( ".to_owned());
        lines.extend(fenced(told.into_iter().map(|(key, value)| pair(key, value))));
        if let Some(last) = lines.last_mut() {
            last.push(' ');
        }
    }
    lines.push("STORED AS INPUTFORMAT ".to_owned());
    lines.push(format!("{} ", quoted(text(storage, "InputFormat"))));
    lines.push("OUTPUTFORMAT ".to_owned());
    lines.push(quoted(text(storage, "OutputFormat")));
    lines
}

/// As the statement's own strings are read.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            control if control.is_control() => out.push_str(&format!("\\u{:04X}", control as u32)),
            other => out.push(other),
        }
    }
    out
}

/// Of a view; how Athena breaks its lines is unconfirmed.
pub fn create_view(table: &Value) -> Result<Vec<String>, ViewError> {
    let view = View::decode(text(table, "ViewOriginalText"))?;
    let mut lines = vec![format!("CREATE VIEW {}.{} AS ", text(table, "DatabaseName"), text(table, "Name"))];
    lines.extend(view.query.lines().map(str::to_owned));
    Ok(lines)
}
