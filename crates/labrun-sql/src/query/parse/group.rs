//! `GROUP BY` and its sets.

use super::expression::expression;
use super::lookahead::{Holds, holds, quantifier};
use crate::cursor::{Cursor, Parsed};
use crate::query::tree::{Expr, GroupBy, GroupingElement};
use crate::token::{Lexeme, Token};

/// After `GROUP BY`.
pub(super) fn group_by(cursor: &mut Cursor) -> Parsed<GroupBy> {
    let distinct = quantifier(cursor).unwrap_or(false);
    Ok(GroupBy { distinct, elements: cursor.list(element)? })
}

fn element(cursor: &mut Cursor) -> Parsed<GroupingElement> {
    if cursor.take("ROLLUP") {
        return sets_or_none(cursor).map(GroupingElement::Rollup);
    }
    if cursor.take("CUBE") {
        return sets_or_none(cursor).map(GroupingElement::Cube);
    }
    // `GROUPING (` is a function.
    if !(cursor.sees(&["GROUPING"]) && cursor.after(1).is_sign('(')) && cursor.take("GROUPING") {
        cursor.expect("SETS")?;
        return cursor.in_parens(|cursor| cursor.list(set)).map(GroupingElement::Sets);
    }
    let _ = cursor.sees_sign('(');
    set(cursor).map(GroupingElement::Set)
}

fn sets_or_none(cursor: &mut Cursor) -> Parsed<Vec<Vec<Expr>>> {
    cursor.in_parens(|cursor| if cursor.sees_sign(')') { Ok(Vec::new()) } else { cursor.list(set) })
}

/// `(expression, ..)`, or one expression; `(a + b) * c` is one too.
fn set(cursor: &mut Cursor) -> Parsed<Vec<Expr>> {
    let whole = cursor.closing(0).is_none_or(|closing| !continues(cursor.after(closing + 1)));
    if cursor.now().is_sign('(') && whole && holds(cursor, 0) != Holds::Query {
        return cursor.in_parens(|cursor| if cursor.sees_sign(')') { Ok(Vec::new()) } else { cursor.list(expression) });
    }
    Ok(vec![expression(cursor)?])
}

/// Whether an expression goes on with it after a closing parenthesis.
fn continues(lexeme: &Lexeme) -> bool {
    match lexeme.token {
        Token::Operator(_) => true,
        Token::Sign(sign) => "+-*/%=<>.[".contains(sign),
        _ => ["AND", "AT", "BETWEEN", "IN", "IS", "LIKE", "NOT", "OR"].iter().any(|word| lexeme.is_word(word)),
    }
}
