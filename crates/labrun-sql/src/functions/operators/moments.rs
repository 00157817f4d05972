//! Dates, times and timestamps with intervals, and with each other (functions/datetime).

use crate::calendar::{self, DAY};
use crate::datum::{Datum, Zone};
use crate::fault::{Fault, Outcome};
use crate::functions::Library;

const MILLISECOND: i128 = 1_000_000;

pub(super) fn register(library: &mut Library) {
    shifted(library);
    library.values("-(date, date) -> interval day to second", |_, values| apart(values));
    library.values("-(time(p), time(p)) -> interval day to second", |_, values| apart(values));
    library.values("-(timestamp(p), timestamp(p)) -> interval day to second", |_, values| apart(values));
    library.values("-(timestamp(p) with time zone, timestamp(p) with time zone) -> interval day to second", |_, values| {
        apart(values)
    });
    library
        .values("at_timezone(timestamp(p) with time zone, varchar) -> timestamp(p) with time zone", |_, values| at_zone(values));
    library.values(
        "at_timezone(timestamp(p) with time zone, interval day to second) -> timestamp(p) with time zone",
        |_, values| at_offset(values),
    );
}

/// The moment, plus the span, minus the span: on either side of `+`, right of `-`.
macro_rules! shifted {
    ($library:ident, $($moment:literal $span:literal),*) => {$(
        $library.values(concat!("+(", $moment, ", ", $span, ") -> ", $moment), |_, values| shift(&values[0], &values[1], 1));
        $library.values(concat!("+(", $span, ", ", $moment, ") -> ", $moment), |_, values| shift(&values[1], &values[0], 1));
        $library.values(concat!("-(", $moment, ", ", $span, ") -> ", $moment), |_, values| shift(&values[0], &values[1], -1));
    )*};
}

fn shifted(library: &mut Library) {
    shifted!(
        library,
        "date" "interval day to second",
        "date" "interval year to month",
        "time(p)" "interval day to second",
        "time(p) with time zone" "interval day to second",
        "timestamp(p)" "interval day to second",
        "timestamp(p)" "interval year to month",
        "timestamp(p) with time zone" "interval day to second",
        "timestamp(p) with time zone" "interval year to month"
    );
}

fn shift(moment: &Datum, span: &Datum, sign: i64) -> Outcome<Datum> {
    match (moment, span) {
        (Datum::Date(day), Datum::Months(months)) => {
            calendar::plus_months((*day).into(), i64::from(*months) * sign).and_then(date).ok_or_else(out_of_range)
        }
        (Datum::Date(day), Datum::Milliseconds(span)) => date_and_span(*day, *span, sign),
        (Datum::Time(time), Datum::Milliseconds(span)) => Ok(Datum::Time(around(*time, *span, sign))),
        (Datum::TimeTz(time, zone), Datum::Milliseconds(span)) => Ok(Datum::TimeTz(around(*time, *span, sign), *zone)),
        (Datum::Timestamp(wall), span) => plus(*wall, span, sign).map(Datum::Timestamp),
        // Months are counted on the wall of the zone, seconds on the clock of the world.
        (Datum::TimestampTz(instant, zone), span @ Datum::Months(_)) => {
            Ok(Datum::TimestampTz(zone.instant_of(plus(zone.wall_at(*instant), span, sign)?), *zone))
        }
        (Datum::TimestampTz(instant, zone), span) => Ok(Datum::TimestampTz(plus(*instant, span, sign)?, *zone)),
        _ => Err(Fault::new("GENERIC_INTERNAL_ERROR", "a moment and no interval were added")),
    }
}

fn out_of_range() -> Fault {
    Fault::range("Value is out of range of dates")
}

fn date(day: i64) -> Option<Datum> {
    i32::try_from(day).ok().map(Datum::Date)
}

fn date_and_span(day: i32, span: i64, sign: i64) -> Outcome<Datum> {
    const DAY_MILLISECONDS: i64 = 86_400_000;
    if span % DAY_MILLISECONDS != 0 {
        let (verb, preposition) = if sign > 0 { ("add", "to") } else { ("subtract", "from") };
        return Err(Fault::argument(format!("Cannot {verb} hour, minutes or seconds {preposition} a date")));
    }
    date(i64::from(day) + span / DAY_MILLISECONDS * sign).ok_or_else(out_of_range)
}

/// Nanoseconds of a day, around the clock.
fn around(time: i64, span: i64, sign: i64) -> i64 {
    let moved = i128::from(time) + i128::from(span) * i128::from(sign) * MILLISECOND;
    moved.rem_euclid(DAY) as i64
}

fn plus(moment: i128, span: &Datum, sign: i64) -> Outcome<i128> {
    match span {
        Datum::Months(months) => {
            let day = i64::try_from(moment.div_euclid(DAY)).map_err(|_| out_of_range())?;
            let day = calendar::plus_months(day, i64::from(*months) * sign).ok_or_else(out_of_range)?;
            Ok(i128::from(day) * DAY + moment.rem_euclid(DAY))
        }
        Datum::Milliseconds(span) => Ok(moment + i128::from(*span) * i128::from(sign) * MILLISECOND),
        _ => Err(Fault::new("GENERIC_INTERNAL_ERROR", "a moment and no interval were added")),
    }
}

/// From the second to the first.
fn apart(values: &[Datum]) -> Outcome<Datum> {
    let nanoseconds = instant(&values[0]) - instant(&values[1]);
    let milliseconds = calendar::round(nanoseconds, MILLISECOND) / MILLISECOND;
    i64::try_from(milliseconds).map(Datum::Milliseconds).map_err(|_| out_of_range())
}

fn instant(moment: &Datum) -> i128 {
    match moment {
        Datum::Date(day) => i128::from(*day) * DAY,
        Datum::Time(time) => (*time).into(),
        Datum::Timestamp(instant) | Datum::TimestampTz(instant, _) => *instant,
        _ => 0,
    }
}

fn at_zone(values: &[Datum]) -> Outcome<Datum> {
    match values {
        [Datum::TimestampTz(instant, _), Datum::Text(name)] => {
            let zone = Zone::parse(name).ok_or_else(|| Fault::argument(format!("'{name}' is not a valid time zone")))?;
            Ok(Datum::TimestampTz(*instant, zone))
        }
        _ => Ok(Datum::Null),
    }
}

fn at_offset(values: &[Datum]) -> Outcome<Datum> {
    match values {
        [Datum::TimestampTz(instant, _), Datum::Milliseconds(span)] => {
            if span % 60_000 != 0 {
                return Err(Fault::argument("Invalid time zone offset interval: interval contains seconds"));
            }
            let minutes = i32::try_from(span / 60_000).ok().filter(|minutes| minutes.abs() <= 14 * 60);
            let minutes = minutes.ok_or_else(|| Fault::argument(format!("Invalid offset minutes {}", span / 60_000)))?;
            Ok(Datum::TimestampTz(*instant, Zone::Offset(minutes)))
        }
        _ => Ok(Datum::Null),
    }
}
