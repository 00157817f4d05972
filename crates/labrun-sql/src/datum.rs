//! One value, of any type: what functions without a faster form compute with. Whole columns stay Arrow's.

mod build;
mod compare;
mod read;

pub(crate) use build::column;
pub(crate) use compare::{compare, equal, hash, same};
pub(crate) use read::{Reader, read};

use std::fmt;

/// A value. What it means is said by the [`crate::sqltype::SqlType`] that goes with it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Datum {
    Null,
    Boolean(bool),
    /// `tinyint` to `bigint`
    Integer(i64),
    Real(f32),
    Double(f64),
    /// Without the point: the type has the scale.
    Decimal(i128),
    /// `varchar`, `char` (without blanks at the end), `json`
    Text(String),
    /// `varbinary`, `uuid`, `ipaddress`, sketches
    Binary(Vec<u8>),
    /// Days since 1970-01-01.
    Date(i32),
    /// Nanoseconds of the day.
    Time(i64),
    /// Nanoseconds of the day as its zone shows it, and the zone.
    TimeTz(i64, Zone),
    /// Nanoseconds since 1970-01-01, as the wall shows it.
    Timestamp(i128),
    /// Nanoseconds since 1970-01-01 in UTC, and the zone.
    TimestampTz(i128, Zone),
    Months(i32),
    Milliseconds(i64),
    Array(Vec<Datum>),
    /// Keys are not null, and no two are equal.
    Map(Vec<(Datum, Datum)>),
    Row(Vec<Datum>),
}

/// A zone of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Minutes east of UTC.
    Offset(i32),
    /// A region.
    Named(chrono_tz::Tz),
}

/// UTC by name, which Trino tells from `+00:00`.
pub(crate) const UTC: Zone = Zone::Named(chrono_tz::UTC);

impl Zone {
    /// `UTC`, `America/New_York`, `+05:30`, `-08`; `Z` and `GMT`-like names stand for UTC.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text == "Z" || text == "UT" {
            return Some(UTC);
        }
        let Some(sign) = text.chars().next().filter(|first| ['+', '-'].contains(first)) else {
            return text.parse().ok().map(Zone::Named);
        };
        let (hours, minutes) = text[1..].split_once(':').unwrap_or((&text[1..], "00"));
        let two = |part: &str| part.len() <= 2 && !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !two(hours) || !two(minutes) {
            return None;
        }
        let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
        let total = hours * 60 + minutes;
        (hours <= 14 && minutes < 60 && total <= 14 * 60).then_some(Zone::Offset(if sign == '-' { -total } else { total }))
    }

    /// Seconds east of UTC at an instant (nanoseconds since 1970).
    pub(crate) fn offset_at(self, instant: i128) -> i64 {
        match self {
            Zone::Offset(minutes) => i64::from(minutes) * 60,
            Zone::Named(zone) => {
                use chrono::{Offset, TimeZone};
                let seconds = i64::try_from(instant.div_euclid(1_000_000_000)).unwrap_or(i64::MAX);
                chrono::DateTime::from_timestamp(seconds, 0)
                    .map_or(0, |utc| i64::from(zone.offset_from_utc_datetime(&utc.naive_utc()).fix().local_minus_utc()))
            }
        }
    }

    /// The instant at which a wall in the zone shows this; of two the earlier, and of none the one after the gap.
    pub(crate) fn instant_of(self, wall: i128) -> i128 {
        const SECOND: i128 = 1_000_000_000;
        const DAY: i128 = 86_400 * SECOND;
        let before = i128::from(self.offset_at(wall - DAY)) * SECOND;
        let after = i128::from(self.offset_at(wall + DAY)) * SECOND;
        let shows = |offset: i128| i128::from(self.offset_at(wall - offset)) * SECOND == offset;
        if shows(before) || !shows(after) { wall - before } else { wall - after }
    }

    /// What a wall in the zone shows at an instant.
    pub(crate) fn wall_at(self, instant: i128) -> i128 {
        instant + i128::from(self.offset_at(instant)) * 1_000_000_000
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Zone::Offset(minutes) => {
                let sign = if *minutes < 0 { '-' } else { '+' };
                write!(out, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
            Zone::Named(zone) => out.write_str(zone.name()),
        }
    }
}

impl Datum {
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Datum::Null)
    }

    /// Bytes that it takes, about.
    pub(crate) fn size(&self) -> usize {
        let inside = match self {
            Datum::Text(text) => text.len(),
            Datum::Binary(bytes) => bytes.len(),
            Datum::Array(items) | Datum::Row(items) => items.iter().map(Datum::size).sum(),
            Datum::Map(entries) => entries.iter().map(|(key, value)| key.size() + value.size()).sum(),
            _ => 0,
        };
        size_of::<Datum>() + inside
    }
}
