//! Types as Trino spells them: the results of queries have them, and tables get Hive's.

use super::Type;
use crate::cursor::{Cursor, Parsed};
use crate::syntax::SyntaxError;
use crate::token::{Dialect, Token};

const DEEPEST: usize = 64;

/// A varchar without a length has this one in Trino's listings.
const UNBOUNDED: u32 = 2_147_483_647;

/// Types of one word; `int`, `float` and `string` are what a column of a table in a listing may say.
const WORDS: [(&str, Type); 13] = [
    ("BOOLEAN", Type::Boolean),
    ("TINYINT", Type::TinyInt),
    ("SMALLINT", Type::SmallInt),
    ("INTEGER", Type::Int),
    ("INT", Type::Int),
    ("BIGINT", Type::BigInt),
    ("REAL", Type::Float),
    ("FLOAT", Type::Float),
    ("DOUBLE", Type::Double),
    ("VARBINARY", Type::Binary),
    ("STRING", Type::String),
    ("DATE", Type::Date),
    ("TIMESTAMP", Type::Timestamp),
];

pub(super) fn read(text: &str) -> Parsed<Type> {
    let mut cursor = Cursor::new(text, Dialect::Trino)?;
    let found = any(&mut cursor, 0)?;
    cursor.end()?;
    Ok(found)
}

fn any(cursor: &mut Cursor, depth: usize) -> Parsed<Type> {
    if depth > DEEPEST {
        return Err(SyntaxError::grammar(cursor.place(), format!("types are nested deeper than {DEEPEST}")));
    }
    if cursor.take("ARRAY") {
        return cursor.in_parens(|cursor| any(cursor, depth + 1)).map(|item| Type::Array(Box::new(item)));
    }
    if cursor.take("MAP") {
        let (key, value) = cursor.in_parens(|cursor| {
            let key = any(cursor, depth + 1)?;
            cursor.expect_sign(',')?;
            Ok((key, any(cursor, depth + 1)?))
        })?;
        return Ok(Type::Map(Box::new(key), Box::new(value)));
    }
    if cursor.take("ROW") {
        return cursor.in_parens(|cursor| cursor.list(|cursor| field(cursor, depth + 1))).map(Type::Struct);
    }
    primitive(cursor)
}

fn field(cursor: &mut Cursor, depth: usize) -> Parsed<(String, Type)> {
    let name = match &cursor.now().token {
        Token::Word => cursor.now().raw.to_owned(),
        Token::DoubleQuoted(name) => name.clone(),
        _ => {
            cursor.want("<identifier>");
            return Err(cursor.fault());
        }
    };
    cursor.advance();
    Ok((name, any(cursor, depth)?))
}

fn primitive(cursor: &mut Cursor) -> Parsed<Type> {
    if cursor.take("VARCHAR") {
        let length = if cursor.now().is_sign('(') { cursor.in_parens(Cursor::integer)? } else { UNBOUNDED };
        return Ok(if length == UNBOUNDED { Type::String } else { Type::Varchar(length) });
    }
    if cursor.take("CHAR") {
        return cursor.in_parens(Cursor::integer).map(Type::Char);
    }
    if cursor.take("DECIMAL") {
        return cursor.in_parens(|cursor| {
            let precision = cursor.integer()?;
            Ok(Type::Decimal(precision, if cursor.take_sign(',') { cursor.integer()? } else { 0 }))
        });
    }
    let Some((_, kind)) = WORDS.iter().find(|(word, _)| cursor.take(word)) else { return Err(cursor.fault()) };
    // Columns have milliseconds, whatever a query says (data-types).
    if *kind == Type::Timestamp && cursor.now().is_sign('(') {
        cursor.in_parens(Cursor::integer)?;
    }
    Ok(kind.clone())
}
