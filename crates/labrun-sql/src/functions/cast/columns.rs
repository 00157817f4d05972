//! The casts that queries do most, on whole columns.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef};
use datafusion::arrow::compute::cast;

use super::{date_of, double_of, text, unreadable};
use crate::fault::{Fault, Outcome};
use crate::functions::rows::{Bigint, Date, Double, Integer, Real, SmallInt, Text, TinyInt, Typed};
use crate::functions::{Body, Call};
use crate::sqltype::SqlType;

pub(super) fn body(from: &SqlType, to: &SqlType) -> Option<Body> {
    use SqlType::{BigInt, Varchar};
    let text = Varchar(None);
    Some(Body::Columns(match (from, to) {
        (from, to) if unchanged(from, to) => |call| Ok(Arc::clone(&call.columns[0])),
        (from, to) if widens(from, to) => |call| Ok(cast(&call.columns[0], &call.returns.arrow())?),
        (SqlType::TinyInt, to) if *to == text => |call| each::<TinyInt, Text>(call, |value| Ok(value.to_string())),
        (SqlType::SmallInt, to) if *to == text => |call| each::<SmallInt, Text>(call, |value| Ok(value.to_string())),
        (SqlType::Integer, to) if *to == text => |call| each::<Integer, Text>(call, |value| Ok(value.to_string())),
        (BigInt, to) if *to == text => |call| each::<Bigint, Text>(call, |value| Ok(value.to_string())),
        (SqlType::Real, to) if *to == text => |call| each::<Real, Text>(call, |value| Ok(text::real(value))),
        (SqlType::Double, to) if *to == text => |call| each::<Double, Text>(call, |value| Ok(text::double(value))),
        (Varchar(_), BigInt) => |call| each::<Text, Bigint>(call, |text| text.parse().map_err(|_| unreadable(text, "BIGINT"))),
        (Varchar(_), SqlType::Integer) => {
            |call| each::<Text, Integer>(call, |text| text.parse().map_err(|_| unreadable(text, "INT")))
        }
        (Varchar(_), SqlType::Double) => {
            |call| each::<Text, Double>(call, |text| double_of(text).ok_or_else(|| unreadable(text, "DOUBLE")))
        }
        (Varchar(_), SqlType::Date) => |call| {
            each::<Text, Date>(call, |text| {
                date_of(text).ok_or_else(|| Fault::cast(format!("Value cannot be cast to date: {text}")))
            })
        },
        _ => return None,
    }))
}

/// The same bytes, with the same meaning.
fn unchanged(from: &SqlType, to: &SqlType) -> bool {
    match (from, to) {
        (SqlType::Varchar(_), SqlType::Varchar(None)) => true,
        (SqlType::Varchar(Some(own)), SqlType::Varchar(Some(room))) => own <= room,
        _ => from == to,
    }
}

/// To a type that has all numbers of the other, or the nearest.
fn widens(from: &SqlType, to: &SqlType) -> bool {
    let float = matches!(to, SqlType::Real | SqlType::Double);
    match from {
        SqlType::TinyInt => float || to.is_integer(),
        SqlType::SmallInt => float || matches!(to, SqlType::Integer | SqlType::BigInt),
        SqlType::Integer => float || *to == SqlType::BigInt,
        SqlType::BigInt => float,
        SqlType::Real => *to == SqlType::Double,
        _ => false,
    }
}

fn each<From: Typed, To: Typed>(call: &Call, one: fn(From::Value<'_>) -> Outcome<To::Made>) -> Outcome<ArrayRef> {
    let column = From::open(&call.columns[0]);
    let mut builder = To::builder(call.rows);
    for row in 0..call.rows {
        let made = if column.is_null(row) { None } else { Some(one(From::value(column, row))?) };
        To::push(&mut builder, made);
    }
    Ok(To::finish(builder))
}
