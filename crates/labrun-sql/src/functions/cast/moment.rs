//! Casts among dates, times and timestamps, and out of text. The session's zone is UTC (athena-sql 12).

use super::{One, date_of, misplaced, time_of, timestamp_of};
use crate::calendar::{self, DAY};
use crate::datum::{Datum, UTC, Zone};
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

pub(super) fn one(from: &SqlType, to: &SqlType) -> Option<One> {
    use SqlType::{Date, Time, TimeTz, Timestamp, TimestampTz};
    match (from, to) {
        (SqlType::Varchar(_), Date | Time(_) | TimeTz(_) | Timestamp(_) | TimestampTz(_)) => Some(read),
        (Timestamp(_) | TimestampTz(_), Date) => Some(to_date),
        (Time(_) | TimeTz(_) | Timestamp(_) | TimestampTz(_), Time(_) | TimeTz(_)) => Some(to_time),
        (Date | Timestamp(_) | TimestampTz(_), Timestamp(_) | TimestampTz(_)) => Some(to_timestamp),
        (Time(_) | TimeTz(_), Timestamp(_) | TimestampTz(_)) => {
            Some(|_, from, to| Err(Fault::not_emulated(format!("a cast from {from} to {to}"))))
        }
        _ => None,
    }
}

fn read(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    let Datum::Text(text) = value else { return Err(misplaced(from, to)) };
    let made = match to {
        SqlType::Date => date_of(text).map(Datum::Date),
        SqlType::Time(precision) => {
            time_of(text, *precision).filter(|(_, zone)| zone.is_none()).map(|(time, _)| Datum::Time(time))
        }
        SqlType::TimeTz(precision) => {
            time_of(text, *precision).map(|(time, zone)| Datum::TimeTz(time, zone.unwrap_or(Zone::Offset(0))))
        }
        SqlType::Timestamp(precision) => {
            timestamp_of(text, *precision).filter(|(_, zone)| zone.is_none()).map(|(wall, _)| Datum::Timestamp(wall))
        }
        SqlType::TimestampTz(precision) => timestamp_of(text, *precision).map(|(wall, zone)| {
            let zone = zone.unwrap_or(UTC);
            Datum::TimestampTz(zone.instant_of(wall), zone)
        }),
        _ => return Err(misplaced(from, to)),
    };
    made.ok_or_else(|| Fault::cast(format!("Value cannot be cast to {}: {text}", to.base())))
}

fn to_date(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    let wall = match value {
        Datum::Timestamp(wall) => *wall,
        Datum::TimestampTz(instant, zone) => zone.wall_at(*instant),
        _ => return Err(misplaced(from, to)),
    };
    let day = i32::try_from(wall.div_euclid(DAY));
    day.map(Datum::Date).map_err(|_| Fault::cast("Value is out of range of dates"))
}

/// Nanoseconds with so many digits after the second.
fn rounded(value: i128, precision: u8) -> i128 {
    calendar::round(value, 10_i128.pow(9 - u32::from(precision.min(9))))
}

fn to_time(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    let (time, zone) = match value {
        Datum::Time(time) => ((*time).into(), Zone::Offset(0)),
        Datum::TimeTz(time, zone) => ((*time).into(), *zone),
        Datum::Timestamp(wall) => (*wall, Zone::Offset(0)),
        Datum::TimestampTz(instant, zone) => (zone.wall_at(*instant), Zone::Offset((zone.offset_at(*instant) / 60) as i32)),
        _ => return Err(misplaced(from, to)),
    };
    match to {
        SqlType::Time(precision) => Ok(Datum::Time(rounded(time, *precision).rem_euclid(DAY) as i64)),
        SqlType::TimeTz(precision) => Ok(Datum::TimeTz(rounded(time, *precision).rem_euclid(DAY) as i64, zone)),
        _ => Err(misplaced(from, to)),
    }
}

/// What has no zone gets the session's.
fn to_timestamp(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    let (instant, wall, zone) = match value {
        Datum::Date(day) => (i128::from(*day) * DAY, i128::from(*day) * DAY, UTC),
        Datum::Timestamp(wall) => (*wall, *wall, UTC),
        Datum::TimestampTz(instant, zone) => (*instant, zone.wall_at(*instant), *zone),
        _ => return Err(misplaced(from, to)),
    };
    match to {
        SqlType::Timestamp(precision) => Ok(Datum::Timestamp(rounded(wall, *precision))),
        SqlType::TimestampTz(precision) => Ok(Datum::TimestampTz(rounded(instant, *precision), zone)),
        _ => Err(misplaced(from, to)),
    }
}
