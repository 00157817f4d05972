//! Casts to boolean.

use super::{One, misplaced, unreadable};
use crate::datum::Datum;
use crate::fault::Outcome;
use crate::sqltype::SqlType;

pub(super) fn one(from: &SqlType) -> Option<One> {
    (from.is_numeric() || from.is_varchar()).then_some(cast as One)
}

fn cast(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    Ok(Datum::Boolean(match value {
        Datum::Integer(value) => *value != 0,
        Datum::Real(value) => *value != 0.0,
        Datum::Double(value) => *value != 0.0,
        Datum::Decimal(value) => *value != 0,
        Datum::Text(text) => match text.to_lowercase().as_str() {
            "t" | "true" | "1" => true,
            "f" | "false" | "0" => false,
            _ => return Err(unreadable(text, "BOOLEAN")),
        },
        _ => return Err(misplaced(from, to)),
    }))
}
