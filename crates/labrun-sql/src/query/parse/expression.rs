//! Operators, from those that bind least: `OR`, `AND`, `NOT`, predicates, `||`, `+ -`, `* / %`, signs, `AT TIME ZONE`, and what follows a
//! value. Chains are read in loops, so that long ones are no deep stack.

use std::mem;

use super::literal::{interval, text};
use super::name::name;
use super::predicate::predicated;
use super::primary::primary;
use crate::cursor::{Cursor, Parsed};
use crate::query::tree::{Arithmetic, Expr, ExprKind, Unary};
use crate::syntax::Position;
use crate::token::Token;

/// Any expression.
pub(crate) fn expression(cursor: &mut Cursor) -> Parsed<Expr> {
    let mark = cursor.enter()?;
    let found = disjunction(cursor)?;
    cursor.leave(mark)?;
    Ok(found)
}

/// In the parentheses of an expression.
pub(super) fn bracketed(cursor: &mut Cursor) -> Parsed<Expr> {
    let outer = mem::replace(&mut cursor.bracketed, true);
    let found = expression(cursor)?;
    cursor.bracketed = outer;
    Ok(found)
}

/// `OR` and, in its operands, `AND`.
fn disjunction(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    let mut alternatives = Vec::new();
    loop {
        let (mark, first) = (cursor.part(), cursor.place());
        let mut conditions = vec![negation(cursor)?];
        while cursor.take("AND") {
            let mark = cursor.part();
            conditions.push(negation(cursor)?);
            cursor.whole(mark);
        }
        alternatives.push(flat(cursor, conditions, ExprKind::And, first)?);
        cursor.whole(mark);
        if !cursor.take("OR") {
            return flat(cursor, alternatives, ExprKind::Or, place);
        }
    }
}

/// One operand alone is itself.
fn flat(cursor: &mut Cursor, mut operands: Vec<Expr>, make: fn(Vec<Expr>) -> ExprKind, place: Position) -> Parsed<Expr> {
    match operands.pop() {
        Some(only) if operands.is_empty() => Ok(only),
        last => {
            operands.extend(last);
            cursor.link()?;
            Ok(Expr::new(make(operands), place))
        }
    }
}

fn negation(cursor: &mut Cursor) -> Parsed<Expr> {
    let mut places = Vec::new();
    while cursor.sees(&["NOT"]) {
        places.push((Unary::Not, cursor.place()));
        cursor.advance();
    }
    let inside = predicated(cursor)?;
    around(cursor, places, inside)
}

/// The last operator is the innermost.
fn around(cursor: &mut Cursor, operators: Vec<(Unary, Position)>, inside: Expr) -> Parsed<Expr> {
    operators.into_iter().rev().try_fold(inside, |inside, (operator, place)| {
        cursor.link()?;
        Ok(Expr::new(ExprKind::Unary(operator, inside), place))
    })
}

/// Without predicates: what stands on a side of a comparison.
pub(super) fn value(cursor: &mut Cursor) -> Parsed<Expr> {
    let mark = cursor.part();
    let found = binary(cursor, 0)?;
    cursor.whole(mark);
    Ok(found)
}

/// Signs and how tight they bind.
const OPERATORS: [(&str, Arithmetic, usize); 6] = [
    ("||", Arithmetic::Concat, 0),
    ("+", Arithmetic::Add, 1),
    ("-", Arithmetic::Subtract, 1),
    ("*", Arithmetic::Multiply, 2),
    ("/", Arithmetic::Divide, 2),
    ("%", Arithmetic::Modulus, 2),
];

/// Operators that bind at least so tight, from the left.
fn binary(cursor: &mut Cursor, least: usize) -> Parsed<Expr> {
    let mut left = signed(cursor)?;
    loop {
        let place = cursor.place();
        let found = OPERATORS.iter().find(|(sign, _, binding)| *binding >= least && cursor.take_operator(sign));
        let Some((_, operator, binding)) = found else { return Ok(left) };
        let mark = cursor.part();
        let right = binary(cursor, binding + 1)?;
        cursor.whole(mark);
        cursor.link()?;
        left = Expr::new(ExprKind::Arithmetic(left, *operator, right), place);
    }
}

fn signed(cursor: &mut Cursor) -> Parsed<Expr> {
    let mut signs = Vec::new();
    loop {
        let sign = match cursor.now().token {
            Token::Sign('-') => Unary::Minus,
            Token::Sign('+') => Unary::Plus,
            _ => break,
        };
        signs.push((sign, cursor.place()));
        cursor.advance();
    }
    let inside = zoned(cursor)?;
    around(cursor, signs, inside)
}

fn zoned(cursor: &mut Cursor) -> Parsed<Expr> {
    let mut moment = postfix(cursor)?;
    loop {
        let place = cursor.place();
        // `AT` alone is a name.
        if !cursor.take_before("AT", |next| next.is_word("TIME")) {
            return Ok(moment);
        }
        cursor.expect_all(&["TIME", "ZONE"])?;
        let zone = if cursor.sees(&["INTERVAL"]) { interval(cursor)? } else { zone(cursor)? };
        cursor.link()?;
        moment = Expr::new(ExprKind::AtTimeZone(moment, zone), place);
    }
}

fn zone(cursor: &mut Cursor) -> Parsed<Expr> {
    cursor.want("'INTERVAL'");
    text(cursor)
}

/// `.field` and `[index]`
fn postfix(cursor: &mut Cursor) -> Parsed<Expr> {
    let (start, place) = (cursor.index(), cursor.place());
    let mut base = primary(cursor)?;
    loop {
        let item = cursor.item == Some(start);
        if item && cursor.now().is_sign('.') && cursor.after(1).is_sign('*') {
            return Ok(base);
        }
        let kind = if cursor.take_sign('.') {
            if item {
                cursor.want("'*'");
            }
            ExprKind::Field(base, name(cursor)?)
        } else if cursor.take_sign('[') {
            let index = cursor.nested(value)?;
            cursor.expect_sign(']')?;
            ExprKind::Subscript(base, index)
        } else {
            return Ok(base);
        };
        cursor.link()?;
        base = Expr::new(kind, place);
    }
}

/// Asks for all that could follow a name of a column.
pub(super) fn after_column(cursor: &mut Cursor) {
    let words = ["%", "(", "*", "+", "-", "->", ".", "/", "AND", "AT", "OR", "OVER", "[", "||"];
    words.iter().for_each(|word| cursor.want_word(word));
    cursor.want("<predicate>");
    cursor.want("<string>");
}
