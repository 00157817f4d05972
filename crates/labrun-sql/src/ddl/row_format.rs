//! `ROW FORMAT`: how a row is parted into fields (create-table).

use super::refuse_format;
use crate::cursor::{Cursor, Parsed};

/// Which program reads rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowFormat {
    /// `DELIMITED`: LazySimpleSerDe.
    Delimited(Delimiters),
    /// `SERDE 'class'`; what it is told stands beside, in [`super::CreateTable::serde_properties`].
    Serde(String),
}

/// The clauses of `ROW FORMAT DELIMITED`, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delimiters {
    /// `FIELDS TERMINATED BY`
    pub fields: Option<String>,
    /// `ESCAPED BY`
    pub escape: Option<String>,
    /// `COLLECTION ITEMS TERMINATED BY`
    pub items: Option<String>,
    /// `MAP KEYS TERMINATED BY`
    pub keys: Option<String>,
    /// `LINES TERMINATED BY`
    pub lines: Option<String>,
    /// `NULL DEFINED AS`
    pub null: Option<String>,
}

/// After the words `ROW FORMAT`.
pub(super) fn read(cursor: &mut Cursor) -> Parsed<RowFormat> {
    if cursor.take("DELIMITED") {
        return delimiters(cursor).map(RowFormat::Delimited);
    }
    cursor.expect("SERDE")?;
    let lexeme = cursor.now().clone();
    let class = cursor.text()?;
    refuse_format(&lexeme, &class)?;
    Ok(RowFormat::Serde(class))
}

fn delimiters(cursor: &mut Cursor) -> Parsed<Delimiters> {
    let fields = clause(cursor, &["FIELDS", "TERMINATED", "BY"])?;
    let escape = if fields.is_some() { clause(cursor, &["ESCAPED", "BY"])? } else { None };
    Ok(Delimiters {
        fields,
        escape,
        items: clause(cursor, &["COLLECTION", "ITEMS", "TERMINATED", "BY"])?,
        keys: clause(cursor, &["MAP", "KEYS", "TERMINATED", "BY"])?,
        lines: clause(cursor, &["LINES", "TERMINATED", "BY"])?,
        null: clause(cursor, &["NULL", "DEFINED", "AS"])?,
    })
}

fn clause(cursor: &mut Cursor, words: &[&'static str]) -> Parsed<Option<String>> {
    if cursor.phrase(words)? { cursor.text().map(Some) } else { Ok(None) }
}
