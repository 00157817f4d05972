//! Statements with parameters, kept by name in a workgroup (sql-prepare, sql-execute, sql-deallocate-prepare).

use crate::cursor::{Cursor, Parsed};

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

pub(crate) fn prepare(cursor: &mut Cursor) -> Parsed<Prepared> {
    cursor.expect("PREPARE")?;
    let name = cursor.name_as_written()?;
    cursor.expect("FROM")?;
    Ok(Prepared::Prepare { name, text: cursor.rest().to_owned() })
}

pub(crate) fn execute(cursor: &mut Cursor) -> Parsed<Prepared> {
    cursor.expect("EXECUTE")?;
    let name = cursor.name_as_written()?;
    let parameters = if cursor.take("USING") { cursor.list(expression)? } else { Vec::new() };
    cursor.end()?;
    Ok(Prepared::Execute { name, parameters })
}

/// Up to a comma or the end that is outside of parentheses.
fn expression(cursor: &mut Cursor) -> Parsed<String> {
    let start = cursor.now().start;
    cursor.skip_to_comma();
    let text = cursor.since(start).to_owned();
    if text.is_empty() {
        cursor.want("<expression>");
        return Err(cursor.fault());
    }
    Ok(text)
}

pub(crate) fn deallocate(cursor: &mut Cursor) -> Parsed<Prepared> {
    cursor.expect_all(&["DEALLOCATE", "PREPARE"])?;
    let name = cursor.name_as_written()?;
    cursor.end()?;
    Ok(Prepared::Deallocate { name })
}
