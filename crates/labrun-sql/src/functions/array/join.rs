//! `array_join`: the items as text, one after another.

use super::sets::items;
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::{Call, Library, cast};
use crate::sqltype::{SqlType, VARCHAR};

pub(super) fn register(library: &mut Library) {
    library.values("array_join(array(T), varchar) -> varchar", |call, values| join(call, values, None)).giving(text);
    library
        .values("array_join(array(T), varchar, varchar) -> varchar", |call, values| {
            let Datum::Text(filler) = &values[2] else { return Ok(Datum::Null) };
            join(call, values, Some(filler))
        })
        .giving(text);
}

/// Items must have a text.
fn text(kinds: &[SqlType]) -> Outcome<SqlType> {
    match &kinds[0] {
        SqlType::Array(item) if **item == SqlType::Json || cast::body(item, &VARCHAR).is_some() => Ok(VARCHAR),
        other => Err(Fault::argument(format!("Input type {other} not supported"))),
    }
}

/// Nulls are left out where nothing stands for them.
fn join(call: &Call, values: &[Datum], filler: Option<&str>) -> Outcome<Datum> {
    let (SqlType::Array(kind), Datum::Text(between)) = (&call.kinds[0], &values[1]) else { return Ok(Datum::Null) };
    let mut texts = Vec::new();
    for item in items(&values[0]) {
        match item {
            Datum::Null => texts.extend(filler.map(ToOwned::to_owned)),
            Datum::Text(text) => texts.push(text.clone()),
            other => match cast::convert(other, kind, &VARCHAR)? {
                Datum::Text(text) => texts.push(text),
                _ => texts.extend(filler.map(ToOwned::to_owned)),
            },
        }
    }
    Ok(Datum::Text(texts.join(between)))
}
