//! `DROP TABLE` and `DROP VIEW` (drop-table, drop-view).

use super::{TableName, name};
use crate::cursor::{Cursor, Parsed};

/// What is dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropNamed {
    /// The table or view.
    pub name: TableName,
    /// Nothing happens if it is not there.
    pub if_exists: bool,
}

pub(super) fn named(cursor: &mut Cursor) -> Parsed<DropNamed> {
    let if_exists = cursor.phrase(&["IF", "EXISTS"])?;
    Ok(DropNamed { name: name::read(cursor)?, if_exists })
}

pub(super) fn view(cursor: &mut Cursor) -> Parsed<DropNamed> {
    cursor.expect_all(&["DROP", "VIEW"])?;
    let if_exists = cursor.phrase(&["IF", "EXISTS"])?;
    Ok(DropNamed { name: name::qualified(cursor)?, if_exists })
}
