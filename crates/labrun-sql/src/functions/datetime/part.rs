//! `year(x)`, `month(x)`, ..: a number of a whole column of moments or spans.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, ArrowPrimitiveType, AsArray, Int64Array};
use datafusion::arrow::datatypes::{
    Date32Type, Int64Type, Time64NanosecondType, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType,
};

use super::fields;
use crate::calendar::DAY;
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::{Call, Library};
use crate::sqltype::{SqlType, unit};

/// A number of a wall: day, nanoseconds of it.
type Part = fn(i64, i64) -> i64;

macro_rules! parts {
    ($library:ident, $part:path, $($name:literal)* of $($kind:literal)*) => {
        parts!(@names $library, $part, [$($kind)*], $($name)*);
    };
    (@names $library:ident, $part:path, $kinds:tt, $($name:literal)*) => { $(parts!(@kinds $library, $part, $kinds, $name);)* };
    (@kinds $library:ident, $part:path, [$($kind:literal)*], $name:literal) => {$(
        $library.columns(concat!($name, "(", $kind, ") -> bigint"), |call| part(call, $part));
    )*};
}

macro_rules! spans {
    ($library:ident, $($name:literal $kind:literal $of:expr;)*) => {$(
        $library.values(concat!($name, "(interval ", $kind, ") -> bigint"), |_, values| {
            let of: fn(i64) -> i64 = $of;
            Ok(match &values[0] {
                Datum::Months(span) => Datum::Integer(of((*span).into())),
                Datum::Milliseconds(span) => Datum::Integer(of(*span)),
                _ => Datum::Null,
            })
        });
    )*};
}

pub(super) fn register(library: &mut Library) {
    of_dates(library);
    of_times(library);
    spans!(library,
        "year" "year to month" |months| months / 12;
        "month" "year to month" |months| months % 12;
        "day" "day to second" |span| span / 86_400_000;
        "day_of_month" "day to second" |span| span / 86_400_000;
        "hour" "day to second" |span| span / 3_600_000 % 24;
        "minute" "day to second" |span| span / 60_000 % 60;
        "second" "day to second" |span| span / 1_000 % 60;
        "millisecond" "day to second" |span| span % 1_000;
        "to_milliseconds" "day to second" |span| span;
    );
    zones(library);
}

fn of_dates(library: &mut Library) {
    parts!(library, fields::year, "year" of "date" "timestamp(p)" "timestamp(p) with time zone");
    parts!(library, fields::quarter, "quarter" of "date" "timestamp(p)" "timestamp(p) with time zone");
    parts!(library, fields::month, "month" of "date" "timestamp(p)" "timestamp(p) with time zone");
    parts!(library, fields::week, "week" "week_of_year" of "date" "timestamp(p)" "timestamp(p) with time zone");
    parts!(library, fields::year_of_week, "year_of_week" "yow" of "date" "timestamp(p)" "timestamp(p) with time zone");
    parts!(library, fields::day_of_month, "day" "day_of_month" of "date" "timestamp(p)" "timestamp(p) with time zone");
    parts!(library, fields::day_of_week, "day_of_week" "dow" of "date" "timestamp(p)" "timestamp(p) with time zone");
    parts!(library, fields::day_of_year, "day_of_year" "doy" of "date" "timestamp(p)" "timestamp(p) with time zone");
}

fn of_times(library: &mut Library) {
    parts!(library, fields::hour, "hour" of "timestamp(p)" "timestamp(p) with time zone" "time(p)" "time(p) with time zone");
    parts!(library, fields::minute, "minute" of "timestamp(p)" "timestamp(p) with time zone" "time(p)" "time(p) with time zone");
    parts!(library, fields::second, "second" of "timestamp(p)" "timestamp(p) with time zone" "time(p)" "time(p) with time zone");
    parts!(library, fields::millisecond, "millisecond" of "timestamp(p)" "timestamp(p) with time zone" "time(p)" "time(p) with time zone");
}

fn zones(library: &mut Library) {
    macro_rules! zones {
        ($($name:literal $kind:literal $of:expr;)*) => {$(
            library.values(concat!($name, "(", $kind, " with time zone) -> bigint"), |_, values| {
                let of: fn(i64) -> i64 = $of;
                Ok(seconds_east(&values[0]).map_or(Datum::Null, |seconds| Datum::Integer(of(seconds))))
            });
        )*};
    }
    zones! {
        "timezone_hour" "timestamp(p)" |seconds| seconds / 3_600;
        "timezone_hour" "time(p)" |seconds| seconds / 3_600;
        "timezone_minute" "timestamp(p)" |seconds| seconds / 60 % 60;
        "timezone_minute" "time(p)" |seconds| seconds / 60 % 60;
    }
}

fn seconds_east(value: &Datum) -> Option<i64> {
    match value {
        Datum::TimestampTz(instant, zone) => Some(zone.offset_at(*instant)),
        Datum::TimeTz(_, zone) => Some(zone.offset_at(0)),
        _ => None,
    }
}

fn part(call: &Call, part: Part) -> Outcome<ArrayRef> {
    let column = &call.columns[0];
    Ok(Arc::new(match &call.kinds[0] {
        SqlType::Date => column.as_primitive::<Date32Type>().unary::<_, Int64Type>(|day| part(day.into(), 0)),
        SqlType::Time(_) => column.as_primitive::<Time64NanosecondType>().unary(|time| part(0, time)),
        SqlType::Timestamp(precision) => match unit(*precision) {
            TimeUnit::Nanosecond => timestamps::<TimestampNanosecondType>(column, 1, part),
            TimeUnit::Microsecond => timestamps::<TimestampMicrosecondType>(column, 1_000, part),
            _ => timestamps::<TimestampMillisecondType>(column, 1_000_000, part),
        },
        SqlType::TimestampTz(_) | SqlType::TimeTz(_) => zoned(call, part),
        other => return Err(Fault::new("GENERIC_INTERNAL_ERROR", format!("{other} is no moment"))),
    }))
}

fn timestamps<T: ArrowPrimitiveType<Native = i64>>(column: &ArrayRef, nanoseconds: i64, part: Part) -> Int64Array {
    let of_day = 86_400_000_000_000 / nanoseconds;
    column.as_primitive::<T>().unary(|wall| part(wall.div_euclid(of_day), wall.rem_euclid(of_day) * nanoseconds))
}

/// As the wall of the row's zone shows it.
fn zoned(call: &Call, part: Part) -> Int64Array {
    let values = call.values(0);
    let numbers = (0..call.rows).map(|row| match values.get(row) {
        Datum::TimestampTz(instant, zone) => {
            let wall = zone.wall_at(instant);
            Some(part(wall.div_euclid(DAY) as i64, wall.rem_euclid(DAY) as i64))
        }
        Datum::TimeTz(time, _) => Some(part(0, time)),
        _ => None,
    });
    numbers.collect()
}
