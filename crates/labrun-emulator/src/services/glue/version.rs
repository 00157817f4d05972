//! Versions of tables: the one that holds, and those that updates replaced.

use labrun_wire::AwsResult;
use labrun_wire::page::page;
use serde::{Deserialize, Serialize};

use super::catalog::{CatalogId, ErrorDetail, Nothing, after, size};
use super::error;
use super::table::{self, CatalogTable, PAGE, Shown};
use crate::sandbox::{Scope, Table, Tx};

/// Replaced versions, by database, table and number, parted by NUL.
const VERSIONS: Table<CatalogTable> = Table::new("glue.table_versions", Scope::Regional);

fn row(table: &str, version: i64) -> String {
    format!("{table}\0{version:012}")
}

pub(super) fn archive(tx: &mut Tx, table: &CatalogTable) {
    tx.put(&VERSIONS, &row(&table.row(), table.version), table.clone());
}

/// Forgets all versions of a table.
pub(super) fn delete_all(tx: &mut Tx, table: &str) {
    delete_all_below(tx, &format!("{table}\0"));
}

pub(super) fn delete_all_below(tx: &mut Tx, prefix: &str) {
    tx.delete_all(&VERSIONS, prefix);
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TableVersion {
    table: Shown,
    version_id: String,
}

fn shown(tx: &Tx, table: &CatalogTable) -> TableVersion {
    TableVersion { table: table::shown(tx, table), version_id: table.version.to_string() }
}

/// The number in a version id.
fn number(version: &str) -> AwsResult<i64> {
    version.parse().map_err(|_| error::invalid_input(format!("{version} is not a valid version id.")))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Get {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    table_name: String,
    version_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    table_version: TableVersion,
}

/// Without an id: the version that holds.
pub(super) fn get(tx: &Tx, input: Get) -> AwsResult<One> {
    input.catalog_id.check(tx, "GetTableVersion")?;
    let table = table::named(tx, &input.database_name, &input.table_name)?;
    let version = input.version_id.as_deref().map(number).transpose()?.unwrap_or(table.version);
    if version == table.version {
        return Ok(One { table_version: shown(tx, &table) });
    }
    let old = tx.get(&VERSIONS, &row(&table.row(), version)).ok_or_else(error::no_version)?;
    Ok(One { table_version: shown(tx, &old) })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    table_name: String,
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    table_versions: Vec<TableVersion>,
    next_token: Option<String>,
}

/// The newest first.
pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    input.catalog_id.check(tx, "GetTableVersions")?;
    let table = table::named(tx, &input.database_name, &input.table_name)?;
    let context = format!("glue.GetTableVersions {}", table.row());
    let after = after(&context, input.next_token.as_deref())?;
    let mut versions: Vec<_> = tx.list(&VERSIONS, &format!("{}\0", table.row())).into_iter().map(|(_, old)| old).collect();
    versions.push(table);
    let place = |version: i64| format!("{version:012}");
    let rest = versions.into_iter().rev().skip_while(|old| after.as_ref().is_some_and(|after| place(old.version) >= *after));
    let page = page(rest, size(input.max_results, PAGE), &context, |old| place(old.version));
    Ok(Listed { table_versions: page.items.iter().map(|old| shown(tx, old)).collect(), next_token: page.next })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Delete {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    table_name: String,
    version_id: String,
}

pub(super) fn delete(tx: &mut Tx, input: Delete) -> AwsResult<Nothing> {
    input.catalog_id.check(tx, "DeleteTableVersion")?;
    let table = table::named(tx, &input.database_name, &input.table_name)?;
    remove(tx, &table, &input.version_id)?;
    Ok(Nothing {})
}

/// The version that holds stays.
fn remove(tx: &mut Tx, table: &CatalogTable, version: &str) -> AwsResult<()> {
    let version = number(version)?;
    if version == table.version {
        return Err(error::invalid_input("Cannot delete the current version of a table."));
    }
    if tx.delete(&VERSIONS, &row(&table.row(), version)) { Ok(()) } else { Err(error::no_version()) }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BatchDelete {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    table_name: String,
    version_ids: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BatchDeleted {
    errors: Vec<TableVersionError>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TableVersionError {
    table_name: String,
    version_id: String,
    error_detail: ErrorDetail,
}

pub(super) fn batch_delete(tx: &mut Tx, input: BatchDelete) -> AwsResult<BatchDeleted> {
    input.catalog_id.check(tx, "BatchDeleteTableVersion")?;
    let table = table::named(tx, &input.database_name, &input.table_name)?;
    let mut errors = Vec::new();
    for version_id in input.version_ids {
        if let Err(error) = remove(tx, &table, &version_id) {
            errors.push(TableVersionError { table_name: table.name.clone(), version_id, error_detail: error.into() });
        }
    }
    Ok(BatchDeleted { errors })
}
