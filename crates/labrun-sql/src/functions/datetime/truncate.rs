//! `date_trunc` and `last_day_of_month`.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray};
use datafusion::arrow::datatypes::{
    Date32Type, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
};

use super::fields::day_of_week;
use super::unit::{Of, Unit};
use crate::calendar::{DAY, civil, day_of, length};
use crate::datum::Datum;
use crate::fault::Outcome;
use crate::functions::{Call, Library};
use crate::sqltype::{SqlType, unit};

pub(super) fn register(library: &mut Library) {
    library.columns("date_trunc(varchar, date) -> date", |call| {
        each::<Date32Type>(call, Of::Date, |unit, day| floor(unit, day.into(), 0).0 as i32)
    });
    library.columns("date_trunc(varchar, timestamp(p)) -> timestamp(p)", timestamps);
    library.values("date_trunc(varchar, timestamp(p) with time zone) -> timestamp(p) with time zone", |_, values| {
        let [Datum::Text(unit), Datum::TimestampTz(instant, zone)] = values else { return Ok(Datum::Null) };
        let unit = Unit::parse(unit, Of::Timestamp)?;
        let wall = zone.wall_at(*instant);
        let (day, of_day) = floor(unit, wall.div_euclid(DAY) as i64, wall.rem_euclid(DAY) as i64);
        let floored = i128::from(day) * DAY + i128::from(of_day);
        // Within a day the offset stays as it is, so that an hour that comes twice stays the one it was.
        let made = if matches!(unit, Unit::Clock(_)) { instant - (wall - floored) } else { zone.instant_of(floored) };
        Ok(Datum::TimestampTz(made, *zone))
    });
    library.values("date_trunc(varchar, time(p)) -> time(p)", |_, values| time(values));
    library.values("date_trunc(varchar, time(p) with time zone) -> time(p) with time zone", |_, values| time(values));
    library.values("last_day_of_month(date) -> date", |_, values| Ok(last_day(&values[0])));
    library.values("last_day_of_month(timestamp(p)) -> date", |_, values| Ok(last_day(&values[0])));
    library.values("last_day_of_month(timestamp(p) with time zone) -> date", |_, values| Ok(last_day(&values[0])));
}

/// The start of the unit in which a wall is.
fn floor(unit: Unit, day: i64, of_day: i64) -> (i64, i64) {
    match unit {
        Unit::Clock(length) => (day, of_day - of_day % length),
        Unit::Day => (day, 0),
        Unit::Week => (day - day_of_week(day, 0) + 1, 0),
        Unit::Months(count) => {
            let (year, month, _) = civil(day);
            let month = (i64::from(month) - 1) / count * count + 1;
            (day_of(year, month as u32, 1).unwrap_or(day), 0)
        }
    }
}

/// The unit is nearly always the same in all rows: it is read where it changes.
fn each<T: ArrowPrimitiveType>(call: &Call, of: Of, floor: impl Fn(Unit, T::Native) -> T::Native) -> Outcome<ArrayRef> {
    let (units, values) = (call.columns[0].as_string_view(), call.columns[1].as_primitive::<T>());
    let mut known: Option<(&str, Unit)> = None;
    let mut made = Vec::with_capacity(call.rows);
    for row in 0..call.rows {
        if units.is_null(row) || values.is_null(row) {
            made.push(None);
            continue;
        }
        let text = units.value(row);
        let unit = match known {
            Some((word, unit)) if word == text => unit,
            _ => Unit::parse(text, of)?,
        };
        known = Some((text, unit));
        made.push(Some(floor(unit, values.value(row))));
    }
    Ok(Arc::new(PrimitiveArray::<T>::from_iter(made)))
}

fn timestamps(call: &Call) -> Outcome<ArrayRef> {
    let SqlType::Timestamp(precision) = call.kinds[1] else { return each::<Date32Type>(call, Of::Date, |_, day| day) };
    match unit(precision) {
        TimeUnit::Nanosecond => each::<TimestampNanosecondType>(call, Of::Timestamp, |unit, wall| scaled(unit, wall, 1)),
        TimeUnit::Microsecond => each::<TimestampMicrosecondType>(call, Of::Timestamp, |unit, wall| scaled(unit, wall, 1_000)),
        _ => each::<TimestampMillisecondType>(call, Of::Timestamp, |unit, wall| scaled(unit, wall, 1_000_000)),
    }
}

fn scaled(unit: Unit, wall: i64, nanoseconds: i64) -> i64 {
    let length = 86_400_000_000_000 / nanoseconds;
    let (day, of_day) = floor(unit, wall.div_euclid(length), wall.rem_euclid(length) * nanoseconds);
    day * length + of_day / nanoseconds
}

fn time(values: &[Datum]) -> Outcome<Datum> {
    let Datum::Text(unit) = &values[0] else { return Ok(Datum::Null) };
    let unit = Unit::parse(unit, Of::Time)?;
    Ok(match &values[1] {
        Datum::Time(time) => Datum::Time(floor(unit, 0, *time).1),
        Datum::TimeTz(time, zone) => Datum::TimeTz(floor(unit, 0, *time).1, *zone),
        _ => Datum::Null,
    })
}

fn last_day(value: &Datum) -> Datum {
    let day = match value {
        Datum::Date(day) => i64::from(*day),
        Datum::Timestamp(wall) => wall.div_euclid(DAY) as i64,
        Datum::TimestampTz(instant, zone) => zone.wall_at(*instant).div_euclid(DAY) as i64,
        _ => return Datum::Null,
    };
    let (year, month, of_month) = civil(day);
    Datum::Date((day + i64::from(length(year, month)) - i64::from(of_month)) as i32)
}
