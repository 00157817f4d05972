//! `DESCRIBE` (describe-table).

use super::{PartitionSpec, TableName, name, partition};
use crate::cursor::{Cursor, Parsed};
use crate::syntax::SyntaxError;
use crate::token::Token;

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Columns.
    Plain,
    /// And one long line.
    Extended,
    /// And a list of what the table says of itself.
    Formatted,
}

/// `DESCRIBE [EXTENDED|FORMATTED] t [PARTITION (..)] [column]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Describe {
    /// Of this table or view.
    pub table: TableName,
    /// How much.
    pub detail: Detail,
    /// Of one of its partitions.
    pub partition: Option<PartitionSpec>,
    /// Of one column, or of what is in it: `a.b`, `m.$key$`.
    pub column: Option<String>,
}

pub(super) fn read(cursor: &mut Cursor) -> Parsed<Describe> {
    let place = cursor.place();
    let _ = cursor.take("DESCRIBE") || cursor.take("DESC");
    for word in ["DATABASE", "SCHEMA", "FUNCTION", "INPUT", "OUTPUT"] {
        let another = !cursor.after(1).is_sign('.') && cursor.after(1).token != Token::End;
        if cursor.sees(&[word]) && another {
            return Err(SyntaxError::unsupported(place, &format!("DESCRIBE {word}")));
        }
    }
    let detail = detail(cursor);
    let table = name::read(cursor)?;
    let partition = partition::optional(cursor)?;
    let column = if cursor.now().token == Token::End { None } else { Some(column(cursor)?) };
    Ok(Describe { table, detail, partition, column })
}

/// A table may be named `formatted`, not `extended`, which is reserved.
fn detail(cursor: &mut Cursor) -> Detail {
    if cursor.take("EXTENDED") {
        return Detail::Extended;
    }
    let named = cursor.after(1).token == Token::End || cursor.after(1).is_sign('.');
    if !named && cursor.take("FORMATTED") { Detail::Formatted } else { Detail::Plain }
}

fn column(cursor: &mut Cursor) -> Parsed<String> {
    let mut path = cursor.name()?;
    while cursor.take_sign('.') {
        path.push('.');
        let inner = cursor.take_text();
        path.push_str(&match inner {
            Some(inner) => inner,
            None => cursor.name()?,
        });
    }
    Ok(path)
}
