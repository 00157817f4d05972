//! `json_extract`, `json_extract_scalar`, `json_size`: what lies at a path. Malformed text has nothing anywhere.

use super::path::Path;
use crate::datum::Datum;
use crate::fault::Outcome;
use crate::functions::Library;
use crate::functions::cast::Json;

pub(super) fn register(library: &mut Library) {
    macro_rules! of {
        ($($kind:literal)*) => {$(
            library.values(concat!("json_extract(", $kind, ", varchar) -> json"), |_, values| {
                at_path(values, |found| Some(Datum::Text(found.write())))
            });
            library.values(concat!("json_extract_scalar(", $kind, ", varchar) -> varchar"), |_, values| at_path(values, scalar));
            library.values(concat!("json_size(", $kind, ", varchar) -> bigint"), |_, values| {
                at_path(values, |found| Some(Datum::Integer(size(found))))
            });
        )*};
    }
    of!("varchar" "json");
}

fn at_path(values: &[Datum], made: fn(&Json) -> Option<Datum>) -> Outcome<Datum> {
    let [Datum::Text(text), Datum::Text(path)] = values else { return Ok(Datum::Null) };
    let path = Path::parse(path)?;
    let Some(json) = Json::read(text) else { return Ok(Datum::Null) };
    Ok(path.find(&json).and_then(made).unwrap_or(Datum::Null))
}

fn scalar(found: &Json) -> Option<Datum> {
    match found {
        Json::Text(text) | Json::Number(text) => Some(Datum::Text(text.clone())),
        Json::Boolean(value) => Some(Datum::Text(value.to_string())),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

fn size(found: &Json) -> i64 {
    match found {
        Json::Array(items) => items.len() as i64,
        Json::Object(members) => members.len() as i64,
        _ => 0,
    }
}
