//! Vectors as maps: how alike their directions are.

use crate::datum::{Datum, same};
use crate::fault::Outcome;
use crate::functions::Library;

pub(super) fn register(library: &mut Library) {
    library.values("cosine_similarity(map(varchar, double), map(varchar, double)) -> double", |_, values| similarity(values));
}

/// Null where a vector has no direction, or a null inside.
fn similarity(values: &[Datum]) -> Outcome<Datum> {
    let [Datum::Map(left), Datum::Map(right)] = values else { return Ok(Datum::Null) };
    let (Some(left_length), Some(right_length)) = (length(left), length(right)) else { return Ok(Datum::Null) };
    if left_length == 0.0 || right_length == 0.0 {
        return Ok(Datum::Null);
    }
    let products = left.iter().filter_map(|(key, value)| {
        let (_, other) = right.iter().find(|(own, _)| same(own, key))?;
        Some(number(value)? * number(other)?)
    });
    Ok(Datum::Double(products.sum::<f64>() / (left_length * right_length)))
}

fn number(value: &Datum) -> Option<f64> {
    if let Datum::Double(value) = value { Some(*value) } else { None }
}

fn length(entries: &[(Datum, Datum)]) -> Option<f64> {
    let squares = entries.iter().map(|(_, value)| number(value).map(|value| value * value));
    squares.sum::<Option<f64>>().map(f64::sqrt)
}
