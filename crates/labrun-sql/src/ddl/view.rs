//! `CREATE VIEW` (create-view). Trino reads it: its names are in double quotes.

use super::{TableName, name};
use crate::cursor::{Cursor, Parsed};
use crate::query::parse;
use crate::query::tree::Query;

/// A view and the query under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateView {
    /// Its name.
    pub name: TableName,
    /// It takes the place of a view that is there.
    pub or_replace: bool,
    /// What it stands for.
    pub query: Box<Query>,
    /// The query as it was written, which is what is stored.
    pub text: String,
}

pub(super) fn create(cursor: &mut Cursor) -> Parsed<CreateView> {
    cursor.expect("CREATE")?;
    let or_replace = cursor.phrase(&["OR", "REPLACE"])?;
    if or_replace {
        // What Athena's message lists (measured); only views are there.
        ["'MATERIALIZED'", "'MULTI'", "'PROTECTED'"].iter().for_each(|word| cursor.want(word));
    }
    cursor.expect("VIEW")?;
    let name = name::qualified(cursor)?;
    cursor.expect("AS")?;
    let text = cursor.rest().to_owned();
    let query = Box::new(parse::query(cursor)?);
    Ok(CreateView { name, or_replace, query, text })
}
