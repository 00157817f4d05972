//! `sequence`: numbers, days or moments at a step, both ends included.

use crate::calendar::{DAY, plus_months};
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;

/// What Athena gives at most, as measured.
const LIMIT: usize = 50_000;

pub(super) fn register(library: &mut Library) {
    library.values("sequence(bigint, bigint) -> array(bigint)", |_, values| numbers(values, None));
    library.values("sequence(bigint, bigint, bigint) -> array(bigint)", |_, values| numbers(values, Some(&values[2])));
    library.values("sequence(date, date) -> array(date)", |_, values| days(values, None));
    library.values("sequence(date, date, interval day to second) -> array(date)", |_, values| days(values, Some(&values[2])));
    library.values("sequence(date, date, interval year to month) -> array(date)", |_, values| months(values));
    library.values("sequence(timestamp(p), timestamp(p), interval day to second) -> array(timestamp(p))", |_, values| {
        let [Datum::Timestamp(start), Datum::Timestamp(stop), Datum::Milliseconds(step)] = values else { return Ok(Datum::Null) };
        Ok(Datum::Array(steps(*start, *stop, i128::from(*step) * 1_000_000)?.map(Datum::Timestamp).collect()))
    });
    library.values("sequence(timestamp(p), timestamp(p), interval year to month) -> array(timestamp(p))", |_, values| {
        months(values)
    });
}

/// Downwards by itself where the end is before the start.
fn or_one(step: Option<&Datum>, start: i128, stop: i128, unit: i128) -> i128 {
    match step {
        Some(Datum::Integer(step)) => i128::from(*step),
        Some(Datum::Milliseconds(step)) => i128::from(*step),
        _ if start <= stop => unit,
        _ => -unit,
    }
}

fn numbers(values: &[Datum], step: Option<&Datum>) -> Outcome<Datum> {
    let (Datum::Integer(start), Datum::Integer(stop)) = (&values[0], &values[1]) else { return Ok(Datum::Null) };
    let (start, stop) = (i128::from(*start), i128::from(*stop));
    let found = steps(start, stop, or_one(step, start, stop, 1))?;
    Ok(Datum::Array(found.map(|value| Datum::Integer(value as i64)).collect()))
}

fn days(values: &[Datum], step: Option<&Datum>) -> Outcome<Datum> {
    let (Datum::Date(start), Datum::Date(stop)) = (&values[0], &values[1]) else { return Ok(Datum::Null) };
    let (start, stop) = (i128::from(*start), i128::from(*stop));
    let day = DAY / 1_000_000;
    let step = or_one(step, start, stop, day);
    if step % day != 0 {
        return Err(Fault::argument("sequence step must be a day interval if start and end values are dates"));
    }
    Ok(Datum::Array(steps(start, stop, step / day)?.map(|day| Datum::Date(day as i32)).collect()))
}

fn check(step_is: std::cmp::Ordering, forward: std::cmp::Ordering) -> Outcome<()> {
    if step_is.is_eq() {
        return Err(Fault::argument("step must not be zero"));
    }
    if forward.is_ne() && step_is != forward {
        return Err(Fault::argument(
            "sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start",
        ));
    }
    Ok(())
}

fn too_long() -> Fault {
    Fault::argument(format!("result of sequence function must not have more than {LIMIT} entries"))
}

fn steps(start: i128, stop: i128, step: i128) -> Outcome<impl Iterator<Item = i128>> {
    check(step.cmp(&0), stop.cmp(&start))?;
    let count = (stop - start) / step + 1;
    if count > LIMIT as i128 {
        return Err(too_long());
    }
    Ok((0..count).map(move |at| start + at * step))
}

/// Each counted from the start, so that the end of a month stays one.
fn months(values: &[Datum]) -> Outcome<Datum> {
    let Datum::Months(step) = values[2] else { return Ok(Datum::Null) };
    let Some(((start, rest), (stop, stop_rest))) = day_and_rest(&values[0]).zip(day_and_rest(&values[1])) else {
        return Ok(Datum::Null);
    };
    let forward = (stop, stop_rest).cmp(&(start, rest));
    check(step.cmp(&0), forward)?;
    let mut made = Vec::new();
    for at in 0_i64.. {
        let Some(day) = plus_months(start, at * i64::from(step)) else { break };
        let beyond = (day, rest).cmp(&(stop, stop_rest));
        if beyond.is_ne() && beyond == step.cmp(&0) {
            break;
        }
        if made.len() == LIMIT {
            return Err(too_long());
        }
        made.push(match values[0] {
            Datum::Date(_) => Datum::Date(day as i32),
            _ => Datum::Timestamp(i128::from(day) * DAY + rest),
        });
    }
    Ok(Datum::Array(made))
}

fn day_and_rest(value: &Datum) -> Option<(i64, i128)> {
    match value {
        Datum::Date(day) => Some((i64::from(*day), 0)),
        Datum::Timestamp(instant) => Some((instant.div_euclid(DAY) as i64, instant.rem_euclid(DAY))),
        _ => None,
    }
}
