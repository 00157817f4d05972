//! Casts to whole numbers: they round half up, away from zero.

use super::text::{double, real};
use super::{One, decimal_text, misplaced, unreadable};
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

pub(super) fn one(from: &SqlType) -> Option<One> {
    (*from == SqlType::Boolean || from.is_numeric() || from.is_varchar()).then_some(cast as One)
}

fn cast(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    match value {
        Datum::Boolean(value) => Ok(Datum::Integer(i64::from(*value))),
        Datum::Integer(value) => {
            within(to, i128::from(*value)).ok_or_else(|| Fault::range(format!("Out of range for {to}: {value}")))
        }
        Datum::Real(value) => float(f64::from(*value), &real(*value), from, to),
        Datum::Double(value) => float(*value, &double(*value), from, to),
        Datum::Decimal(value) => decimal(*value, from, to),
        Datum::Text(text) => parse(text, to),
        _ => Err(misplaced(from, to)),
    }
}

/// The number, if the type has it.
fn within(kind: &SqlType, value: i128) -> Option<Datum> {
    let bits = match kind {
        SqlType::TinyInt => 7,
        SqlType::SmallInt => 15,
        SqlType::Integer => 31,
        _ => 63,
    };
    let limit = 1_i128 << bits;
    (-limit..limit).contains(&value).then_some(Datum::Integer(value as i64))
}

fn float(value: f64, shown: &str, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    // A double of 2^127 and more is cut to what no type has.
    let found = if value.is_nan() { None } else { within(to, value.round() as i128) };
    found.ok_or_else(|| match to {
        SqlType::BigInt => Fault::cast(format!("Unable to cast {shown} to bigint")),
        _ if value.is_nan() => Fault::cast(format!("Cannot cast {from} NaN to {to}")),
        _ => Fault::range(format!("Out of range for {to}: {shown}")),
    })
}

fn decimal(value: i128, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    let SqlType::Decimal(_, scale) = from else { return Err(misplaced(from, to)) };
    let rounded = super::number::rescaled(value, *scale, 0).unwrap_or(value);
    let shown = || if *to == SqlType::BigInt { decimal_text(value, *scale) } else { rounded.to_string() };
    within(to, rounded).ok_or_else(|| unreadable(&shown(), &to.to_string().to_uppercase()))
}

/// Digits with a sign or none, nothing around them.
fn parse(text: &str, to: &SqlType) -> Outcome<Datum> {
    let number = text.parse::<i64>().ok().and_then(|number| within(to, number.into()));
    number.ok_or_else(|| match to {
        SqlType::Integer => unreadable(text, "INT"),
        _ => unreadable(text, &to.to_string().to_uppercase()),
    })
}
