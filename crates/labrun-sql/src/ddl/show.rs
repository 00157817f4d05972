//! `SHOW` (show-tables, show-databases, show-views, show-columns, show-partitions, show-tblproperties, show-create-table).

use super::{Ddl, TableName, name};
use crate::cursor::{Cursor, Parsed};
use crate::syntax::SyntaxError;

/// `SHOW TABLES` and `SHOW VIEWS`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowListing {
    /// The query's own if not written.
    pub database: Option<String>,
    /// Which names; [`crate::show::matches`] reads it.
    pub pattern: Option<String>,
}

/// `SHOW TBLPROPERTIES t [('key')]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowProperties {
    /// Of this table.
    pub table: TableName,
    /// Only this one.
    pub key: Option<String>,
}

/// What Athena does not have (unsupported-ddl), and what Trino's grammar has and Athena's pages do not.
const UNSUPPORTED: [&str; 14] = [
    "COMPACTIONS",
    "CONF",
    "CURRENT",
    "GRANT",
    "INDEX",
    "INDEXES",
    "LOCKS",
    "PRINCIPALS",
    "ROLE",
    "ROLES",
    "STATS",
    "TRANSACTIONS",
    "SESSION",
    "CATALOGS",
];

pub(super) fn read(cursor: &mut Cursor) -> Parsed<Ddl> {
    cursor.expect("SHOW")?;
    if let Some(word) = UNSUPPORTED.iter().find(|word| cursor.sees(&[word])) {
        return Err(SyntaxError::unsupported(cursor.place(), &format!("SHOW {word}")));
    }
    if cursor.take("DATABASES") || cursor.take("SCHEMAS") {
        return Ok(Ddl::ShowDatabases(if cursor.take("LIKE") { Some(cursor.text()?) } else { None }));
    }
    if cursor.take("TABLES") {
        return tables(cursor).map(Ddl::ShowTables);
    }
    if cursor.take("VIEWS") {
        return views(cursor).map(Ddl::ShowViews);
    }
    if cursor.take("PARTITIONS") {
        return name::read(cursor).map(Ddl::ShowPartitions);
    }
    if cursor.take("COLUMNS") {
        return columns(cursor).map(Ddl::ShowColumns);
    }
    if cursor.take("TBLPROPERTIES") { properties(cursor).map(Ddl::ShowProperties) } else { create(cursor) }
}

/// Hive takes `FROM` for `IN`, and `LIKE` before the pattern (`[hive]`).
fn tables(cursor: &mut Cursor) -> Parsed<ShowListing> {
    let database = database(cursor)?;
    let pattern = if cursor.take("LIKE") { Some(cursor.text()?) } else { cursor.take_text() };
    Ok(ShowListing { database, pattern })
}

fn views(cursor: &mut Cursor) -> Parsed<ShowListing> {
    let database = database(cursor)?;
    let pattern = if cursor.take("LIKE") { Some(cursor.text()?) } else { None };
    Ok(ShowListing { database, pattern })
}

fn database(cursor: &mut Cursor) -> Parsed<Option<String>> {
    if cursor.take("IN") || cursor.take("FROM") { cursor.name().map(Some) } else { Ok(None) }
}

fn columns(cursor: &mut Cursor) -> Parsed<TableName> {
    if !cursor.take("FROM") {
        cursor.expect("IN")?;
    }
    let table = name::read(cursor)?;
    if table.database.is_some() {
        return Ok(table);
    }
    Ok(TableName { database: database(cursor)?, ..table })
}

fn properties(cursor: &mut Cursor) -> Parsed<ShowProperties> {
    let table = name::read(cursor)?;
    let key = if cursor.sees_sign('(') { Some(cursor.in_parens(Cursor::text)?) } else { None };
    Ok(ShowProperties { table, key })
}

fn create(cursor: &mut Cursor) -> Parsed<Ddl> {
    cursor.want("'FUNCTIONS'");
    cursor.expect("CREATE")?;
    if cursor.take("VIEW") {
        return name::qualified(cursor).map(Ddl::ShowCreateView);
    }
    cursor.expect("TABLE")?;
    name::read(cursor).map(Ddl::ShowCreateTable)
}
