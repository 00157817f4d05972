//! A comparison, `BETWEEN`, `IN`, `LIKE`, `IS`: at most one follows a value.

use super::expression::{bracketed, value};
use super::lookahead::{Holds, holds};
use super::query::query;
use crate::cursor::{Cursor, Parsed};
use crate::query::tree::{Comparison, Expr, ExprKind};
use crate::token::Token;

/// A value and what is said of it.
pub(super) fn predicated(cursor: &mut Cursor) -> Parsed<Expr> {
    let value = value(cursor)?;
    let place = cursor.place();
    let kind = if let Some(operator) = comparison(cursor) {
        cursor.advance();
        compared(cursor, value, operator)?
    } else if ["BETWEEN", "IN", "IS", "LIKE", "NOT"].iter().any(|word| cursor.sees(&[word])) {
        worded(cursor, value)?
    } else {
        cursor.want("<predicate>");
        return Ok(value);
    };
    cursor.link()?;
    Ok(Expr::new(kind, place))
}

fn comparison(cursor: &Cursor) -> Option<Comparison> {
    Some(match cursor.now().token {
        Token::Sign('=') => Comparison::Equal,
        Token::Operator("<>" | "!=") => Comparison::NotEqual,
        Token::Sign('<') => Comparison::Less,
        Token::Operator("<=") => Comparison::LessOrEqual,
        Token::Sign('>') => Comparison::Greater,
        Token::Operator(">=") => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

/// After the operator.
fn compared(cursor: &mut Cursor, left: Expr, operator: Comparison) -> Parsed<ExprKind> {
    let query = holds(cursor, 1) != Holds::Other;
    for word in ["ALL", "ANY", "SOME"] {
        // They are names too.
        if cursor.take_before(word, |_| query) {
            let query = Box::new(cursor.in_parens(self::query)?);
            return Ok(ExprKind::Quantified { left, operator, all: word == "ALL", query });
        }
    }
    Ok(ExprKind::Comparison(left, operator, value(cursor)?))
}

fn worded(cursor: &mut Cursor, value: Expr) -> Parsed<ExprKind> {
    if cursor.take("IS") {
        return is(cursor, value);
    }
    let negated = cursor.take("NOT");
    if cursor.take("BETWEEN") {
        let low = self::value(cursor)?;
        cursor.expect("AND")?;
        let high = self::value(cursor)?;
        return Ok(ExprKind::Between { value, low, high, negated });
    }
    if cursor.take("IN") {
        return within(cursor, value, negated);
    }
    cursor.expect("LIKE")?;
    let pattern = self::value(cursor)?;
    let escape = if cursor.take("ESCAPE") { Some(self::value(cursor)?) } else { None };
    Ok(ExprKind::Like { value, pattern, escape, negated })
}

fn is(cursor: &mut Cursor, value: Expr) -> Parsed<ExprKind> {
    let negated = cursor.take("NOT");
    if cursor.take("NULL") {
        return Ok(ExprKind::IsNull { value, negated });
    }
    cursor.expect_all(&["DISTINCT", "FROM"])?;
    Ok(ExprKind::IsDistinct { value, other: self::value(cursor)?, negated })
}

/// After `IN`. `((query))` is a list of one value.
fn within(cursor: &mut Cursor, value: Expr, negated: bool) -> Parsed<ExprKind> {
    if holds(cursor, 0) == Holds::Query {
        let query = Box::new(cursor.in_parens(query)?);
        return Ok(ExprKind::InQuery { value, query, negated });
    }
    cursor.expect_sign('(')?;
    cursor.want("<query>");
    let list = cursor.list(bracketed)?;
    cursor.expect_sign(')')?;
    Ok(ExprKind::InList { value, list, negated })
}
