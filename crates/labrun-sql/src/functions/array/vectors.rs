//! Vectors as arrays of doubles.

use super::sets::items;
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;

pub(super) fn register(library: &mut Library) {
    library.values("dot_product(array(double), array(double)) -> double", |_, values| sum(values, |left, right| left * right));
    library.values("euclidean_distance(array(double), array(double)) -> double", |_, values| {
        Ok(match sum(values, |left, right| (left - right) * (left - right))? {
            Datum::Double(sum) => Datum::Double(sum.sqrt()),
            other => other,
        })
    });
}

/// Null where a vector has a null inside.
fn sum(values: &[Datum], of: fn(f64, f64) -> f64) -> Outcome<Datum> {
    let (left, right) = (items(&values[0]), items(&values[1]));
    if left.len() != right.len() {
        return Err(Fault::argument("The arguments must have the same length"));
    }
    let parts = left.iter().zip(right).map(|pair| match pair {
        (Datum::Double(left), Datum::Double(right)) => Some(of(*left, *right)),
        _ => None,
    });
    Ok(parts.sum::<Option<f64>>().map_or(Datum::Null, Datum::Double))
}
