//! Statements with parameters, kept by name in a workgroup (sql-prepare, sql-execute, sql-deallocate-prepare).

use crate::cursor::{Cursor, Parsed};
use crate::dml::{self, Dml};
use crate::query::parse;

/// A statement about a prepared statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// `PREPARE name FROM text`
    Prepare {
        /// Its name, as written.
        name: String,
        /// The statement, as written.
        text: String,
    },
    /// `EXECUTE name [USING value, ..]`
    Execute {
        /// Its name, as written.
        name: String,
        /// Expressions, as written.
        parameters: Vec<String>,
    },
    /// `DEALLOCATE PREPARE name`
    Deallocate {
        /// Its name, as written.
        name: String,
    },
}

/// Only SELECT, CTAS, INSERT and UNLOAD can be prepared (sql-prepare).
pub(crate) fn prepare(cursor: &mut Cursor) -> Parsed<Prepared> {
    cursor.expect("PREPARE")?;
    let name = cursor.name_as_written()?;
    cursor.expect("FROM")?;
    let (refusal, text) = (cursor.fault_for("<query>"), cursor.rest().to_owned());
    match dml::inner(cursor)? {
        Dml::Select(_) | Dml::CreateTableAs(_) | Dml::Insert(_) | Dml::Unload(_) => Ok(Prepared::Prepare { name, text }),
        _ => Err(refusal),
    }
}

pub(crate) fn execute(cursor: &mut Cursor) -> Parsed<Prepared> {
    cursor.expect("EXECUTE")?;
    let name = cursor.name_as_written()?;
    let parameters = if cursor.take("USING") { cursor.list(expression)? } else { Vec::new() };
    cursor.end()?;
    Ok(Prepared::Execute { name, parameters })
}

/// The text of one.
fn expression(cursor: &mut Cursor) -> Parsed<String> {
    let start = cursor.now().start;
    parse::expression(cursor)?;
    Ok(cursor.since(start).to_owned())
}

pub(crate) fn deallocate(cursor: &mut Cursor) -> Parsed<Prepared> {
    cursor.expect_all(&["DEALLOCATE", "PREPARE"])?;
    let name = cursor.name_as_written()?;
    cursor.end()?;
    Ok(Prepared::Deallocate { name })
}
