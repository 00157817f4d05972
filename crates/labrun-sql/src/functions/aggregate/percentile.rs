//! `approx_percentile`: exactly the value of the rank, which a digest estimates.

use super::moments::number;
use crate::datum::{Datum, compare};
use crate::fault::{Fault, Outcome};
use crate::functions::Library;

pub(super) fn register(library: &mut Library) {
    macro_rules! of {
        ($($kind:literal)*) => {$(
            library.aggregate(concat!("approx_percentile(", $kind, ", double) -> ", $kind), |_, _, rows| percentile(rows));
            library.aggregate(concat!("approx_percentile(", $kind, ", array(double)) -> array(", $kind, ")"), |_, _, rows| {
                percentile(rows)
            });
            library.aggregate(concat!("approx_percentile(", $kind, ", double, double) -> ", $kind), |_, _, rows| percentile(rows));
            library.aggregate(concat!("approx_percentile(", $kind, ", double, array(double)) -> array(", $kind, ")"), |_, _, rows| {
                percentile(rows)
            });
        )*};
    }
    of!("bigint" "real" "double");
}

/// Rows of a value, its weight if there is one, and what is asked.
fn percentile(rows: Vec<Vec<Datum>>) -> Outcome<Datum> {
    let mut values = Vec::new();
    let mut asked = Datum::Null;
    for mut row in rows.into_iter().filter(|row| !row[0].is_null()) {
        asked = row.pop().unwrap_or(Datum::Null);
        let weight = row.get(1).map_or(Some(1.0), number).filter(|weight| *weight > 0.0);
        let weight = weight.ok_or_else(|| Fault::argument("percentile weight must be > 0"))?;
        values.push((row.swap_remove(0), weight));
    }
    // Numbers can always be compared.
    values.sort_by(|left, right| compare(&left.0, &right.0).unwrap_or(std::cmp::Ordering::Equal));
    let total: f64 = values.iter().map(|(_, weight)| weight).sum();
    match asked {
        Datum::Array(fractions) if !values.is_empty() => {
            Ok(Datum::Array(fractions.iter().map(|fraction| at(&values, total, fraction)).collect::<Outcome<_>>()?))
        }
        Datum::Double(_) => at(&values, total, &asked),
        _ => Ok(Datum::Null),
    }
}

fn at(values: &[(Datum, f64)], total: f64, fraction: &Datum) -> Outcome<Datum> {
    let fraction = match fraction {
        Datum::Double(fraction) if (0.0..=1.0).contains(fraction) => *fraction,
        _ => return Err(Fault::argument("Percentile must be between 0 and 1")),
    };
    let mut before = 0.0;
    for (value, weight) in values {
        before += weight;
        if before > fraction * total {
            return Ok(value.clone());
        }
    }
    Ok(values.last().map_or(Datum::Null, |(value, _)| value.clone()))
}
