//! What DDL makes of databases, tables and partitions of the Data Catalog: values with Glue's member names, nothing called.
//!
//! `transient_lastDdlTime` is the caller's, who has a clock.

mod alter;
mod location;
mod partition;
mod storage;

pub use alter::{add_columns, replace_columns, set_location, set_properties};
pub use location::location;
pub(crate) use partition::stored;
pub use partition::{partition_input, values};

use serde_json::{Map, Value, json};

use crate::ddl::{Column, CreateDatabase, CreateTable, Properties};
use crate::types::TypeError;

/// Why the catalog does not take a statement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Measured.
    #[error("No location was specified for table. An S3 location must be specified")]
    NoLocation,
    /// The words are ours.
    #[error("The location {0} is not an S3 location: s3://bucket/folder/")]
    NoS3Location(String),
    /// The words are ours (tables-location-format).
    #[error("The location {0} has a glob character. Name a bucket or a folder, with a slash at its end")]
    Glob(String),
    /// `[hive]`, error 10043.
    #[error("FAILED: SemanticException [Error 10043]: Either list of columns or a custom serializer should be specified")]
    NoColumns,
    /// `[hive]`, error 10035.
    #[error("FAILED: SemanticException [Error 10035]: Column repeated in partitioning columns")]
    ColumnIsKey,
    /// `[hive]`, error 10036.
    #[error("FAILED: SemanticException [Error 10036]: Duplicate column name: {0}")]
    Duplicate(String),
    /// `[hive]`, error 10002.
    #[error("FAILED: SemanticException [Error 10002]: Invalid column reference {0}")]
    NoSuchColumn(String),
    /// tables-databases-columns-names; the words are ours.
    #[error("The name {0}.. is longer than 255 characters")]
    LongName(String),
    /// The words of Hive, if it has some.
    #[error("FAILED: ParseException {0}")]
    Type(#[from] TypeError),
    /// alter-table-add-columns, alter-table-replace-columns; the words are ours.
    #[error("The type date does not work in ADD COLUMNS and REPLACE COLUMNS: use timestamp for {0}")]
    Date(String),
    /// `[hive]`; alter-table-replace-columns has the rule.
    #[error("Replace columns is not supported for table {0}. SerDe may be incompatible.")]
    Serde(String),
    /// `[hive]`
    #[error("FAILED: SemanticException Partition spec {{{0}}} contains non-partition columns")]
    NoSuchKey(String),
    /// `[hive]`
    #[error("FAILED: SemanticException partition spec {{{spec}}} doesn't contain all ({keys}) partition columns")]
    MissingKey {
        /// What was written.
        spec: String,
        /// How many the table has.
        keys: usize,
    },
}

/// `CreateDatabase`'s `DatabaseInput`.
pub fn database_input(create: &CreateDatabase) -> Result<Value, TableError> {
    let mut input = Map::from_iter([("Name".to_owned(), json!(create.name))]);
    if let Some(comment) = &create.comment {
        input.insert("Description".to_owned(), json!(comment));
    }
    if let Some(place) = &create.location {
        input.insert("LocationUri".to_owned(), json!(location(place)?));
    }
    if !create.properties.is_empty() {
        input.insert("Parameters".to_owned(), parameters(&create.properties));
    }
    Ok(input.into())
}

/// `CreateTable`'s `TableInput`.
pub fn table_input(create: &CreateTable) -> Result<Value, TableError> {
    check(create)?;
    let mut properties = create.properties.clone();
    // Setting it has no effect (alter-table-set-tblproperties).
    properties.retain(|(key, _)| !key.eq_ignore_ascii_case("EXTERNAL"));
    properties.insert(0, ("EXTERNAL".to_owned(), "TRUE".to_owned()));
    // The comment is a property (create-table).
    properties.extend(create.comment.iter().map(|comment| ("comment".to_owned(), comment.clone())));
    Ok(json!({
        "Name": create.name.name,
        "TableType": "EXTERNAL_TABLE",
        "Retention": 0,
        "StorageDescriptor": storage::descriptor(create)?,
        "PartitionKeys": columns(&create.partitioned_by),
        "Parameters": parameters(&properties),
    }))
}

/// A `TableInput` out of a `Table`: what `UpdateTable` takes.
pub fn as_input(table: &Value) -> Value {
    const MEMBERS: [&str; 12] = [
        "Name",
        "Description",
        "Owner",
        "LastAccessTime",
        "LastAnalyzedTime",
        "Retention",
        "StorageDescriptor",
        "PartitionKeys",
        "ViewOriginalText",
        "ViewExpandedText",
        "TableType",
        "Parameters",
    ];
    kept(table, &MEMBERS)
}

/// A `PartitionInput` out of a `Partition`.
pub fn as_partition_input(partition: &Value) -> Value {
    kept(partition, &["Values", "LastAccessTime", "StorageDescriptor", "Parameters", "LastAnalyzedTime"])
}

fn kept(value: &Value, members: &[&str]) -> Value {
    let all = value.as_object().into_iter().flatten();
    let kept = all.filter(|(member, value)| members.contains(&member.as_str()) && !value.is_null());
    kept.map(|(member, value)| (member.clone(), value.clone())).collect::<Map<_, _>>().into()
}

fn check(create: &CreateTable) -> Result<(), TableError> {
    if create.columns.is_empty() {
        return Err(TableError::NoColumns);
    }
    check_columns(&create.columns)?;
    check_columns(&create.partitioned_by)?;
    let has = |name: &str| create.columns.iter().any(|column| column.name == name);
    if create.partitioned_by.iter().any(|key| has(&key.name)) {
        return Err(TableError::ColumnIsKey);
    }
    if let Some(wrong) = create.clustered_by.iter().flat_map(|buckets| &buckets.columns).find(|name| !has(name)) {
        return Err(TableError::NoSuchColumn(wrong.clone()));
    }
    short(&create.name.name)
}

pub(crate) fn check_columns(columns: &[Column]) -> Result<(), TableError> {
    for (at, column) in columns.iter().enumerate() {
        column.kind.check()?;
        short(&column.name)?;
        if columns[..at].iter().any(|before| before.name == column.name) {
            return Err(TableError::Duplicate(column.name.clone()));
        }
    }
    Ok(())
}

fn short(name: &str) -> Result<(), TableError> {
    if name.chars().count() <= 255 { Ok(()) } else { Err(TableError::LongName(name.chars().take(20).collect())) }
}

fn parameters(properties: &Properties) -> Value {
    properties.iter().map(|(key, value)| (key.clone(), json!(value))).collect::<Map<_, _>>().into()
}

fn columns(columns: &[Column]) -> Value {
    let value = |column: &Column| {
        let mut value = json!({"Name": column.name, "Type": column.kind.to_string()});
        if let Some(comment) = &column.comment {
            value["Comment"] = json!(comment);
        }
        value
    };
    columns.iter().map(value).collect()
}

#[cfg(test)]
mod tests;
