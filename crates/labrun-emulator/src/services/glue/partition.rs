//! Partitions of tables, one by one. Batches are in [`super::partition_batch`], expressions in [`super::expression`].

use std::sync::Arc;

use labrun_wire::page::page;
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::catalog::{CatalogId, Nothing, after, size};
use super::error;
use super::expression::Expression;
use super::storage::{Parameters, StorageDescriptor};
use super::table::{self, CatalogTable};
use crate::sandbox::{Scope, Table, Tx};

/// By database, table and values, parted by NUL; the values as a JSON list, which no other values can be.
const PARTITIONS: Table<Partition> = Table::new("glue.partitions", Scope::Regional);

/// API reference, GetPartitions: at most 1000 in an answer.
const PAGE: i64 = 1000;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Partition {
    values: Vec<String>,
    definition: PartitionInput,
    created: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PartitionInput {
    pub(super) values: Option<Vec<String>>,
    last_access_time: Option<Timestamp>,
    storage_descriptor: Option<StorageDescriptor>,
    parameters: Option<Parameters>,
    last_analyzed_time: Option<Timestamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shown {
    values: Vec<String>,
    database_name: String,
    table_name: String,
    creation_time: Timestamp,
    last_access_time: Option<Timestamp>,
    storage_descriptor: Option<StorageDescriptor>,
    parameters: Option<Parameters>,
    last_analyzed_time: Option<Timestamp>,
    catalog_id: String,
}

pub(super) fn shown(tx: &Tx, table: &CatalogTable, partition: &Partition) -> Shown {
    let definition = partition.definition.clone();
    Shown {
        values: partition.values.clone(),
        database_name: table.database.clone(),
        table_name: table.name.clone(),
        creation_time: partition.created.whole_second(),
        last_access_time: definition.last_access_time,
        storage_descriptor: definition.storage_descriptor,
        parameters: definition.parameters,
        last_analyzed_time: definition.last_analyzed_time,
        catalog_id: tx.caller().account.clone(),
    }
}

fn row(table: &CatalogTable, values: &[String]) -> String {
    format!("{}\0{}", table.row(), serde_json::Value::from(values))
}

/// Forgets all partitions of a table.
pub(super) fn delete_all(tx: &mut Tx, table: &str) {
    delete_all_below(tx, &format!("{table}\0"));
}

pub(super) fn delete_all_below(tx: &mut Tx, prefix: &str) {
    tx.delete_all(&PARTITIONS, prefix);
}

pub(super) fn check_values(table: &CatalogTable, values: &[String]) -> AwsResult<()> {
    if values.len() == table.keys().len() { Ok(()) } else { Err(error::wrong_values()) }
}

pub(super) fn find(tx: &Tx, table: &CatalogTable, values: &[String]) -> Option<Arc<Partition>> {
    tx.get(&PARTITIONS, &row(table, values))
}

fn existing(tx: &Tx, table: &CatalogTable, values: &[String]) -> AwsResult<Arc<Partition>> {
    check_values(table, values)?;
    find(tx, table, values).ok_or_else(error::no_partition)
}

pub(super) fn add(tx: &mut Tx, table: &CatalogTable, definition: PartitionInput) -> AwsResult<()> {
    let values = definition.values.clone().unwrap_or_default();
    check_values(table, &values)?;
    let row = row(table, &values);
    if tx.has(&PARTITIONS, &row) {
        return Err(error::partition_exists());
    }
    let partition = Partition { values, definition, created: tx.now() };
    tx.put(&PARTITIONS, &row, partition);
    Ok(())
}

/// The new definition takes the place of the old one, whole; other values move it.
pub(super) fn replace(tx: &mut Tx, table: &CatalogTable, values: &[String], definition: PartitionInput) -> AwsResult<()> {
    let old = existing(tx, table, values)?;
    let new_values = definition.values.clone().unwrap_or_else(|| values.to_vec());
    check_values(table, &new_values)?;
    let (old_row, new_row) = (row(table, values), row(table, &new_values));
    if old_row != new_row {
        if tx.has(&PARTITIONS, &new_row) {
            return Err(error::partition_exists());
        }
        tx.delete(&PARTITIONS, &old_row);
    }
    tx.put(&PARTITIONS, &new_row, Partition { values: new_values, definition, created: old.created });
    Ok(())
}

pub(super) fn remove(tx: &mut Tx, table: &CatalogTable, values: &[String]) -> AwsResult<()> {
    existing(tx, table, values)?;
    tx.delete(&PARTITIONS, &row(table, values));
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    table_name: String,
    partition_input: PartitionInput,
}

pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<Nothing> {
    input.catalog_id.check(tx, "CreatePartition")?;
    let table = table::named(tx, &input.database_name, &input.table_name)?;
    add(tx, &table, input.partition_input)?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    table_name: String,
    partition_values: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    partition: Shown,
}

pub(super) fn get(tx: &Tx, input: Named) -> AwsResult<One> {
    input.catalog_id.check(tx, "GetPartition")?;
    let table = table::named(tx, &input.database_name, &input.table_name)?;
    let partition = existing(tx, &table, &input.partition_values)?;
    Ok(One { partition: shown(tx, &table, &partition) })
}

pub(super) fn delete(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    input.catalog_id.check(tx, "DeletePartition")?;
    let table = table::named(tx, &input.database_name, &input.table_name)?;
    remove(tx, &table, &input.partition_values)?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Update {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    table_name: String,
    partition_value_list: Vec<String>,
    partition_input: PartitionInput,
}

pub(super) fn update(tx: &mut Tx, input: Update) -> AwsResult<Nothing> {
    input.catalog_id.check(tx, "UpdatePartition")?;
    let table = table::named(tx, &input.database_name, &input.table_name)?;
    replace(tx, &table, &input.partition_value_list, input.partition_input)?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    table_name: String,
    expression: Option<String>,
    next_token: Option<String>,
    segment: Option<Segment>,
    max_results: Option<i64>,
    exclude_column_schema: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    partitions: Vec<Shown>,
    next_token: Option<String>,
}

/// A part of the partitions, so that several readers can share them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Segment {
    segment_number: i64,
    total_segments: i64,
}

impl Segment {
    fn check(&self) -> AwsResult<()> {
        if self.segment_number < self.total_segments {
            return Ok(());
        }
        Err(error::invalid_input("SegmentNumber must be less than TotalSegments."))
    }

    /// Each partition is in exactly one segment.
    fn has(&self, row: &str) -> bool {
        let sum = row.bytes().fold(0_i64, |sum, byte| (sum * 31 + i64::from(byte)) % 1_000_003);
        sum % self.total_segments == self.segment_number
    }
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    input.catalog_id.check(tx, "GetPartitions")?;
    let table = table::named(tx, &input.database_name, &input.table_name)?;
    let expression = Expression::parse(input.expression.as_deref().unwrap_or_default(), table.keys())?;
    if let Some(segment) = &input.segment {
        segment.check()?;
    }
    let context = format!("glue.GetPartitions {} {:?} {:?}", table.row(), input.expression, input.segment);
    let after = after(&context, input.next_token.as_deref())?;
    let most = size(input.max_results, PAGE);
    let mut found = Vec::new();
    let mut fault = None;
    tx.each(&PARTITIONS, &format!("{}\0", table.row()), after.as_deref(), |row, partition| {
        match expression.matches(&partition.values) {
            Ok(true) if input.segment.as_ref().is_none_or(|segment| segment.has(row)) => found.push((row.to_owned(), partition)),
            Ok(_) => {}
            Err(error) => fault = Some(error),
        }
        fault.is_none() && found.len() <= most
    });
    if let Some(error) = fault {
        return Err(error);
    }
    let page = page(found.into_iter(), most, &context, |(row, _)| row.clone());
    let bare = input.exclude_column_schema == Some(true);
    let partitions = page.items.iter().map(|(_, partition)| {
        let mut shown = shown(tx, &table, partition);
        if let Some(storage) = shown.storage_descriptor.as_mut().filter(|_| bare) {
            storage.columns = None;
        }
        shown
    });
    Ok(Listed { partitions: partitions.collect(), next_token: page.next })
}
