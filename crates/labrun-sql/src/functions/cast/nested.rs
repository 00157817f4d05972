//! Casts of arrays, maps and rows: item by item.

use super::{One, convert, misplaced, one as cast};
use crate::datum::{Datum, same};
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

pub(super) fn one(from: &SqlType, to: &SqlType) -> Option<One> {
    match (from, to) {
        (SqlType::Array(item), SqlType::Array(into)) => cast(item, into).map(|_| array as One),
        (SqlType::Map(key, value), SqlType::Map(into_key, into_value)) => {
            cast(key, into_key).and(cast(value, into_value)).map(|_| map as One)
        }
        (SqlType::Row(fields), SqlType::Row(into)) if fields.len() == into.len() => {
            let all = fields.iter().zip(into).all(|((_, field), (_, into))| cast(field, into).is_some());
            all.then_some(row as One)
        }
        _ => None,
    }
}

fn array(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    match (value, from, to) {
        (Datum::Array(items), SqlType::Array(from), SqlType::Array(to)) => {
            items.iter().map(|item| convert(item, from, to)).collect::<Outcome<_>>().map(Datum::Array)
        }
        _ => Err(misplaced(from, to)),
    }
}

fn map(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    let (Datum::Map(entries), SqlType::Map(key, value), SqlType::Map(into_key, into_value)) = (value, from, to) else {
        return Err(misplaced(from, to));
    };
    let mut made: Vec<(Datum, Datum)> = Vec::with_capacity(entries.len());
    for (own, of) in entries {
        let entry = (convert(own, key, into_key)?, convert(of, value, into_value)?);
        if made.iter().any(|(known, _)| same(known, &entry.0)) {
            return Err(Fault::cast("duplicate keys"));
        }
        made.push(entry);
    }
    Ok(Datum::Map(made))
}

fn row(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    match (value, from, to) {
        (Datum::Row(values), SqlType::Row(fields), SqlType::Row(into)) => {
            let values = values.iter().zip(fields.iter().zip(into));
            values.map(|(value, ((_, from), (_, to)))| convert(value, from, to)).collect::<Outcome<_>>().map(Datum::Row)
        }
        _ => Err(misplaced(from, to)),
    }
}
