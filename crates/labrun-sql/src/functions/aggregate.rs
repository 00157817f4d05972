//! Aggregates over the values of a group (functions/aggregate).

mod bits;
mod extremes;
mod histogram;
mod intervals;
mod maps;
mod moments;
mod percentile;
mod text;

use datafusion::arrow::array::ArrayRef;

use super::{Body, Call, Library};
use crate::datum::{self, Datum};
use crate::fault::{Fault, Outcome};

pub(super) fn register(library: &mut Library) {
    bits::register(library);
    extremes::register(library);
    histogram::register(library);
    intervals::register(library);
    maps::register(library);
    moments::register(library);
    percentile::register(library);
    text::register(library);
    library.aggregate("array_agg(T) -> array(T)", |_, _, rows| {
        Ok(if rows.is_empty() { Datum::Null } else { Datum::Array(rows.into_iter().flatten().collect()) })
    });
    library.aggregate("arbitrary(T) -> T", |_, _, rows| Ok(first(rows)));
    library.aggregate("any_value(T) -> T", |_, _, rows| Ok(first(rows)));
    library.aggregate("min(T) -> T where T orderable", |_, _, rows| extreme(rows, std::cmp::Ordering::Less));
    library.aggregate("max(T) -> T where T orderable", |_, _, rows| extreme(rows, std::cmp::Ordering::Greater));
    library.aggregate("count(T) -> bigint", |_, _, rows| {
        Ok(Datum::Integer(rows.iter().filter(|row| !row[0].is_null()).count() as i64))
    });
}

fn first(rows: Vec<Vec<Datum>>) -> Datum {
    rows.into_iter().flatten().find(|value| !value.is_null()).unwrap_or(Datum::Null)
}

fn extreme(rows: Vec<Vec<Datum>>, wanted: std::cmp::Ordering) -> Outcome<Datum> {
    let mut best = Datum::Null;
    for value in rows.into_iter().flatten().filter(|value| !value.is_null()) {
        if best.is_null() || datum::compare(&value, &best)? == wanted {
            best = value;
        }
    }
    Ok(best)
}

/// Of a sum of whole numbers, as a decimal: it must be a bigint.
pub(crate) const WHOLE_SUM: Body = Body::Values(|_, values| match values[0] {
    Datum::Decimal(sum) => {
        i64::try_from(sum).map(Datum::Integer).map_err(|_| Fault::range(format!("bigint addition overflow: {sum}")))
    }
    _ => Ok(Datum::Null),
});

/// Of a sum and a count: half goes away from zero, as Trino's average of decimals.
pub(crate) const AVERAGE: Body = Body::Columns(average);

fn average(call: &Call) -> Outcome<ArrayRef> {
    let (sums, counts) = (call.values(0), call.values(1));
    let values = (0..call.rows).map(|row| match (sums.get(row), counts.get(row)) {
        (Datum::Decimal(sum), Datum::Integer(count)) if count > 0 => Datum::Decimal(half_up(sum, i128::from(count))),
        _ => Datum::Null,
    });
    datum::column(&values.collect::<Vec<_>>(), call.returns)
}

/// A quotient rounded to the nearest whole; halves away from zero.
fn half_up(value: i128, by: i128) -> i128 {
    let (quotient, rest) = (value / by, value % by);
    if rest.unsigned_abs() * 2 >= by.unsigned_abs() { quotient + value.signum() } else { quotient }
}
