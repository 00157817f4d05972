//! The catalog as Athena shows it: Glue's databases and tables, asked for as the caller.

use labrun_wire::value::{Map, from_value};
use labrun_wire::{AwsResult, Timestamp, Value};
use serde::{Deserialize, Serialize};

use super::{catalog, error};
use crate::sandbox::Tx;

type Parameters = std::collections::BTreeMap<String, String>;

/// What Glue answers, as far as it is shown here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GlueDatabase {
    name: String,
    description: Option<String>,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GlueTable {
    name: String,
    create_time: Option<Timestamp>,
    last_access_time: Option<Timestamp>,
    table_type: Option<String>,
    storage_descriptor: Option<Storage>,
    partition_keys: Option<Vec<Column>>,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Storage {
    columns: Option<Vec<Column>>,
    location: Option<String>,
    input_format: Option<String>,
    output_format: Option<String>,
    serde_info: Option<Serde>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Serde {
    serialization_library: Option<String>,
    parameters: Option<Parameters>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Column {
    name: String,
    r#type: Option<String>,
    comment: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Databases {
    database_list: Vec<GlueDatabase>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OneDatabase {
    database: GlueDatabase,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tables {
    table_list: Vec<GlueTable>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OneTable {
    table: GlueTable,
}

/// Asks Glue, as the caller; what it refuses is a MetadataException.
fn ask<T: serde::de::DeserializeOwned>(tx: &Tx, operation: &str, members: &[(&str, Option<Value>)]) -> AwsResult<T> {
    let given = members.iter().filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?)));
    let answer = tx.ask("glue", operation, Value::Map(given.collect::<Map>())).map_err(|fault| error::metadata(&fault))?;
    from_value(answer).map_err(|fault| labrun_wire::AwsError::internal(fault.to_string()))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    catalog_name: String,
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListedDatabases {
    database_list: Vec<Database>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Database {
    name: String,
    description: Option<String>,
    parameters: Option<Parameters>,
}

fn database_shown(database: GlueDatabase) -> Database {
    Database { name: database.name, description: database.description, parameters: database.parameters }
}

pub(super) fn databases(tx: &Tx, input: List) -> AwsResult<ListedDatabases> {
    catalog::check(&input.catalog_name)?;
    let page = [("NextToken", input.next_token.map(Value::from)), ("MaxResults", input.max_results.map(Value::from))];
    let found: Databases = ask(tx, "GetDatabases", &page)?;
    Ok(ListedDatabases {
        database_list: found.database_list.into_iter().map(database_shown).collect(),
        next_token: found.next_token,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NamedDatabase {
    catalog_name: String,
    database_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GotDatabase {
    database: Database,
}

pub(super) fn database(tx: &Tx, input: NamedDatabase) -> AwsResult<GotDatabase> {
    catalog::check(&input.catalog_name)?;
    let found: OneDatabase = ask(tx, "GetDatabase", &[("Name", Some(input.database_name.into()))])?;
    Ok(GotDatabase { database: database_shown(found.database) })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTables {
    catalog_name: String,
    database_name: String,
    expression: Option<String>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListedTables {
    table_metadata_list: Vec<TableMetadata>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TableMetadata {
    name: String,
    create_time: Option<Timestamp>,
    last_access_time: Option<Timestamp>,
    table_type: Option<String>,
    columns: Vec<Column>,
    partition_keys: Vec<Column>,
    parameters: Parameters,
}

/// The storage stands among the parameters (API Reference, TableMetadata: "a set of custom key/value pairs for table properties").
fn table_shown(table: GlueTable) -> TableMetadata {
    let mut parameters = table.parameters.unwrap_or_default();
    let storage = table.storage_descriptor;
    let mut columns = Vec::new();
    if let Some(storage) = storage {
        columns = storage.columns.unwrap_or_default();
        let mut add = |name: &str, value: Option<String>| parameters.extend(value.map(|value| (name.to_owned(), value)));
        add("location", storage.location);
        add("inputformat", storage.input_format);
        add("outputformat", storage.output_format);
        if let Some(serde) = storage.serde_info {
            add("serde.serialization.lib", serde.serialization_library);
            let own = serde.parameters.unwrap_or_default();
            parameters.extend(own.into_iter().map(|(name, value)| (format!("serde.param.{name}"), value)));
        }
    }
    TableMetadata {
        name: table.name,
        create_time: table.create_time,
        last_access_time: table.last_access_time,
        table_type: table.table_type,
        columns,
        partition_keys: table.partition_keys.unwrap_or_default(),
        parameters,
    }
}

pub(super) fn tables(tx: &Tx, input: ListTables) -> AwsResult<ListedTables> {
    catalog::check(&input.catalog_name)?;
    let members = [
        ("DatabaseName", Some(input.database_name.into())),
        ("Expression", input.expression.map(Value::from)),
        ("NextToken", input.next_token.map(Value::from)),
        ("MaxResults", input.max_results.map(Value::from)),
    ];
    let found: Tables = ask(tx, "GetTables", &members)?;
    Ok(ListedTables {
        table_metadata_list: found.table_list.into_iter().map(table_shown).collect(),
        next_token: found.next_token,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NamedTable {
    catalog_name: String,
    database_name: String,
    table_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GotTable {
    table_metadata: TableMetadata,
}

pub(super) fn table(tx: &Tx, input: NamedTable) -> AwsResult<GotTable> {
    catalog::check(&input.catalog_name)?;
    let members = [("DatabaseName", Some(input.database_name.into())), ("Name", Some(input.table_name.into()))];
    let found: OneTable = ask(tx, "GetTable", &members)?;
    Ok(GotTable { table_metadata: table_shown(found.table) })
}
