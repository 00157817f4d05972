//! `sum` and `avg` of intervals.

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;

pub(super) fn register(library: &mut Library) {
    library.aggregate("sum(interval day to second) -> interval day to second", |_, _, rows| sum(&rows, false));
    library.aggregate("sum(interval year to month) -> interval year to month", |_, _, rows| sum(&rows, false));
    library.aggregate("avg(interval day to second) -> interval day to second", |_, _, rows| sum(&rows, true));
    library.aggregate("avg(interval year to month) -> interval year to month", |_, _, rows| sum(&rows, true));
}

fn sum(rows: &[Vec<Datum>], average: bool) -> Outcome<Datum> {
    let (mut sum, mut count, mut months) = (0_i128, 0_i128, false);
    for row in rows {
        match &row[0] {
            Datum::Milliseconds(span) => sum += i128::from(*span),
            Datum::Months(span) => (sum, months) = (sum + i128::from(*span), true),
            _ => continue,
        }
        count += 1;
    }
    if count == 0 {
        return Ok(Datum::Null);
    }
    // Half goes up, as Java rounds.
    let made = if average { (2 * sum + count).div_euclid(2 * count) } else { sum };
    let overflow = || Fault::range("interval addition overflow");
    if months {
        return i32::try_from(made).map(Datum::Months).map_err(|_| overflow());
    }
    i64::try_from(made).map(Datum::Milliseconds).map_err(|_| overflow())
}
