//! `PARTITION (key = value, ..)`.

use crate::cursor::{Cursor, Parsed};
use crate::token::Token;

/// Keys and values, in the order in which they were written; values as the Data Catalog keeps them, as texts.
pub type PartitionSpec = Vec<(String, String)>;

/// With its word.
pub(super) fn read(cursor: &mut Cursor) -> Parsed<PartitionSpec> {
    cursor.expect("PARTITION")?;
    cursor.in_parens(|cursor| cursor.list(pair))
}

pub(super) fn optional(cursor: &mut Cursor) -> Parsed<Option<PartitionSpec>> {
    if cursor.take("PARTITION") { cursor.in_parens(|cursor| cursor.list(pair)).map(Some) } else { Ok(None) }
}

fn pair(cursor: &mut Cursor) -> Parsed<(String, String)> {
    let key = cursor.name()?;
    cursor.expect_sign('=')?;
    Ok((key, value(cursor)?))
}

/// A text, a number, or a text after the name of its type.
fn value(cursor: &mut Cursor) -> Parsed<String> {
    if cursor.take("DATE") || cursor.take("TIMESTAMP") {
        return cursor.text();
    }
    let negative = cursor.take_sign('-');
    if cursor.now().token == Token::Number {
        let digits = cursor.now().raw.to_owned();
        cursor.advance();
        return Ok(if negative { format!("-{digits}") } else { digits });
    }
    cursor.want("<number>");
    if negative { Err(cursor.fault()) } else { cursor.text() }
}
