//! Databases of the Data Catalog.

use std::collections::BTreeMap;
use std::sync::Arc;

use labrun_wire::page::page;
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::catalog::{CatalogId, Nothing, after, folded, size};
use super::storage::Parameters;
use super::{error, table, tag};
use crate::sandbox::{Scope, Table, Tx};

/// By name.
const DATABASES: Table<Database> = Table::new("glue.databases", Scope::Regional);

/// API reference, GetDatabases: at most 100 in an answer.
const PAGE: i64 = 100;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Database {
    name: String,
    description: Option<String>,
    location_uri: Option<String>,
    parameters: Option<Parameters>,
    created: Timestamp,
}

/// Links to other databases, federated ones and Lake Formation's permissions are not here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DatabaseInput {
    name: String,
    description: Option<String>,
    location_uri: Option<String>,
    parameters: Option<Parameters>,
}

impl DatabaseInput {
    fn stored(self, created: Timestamp) -> Database {
        let DatabaseInput { name, description, location_uri, parameters } = self;
        Database { name: folded(&name), description, location_uri, parameters, created }
    }
}

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    name: String,
    description: Option<String>,
    location_uri: Option<String>,
    parameters: Option<Parameters>,
    create_time: Option<Timestamp>,
    create_table_default_permissions: Option<Vec<Permissions>>,
    catalog_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Permissions {
    principal: Principal,
    permissions: Vec<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Principal {
    data_lake_principal_identifier: &'static str,
}

/// Where Lake Formation is not used, IAM alone decides (Lake Formation Developer Guide, "Changing the default settings").
fn default_permissions() -> Vec<Permissions> {
    let principal = Principal { data_lake_principal_identifier: "IAM_ALLOWED_PRINCIPALS" };
    vec![Permissions { principal, permissions: vec!["ALL"] }]
}

fn shown(tx: &Tx, database: &Database) -> Shown {
    Shown {
        name: database.name.clone(),
        description: database.description.clone(),
        location_uri: database.location_uri.clone(),
        parameters: database.parameters.clone(),
        create_time: Some(database.created.whole_second()),
        create_table_default_permissions: Some(default_permissions()),
        catalog_id: Some(tx.caller().account.clone()),
    }
}

/// The database, by its name in any case.
pub(super) fn named(tx: &Tx, name: &str) -> AwsResult<Arc<Database>> {
    let name = folded(name);
    tx.get(&DATABASES, &name).ok_or_else(|| error::no_database(&name))
}

fn arn(tx: &Tx, name: &str) -> String {
    tx.caller().arn("glue", &format!("database/{name}"))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    #[serde(default)]
    catalog_id: CatalogId,
    database_input: DatabaseInput,
    tags: Option<BTreeMap<String, String>>,
}

pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<Nothing> {
    input.catalog_id.check(tx, "CreateDatabase")?;
    let database = input.database_input.stored(tx.now());
    if tx.has(&DATABASES, &database.name) {
        return Err(error::database_exists());
    }
    let name = database.name.clone();
    let tags = tag::checked(input.tags.unwrap_or_default())?;
    tx.put(&DATABASES, &name, database);
    let arn = arn(tx, &name);
    tag::set(tx, &arn, tags);
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    #[serde(default)]
    catalog_id: CatalogId,
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    database: Shown,
}

pub(super) fn get(tx: &Tx, input: Named) -> AwsResult<One> {
    input.catalog_id.check(tx, "GetDatabase")?;
    let database = named(tx, &input.name)?;
    Ok(One { database: shown(tx, &database) })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    #[serde(default)]
    catalog_id: CatalogId,
    next_token: Option<String>,
    max_results: Option<i64>,
    resource_share_type: Option<String>,
    attributes_to_get: Option<Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    database_list: Vec<Shown>,
    next_token: Option<String>,
}

/// Nobody shares databases with this account: of those there are none.
pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    input.catalog_id.check(tx, "GetDatabases")?;
    if input.attributes_to_get.as_ref().is_some_and(|attributes| !attributes.iter().any(|attribute| attribute == "NAME")) {
        return Err(error::invalid_input("AttributesToGet must include NAME."));
    }
    let shared_only = matches!(input.resource_share_type.as_deref(), Some("FOREIGN" | "FEDERATED"));
    let context = format!("glue.GetDatabases {:?}", input.resource_share_type);
    let after = after(&context, input.next_token.as_deref())?;
    let mut found = Vec::new();
    tx.each(&DATABASES, "", after.as_deref(), |_, database| {
        if !shared_only {
            found.push(database);
        }
        true
    });
    let page = page(found.into_iter(), size(input.max_results, PAGE), &context, |database| database.name.clone());
    let names_only = input.attributes_to_get.is_some();
    let database_list = page.items.iter().map(|database| match names_only {
        true => Shown { name: database.name.clone(), ..Shown::default() },
        false => shown(tx, database),
    });
    Ok(Listed { database_list: database_list.collect(), next_token: page.next })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Update {
    #[serde(default)]
    catalog_id: CatalogId,
    name: String,
    database_input: DatabaseInput,
}

/// The new definition takes the place of the old one, whole.
pub(super) fn update(tx: &mut Tx, input: Update) -> AwsResult<Nothing> {
    input.catalog_id.check(tx, "UpdateDatabase")?;
    let created = named(tx, &input.name)?.created;
    let database = input.database_input.stored(created);
    if database.name != folded(&input.name) {
        return Err(labrun_wire::AwsError::not_implemented("renaming a database"));
    }
    let name = database.name.clone();
    tx.put(&DATABASES, &name, database);
    Ok(Nothing {})
}

/// Its tables go with it; on AWS they follow "asynchronously in a timely manner" (API reference, DeleteDatabase).
pub(super) fn delete(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    input.catalog_id.check(tx, "DeleteDatabase")?;
    let name = named(tx, &input.name)?.name.clone();
    table::delete_all(tx, &name);
    let arn = arn(tx, &name);
    tag::set(tx, &arn, BTreeMap::new());
    tx.delete(&DATABASES, &name);
    Ok(Nothing {})
}
