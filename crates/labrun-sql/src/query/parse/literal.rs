//! Literals: numbers, texts in all spellings, typed texts, intervals, parameters.

use super::types;
use crate::cursor::{Cursor, Parsed};
use crate::query::tree::{Expr, ExprKind, IntervalField};
use crate::syntax::{Position, SyntaxError};
use crate::token::Token;

/// The least whole number is written with a sign.
const MOST: u64 = i64::MAX as u64;

pub(super) fn null(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    cursor.expect("NULL")?;
    Ok(Expr::new(ExprKind::Null, place))
}

pub(super) fn boolean(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    let value = cursor.take("TRUE");
    if !value {
        cursor.expect("FALSE")?;
    }
    Ok(Expr::new(ExprKind::Boolean(value), place))
}

/// `?`
pub(super) fn parameter(cursor: &mut Cursor) -> Expr {
    let place = cursor.place();
    let index = cursor.parameters;
    cursor.parameters += 1;
    cursor.advance();
    Expr::new(ExprKind::Parameter(index), place)
}

pub(super) fn number(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    let digits = cursor.now().raw.to_owned();
    let kind = match () {
        () if digits.contains(['e', 'E']) => ExprKind::Double(digits),
        () if digits.contains('.') => ExprKind::Decimal(digits),
        () => {
            let sign = if cursor.before().is_some_and(|lexeme| lexeme.is_sign('-')) { "-" } else { "" };
            let most = MOST + u64::from(!sign.is_empty());
            if !digits.parse::<u64>().is_ok_and(|value| value <= most) {
                return Err(SyntaxError::grammar(place, format!("Invalid numeric literal: {sign}{digits}")));
            }
            ExprKind::Integer(digits)
        }
    };
    cursor.advance();
    Ok(Expr::new(kind, place))
}

/// `X'6566'`; white space in it is nothing.
pub(super) fn binary(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    let Token::Binary(inside) = &cursor.now().token else { return Err(cursor.fault()) };
    let digits: Vec<char> = inside.chars().filter(|letter| !letter.is_whitespace()).collect();
    let values: Option<Vec<u32>> = digits.iter().map(|digit| digit.to_digit(16)).collect();
    let Some(values) = values else {
        return Err(SyntaxError::grammar(place, "Binary literal can only contain hexadecimal digits"));
    };
    if values.len() % 2 == 1 {
        return Err(SyntaxError::grammar(place, "Binary literal must contain an even number of digits"));
    }
    let bytes = values.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap_or_default()).collect();
    cursor.advance();
    Ok(Expr::new(ExprKind::Binary(bytes), place))
}

pub(super) fn text(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    Ok(Expr::new(ExprKind::Text(plain(cursor)?), place))
}

/// `'..'`, `U&'..' [UESCAPE '..']`
pub(super) fn plain(cursor: &mut Cursor) -> Parsed<String> {
    match take_text(cursor)? {
        Some(text) => Ok(text),
        None => Err(cursor.fault()),
    }
}

/// A text if there is one.
pub(super) fn take_text(cursor: &mut Cursor) -> Parsed<Option<String>> {
    let place = cursor.place();
    let Token::Unicode(raw) = &cursor.now().token else { return Ok(cursor.take_text()) };
    let raw = raw.clone();
    cursor.advance();
    let escape = if cursor.take("UESCAPE") { escape(cursor)? } else { '\\' };
    unescaped(&raw, escape, place).map(Some)
}

fn escape(cursor: &mut Cursor) -> Parsed<char> {
    let place = cursor.place();
    let text = cursor.text()?;
    let mut letters = text.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else {
        let what = if text.is_empty() { "Empty Unicode escape character" } else { "Invalid Unicode escape character" };
        return Err(SyntaxError::grammar(place, what));
    };
    if letter.is_ascii_hexdigit() || "+'\" ".contains(letter) {
        return Err(SyntaxError::grammar(place, "Invalid Unicode escape character"));
    }
    Ok(letter)
}

/// `\XXXX`, `\+XXXXXX`, and the escape itself twice.
fn unescaped(raw: &str, escape: char, place: Position) -> Parsed<String> {
    let mut out = String::new();
    let mut letters = raw.chars();
    while let Some(letter) = letters.next() {
        if letter != escape {
            out.push(letter);
            continue;
        }
        let mut ahead = letters.clone();
        let count = match ahead.next() {
            Some(next) if next == escape => {
                letters = ahead;
                out.push(escape);
                continue;
            }
            Some('+') => 6,
            _ => {
                ahead = letters.clone();
                4
            }
        };
        let digits: String = ahead.by_ref().take(count).collect();
        letters = ahead;
        out.push(code_point(&digits, count, place)?);
    }
    Ok(out)
}

fn code_point(digits: &str, count: usize, place: Position) -> Parsed<char> {
    let fault = |message: String| Err(SyntaxError::grammar(place, message));
    if let Some(wrong) = digits.chars().find(|digit| !digit.is_ascii_hexdigit()) {
        return fault(format!("Invalid hexadecimal digit: {wrong}"));
    }
    if digits.len() < count {
        return fault(format!("Incomplete escape sequence: {digits}"));
    }
    match u32::from_str_radix(digits, 16).ok().and_then(char::from_u32) {
        Some(letter) => Ok(letter),
        None => fault(format!("Invalid escaped character: {digits}")),
    }
}

fn is_text(cursor: &Cursor, count: usize) -> bool {
    matches!(cursor.after(count).token, Token::Text(_) | Token::Unicode(_))
}

/// `name 'text'`, `DOUBLE PRECISION 'text'`
pub(super) fn opens_typed(cursor: &Cursor) -> bool {
    is_text(cursor, 1) || (cursor.sees(&["DOUBLE", "PRECISION"]) && is_text(cursor, 2))
}

/// Without a text, `INTERVAL` is a name.
pub(super) fn opens_interval(cursor: &Cursor) -> bool {
    let signed = cursor.after(1).is_sign('+') || cursor.after(1).is_sign('-');
    is_text(cursor, 1 + usize::from(signed))
}

pub(super) fn typed(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    let kind = types::of_text(cursor)?;
    Ok(Expr::new(ExprKind::Typed(kind, plain(cursor)?), place))
}

/// `INTERVAL [+ | -] 'text' field [TO field]`
pub(super) fn interval(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    cursor.expect("INTERVAL")?;
    let negative = !cursor.take_sign('+') && cursor.take_sign('-');
    let text = plain(cursor)?;
    let from = field(cursor)?;
    let to = if cursor.take("TO") { Some(field(cursor)?) } else { None };
    Ok(Expr::new(ExprKind::Interval { negative, text, from, to }, place))
}

fn field(cursor: &mut Cursor) -> Parsed<IntervalField> {
    let fields = [
        ("DAY", IntervalField::Day),
        ("HOUR", IntervalField::Hour),
        ("MINUTE", IntervalField::Minute),
        ("MONTH", IntervalField::Month),
        ("SECOND", IntervalField::Second),
        ("YEAR", IntervalField::Year),
    ];
    match fields.into_iter().find(|(word, _)| cursor.take(word)) {
        Some((_, field)) => Ok(field),
        None => Err(cursor.fault()),
    }
}
