//! The tables and views of one query, as the catalog has them.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::datasource::provider_as_source;
use serde_json::Value;

use super::{Session, names};
use crate::fault::{Fault, Outcome};
use crate::plan::{Found, Table, Tables, View};
use crate::query::{self, tree::Query};
use crate::scan::{HiveTable, Layout, Store};
use crate::sqltype::SqlType;
use crate::view;

/// What the catalog said of each name.
pub(crate) struct Loaded {
    known: BTreeMap<(String, String), Entry>,
    session: Session,
    store: Store,
}

enum Entry {
    Table(Value),
    NoTable,
    NoDatabase,
}

/// Asks for every table that a query names, and for those that its views name.
pub(crate) async fn load(query: &Query, session: &Session, store: &Store) -> Outcome<Loaded> {
    let mut loaded = Loaded { known: BTreeMap::new(), session: session.clone(), store: store.clone() };
    let mut pending: Vec<(String, String)> = wanted(query, &session.database);
    while let Some((database, name)) = pending.pop() {
        if loaded.known.contains_key(&(database.clone(), name.clone())) {
            continue;
        }
        let entry = match session.catalog.table(&database, &name).await? {
            Some(table) => Entry::Table(table),
            None if session.catalog.has_database(&database).await? => Entry::NoTable,
            None => Entry::NoDatabase,
        };
        if let Entry::Table(table) = &entry
            && let Some(view) = stored_view(table)?
        {
            let inner = query::parse(&view.query).map_err(|error| invalid_view(&name, &error.to_string()))?;
            pending.extend(wanted(&inner.query, &view.schema));
        }
        loaded.known.insert((database, name), entry);
    }
    Ok(loaded)
}

fn wanted(query: &Query, database: &str) -> Vec<(String, String)> {
    let parts =
        names::of(query).into_iter().map(|name| name.parts.iter().map(|part| part.text.to_lowercase()).collect::<Vec<_>>());
    let pairs = parts.filter_map(|parts| match parts.as_slice() {
        [table] => Some((database.to_owned(), table.clone())),
        [.., database, table] => Some((database.clone(), table.clone())),
        [] => None,
    });
    pairs.collect()
}

fn invalid_view(name: &str, why: &str) -> Fault {
    Fault::new("INVALID_VIEW", format!("Failed parsing stored view '{name}': {why}"))
}

fn stored_view(table: &Value) -> Outcome<Option<view::View>> {
    if table["TableType"] != "VIRTUAL_VIEW" {
        return Ok(None);
    }
    let text = table["ViewOriginalText"].as_str().unwrap_or_default();
    let name = table["Name"].as_str().unwrap_or_default();
    view::View::decode(text).map(Some).map_err(|error| invalid_view(name, &error.to_string()))
}

impl Tables for Loaded {
    fn find(&self, catalog: Option<&str>, database: &str, name: &str) -> Outcome<Found> {
        if catalog.is_some_and(|catalog| catalog != "awsdatacatalog") {
            return Err(Fault::new("CATALOG_NOT_FOUND", format!("Catalog '{}' does not exist", catalog.unwrap_or_default())));
        }
        let table = match self.known.get(&(database.to_owned(), name.to_owned())) {
            Some(Entry::Table(table)) => table,
            Some(Entry::NoDatabase) => return Err(Fault::new("SCHEMA_NOT_FOUND", format!("Schema '{database}' does not exist"))),
            _ => return Err(Fault::new("TABLE_NOT_FOUND", format!("Table 'awsdatacatalog.{database}.{name}' does not exist"))),
        };
        match stored_view(table)? {
            Some(view) => self.view(view, name),
            None => {
                let found =
                    HiveTable::new(Layout::of(table)?, Arc::clone(&self.session.catalog), self.store.clone(), self.session.now);
                Ok(Found::Table(Table { columns: found.columns(), source: provider_as_source(Arc::new(found)) }))
            }
        }
    }
}

impl Loaded {
    fn view(&self, view: view::View, name: &str) -> Outcome<Found> {
        let parsed = query::parse(&view.query).map_err(|error| invalid_view(name, &error.to_string()))?;
        let columns = view.columns.iter().map(|(column, kind)| {
            let kind = SqlType::parse(kind).map_err(|error| invalid_view(name, &error.to_string()))?;
            Ok((column.clone(), kind))
        });
        let columns = columns.collect::<Outcome<_>>()?;
        let database = view.schema;
        Ok(Found::View(Box::new(View { query: parsed.query, database, columns, name: name.to_owned() })))
    }
}
