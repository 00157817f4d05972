//! Moments by patterns: `date_format` and `date_parse` have MySQL's, `format_datetime` and `parse_datetime` Joda's.

use super::{joda, mysql, read, write};
use crate::datum::{Datum, UTC};
use crate::fault::Outcome;
use crate::functions::Library;

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(String),
    /// A number: padded to so many digits as it is written, read with at most so many.
    Number(Field, usize, usize),
    /// The last two digits of a year; read, it is one of the hundred years from this on.
    TwoDigits(Field, i64),
    /// Digits after the second: so many at least.
    Fraction(usize, usize),
    Month(Length),
    Weekday(Length),
    /// `AM`, `PM`
    HalfDay,
    /// `AD`, `BC`
    Era,
    /// `+0200`; with a colon `+02:00`
    Offset(bool),
    /// `Europe/Berlin`
    Zone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    Short,
    Long,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Century,
    Year,
    YearOfEra,
    WeekYear,
    Month,
    Week,
    DayOfYear,
    Day,
    DayOfWeek,
    Hour,
    /// From 1 to 24.
    ClockHour,
    /// From 0 to 11.
    HalfDayHour,
    /// From 1 to 12.
    HalfDayClockHour,
    Minute,
    Second,
}

pub(super) const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
pub(super) const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A pattern as it is read.
type Parse = fn(&str) -> Outcome<Vec<Piece>>;

pub(super) fn register(library: &mut Library) {
    library.values("date_format(timestamp(p), varchar) -> varchar", |_, values| written(values, mysql::pieces));
    library.values("date_format(timestamp(p) with time zone, varchar) -> varchar", |_, values| written(values, mysql::pieces));
    library.values("format_datetime(timestamp(p), varchar) -> varchar", |_, values| written(values, joda::pieces));
    library.values("format_datetime(timestamp(p) with time zone, varchar) -> varchar", |_, values| written(values, joda::pieces));
    library.values("date_parse(varchar, varchar) -> timestamp(3)", |_, values| {
        let [Datum::Text(text), Datum::Text(pattern)] = values else { return Ok(Datum::Null) };
        Ok(Datum::Timestamp(read::moment(text, &mysql::pieces(pattern)?)?.0))
    });
    library.values("parse_datetime(varchar, varchar) -> timestamp(3) with time zone", |_, values| {
        let [Datum::Text(text), Datum::Text(pattern)] = values else { return Ok(Datum::Null) };
        let (wall, zone) = read::moment(text, &joda::pieces(pattern)?)?;
        let zone = zone.unwrap_or(UTC);
        Ok(Datum::TimestampTz(zone.instant_of(wall), zone))
    });
}

fn written(values: &[Datum], parse: Parse) -> Outcome<Datum> {
    let [moment, Datum::Text(pattern)] = values else { return Ok(Datum::Null) };
    let pieces = parse(pattern)?;
    match moment {
        Datum::Timestamp(wall) => write::moment(*wall, UTC, &pieces),
        Datum::TimestampTz(instant, zone) => write::moment(*instant, *zone, &pieces),
        _ => Ok(String::new()),
    }
    .map(Datum::Text)
}
