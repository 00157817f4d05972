//! Casts to real and double.

use super::number::{decimal_text, double_of, real_of};
use super::{One, misplaced, unreadable};
use crate::datum::Datum;
use crate::fault::Outcome;
use crate::sqltype::SqlType;

pub(super) fn one(from: &SqlType) -> Option<One> {
    (*from == SqlType::Boolean || from.is_numeric() || from.is_varchar()).then_some(cast as One)
}

fn cast(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    if *to == SqlType::Real { to_real(value, from) } else { to_double(value, from) }
}

fn to_real(value: &Datum, from: &SqlType) -> Outcome<Datum> {
    Ok(Datum::Real(match (value, from) {
        (Datum::Boolean(value), _) => f32::from(u8::from(*value)),
        (Datum::Integer(value), _) => *value as f32,
        (Datum::Real(value), _) => *value,
        (Datum::Double(value), _) => *value as f32,
        (Datum::Decimal(value), SqlType::Decimal(_, scale)) => decimal_text(*value, *scale).parse().unwrap_or(f32::NAN),
        (Datum::Text(text), _) => real_of(text).ok_or_else(|| unreadable(text, "REAL"))?,
        _ => return Err(misplaced(from, &SqlType::Real)),
    }))
}

fn to_double(value: &Datum, from: &SqlType) -> Outcome<Datum> {
    Ok(Datum::Double(match (value, from) {
        (Datum::Boolean(value), _) => f64::from(u8::from(*value)),
        (Datum::Integer(value), _) => *value as f64,
        (Datum::Real(value), _) => (*value).into(),
        (Datum::Double(value), _) => *value,
        (Datum::Decimal(value), SqlType::Decimal(_, scale)) => nearest(*value, *scale),
        (Datum::Text(text), _) => double_of(text).ok_or_else(|| unreadable(text, "DOUBLE"))?,
        _ => return Err(misplaced(from, &SqlType::Double)),
    }))
}

/// The double nearest to a decimal. One division of exact doubles is rounded once; what is larger goes through its text.
fn nearest(value: i128, scale: i8) -> f64 {
    const EXACT: u128 = 1 << 53;
    const POWERS: i8 = 22;
    if value.unsigned_abs() < EXACT && scale <= POWERS {
        return value as f64 / 10_f64.powi(scale.into());
    }
    decimal_text(value, scale).parse().unwrap_or(f64::NAN)
}
