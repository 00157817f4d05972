//! Tables of the Data Catalog. Each update archives the version that it replaces, unless asked not to.

use std::sync::Arc;

use labrun_wire::page::page;
use labrun_wire::{AwsError, AwsResult, Timestamp};
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::catalog::{CatalogId, ErrorDetail, Nothing, after, folded, size};
use super::storage::{Column, Parameters, StorageDescriptor};
use super::{database, error, partition, version};
use crate::sandbox::{Scope, Table, Tx};

/// By database and name, parted by NUL.
const TABLES: Table<CatalogTable> = Table::new("glue.tables", Scope::Regional);

/// API reference, GetTables: at most 100 in an answer.
pub(super) const PAGE: i64 = 100;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct CatalogTable {
    pub(super) database: String,
    pub(super) name: String,
    definition: TableInput,
    created: Timestamp,
    created_by: String,
    pub(super) updated: Timestamp,
    pub(super) version: i64,
}

impl CatalogTable {
    pub(super) fn keys(&self) -> &[Column] {
        self.definition.partition_keys.as_deref().unwrap_or_default()
    }

    pub(super) fn row(&self) -> String {
        row(&self.database, &self.name)
    }
}

fn row(database: &str, name: &str) -> String {
    format!("{database}\0{name}")
}

/// Links, views of several dialects and federated tables are not here.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TableInput {
    name: String,
    description: Option<String>,
    owner: Option<String>,
    last_access_time: Option<Timestamp>,
    last_analyzed_time: Option<Timestamp>,
    retention: Option<i64>,
    storage_descriptor: Option<StorageDescriptor>,
    partition_keys: Option<Vec<Column>>,
    view_original_text: Option<String>,
    view_expanded_text: Option<String>,
    table_type: Option<String>,
    parameters: Option<Parameters>,
}

impl TableInput {
    fn check(&self) -> AwsResult<()> {
        let keys = self.partition_keys.as_deref().unwrap_or_default();
        if keys.iter().any(|key| key.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty())) {
            return Err(error::invalid_input("Parameters not supported for partition columns"));
        }
        Ok(())
    }
}

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shown {
    name: String,
    database_name: Option<String>,
    description: Option<String>,
    owner: Option<String>,
    create_time: Option<Timestamp>,
    update_time: Option<Timestamp>,
    last_access_time: Option<Timestamp>,
    last_analyzed_time: Option<Timestamp>,
    retention: Option<i64>,
    storage_descriptor: Option<StorageDescriptor>,
    partition_keys: Option<Vec<Column>>,
    view_original_text: Option<String>,
    view_expanded_text: Option<String>,
    table_type: Option<String>,
    parameters: Option<Parameters>,
    created_by: Option<String>,
    is_registered_with_lake_formation: Option<bool>,
    catalog_id: Option<String>,
    version_id: Option<String>,
    is_multi_dialect_view: Option<bool>,
}

pub(super) fn shown(tx: &Tx, table: &CatalogTable) -> Shown {
    let definition = table.definition.clone();
    Shown {
        name: table.name.clone(),
        database_name: Some(table.database.clone()),
        description: definition.description,
        owner: definition.owner,
        create_time: Some(table.created.whole_second()),
        update_time: Some(table.updated.whole_second()),
        last_access_time: definition.last_access_time,
        last_analyzed_time: definition.last_analyzed_time,
        retention: Some(definition.retention.unwrap_or_default()),
        storage_descriptor: definition.storage_descriptor,
        partition_keys: definition.partition_keys,
        view_original_text: definition.view_original_text,
        view_expanded_text: definition.view_expanded_text,
        table_type: definition.table_type,
        parameters: definition.parameters,
        created_by: Some(table.created_by.clone()),
        is_registered_with_lake_formation: Some(false),
        catalog_id: Some(tx.caller().account.clone()),
        version_id: Some(table.version.to_string()),
        is_multi_dialect_view: Some(false),
    }
}

pub(super) fn find(tx: &Tx, database: &str, name: &str) -> Option<Arc<CatalogTable>> {
    tx.get(&TABLES, &row(&folded(database), &folded(name)))
}

pub(super) fn named(tx: &Tx, database: &str, name: &str) -> AwsResult<Arc<CatalogTable>> {
    find(tx, database, name).ok_or_else(|| error::no_table(&folded(name)))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    table_input: Option<TableInput>,
}

pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<Nothing> {
    input.catalog_id.check(tx, "CreateTable")?;
    let definition = input.table_input.ok_or_else(|| error::invalid_input("TableInput must not be null."))?;
    database::named(tx, &input.database_name)?;
    definition.check()?;
    let (database, name) = (folded(&input.database_name), folded(&definition.name));
    let row = row(&database, &name);
    if tx.has(&TABLES, &row) {
        return Err(error::table_exists());
    }
    let now = tx.now();
    let created_by = tx.caller().principal.arn.clone();
    let table = CatalogTable { database, name, definition, created: now, created_by, updated: now, version: 0 };
    tx.put(&TABLES, &row, table);
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    table: Shown,
}

/// A database that is not there is no other error than a table that is not.
pub(super) fn get(tx: &Tx, input: Named) -> AwsResult<One> {
    input.catalog_id.check(tx, "GetTable")?;
    let table = find(tx, &input.database_name, &input.name).ok_or_else(error::no_entity)?;
    Ok(One { table: shown(tx, &table) })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    expression: Option<String>,
    next_token: Option<String>,
    max_results: Option<i64>,
    attributes_to_get: Option<Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    table_list: Vec<Shown>,
    next_token: Option<String>,
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    input.catalog_id.check(tx, "GetTables")?;
    database::named(tx, &input.database_name)?;
    let attributes = Attributes::of(input.attributes_to_get.as_deref())?;
    let pattern = input.expression.as_deref().filter(|text| !text.is_empty()).map(name_pattern).transpose()?;
    let database = folded(&input.database_name);
    let context = format!("glue.GetTables {database} {:?}", input.expression);
    let after = after(&context, input.next_token.as_deref())?;
    let mut found = Vec::new();
    tx.each(&TABLES, &row(&database, ""), after.as_deref(), |_, table| {
        if pattern.as_ref().is_none_or(|pattern| pattern.is_match(&table.name)) {
            found.push(table);
        }
        true
    });
    let page = page(found.into_iter(), size(input.max_results, PAGE), &context, |table| table.row());
    let table_list = page.items.iter().map(|table| attributes.of_table(shown(tx, table))).collect();
    Ok(Listed { table_list, next_token: page.next })
}

/// Hive's patterns, which the Data Catalog keeps: a regular expression for the whole name in which `*` stands for any text, and
/// whose alternatives are parted by `|`.
fn name_pattern(text: &str) -> AwsResult<Regex> {
    let alternatives: Vec<String> = text.split('|').map(|part| format!("(?:{})", part.replace('*', ".*"))).collect();
    Regex::new(&format!("(?i)^(?:{})$", alternatives.join("|"))).map_err(|_| error::invalid_input("Invalid table expression."))
}

/// Which fields a listing shows: `NAME`, or `NAME` and `TABLE_TYPE`.
enum Attributes {
    All,
    Some { table_type: bool },
}

impl Attributes {
    fn of(asked: Option<&[String]>) -> AwsResult<Self> {
        let Some(asked) = asked else { return Ok(Attributes::All) };
        let has = |name: &str| asked.iter().any(|attribute| attribute == name);
        let known = asked.iter().all(|attribute| matches!(attribute.as_str(), "NAME" | "TABLE_TYPE"));
        if !has("NAME") || !known {
            return Err(error::invalid_input("AttributesToGet must be NAME, or NAME and TABLE_TYPE."));
        }
        Ok(Attributes::Some { table_type: has("TABLE_TYPE") })
    }

    fn of_table(&self, table: Shown) -> Shown {
        match self {
            Attributes::All => table,
            Attributes::Some { table_type } => {
                Shown { name: table.name, table_type: table.table_type.filter(|_| *table_type), ..Shown::default() }
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Update {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    name: Option<String>,
    table_input: Option<TableInput>,
    skip_archive: Option<bool>,
    version_id: Option<String>,
}

/// The new definition takes the place of the old one, whole. A version id makes it conditional.
pub(super) fn update(tx: &mut Tx, input: Update) -> AwsResult<Nothing> {
    input.catalog_id.check(tx, "UpdateTable")?;
    let definition = input.table_input.ok_or_else(|| error::invalid_input("TableInput must not be null."))?;
    if input.name.as_ref().is_some_and(|name| folded(name) != folded(&definition.name)) {
        return Err(AwsError::not_implemented("renaming a table"));
    }
    let old = named(tx, &input.database_name, &definition.name)?;
    definition.check()?;
    if input.version_id.is_some_and(|version| version != old.version.to_string()) {
        return Err(error::concurrent_update());
    }
    if input.skip_archive != Some(true) {
        version::archive(tx, &old);
    }
    let table = CatalogTable { definition, updated: tx.now(), version: old.version + 1, ..(*old).clone() };
    tx.put(&TABLES, &old.row(), table);
    Ok(Nothing {})
}

pub(super) fn delete(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    input.catalog_id.check(tx, "DeleteTable")?;
    database::named(tx, &input.database_name)?;
    remove(tx, &input.database_name, &input.name)?;
    Ok(Nothing {})
}

/// Versions and partitions go with their table (API reference, DeleteTable).
fn remove(tx: &mut Tx, database: &str, name: &str) -> AwsResult<()> {
    let row = named(tx, database, name)?.row();
    version::delete_all(tx, &row);
    partition::delete_all(tx, &row);
    tx.delete(&TABLES, &row);
    Ok(())
}

/// Removes all tables of a database.
pub(super) fn delete_all(tx: &mut Tx, database: &str) {
    let below = row(database, "");
    version::delete_all_below(tx, &below);
    partition::delete_all_below(tx, &below);
    tx.delete_all(&TABLES, &below);
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BatchDelete {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    tables_to_delete: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BatchDeleted {
    errors: Vec<TableError>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TableError {
    table_name: String,
    error_detail: ErrorDetail,
}

pub(super) fn batch_delete(tx: &mut Tx, input: BatchDelete) -> AwsResult<BatchDeleted> {
    input.catalog_id.check(tx, "BatchDeleteTable")?;
    database::named(tx, &input.database_name)?;
    let mut errors = Vec::new();
    for table_name in input.tables_to_delete {
        if let Err(error) = remove(tx, &input.database_name, &table_name) {
            errors.push(TableError { table_name, error_detail: error.into() });
        }
    }
    Ok(BatchDeleted { errors })
}
