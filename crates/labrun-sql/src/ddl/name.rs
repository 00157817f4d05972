//! Names of tables and views.

use std::fmt;

use crate::cursor::{Cursor, Parsed};

/// `[[catalog.]database.]name`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableName {
    /// Only where Trino reads the statement.
    pub catalog: Option<String>,
    /// The query's own if not written.
    pub database: Option<String>,
    /// The table or view.
    pub name: String,
}

/// As Hive reads it, in two parts.
pub(super) fn read(cursor: &mut Cursor) -> Parsed<TableName> {
    let first = cursor.name()?;
    if !cursor.take_sign('.') {
        return Ok(TableName { catalog: None, database: None, name: first });
    }
    Ok(TableName { catalog: None, database: Some(first), name: cursor.name()? })
}

/// As Trino reads it, in up to three parts.
pub(crate) fn qualified(cursor: &mut Cursor) -> Parsed<TableName> {
    let two = read(cursor)?;
    if two.database.is_some() && cursor.take_sign('.') {
        return Ok(TableName { catalog: two.database, database: Some(two.name), name: cursor.name()? });
    }
    Ok(two)
}

impl fmt::Display for TableName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [&self.catalog, &self.database].into_iter().flatten() {
            write!(out, "{part}.")?;
        }
        out.write_str(&self.name)
    }
}
