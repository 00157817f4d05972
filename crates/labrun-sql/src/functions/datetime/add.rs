//! `date_add(unit, count, moment)`.

use super::unit::{Of, Unit};
use crate::calendar::{DAY, plus_months, round};
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::sqltype::SqlType;

pub(super) fn register(library: &mut Library) {
    library.values("date_add(varchar, bigint, date) -> date", |_, values| {
        let [Datum::Text(unit), Datum::Integer(count), Datum::Date(day)] = values else { return Ok(Datum::Null) };
        let day = days(Unit::parse(unit, Of::Date)?, *count, (*day).into())?;
        i32::try_from(day).map(Datum::Date).map_err(|_| out_of_range())
    });
    library.values("date_add(varchar, bigint, time(p)) -> time(p)", |_, values| {
        let Datum::Time(time) = values[2] else { return Ok(Datum::Null) };
        Ok(Datum::Time(around(values, time)?))
    });
    library.values("date_add(varchar, bigint, time(p) with time zone) -> time(p) with time zone", |_, values| {
        let Datum::TimeTz(time, zone) = values[2] else { return Ok(Datum::Null) };
        Ok(Datum::TimeTz(around(values, time)?, zone))
    });
    library.values("date_add(varchar, bigint, timestamp(p)) -> timestamp(p)", |call, values| {
        let [Datum::Text(unit), Datum::Integer(count), Datum::Timestamp(wall)] = values else { return Ok(Datum::Null) };
        let SqlType::Timestamp(precision) = call.returns else { return Ok(Datum::Null) };
        let wall = plus(Unit::parse(unit, Of::Timestamp)?, *count, *wall)?;
        Ok(Datum::Timestamp(round(wall, 10_i128.pow(9 - u32::from(*precision).min(9)))))
    });
    library.values("date_add(varchar, bigint, timestamp(p) with time zone) -> timestamp(p) with time zone", |_, values| {
        let [Datum::Text(unit), Datum::Integer(count), Datum::TimestampTz(instant, zone)] = values else {
            return Ok(Datum::Null);
        };
        let unit = Unit::parse(unit, Of::Timestamp)?;
        // Days are counted on the wall of the zone, hours on the clock of the world.
        let instant = match unit {
            Unit::Clock(_) => plus(unit, *count, *instant)?,
            _ => zone.instant_of(plus(unit, *count, zone.wall_at(*instant))?),
        };
        Ok(Datum::TimestampTz(instant, *zone))
    });
}

fn out_of_range() -> Fault {
    Fault::range("Value is out of range of dates")
}

fn days(unit: Unit, count: i64, day: i64) -> Outcome<i64> {
    let made = match unit {
        Unit::Clock(_) => None,
        Unit::Day => day.checked_add(count),
        Unit::Week => count.checked_mul(7).and_then(|count| day.checked_add(count)),
        Unit::Months(months) => {
            count.checked_mul(months).filter(|months| months.abs() < 1 << 40).and_then(|months| plus_months(day, months))
        }
    };
    made.ok_or_else(out_of_range)
}

fn plus(unit: Unit, count: i64, wall: i128) -> Outcome<i128> {
    if let Unit::Clock(length) = unit {
        return Ok(wall + i128::from(count) * i128::from(length));
    }
    let day = days(unit, count, wall.div_euclid(DAY) as i64)?;
    Ok(i128::from(day) * DAY + wall.rem_euclid(DAY))
}

/// Midnight is no end.
fn around(values: &[Datum], time: i64) -> Outcome<i64> {
    let [Datum::Text(unit), Datum::Integer(count), _] = values else { return Ok(time) };
    Ok(plus(Unit::parse(unit, Of::Time)?, *count, time.into())?.rem_euclid(DAY) as i64)
}
