//! How `ALTER TABLE` changes a `Table`, or a `Partition` of one: both have a storage descriptor.

use serde_json::{Value, json};

use super::{TableError, check_columns, columns, location};
use crate::ddl::{Column, Properties};
use crate::member::{self, keys, text};
use crate::types::Type;

/// Behind the data columns, before the keys of partitions (alter-table-add-columns).
pub fn add_columns(table: &Value, added: &[Column]) -> Result<Value, TableError> {
    check(table, added)?;
    let there = member::columns(table);
    let twice = added.iter().find(|column| there.iter().any(|before| text(before, "Name") == column.name));
    if let Some(column) = twice {
        return Err(TableError::Duplicate(column.name.clone()));
    }
    let mut all = there.to_vec();
    all.extend(columns(added).as_array().cloned().unwrap_or_default());
    Ok(with_storage(table, "Columns", all.into()))
}

/// The page is about LazySimpleSerDe; Hive also lets Parquet and ORC (`[hive]`, `DDLTask.alterTable`).
pub fn replace_columns(table: &Value, new: &[Column]) -> Result<Value, TableError> {
    check(table, new)?;
    let serde = text(&table["StorageDescriptor"]["SerdeInfo"], "SerializationLibrary");
    if !["LazySimpleSerDe", "ParquetHiveSerDe", "OrcSerde"].iter().any(|name| serde.ends_with(name)) {
        return Err(TableError::Serde(text(table, "Name").to_owned()));
    }
    Ok(with_storage(table, "Columns", columns(new)))
}

fn check(table: &Value, new: &[Column]) -> Result<(), TableError> {
    check_columns(new)?;
    if let Some(date) = new.iter().find(|column| column.kind == Type::Date) {
        return Err(TableError::Date(date.name.clone()));
    }
    let keys = keys(table);
    match new.iter().find(|column| keys.contains(&column.name.as_str())) {
        Some(_) => Err(TableError::ColumnIsKey),
        None => Ok(()),
    }
}

/// Of a table or a partition.
pub fn set_location(table: &Value, written: &str) -> Result<Value, TableError> {
    Ok(with_storage(table, "Location", json!(location(written)?)))
}

/// They replace those with the same keys; `EXTERNAL` stays as it is (alter-table-set-tblproperties).
pub fn set_properties(table: &Value, properties: &Properties) -> Value {
    let mut changed = table.clone();
    for (key, value) in properties.iter().filter(|(key, _)| !key.eq_ignore_ascii_case("EXTERNAL")) {
        changed["Parameters"][key] = json!(value);
    }
    changed
}

fn with_storage(table: &Value, member: &str, value: Value) -> Value {
    let mut changed = table.clone();
    changed["StorageDescriptor"][member] = value;
    changed
}
