//! `json_parse`, `json_format`, `is_json_scalar`.

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::cast::Json;

pub(super) fn register(library: &mut Library) {
    library.values("json_parse(varchar) -> json", |_, values| {
        let Datum::Text(text) = &values[0] else { return Ok(Datum::Null) };
        let json = Json::read(text).ok_or_else(|| Fault::argument(format!("Cannot convert value to JSON: '{text}'")))?;
        Ok(Datum::Text(json.sorted().write()))
    });
    library.values("json_format(json) -> varchar", |_, values| Ok(values[0].clone()));
    library.values("is_json_scalar(varchar) -> boolean", |_, values| is_scalar(values));
    library.values("is_json_scalar(json) -> boolean", |_, values| is_scalar(values));
}

fn is_scalar(values: &[Datum]) -> Outcome<Datum> {
    let Datum::Text(text) = &values[0] else { return Ok(Datum::Null) };
    let json = Json::read(text).ok_or_else(|| Fault::argument(format!("Invalid JSON value: {text}")))?;
    Ok(Datum::Boolean(!matches!(json, Json::Array(_) | Json::Object(_))))
}
