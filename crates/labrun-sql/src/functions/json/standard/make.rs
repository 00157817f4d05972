//! `JSON_OBJECT`, `JSON_ARRAY`. The first two arguments say whether nulls are kept, and whether a key may come twice; each value comes after
//! whether it is the text of a JSON.

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::cast::{self, Json};
use crate::functions::{Body, Call};
use crate::sqltype::{SqlType, VARCHAR};

/// Key, whether it is JSON, value, ..
pub(crate) const OBJECT: Body = Body::Nullable(object);
/// Whether it is JSON, value, ..
pub(crate) const ARRAY: Body = Body::Nullable(array);

fn json(value: &Datum, is_json: &Datum, kind: &SqlType) -> Outcome<Json> {
    let broken = || Fault::new("JSON_INPUT_CONVERSION_ERROR", "conversion to JSON failed: ");
    let read = |value: &Datum| if let Datum::Text(text) = value { Json::read(text) } else { None };
    if value.is_null() {
        return Ok(Json::Null);
    }
    if *is_json == Datum::Boolean(true) || *kind == SqlType::Json {
        return read(value).ok_or_else(broken);
    }
    if cast::body(kind, &SqlType::Json).is_some() {
        return read(&cast::convert(value, kind, &SqlType::Json)?).ok_or_else(broken);
    }
    match cast::convert(value, kind, &VARCHAR)? {
        Datum::Text(text) => Ok(Json::Text(text)),
        _ => Err(broken()),
    }
}

fn object(call: &Call, arguments: &[Datum]) -> Outcome<Datum> {
    let (keeps_nulls, unique) = (arguments[0] == Datum::Boolean(true), arguments[1] == Datum::Boolean(true));
    let mut members: Vec<(String, Json)> = Vec::new();
    for (at, member) in arguments[2..].chunks(3).enumerate() {
        let Datum::Text(key) = &member[0] else {
            return Err(Fault::argument("null value passed for JSON object key to JSON_OBJECT function"));
        };
        if member[2].is_null() && !keeps_nulls {
            continue;
        }
        if unique && members.iter().any(|(known, _)| known == key) {
            return Err(Fault::argument("duplicate key passed to JSON_OBJECT function"));
        }
        let value = json(&member[2], &member[1], &call.kinds[2 + 3 * at + 2])?;
        match members.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => *known = value,
            None => members.push((key.clone(), value)),
        }
    }
    Ok(Datum::Text(Json::Object(members).write()))
}

fn array(call: &Call, arguments: &[Datum]) -> Outcome<Datum> {
    let keeps_nulls = arguments[0] == Datum::Boolean(true);
    let mut items = Vec::new();
    for (at, item) in arguments[2..].chunks(2).enumerate() {
        if !item[1].is_null() || keeps_nulls {
            items.push(json(&item[1], &item[0], &call.kinds[2 + 2 * at + 1])?);
        }
    }
    Ok(Datum::Text(Json::Array(items).write()))
}
