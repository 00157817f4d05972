//! Casts: which of Trino's types become which, and how (language/types, functions/conversion).
//!
//! [`body`] is what a `CAST` does, on whole columns where it is common. [`text`] is the text of a value, as results show it.

mod boolean;
mod character;
mod columns;
mod floating;
mod from_json;
mod json;
mod moment;
mod moment_text;
mod nested;
mod number;
mod text;
mod to_json;
mod whole;

pub(crate) use json::Json;
pub(crate) use moment_text::{date_of, time_of, timestamp_of};
pub(crate) use number::{decimal_of, decimal_text, double_of};
pub(crate) use text::{double, text};

use super::Body;
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

/// How one value that is not null becomes one of another type.
type One = fn(&Datum, &SqlType, &SqlType) -> Outcome<Datum>;

/// What a cast does in a plan. `None` where Trino has no such cast.
pub(crate) fn body(from: &SqlType, to: &SqlType) -> Option<Body> {
    one(from, to)?;
    Some(columns::body(from, to).unwrap_or(Body::Values(|call, values| convert(&values[0], &call.kinds[0], call.returns))))
}

/// One value. The cast must be one that is.
pub(crate) fn convert(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    if value.is_null() {
        return Ok(Datum::Null);
    }
    match one(from, to) {
        Some(cast) => cast(value, from, to),
        None => Err(Fault::new("TYPE_MISMATCH", format!("Cannot cast {from} to {to}"))),
    }
}

fn one(from: &SqlType, to: &SqlType) -> Option<One> {
    match (from, to) {
        (from, to) if from == to => Some(|value, _, _| Ok(value.clone())),
        (SqlType::Varbinary, SqlType::HyperLogLog) | (SqlType::HyperLogLog, SqlType::Varbinary) => {
            Some(|value, _, _| Ok(value.clone()))
        }
        (_, SqlType::Unknown | SqlType::HyperLogLog | SqlType::Function(..)) => None,
        (SqlType::Unknown, _) => Some(|_, _, _| Ok(Datum::Null)),
        (from, SqlType::Json) => to_json::one(from),
        (SqlType::Json, to) => from_json::one(to),
        (SqlType::Array(_) | SqlType::Map(..) | SqlType::Row(_), to) => nested::one(from, to),
        (from, SqlType::Boolean) => boolean::one(from),
        (from, to) if to.is_integer() => whole::one(from),
        (from, SqlType::Real | SqlType::Double) => floating::one(from),
        (from, SqlType::Decimal(..)) => number::one(from),
        (from, SqlType::Varchar(_) | SqlType::Char(_)) => character::to_text(from, to),
        (from, SqlType::Varbinary | SqlType::Uuid | SqlType::IpAddress) => character::to_bytes(from, to),
        (from, to) => moment::one(from, to),
    }
}

/// `INVALID_CAST_ARGUMENT`: a text that is none of the type's.
fn unreadable(text: &str, kind: &str) -> Fault {
    Fault::cast(format!("Cannot cast '{text}' to {kind}"))
}

/// A value of a type that this cast does not take: the tables above and below disagree.
fn misplaced(from: &SqlType, to: &SqlType) -> Fault {
    Fault::new("GENERIC_INTERNAL_ERROR", format!("a value of {from} can't be cast to {to}"))
}
