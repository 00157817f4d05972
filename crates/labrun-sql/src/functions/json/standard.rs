//! `JSON_EXISTS`, `JSON_VALUE`, `JSON_QUERY`, `JSON_OBJECT`, `JSON_ARRAY` of the SQL standard (functions/json). The analysis makes calls of
//! these bodies: input, path, what to do without an item and with an error, two defaults, then name and value of what is passed.

mod make;
mod parse;
mod walk;

pub(crate) use make::{ARRAY, OBJECT};

use walk::Walk;

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::cast::{self, Json};
use crate::functions::{Body, Call};
use crate::sqltype::{SqlType, VARCHAR};

pub(crate) const EXISTS: Body = Body::Nullable(exists);
pub(crate) const VALUE: Body = Body::Nullable(value);
/// Its fifth argument says which wrapper, its sixth whether quotes are left out.
pub(crate) const QUERY: Body = Body::Nullable(query);

/// A path that can't be read is found before the query runs.
pub(crate) fn check_path(path: &str) -> Outcome<()> {
    parse::path(path).map(|_| ())
}

/// The items at the path. `None` for a null input.
fn items(arguments: &[Datum]) -> Outcome<Option<Vec<Json>>> {
    let [Datum::Text(input), Datum::Text(path), ..] = arguments else { return Ok(None) };
    let path = parse::path(path)?;
    let broken = || Fault::new("JSON_INPUT_CONVERSION_ERROR", "conversion to JSON failed: ");
    let root = Json::read(input).ok_or_else(broken)?;
    let passed = arguments[6..].chunks(2).filter_map(|pair| match pair {
        [Datum::Text(name), Datum::Text(value)] => Some((name.clone(), Json::read(value)?)),
        [Datum::Text(name), Datum::Null] => Some((name.clone(), Json::Null)),
        _ => None,
    });
    Walk { lax: path.lax, root: &root, passed: passed.collect() }.items(&path.whole, None).map(Some)
}

fn word(value: &Datum) -> &str {
    if let Datum::Text(word) = value { word } else { "" }
}

fn exists(_: &Call, arguments: &[Datum]) -> Outcome<Datum> {
    match items(arguments) {
        Ok(None) => Ok(Datum::Null),
        Ok(Some(items)) => Ok(Datum::Boolean(!items.is_empty())),
        Err(fault) => match word(&arguments[3]) {
            "error" => Err(fault),
            "true" => Ok(Datum::Boolean(true)),
            "unknown" => Ok(Datum::Null),
            _ => Ok(Datum::Boolean(false)),
        },
    }
}

fn value(call: &Call, arguments: &[Datum]) -> Outcome<Datum> {
    let failed = |fault: Fault| match word(&arguments[3]) {
        "error" => Err(fault),
        "default" => Ok(arguments[5].clone()),
        _ => Ok(Datum::Null),
    };
    let result = |why: &str| Fault::new("JSON_VALUE_RESULT_ERROR", format!("cannot extract SQL scalar from JSON: {why}"));
    let found = items(arguments);
    match found.as_ref().map(Option::as_deref) {
        Err(fault) => failed(fault.clone()),
        Ok(None) => Ok(Datum::Null),
        Ok(Some([])) => match word(&arguments[2]) {
            "error" => Err(result("JSON path found no items")),
            "default" => Ok(arguments[4].clone()),
            _ => Ok(Datum::Null),
        },
        Ok(Some([Json::Array(_) | Json::Object(_)])) => {
            failed(result("JSON path found an item that cannot be converted to an SQL value"))
        }
        Ok(Some([item])) => scalar(item, call.returns).or_else(failed),
        Ok(Some(_)) => failed(result("JSON path found multiple items")),
    }
}

fn scalar(item: &Json, to: &SqlType) -> Outcome<Datum> {
    match item {
        Json::Text(text) => cast::convert(&Datum::Text(text.clone()), &VARCHAR, to),
        other => cast::convert(&Datum::Text(other.write()), &SqlType::Json, to),
    }
}

fn query(_: &Call, arguments: &[Datum]) -> Outcome<Datum> {
    let fallback = |how: &Datum, fault: Fault| match word(how) {
        "error" => Err(fault),
        "array" => Ok(Datum::Text("[]".to_owned())),
        "object" => Ok(Datum::Text("{}".to_owned())),
        _ => Ok(Datum::Null),
    };
    let result = |why: &str| Fault::new("JSON_OUTPUT_CONVERSION_ERROR", format!("conversion from JSON failed: {why}"));
    let items = match items(arguments) {
        Err(fault) => return fallback(&arguments[3], fault),
        Ok(None) => return Ok(Datum::Null),
        Ok(Some(items)) => items,
    };
    let item = match (items.as_slice(), word(&arguments[4])) {
        ([], _) => return fallback(&arguments[2], result("JSON path found no items")),
        ([one @ (Json::Array(_) | Json::Object(_))], "conditional") | ([one], "without") => one.clone(),
        (_, "without") => return fallback(&arguments[3], result("JSON path found multiple items")),
        _ => Json::Array(items),
    };
    Ok(Datum::Text(match item {
        Json::Text(text) if arguments[5] == Datum::Boolean(true) => text,
        other => other.write(),
    }))
}
