//! `skewness`, `kurtosis`, `geometric_mean`.

use crate::datum::Datum;
use crate::functions::Library;

pub(super) fn register(library: &mut Library) {
    library
        .aggregate("skewness(double) -> double", |_, _, rows| Ok(skewness(&numbers(&rows)).map_or(Datum::Null, Datum::Double)));
    library
        .aggregate("kurtosis(double) -> double", |_, _, rows| Ok(kurtosis(&numbers(&rows)).map_or(Datum::Null, Datum::Double)));
    library.aggregate("geometric_mean(bigint) -> double", |_, _, rows| Ok(geometric(&rows).map_or(Datum::Null, Datum::Double)));
    library.aggregate("geometric_mean(double) -> double", |_, _, rows| Ok(geometric(&rows).map_or(Datum::Null, Datum::Double)));
    library.aggregate("geometric_mean(real) -> real", |_, _, rows| {
        Ok(geometric(&rows).map_or(Datum::Null, |mean| Datum::Real(mean as f32)))
    });
}

/// Without nulls.
pub(super) fn numbers(rows: &[Vec<Datum>]) -> Vec<f64> {
    rows.iter().filter_map(|row| number(&row[0])).collect()
}

pub(super) fn number(value: &Datum) -> Option<f64> {
    match value {
        Datum::Double(value) => Some(*value),
        Datum::Real(value) => Some(f64::from(*value)),
        Datum::Integer(value) => Some(*value as f64),
        _ => None,
    }
}

/// The sum of the powers of the distances from the mean.
fn central(values: &[f64], power: i32) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|value| (value - mean).powi(power)).sum()
}

fn skewness(values: &[f64]) -> Option<f64> {
    let found = (values.len() as f64).sqrt() * central(values, 3) / central(values, 2).powf(1.5);
    (values.len() >= 3 && found.is_finite()).then_some(found)
}

/// Beyond that of a normal distribution, without bias.
fn kurtosis(values: &[f64]) -> Option<f64> {
    let count = values.len() as f64;
    let variance = central(values, 2) / (count - 1.0);
    let (two, three) = (count - 2.0, count - 3.0);
    let first = count * (count + 1.0) / ((count - 1.0) * two * three) * central(values, 4) / (variance * variance);
    let found = first - 3.0 * (count - 1.0).powi(2) / (two * three);
    (values.len() >= 4 && found.is_finite()).then_some(found)
}

fn geometric(rows: &[Vec<Datum>]) -> Option<f64> {
    let values = numbers(rows);
    let mean = values.iter().map(|value| value.ln()).sum::<f64>() / values.len() as f64;
    (!values.is_empty()).then(|| mean.exp())
}
