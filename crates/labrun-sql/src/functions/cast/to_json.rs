//! Casts to JSON: rows are objects with the names of their fields (engine-versions-reference-0003), maps have their keys in order.

use super::{Json, One, text};
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

pub(super) fn one(from: &SqlType) -> Option<One> {
    castable(from).then_some(|value, from, _| Ok(Datum::Text(json(value, from)?.write())))
}

fn castable(from: &SqlType) -> bool {
    match from {
        SqlType::Unknown | SqlType::Boolean | SqlType::Varchar(_) | SqlType::Json | SqlType::Timestamp(_) | SqlType::Date => true,
        SqlType::Array(item) => castable(item),
        SqlType::Map(key, value) => key_castable(key) && castable(value),
        SqlType::Row(fields) => fields.iter().all(|(_, field)| castable(field)),
        other => other.is_numeric(),
    }
}

fn key_castable(key: &SqlType) -> bool {
    matches!(key, SqlType::Unknown | SqlType::Boolean | SqlType::Varchar(_)) || key.is_numeric()
}

/// A value as JSON has it.
fn json(value: &Datum, kind: &SqlType) -> Outcome<Json> {
    Ok(match (value, kind) {
        (Datum::Null, _) => Json::Null,
        (Datum::Boolean(value), _) => Json::Boolean(*value),
        (Datum::Text(text), SqlType::Json) => Json::read(text).unwrap_or(Json::Null),
        (Datum::Text(text), _) => Json::Text(text.clone()),
        (Datum::Array(items), SqlType::Array(item)) => {
            Json::Array(items.iter().map(|value| json(value, item)).collect::<Outcome<_>>()?)
        }
        (Datum::Map(entries), SqlType::Map(key, of)) => {
            let members = entries.iter().map(|(own, value)| Ok((text(own, key).unwrap_or_default(), json(value, of)?)));
            let mut members = members.collect::<Outcome<Vec<_>>>()?;
            members.sort_by(|(left, _), (right, _)| left.cmp(right));
            Json::Object(members)
        }
        (Datum::Row(values), SqlType::Row(fields)) => {
            let members = fields.iter().zip(values);
            let members = members.map(|((name, kind), value)| Ok((name.clone().unwrap_or_default(), json(value, kind)?)));
            Json::Object(members.collect::<Outcome<_>>()?)
        }
        (value, kind) => {
            let shown = text(value, kind).ok_or_else(|| Fault::new("GENERIC_INTERNAL_ERROR", "a value has no text"))?;
            // JSON has no word for these numbers: they are texts.
            let finite = !["NaN", "Infinity", "-Infinity"].contains(&shown.as_str());
            if kind.is_numeric() && finite { Json::Number(shown) } else { Json::Text(shown) }
        }
    })
}
