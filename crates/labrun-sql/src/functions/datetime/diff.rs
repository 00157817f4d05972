//! `date_diff(unit, from, to)`: how many whole units lie between.

use super::unit::{Of, Unit};
use crate::calendar::{DAY, civil, plus_months};
use crate::datum::Datum;
use crate::fault::Outcome;
use crate::functions::Library;

pub(super) fn register(library: &mut Library) {
    library.values("date_diff(varchar, date, date) -> bigint", |_, values| match values {
        [Datum::Text(unit), Datum::Date(from), Datum::Date(to)] => {
            let unit = Unit::parse(unit, Of::Date)?;
            Ok(Datum::Integer(between(unit, i128::from(*from) * DAY, i128::from(*to) * DAY)))
        }
        _ => Ok(Datum::Null),
    });
    library.values("date_diff(varchar, time(p), time(p)) -> bigint", |_, values| times(values));
    library.values("date_diff(varchar, time(p) with time zone, time(p) with time zone) -> bigint", |_, values| times(values));
    library.values("date_diff(varchar, timestamp(p), timestamp(p)) -> bigint", |_, values| match values {
        [Datum::Text(unit), Datum::Timestamp(from), Datum::Timestamp(to)] => {
            Ok(Datum::Integer(between(Unit::parse(unit, Of::Timestamp)?, *from, *to)))
        }
        _ => Ok(Datum::Null),
    });
    library.values("date_diff(varchar, timestamp(p) with time zone, timestamp(p) with time zone) -> bigint", |_, values| {
        match values {
            [Datum::Text(unit), Datum::TimestampTz(from, zone), Datum::TimestampTz(to, _)] => {
                Ok(Datum::Integer(match Unit::parse(unit, Of::Timestamp)? {
                    unit @ Unit::Clock(_) => between(unit, *from, *to),
                    // Days are those of the first's zone.
                    unit => between(unit, zone.wall_at(*from), zone.wall_at(*to)),
                }))
            }
            _ => Ok(Datum::Null),
        }
    });
}

fn between(unit: Unit, from: i128, to: i128) -> i64 {
    if to < from {
        return -between(unit, to, from);
    }
    let count = match unit {
        Unit::Clock(length) => (to - from) / i128::from(length),
        Unit::Day => (to - from) / DAY,
        Unit::Week => (to - from) / (7 * DAY),
        Unit::Months(count) => i128::from(months(from, to) / count),
    };
    count as i64
}

/// Whole months: a month is whole at the same day and time, or at its end.
fn months(from: i128, to: i128) -> i64 {
    let (start, end) = (from.div_euclid(DAY) as i64, to.div_euclid(DAY) as i64);
    let ((year, month, _), (end_year, end_month, _)) = (civil(start), civil(end));
    let count = (end_year - year) * 12 + i64::from(end_month) - i64::from(month);
    let reached = plus_months(start, count).map(|day| (day, from.rem_euclid(DAY)));
    if reached.is_some_and(|reached| reached > (end, to.rem_euclid(DAY))) { count - 1 } else { count }
}

fn times(values: &[Datum]) -> Outcome<Datum> {
    let [Datum::Text(unit), from, to] = values else { return Ok(Datum::Null) };
    let unit = Unit::parse(unit, Of::Time)?;
    let of = |value: &Datum| match value {
        Datum::Time(time) => i128::from(*time),
        Datum::TimeTz(time, zone) => i128::from(*time - zone.offset_at(0) * 1_000_000_000),
        _ => 0,
    };
    Ok(Datum::Integer(between(unit, of(from), of(to))))
}
