//! Days and months of the Gregorian calendar, with its rules before 1582 too, as Java's `LocalDate` has them.

/// A day in nanoseconds.
pub(crate) const DAY: i128 = 86_400_000_000_000;

/// Years beyond are none that a date of 32 bits reaches.
const FARTHEST: i64 = 10_000_000;

/// Days since 1970-01-01; `None` where no such day exists.
pub(crate) fn day_of(year: i64, month: u32, day: u32) -> Option<i64> {
    if year.abs() > FARTHEST || !(1..=12).contains(&month) || day == 0 || day > length(year, month) {
        return None;
    }
    // The year starts in March here, so that the leap day is its last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// Year, month and day.
pub(crate) fn civil(day: i64) -> (i64, u32, u32) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month as u32, day as u32)
}

/// Days of a month.
pub(crate) fn length(year: i64, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Months later; a day that the month does not have is its last.
pub(crate) fn plus_months(day: i64, months: i64) -> Option<i64> {
    let (year, month, day) = civil(day);
    let counted = year * 12 + i64::from(month) - 1 + months;
    let (year, month) = (counted.div_euclid(12), counted.rem_euclid(12) as u32 + 1);
    day_of(year, month, day.min(length(year, month)))
}

/// To a multiple of a unit, half up as Trino rounds moments.
pub(crate) fn round(value: i128, unit: i128) -> i128 {
    (value + unit / 2).div_euclid(unit) * unit
}

#[cfg(test)]
mod tests {
    use super::{civil, day_of, plus_months};

    #[test]
    fn days_count_both_ways() {
        for (day, date) in [(0, (1970, 1, 1)), (-1, (1969, 12, 31)), (11_016, (2000, 2, 29)), (-719_528, (0, 1, 1))] {
            assert_eq!(civil(day), date);
            assert_eq!(day_of(date.0, date.1, date.2), Some(day));
        }
        assert_eq!(day_of(2023, 2, 29), None);
        assert_eq!(plus_months(30, 1).map(civil), Some((1970, 2, 28)));
    }
}
