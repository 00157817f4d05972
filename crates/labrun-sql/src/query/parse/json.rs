//! The JSON functions of the SQL standard.

use super::expression::{bracketed, expression};
use super::literal;
use super::name::name;
use super::types::type_name;
use crate::cursor::{Cursor, Parsed};
use crate::query::tree::{Expr, ExprKind, JsonFallback, JsonMake, JsonPath, JsonPathFunction, JsonWrapper, Name, TypeName};
use crate::syntax::SyntaxError;

/// `JSON_EXISTS`, `JSON_VALUE`, `JSON_QUERY`
pub(super) fn path(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    let function = match () {
        () if cursor.take("JSON_EXISTS") => JsonPathFunction::Exists,
        () if cursor.take("JSON_VALUE") => JsonPathFunction::Value,
        () => JsonPathFunction::Query,
    };
    if function == JsonPathFunction::Query {
        cursor.expect("JSON_QUERY")?;
    }
    let path = cursor.in_parens(|cursor| {
        let mut path = invocation(cursor, function)?;
        match function {
            JsonPathFunction::Exists => path.on_error = exists_fallback(cursor)?,
            JsonPathFunction::Value => value_clauses(cursor, &mut path)?,
            JsonPathFunction::Query => query_clauses(cursor, &mut path)?,
        }
        Ok(path)
    })?;
    Ok(Expr::new(ExprKind::JsonPath(Box::new(path)), place))
}

/// `input, 'path' [AS name] [PASSING ..]`
fn invocation(cursor: &mut Cursor, function: JsonPathFunction) -> Parsed<JsonPath> {
    let (input, _) = formatted(cursor)?;
    cursor.expect_sign(',')?;
    let path = literal::plain(cursor)?;
    // The path's name means nothing outside of JSON_TABLE.
    if cursor.take("AS") {
        name(cursor)?;
    }
    let passing = if cursor.take("PASSING") { cursor.list(passed)? } else { Vec::new() };
    Ok(JsonPath {
        function,
        input,
        path,
        passing,
        returning: None,
        on_empty: None,
        on_error: None,
        wrapper: JsonWrapper::Without,
        omit_quotes: false,
    })
}

fn passed(cursor: &mut Cursor) -> Parsed<(Expr, Name)> {
    let place = cursor.place();
    let (value, format) = formatted(cursor)?;
    if format {
        return Err(SyntaxError::not_emulated(place, "FORMAT JSON in PASSING"));
    }
    cursor.expect("AS")?;
    Ok((value, name(cursor)?))
}

/// `value [FORMAT JSON]`
fn formatted(cursor: &mut Cursor) -> Parsed<(Expr, bool)> {
    let value = bracketed(cursor)?;
    Ok((value, format(cursor)?))
}

/// `FORMAT JSON [ENCODING ..]`
fn format(cursor: &mut Cursor) -> Parsed<bool> {
    if !cursor.phrase(&["FORMAT", "JSON"])? {
        return Ok(false);
    }
    if cursor.take("ENCODING") && !cursor.take("UTF8") {
        let place = cursor.place();
        if cursor.take("UTF16") || cursor.take("UTF32") {
            return Err(SyntaxError::not_emulated(place, "JSON in other encodings than UTF8"));
        }
        return Err(cursor.fault());
    }
    Ok(true)
}

fn exists_fallback(cursor: &mut Cursor) -> Parsed<Option<JsonFallback>> {
    let fallback = match () {
        () if cursor.take("TRUE") => JsonFallback::True,
        () if cursor.take("FALSE") => JsonFallback::False,
        () if cursor.take("UNKNOWN") => JsonFallback::Unknown,
        () if cursor.take("ERROR") => JsonFallback::Error,
        () => return Ok(None),
    };
    cursor.expect_all(&["ON", "ERROR"])?;
    Ok(Some(fallback))
}

fn returning(cursor: &mut Cursor) -> Parsed<Option<TypeName>> {
    if cursor.take("RETURNING") { type_name(cursor).map(Some) } else { Ok(None) }
}

fn value_clauses(cursor: &mut Cursor, path: &mut JsonPath) -> Parsed<()> {
    path.returning = returning(cursor)?;
    fallbacks(cursor, path, |cursor| {
        Ok(Some(match () {
            () if cursor.take("ERROR") => JsonFallback::Error,
            () if cursor.take("NULL") => JsonFallback::Null,
            () if cursor.take("DEFAULT") => JsonFallback::Default(expression(cursor)?),
            () => return Ok(None),
        }))
    })
}

fn query_clauses(cursor: &mut Cursor, path: &mut JsonPath) -> Parsed<()> {
    path.returning = returning(cursor)?;
    if path.returning.is_some() {
        format(cursor)?;
    }
    path.wrapper = wrapper(cursor)?;
    path.omit_quotes = quotes(cursor)?;
    fallbacks(cursor, path, |cursor| {
        Ok(Some(match () {
            () if cursor.take("ERROR") => JsonFallback::Error,
            () if cursor.take("NULL") => JsonFallback::Null,
            () if cursor.take("EMPTY") => empty(cursor)?,
            () => return Ok(None),
        }))
    })
}

fn empty(cursor: &mut Cursor) -> Parsed<JsonFallback> {
    if cursor.take("ARRAY") {
        return Ok(JsonFallback::EmptyArray);
    }
    cursor.expect("OBJECT")?;
    Ok(JsonFallback::EmptyObject)
}

/// `[.. ON EMPTY] [.. ON ERROR]`
fn fallbacks(cursor: &mut Cursor, path: &mut JsonPath, fallback: fn(&mut Cursor) -> Parsed<Option<JsonFallback>>) -> Parsed<()> {
    let Some(first) = fallback(cursor)? else { return Ok(()) };
    cursor.expect("ON")?;
    if !cursor.take("EMPTY") {
        path.on_error = Some(first);
        return cursor.expect("ERROR");
    }
    path.on_empty = Some(first);
    path.on_error = fallback(cursor)?;
    if path.on_error.is_some() { cursor.expect_all(&["ON", "ERROR"]) } else { Ok(()) }
}

fn wrapper(cursor: &mut Cursor) -> Parsed<JsonWrapper> {
    let wrapper = if cursor.take("WITHOUT") {
        JsonWrapper::Without
    } else if cursor.take("WITH") {
        let conditional = cursor.take("CONDITIONAL");
        if !conditional {
            cursor.take("UNCONDITIONAL");
        }
        if conditional { JsonWrapper::Conditional } else { JsonWrapper::Unconditional }
    } else {
        return Ok(JsonWrapper::Without);
    };
    cursor.take("ARRAY");
    cursor.expect("WRAPPER")?;
    Ok(wrapper)
}

/// `KEEP | OMIT QUOTES [ON SCALAR STRING]`
fn quotes(cursor: &mut Cursor) -> Parsed<bool> {
    let omit = cursor.take("OMIT");
    if omit || cursor.take("KEEP") {
        cursor.expect("QUOTES")?;
        cursor.phrase(&["ON", "SCALAR", "STRING"])?;
    }
    Ok(omit)
}

/// `JSON_OBJECT`, `JSON_ARRAY`
pub(super) fn make(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    let object = cursor.take("JSON_OBJECT");
    if !object {
        cursor.expect("JSON_ARRAY")?;
    }
    let make = cursor.in_parens(|cursor| {
        let mut make = JsonMake { object, members: Vec::new(), null_on_null: object, unique_keys: false, returning: None };
        if !cursor.sees_sign(')') && !cursor.sees(&["RETURNING"]) {
            make.members = cursor.list(if object { member } else { item })?;
            null_on_null(cursor, &mut make)?;
            make.unique_keys = object && unique_keys(cursor)?;
        }
        make.returning = returning(cursor)?;
        if make.returning.is_some() {
            format(cursor)?;
        }
        Ok(make)
    })?;
    Ok(Expr::new(ExprKind::JsonMake(Box::new(make)), place))
}

fn null_on_null(cursor: &mut Cursor, make: &mut JsonMake) -> Parsed<()> {
    let null = cursor.take("NULL");
    if null || cursor.take("ABSENT") {
        cursor.expect_all(&["ON", "NULL"])?;
        make.null_on_null = null;
    }
    Ok(())
}

fn unique_keys(cursor: &mut Cursor) -> Parsed<bool> {
    let with = cursor.take("WITH");
    if with || cursor.take("WITHOUT") {
        cursor.expect("UNIQUE")?;
        cursor.take("KEYS");
    }
    Ok(with)
}

fn item(cursor: &mut Cursor) -> Parsed<(Option<Expr>, Expr, bool)> {
    formatted(cursor).map(|(value, format)| (None, value, format))
}

/// `[KEY] key VALUE value`, `key : value`
fn member(cursor: &mut Cursor) -> Parsed<(Option<Expr>, Expr, bool)> {
    let next = cursor.after(1);
    let named = [':', '.', ',', ')', '('].iter().any(|sign| next.is_sign(*sign)) || next.is_word("VALUE");
    let prefixed = cursor.take_before("KEY", |_| !named);
    let key = bracketed(cursor)?;
    if prefixed || !cursor.take_sign(':') {
        cursor.expect("VALUE")?;
    }
    let (value, format) = formatted(cursor)?;
    Ok((Some(key), value, format))
}
