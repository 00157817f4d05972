//! Equality, order and hash of values, as Trino has them.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Datum;
use crate::fault::{Fault, Outcome};

/// As `=` sees it: `None` where the answer is null, because a null inside decides.
pub(crate) fn equal(left: &Datum, right: &Datum) -> Option<bool> {
    match (left, right) {
        (Datum::Null, _) | (_, Datum::Null) => None,
        (Datum::Array(left), Datum::Array(right)) | (Datum::Row(left), Datum::Row(right)) => {
            if left.len() != right.len() {
                return Some(false);
            }
            all(left.iter().zip(right).map(|(left, right)| equal(left, right)))
        }
        (Datum::Map(left), Datum::Map(right)) => {
            if left.len() != right.len() {
                return Some(false);
            }
            all(left.iter().map(|(key, value)| match right.iter().find(|(other, _)| same(key, other)) {
                Some((_, other)) => equal(value, other),
                None => Some(false),
            }))
        }
        (Datum::Double(left), Datum::Double(right)) => Some(left == right),
        (Datum::Real(left), Datum::Real(right)) => Some(left == right),
        (Datum::TimestampTz(left, _), Datum::TimestampTz(right, _)) => Some(left == right),
        _ => Some(left == right),
    }
}

/// False as soon as one is; else null as soon as one is.
fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            None => known = None,
            Some(true) => {}
        }
    }
    known
}

/// As `IS NOT DISTINCT FROM`, `GROUP BY` and keys see it: nulls are the same, and so are NaNs.
pub(crate) fn same(left: &Datum, right: &Datum) -> bool {
    match (left, right) {
        (Datum::Null, Datum::Null) => true,
        (Datum::Null, _) | (_, Datum::Null) => false,
        (Datum::Double(left), Datum::Double(right)) => left == right || (left.is_nan() && right.is_nan()),
        (Datum::Real(left), Datum::Real(right)) => left == right || (left.is_nan() && right.is_nan()),
        (Datum::TimestampTz(left, _), Datum::TimestampTz(right, _)) => left == right,
        (Datum::Array(left), Datum::Array(right)) | (Datum::Row(left), Datum::Row(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Datum::Map(left), Datum::Map(right)) => {
            let found = |(key, value): &(Datum, Datum)| right.iter().any(|(other, of)| same(key, other) && same(value, of));
            left.len() == right.len() && left.iter().all(found)
        }
        _ => left == right,
    }
}

/// Equal for what is the [`same`].
pub(crate) fn hash(value: &Datum) -> u64 {
    let mut hasher = DefaultHasher::new();
    feed(value, &mut hasher);
    hasher.finish()
}

fn feed(value: &Datum, into: &mut DefaultHasher) {
    match value {
        Datum::Null => 0_u8.hash(into),
        Datum::Boolean(value) => value.hash(into),
        Datum::Integer(value) | Datum::Time(value) | Datum::Milliseconds(value) | Datum::TimeTz(value, _) => value.hash(into),
        Datum::Real(value) => float(f64::from(*value)).hash(into),
        Datum::Double(value) => float(*value).hash(into),
        Datum::Decimal(value) | Datum::Timestamp(value) | Datum::TimestampTz(value, _) => value.hash(into),
        Datum::Text(value) => value.hash(into),
        Datum::Binary(value) => value.hash(into),
        Datum::Date(value) | Datum::Months(value) => value.hash(into),
        Datum::Array(items) | Datum::Row(items) => items.iter().for_each(|item| feed(item, into)),
        // Entries have no order.
        Datum::Map(entries) => {
            entries.iter().fold(0_u64, |sum, (key, value)| sum.wrapping_add(hash(key) ^ hash(value).rotate_left(1))).hash(into);
        }
    }
}

/// One pattern of bits for both zeros, and one for all NaNs.
fn float(value: f64) -> u64 {
    if value == 0.0 {
        0
    } else if value.is_nan() {
        f64::NAN.to_bits()
    } else {
        value.to_bits()
    }
}

/// As `ORDER BY` and `<` see it; NaN is above all. Nulls must not be given, and a null inside is a failure.
pub(crate) fn compare(left: &Datum, right: &Datum) -> Outcome<Ordering> {
    Ok(match (left, right) {
        (Datum::Null, _) | (_, Datum::Null) => {
            return Err(Fault::not_supported("comparison not supported for values with null elements"));
        }
        (Datum::Boolean(left), Datum::Boolean(right)) => left.cmp(right),
        (Datum::Integer(left), Datum::Integer(right))
        | (Datum::Time(left), Datum::Time(right))
        | (Datum::Milliseconds(left), Datum::Milliseconds(right)) => left.cmp(right),
        (Datum::Real(left), Datum::Real(right)) => floats(f64::from(*left), f64::from(*right)),
        (Datum::Double(left), Datum::Double(right)) => floats(*left, *right),
        (Datum::Decimal(left), Datum::Decimal(right))
        | (Datum::Timestamp(left), Datum::Timestamp(right))
        | (Datum::TimestampTz(left, _), Datum::TimestampTz(right, _)) => left.cmp(right),
        (Datum::Text(left), Datum::Text(right)) => left.cmp(right),
        (Datum::Binary(left), Datum::Binary(right)) => left.cmp(right),
        (Datum::Date(left), Datum::Date(right)) | (Datum::Months(left), Datum::Months(right)) => left.cmp(right),
        (Datum::TimeTz(left, zone), Datum::TimeTz(right, other)) => {
            (left - zone.offset_at(0) * 1_000_000_000).cmp(&(right - other.offset_at(0) * 1_000_000_000))
        }
        (Datum::Array(left), Datum::Array(right)) | (Datum::Row(left), Datum::Row(right)) => return lists(left, right),
        _ => return Err(Fault::new("GENERIC_INTERNAL_ERROR", "values of two types were compared")),
    })
}

fn floats(left: f64, right: f64) -> Ordering {
    left.partial_cmp(&right).unwrap_or_else(|| left.is_nan().cmp(&right.is_nan()))
}

fn lists(left: &[Datum], right: &[Datum]) -> Outcome<Ordering> {
    for (left, right) in left.iter().zip(right) {
        let order = compare(left, right)?;
        if order.is_ne() {
            return Ok(order);
        }
    }
    Ok(left.len().cmp(&right.len()))
}
