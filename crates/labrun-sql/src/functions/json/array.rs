//! `json_array_get`, `json_array_length`, `json_array_contains`: null where there is no array.

use crate::datum::Datum;
use crate::functions::Library;
use crate::functions::cast::Json;

pub(super) fn register(library: &mut Library) {
    macro_rules! of {
        ($($kind:literal)*) => {$(
            library.values(concat!("json_array_length(", $kind, ") -> bigint"), |_, values| {
                Ok(items(&values[0]).map_or(Datum::Null, |items| Datum::Integer(items.len() as i64)))
            });
            library.values(concat!("json_array_get(", $kind, ", bigint) -> json"), |_, values| {
                Ok(get(values).unwrap_or(Datum::Null))
            });
            contains!($kind: "boolean" "bigint" "double" "varchar");
        )*};
    }
    macro_rules! contains {
        ($kind:literal: $($value:literal)*) => {$(
            library.values(concat!("json_array_contains(", $kind, ", ", $value, ") -> boolean"), |_, values| {
                let found = items(&values[0]).map(|items| items.iter().any(|item| is(item, &values[1])));
                Ok(found.map_or(Datum::Null, Datum::Boolean))
            });
        )*};
    }
    of!("varchar" "json");
}

fn items(value: &Datum) -> Option<Vec<Json>> {
    let Datum::Text(text) = value else { return None };
    match Json::read(text)? {
        Json::Array(items) => Some(items),
        _ => None,
    }
}

/// From 0, or from the end. A text comes without its quotes, which is no JSON: Trino's documentation calls it broken.
fn get(values: &[Datum]) -> Option<Datum> {
    let (items, Datum::Integer(at)) = (items(&values[0])?, &values[1]) else { return None };
    let at = if *at < 0 { items.len() as i64 + at } else { *at };
    match items.get(usize::try_from(at).ok()?)? {
        Json::Null => None,
        Json::Text(text) => Some(Datum::Text(text.clone())),
        other => Some(Datum::Text(other.write())),
    }
}

/// Whole numbers are only bigints, others only doubles.
fn is(item: &Json, wanted: &Datum) -> bool {
    match (item, wanted) {
        (Json::Boolean(item), Datum::Boolean(wanted)) => item == wanted,
        (Json::Text(item), Datum::Text(wanted)) => item == wanted,
        (Json::Number(item), Datum::Integer(wanted)) => item.parse::<i64>() == Ok(*wanted),
        (Json::Number(item), Datum::Double(wanted)) => item.contains(['.', 'e', 'E']) && item.parse() == Ok(*wanted),
        _ => false,
    }
}
