//! Names, and what may stand after something to name it.

use crate::cursor::{Cursor, Parsed};
use crate::query::tree::{Name, QualifiedName};
use crate::reserved::is_reserved;
use crate::token::{Dialect, Token};

pub(super) fn name(cursor: &mut Cursor) -> Parsed<Name> {
    let place = cursor.place();
    let quoted = matches!(cursor.now().token, Token::DoubleQuoted(_));
    Ok(Name { text: cursor.name_as_written()?, quoted, place })
}

/// `(name, ..)`
pub(super) fn names(cursor: &mut Cursor) -> Parsed<Vec<Name>> {
    cursor.in_parens(|cursor| cursor.list(name))
}

pub(super) fn qualified(cursor: &mut Cursor) -> Parsed<QualifiedName> {
    let mut parts = vec![name(cursor)?];
    while cursor.take_sign('.') {
        parts.push(name(cursor)?);
    }
    Ok(QualifiedName { parts })
}

/// `[AS] alias`
pub(super) fn alias(cursor: &mut Cursor) -> Parsed<Option<Name>> {
    if cursor.take("AS") || (cursor.sees_name(0) && !opens_clause(cursor)) {
        return name(cursor).map(Some);
    }
    cursor.want("<identifier>");
    Ok(None)
}

/// Whether the word here opens what can follow a relation or the end of a query. It is a name where nothing of the clause comes next.
fn opens_clause(cursor: &Cursor) -> bool {
    let next = cursor.after(1);
    if cursor.sees(&["MATCH_RECOGNIZE"]) {
        return next.is_sign('(');
    }
    let clause = ["FETCH", "LIMIT", "OFFSET", "TABLESAMPLE", "WINDOW"].iter().any(|word| cursor.sees(&[word]));
    let ends = match next.token {
        Token::End | Token::Sign(',' | ')') => true,
        Token::Word => is_reserved(next.raw, Dialect::Trino) && !next.is_word("FIRST"),
        _ => false,
    };
    clause && !ends
}
