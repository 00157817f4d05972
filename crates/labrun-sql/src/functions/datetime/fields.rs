//! What a wall shows, number by number. A wall is a day since 1970-01-01 and the nanoseconds of it.

use crate::calendar::{civil, day_of};

pub(super) const SECOND: i64 = 1_000_000_000;

pub(super) fn year(day: i64, _: i64) -> i64 {
    civil(day).0
}

pub(super) fn quarter(day: i64, _: i64) -> i64 {
    (i64::from(civil(day).1) + 2) / 3
}

pub(super) fn month(day: i64, _: i64) -> i64 {
    civil(day).1.into()
}

pub(super) fn day_of_month(day: i64, _: i64) -> i64 {
    civil(day).2.into()
}

/// From 1 for Monday to 7.
pub(super) fn day_of_week(day: i64, _: i64) -> i64 {
    (day + 3).rem_euclid(7) + 1
}

/// The first day of a year.
pub(super) fn new_year(year: i64) -> i64 {
    day_of(year, 1, 1).unwrap_or(0)
}

pub(super) fn day_of_year(day: i64, _: i64) -> i64 {
    day - new_year(civil(day).0) + 1
}

/// The Thursday of a week says which year the week belongs to.
fn thursday(day: i64) -> i64 {
    day - day_of_week(day, 0) + 4
}

pub(super) fn year_of_week(day: i64, _: i64) -> i64 {
    civil(thursday(day)).0
}

pub(super) fn week(day: i64, _: i64) -> i64 {
    (day_of_year(thursday(day), 0) - 1) / 7 + 1
}

/// The Monday of the first week of a year.
pub(super) fn first_monday(year: i64) -> i64 {
    let fourth = new_year(year) + 3;
    fourth - day_of_week(fourth, 0) + 1
}

pub(super) fn hour(_: i64, of_day: i64) -> i64 {
    of_day / (3_600 * SECOND)
}

pub(super) fn minute(_: i64, of_day: i64) -> i64 {
    of_day / (60 * SECOND) % 60
}

pub(super) fn second(_: i64, of_day: i64) -> i64 {
    of_day / SECOND % 60
}

pub(super) fn millisecond(_: i64, of_day: i64) -> i64 {
    of_day / 1_000_000 % 1_000
}

#[cfg(test)]
mod tests {
    use super::{day_of, week, year_of_week};

    #[test]
    fn weeks_belong_to_the_year_of_their_thursday() {
        for (date, expected) in
            [((2021, 1, 3), (2020, 53)), ((2021, 1, 4), (2021, 1)), ((2018, 12, 31), (2019, 1)), ((1969, 12, 29), (1970, 1))]
        {
            let day = day_of(date.0, date.1, date.2).unwrap();
            assert_eq!((year_of_week(day, 0), week(day, 0)), expected, "{date:?}");
        }
    }
}
