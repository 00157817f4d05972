//! Types, as `CAST` and others name them.

use super::name::name;
use crate::cursor::{Cursor, Parsed};
use crate::query::tree::{Name, TypeArgument, TypeName, TypeNameKind};
use crate::token::{Lexeme, Token};

pub(super) fn type_name(cursor: &mut Cursor) -> Parsed<TypeName> {
    cursor.nested(|cursor| {
        let place = cursor.place();
        let mut kind = base(cursor)?;
        // The older spelling: `integer ARRAY`.
        while cursor.sees(&["ARRAY"]) {
            cursor.advance();
            cursor.link()?;
            if cursor.take_sign('[') {
                cursor.integer()?;
                cursor.expect_sign(']')?;
            }
            kind = TypeNameKind::Named("array".to_owned(), vec![TypeArgument::Type(TypeName { kind, place })]);
        }
        Ok(TypeName { kind, place })
    })
}

fn base(cursor: &mut Cursor) -> Parsed<TypeNameKind> {
    let word = if cursor.now().token == Token::Word { cursor.now().raw.to_ascii_lowercase() } else { String::new() };
    let next = cursor.after(1);
    match word.as_str() {
        "row" if next.is_sign('(') => {
            cursor.advance();
            cursor.in_parens(|cursor| cursor.list(field)).map(TypeNameKind::Row)
        }
        "interval" if next.is_word("YEAR") || next.is_word("DAY") => interval(cursor),
        "timestamp" | "time" => zoned(cursor, word == "timestamp"),
        "double" if next.is_word("PRECISION") => {
            cursor.advance();
            cursor.advance();
            Ok(TypeNameKind::Named("double".to_owned(), Vec::new()))
        }
        "array" | "map" if next.is_sign('<') => legacy(cursor, word),
        _ if cursor.sees_name(0) => generic(cursor),
        _ => {
            cursor.want("<type>");
            Err(cursor.fault())
        }
    }
}

/// `name [(argument, ..)]`
fn generic(cursor: &mut Cursor) -> Parsed<TypeNameKind> {
    let name = cursor.name()?;
    let arguments = if cursor.sees_sign('(') { cursor.in_parens(|cursor| cursor.list(argument))? } else { Vec::new() };
    Ok(TypeNameKind::Named(name, arguments))
}

fn argument(cursor: &mut Cursor) -> Parsed<TypeArgument> {
    if cursor.now().token == Token::Number {
        return cursor.integer().map(TypeArgument::Number);
    }
    cursor.want("<integer>");
    type_name(cursor).map(TypeArgument::Type)
}

/// `array<type>`, `map<type, type>`
fn legacy(cursor: &mut Cursor, word: String) -> Parsed<TypeNameKind> {
    let map = word == "map";
    cursor.advance();
    cursor.expect_sign('<')?;
    let mut arguments = vec![TypeArgument::Type(type_name(cursor)?)];
    if map {
        cursor.expect_sign(',')?;
        arguments.push(TypeArgument::Type(type_name(cursor)?));
    }
    cursor.expect_sign('>')?;
    Ok(TypeNameKind::Named(word, arguments))
}

fn interval(cursor: &mut Cursor) -> Parsed<TypeNameKind> {
    cursor.expect("INTERVAL")?;
    let year = cursor.take("YEAR");
    if year {
        cursor.expect_all(&["TO", "MONTH"])?;
    } else {
        cursor.expect_all(&["DAY", "TO", "SECOND"])?;
    }
    Ok(TypeNameKind::Interval(year))
}

/// `TIMESTAMP | TIME [(precision)] [WITH | WITHOUT TIME ZONE]`
fn zoned(cursor: &mut Cursor, timestamp: bool) -> Parsed<TypeNameKind> {
    cursor.advance();
    let precision = if cursor.sees_sign('(') { Some(cursor.in_parens(Cursor::integer)?) } else { None };
    let zoned = cursor.take("WITH");
    if zoned || cursor.take_before("WITHOUT", |next| next.is_word("TIME")) {
        cursor.expect_all(&["TIME", "ZONE"])?;
    }
    Ok(if timestamp { TypeNameKind::Timestamp { precision, zoned } } else { TypeNameKind::Time { precision, zoned } })
}

/// `[name] type`, in `ROW`.
fn field(cursor: &mut Cursor) -> Parsed<(Option<Name>, TypeName)> {
    let name = if is_named(cursor) { Some(name(cursor)?) } else { None };
    Ok((name, type_name(cursor)?))
}

/// Where both are possible, as in `double precision`, it is a type.
fn is_named(cursor: &Cursor) -> bool {
    let next = cursor.after(1);
    let one = |word: &str, next_word: &str| cursor.sees(&[word]) && next.is_word(next_word);
    let ends = |lexeme: &Lexeme| matches!(lexeme.token, Token::Sign(',' | ')' | '['));
    let time = ["TIME", "TIMESTAMP"].iter().any(|word| one(word, "WITHOUT"));
    let interval = ["YEAR", "DAY"].iter().any(|field| one("INTERVAL", field)) && cursor.after(2).is_word("TO");
    let array = next.is_word("ARRAY") && (ends(cursor.after(2)) || cursor.after(2).is_word("ARRAY"));
    cursor.sees_name(0) && cursor.sees_name(1) && !(one("DOUBLE", "PRECISION") || time || interval || array)
}

/// Before a text, a type is one word or `DOUBLE PRECISION`.
pub(super) fn of_text(cursor: &mut Cursor) -> Parsed<TypeName> {
    let place = cursor.place();
    let quoted = matches!(cursor.now().token, Token::DoubleQuoted(_));
    let word = cursor.name()?;
    if word == "double" {
        cursor.take("PRECISION");
    }
    let kind = match word.as_str() {
        "timestamp" if !quoted => TypeNameKind::Timestamp { precision: None, zoned: false },
        "time" if !quoted => TypeNameKind::Time { precision: None, zoned: false },
        _ => TypeNameKind::Named(word, Vec::new()),
    };
    Ok(TypeName { kind, place })
}
