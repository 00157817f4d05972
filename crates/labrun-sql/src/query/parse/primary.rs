//! Values without operators.

use super::call::call;
use super::expression::{after_column, bracketed, expression};
use super::lookahead::{Holds, holds, opens_call, opens_lambda};
use super::name::name;
use super::query::query;
use super::{form, json, literal};
use crate::cursor::{Cursor, Parsed};
use crate::query::tree::{Expr, ExprKind};
use crate::reserved::is_reserved;
use crate::token::{Dialect, Token};

type Rule = fn(&mut Cursor) -> Parsed<Expr>;

pub(super) fn primary(cursor: &mut Cursor) -> Parsed<Expr> {
    let rule: Rule = match cursor.now().token {
        Token::Number => literal::number,
        Token::Text(_) | Token::Unicode(_) => literal::text,
        Token::Binary(_) => literal::binary,
        Token::Sign('?') => |cursor| Ok(literal::parameter(cursor)),
        Token::Sign('(') => parenthesized,
        Token::DoubleQuoted(_) | Token::Backticked(_) | Token::DigitWord => named,
        Token::Word => match special(cursor) {
            Some(rule) => rule,
            None if is_reserved(cursor.now().raw, Dialect::Trino) => nothing,
            None => named,
        },
        _ => nothing,
    };
    rule(cursor)
}

fn nothing(cursor: &mut Cursor) -> Parsed<Expr> {
    cursor.want("<expression>");
    Err(cursor.fault())
}

/// The rule of a word that opens one. Most of them are names too: they open it only if its parenthesis follows.
fn special(cursor: &Cursor) -> Option<Rule> {
    let word = cursor.now().raw.to_ascii_uppercase();
    let next = cursor.after(1);
    let rule: Rule = match word.as_str() {
        "NULL" => literal::null,
        "TRUE" | "FALSE" => literal::boolean,
        "CASE" => form::case,
        "CURRENT_DATE" | "CURRENT_USER" | "CURRENT_CATALOG" | "CURRENT_SCHEMA" | "CURRENT_PATH" => form::current,
        "CURRENT_TIME" | "CURRENT_TIMESTAMP" | "LOCALTIME" | "LOCALTIMESTAMP" => form::current_time,
        "CAST" => form::cast,
        "EXISTS" => form::exists,
        "EXTRACT" => form::extract,
        "GROUPING" => form::grouping,
        "NORMALIZE" => form::normalize,
        "INTERVAL" if literal::opens_interval(cursor) => literal::interval,
        "ARRAY" if next.is_sign('[') => form::array,
        _ if !next.is_sign('(') => return None,
        "TRY_CAST" => form::cast,
        "ROW" => form::row,
        "POSITION" => form::position,
        "TRIM" => form::trim,
        "LISTAGG" => form::listagg,
        "JSON_EXISTS" | "JSON_VALUE" | "JSON_QUERY" => json::path,
        "JSON_OBJECT" | "JSON_ARRAY" => json::make,
        _ => return None,
    };
    Some(rule)
}

/// What opens with a name: a lambda, a typed text, a call, a column.
fn named(cursor: &mut Cursor) -> Parsed<Expr> {
    if opens_lambda(cursor) {
        return lambda(cursor);
    }
    if opens_call(cursor) {
        return call(cursor);
    }
    if literal::opens_typed(cursor) {
        return literal::typed(cursor);
    }
    let place = cursor.place();
    let double = cursor.sees(&["DOUBLE"]);
    let column = name(cursor)?;
    if cursor.bracketed {
        after_column(cursor);
        if double {
            cursor.want("'PRECISION'");
        }
    }
    Ok(Expr::new(ExprKind::Name(column), place))
}

/// `name -> body`, `(name, ..) -> body`
fn lambda(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    let parameters = if cursor.now().is_sign('(') {
        cursor.in_parens(|cursor| if cursor.sees_sign(')') { Ok(Vec::new()) } else { cursor.list(name) })?
    } else {
        vec![name(cursor)?]
    };
    if !cursor.take_operator("->") {
        return Err(cursor.fault());
    }
    Ok(Expr::new(ExprKind::Lambda(parameters, expression(cursor)?), place))
}

/// A lambda, a query, a row, or an expression, whose parentheses leave no trace.
fn parenthesized(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    if opens_lambda(cursor) {
        return lambda(cursor);
    }
    if holds(cursor, 0) != Holds::Other {
        let query = cursor.in_parens(query)?;
        return Ok(Expr::new(ExprKind::Subquery(Box::new(query)), place));
    }
    cursor.expect_sign('(')?;
    ["')'", "<identifier>", "<query>"].iter().for_each(|what| cursor.want(what));
    let first = bracketed(cursor)?;
    if !cursor.sees_sign(',') {
        cursor.expect_sign(')')?;
        return Ok(first);
    }
    let mut fields = vec![first];
    while cursor.take_sign(',') {
        fields.push(bracketed(cursor)?);
    }
    cursor.expect_sign(')')?;
    Ok(Expr::new(ExprKind::Row(fields), place))
}
