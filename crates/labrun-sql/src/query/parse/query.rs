//! `WITH`, set operations, `VALUES`, `TABLE`, and what cuts a result.

use std::mem;

use super::expression::expression;
use super::lookahead::{self, quantifier};
use super::name::{name, names, qualified};
use super::select::select;
use crate::cursor::{Cursor, Parsed};
use crate::query::tree::{Body, CommonTable, Expr, ExprKind, Limit, Query, SetOperation, SetOperator, SortItem};
use crate::syntax::{Position, SyntaxError};
use crate::token::Token;

/// With `WITH` or without.
pub(crate) fn query(cursor: &mut Cursor) -> Parsed<Query> {
    if !lookahead::opens(cursor) {
        cursor.want("<query>");
        return Err(cursor.fault());
    }
    let mark = cursor.enter()?;
    let outer = mem::replace(&mut cursor.bracketed, false);
    let place = cursor.place();
    let with = with(cursor)?;
    let found = Query { with, place, ..without_with(cursor)? };
    cursor.bracketed = outer;
    cursor.leave(mark)?;
    Ok(found)
}

fn with(cursor: &mut Cursor) -> Parsed<Vec<CommonTable>> {
    let place = cursor.place();
    if !cursor.sees(&["WITH"]) {
        return Ok(Vec::new());
    }
    cursor.expect("WITH")?;
    if cursor.take("RECURSIVE") {
        return Err(SyntaxError::unsupported(place, "WITH RECURSIVE"));
    }
    if cursor.sees(&["FUNCTION"]) && cursor.sees_name(1) {
        return Err(SyntaxError::not_emulated(place, "inline functions (WITH FUNCTION)"));
    }
    cursor.list(common_table)
}

fn common_table(cursor: &mut Cursor) -> Parsed<CommonTable> {
    let name = name(cursor)?;
    let columns = if cursor.sees_sign('(') { names(cursor)? } else { Vec::new() };
    cursor.expect("AS")?;
    Ok(CommonTable { name, columns, query: cursor.in_parens(query)? })
}

fn without_with(cursor: &mut Cursor) -> Parsed<Query> {
    let place = cursor.place();
    let body = body(cursor)?;
    let order_by = order_by(cursor)?;
    let offset = if cursor.take("OFFSET") { Some(offset(cursor)?) } else { None };
    Ok(Query { with: Vec::new(), body, order_by, offset, limit: limit(cursor)?, place })
}

/// `UNION` and `EXCEPT`, from the left.
fn body(cursor: &mut Cursor) -> Parsed<Body> {
    let mut left = cursor.beside(intersection)?;
    loop {
        let place = cursor.place();
        let operator = match () {
            () if cursor.take("UNION") => SetOperator::Union,
            () if cursor.take("EXCEPT") => SetOperator::Except,
            () => return Ok(left),
        };
        left = set(cursor, (left, operator, place), intersection)?;
    }
}

/// `INTERSECT`, which binds tighter.
fn intersection(cursor: &mut Cursor) -> Parsed<Body> {
    let mut left = cursor.beside(primary)?;
    loop {
        let place = cursor.place();
        if !cursor.take("INTERSECT") {
            return Ok(left);
        }
        left = set(cursor, (left, SetOperator::Intersect, place), primary)?;
    }
}

fn set(
    cursor: &mut Cursor,
    (left, operator, place): (Body, SetOperator, Position),
    operand: fn(&mut Cursor) -> Parsed<Body>,
) -> Parsed<Body> {
    let distinct = quantifier(cursor).unwrap_or(true);
    let right = cursor.beside(operand)?;
    cursor.link()?;
    Ok(Body::Set(Box::new(SetOperation { operator, distinct, left, right, place })))
}

fn primary(cursor: &mut Cursor) -> Parsed<Body> {
    let place = cursor.place();
    if cursor.sees_sign('(') {
        let inside = cursor.in_parens(|cursor| cursor.nested(without_with))?;
        return Ok(Body::Query(Box::new(inside)));
    }
    if cursor.take("SELECT") {
        return select(cursor, place).map(|select| Body::Select(Box::new(select)));
    }
    if cursor.take("TABLE") {
        return qualified(cursor).map(Body::Table);
    }
    if cursor.take("VALUES") {
        return Ok(Body::Values(cursor.list(expression)?, place));
    }
    Err(cursor.fault())
}

/// `ORDER BY ..`, if it is there.
pub(super) fn order_by(cursor: &mut Cursor) -> Parsed<Vec<SortItem>> {
    if cursor.phrase(&["ORDER", "BY"])? { cursor.list(sort_item) } else { Ok(Vec::new()) }
}

fn sort_item(cursor: &mut Cursor) -> Parsed<SortItem> {
    let expr = expression(cursor)?;
    let descending = !cursor.take("ASC") && cursor.take("DESC");
    let nulls_first = cursor.take("NULLS") && {
        let first = cursor.take("FIRST");
        if !first {
            cursor.expect("LAST")?;
        }
        first
    };
    Ok(SortItem { expr, descending, nulls_first })
}

fn offset(cursor: &mut Cursor) -> Parsed<Expr> {
    let count = row_count(cursor)?;
    let _ = cursor.take("ROW") || cursor.take("ROWS");
    Ok(count)
}

fn limit(cursor: &mut Cursor) -> Parsed<Option<Limit>> {
    if cursor.take("LIMIT") {
        if cursor.take("ALL") {
            return Ok(None);
        }
        return Ok(Some(Limit { count: row_count(cursor)?, with_ties: false }));
    }
    if cursor.take("FETCH") { fetch(cursor).map(Some) } else { Ok(None) }
}

/// After `FETCH`; one row if no number is written.
fn fetch(cursor: &mut Cursor) -> Parsed<Limit> {
    let place = cursor.place();
    if !cursor.take("FIRST") {
        cursor.expect("NEXT")?;
    }
    let written = !cursor.take("ROW") && !cursor.take("ROWS");
    let count = if written { row_count(cursor)? } else { Expr::new(ExprKind::Integer("1".to_owned()), place) };
    if written && !cursor.take("ROW") {
        cursor.expect("ROWS")?;
    }
    if cursor.take("ONLY") {
        return Ok(Limit { count, with_ties: false });
    }
    cursor.expect_all(&["WITH", "TIES"])?;
    Ok(Limit { count, with_ties: true })
}

/// Digits or a parameter.
fn row_count(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    if cursor.now().is_sign('?') {
        return Ok(super::literal::parameter(cursor));
    }
    let digits = cursor.now().raw;
    if cursor.now().token == Token::Number && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let kind = ExprKind::Integer(digits.to_owned());
        cursor.advance();
        return Ok(Expr::new(kind, place));
    }
    cursor.want("'?'");
    cursor.want("<integer>");
    Err(cursor.fault())
}
