//! Dates, times and timestamps out of text: `2020-01-31`, `01:02:03.456`, `2020-01-31 01:02 Europe/Berlin`.

use crate::calendar::{self, DAY};
use crate::datum::Zone;

/// What is left of a text.
struct Scan<'a>(&'a str);

impl<'a> Scan<'a> {
    fn take(&mut self, letter: char) -> Option<()> {
        self.0 = self.0.strip_prefix(letter)?;
        Some(())
    }

    /// So many digits, at least and at most.
    fn digits(&mut self, least: usize, most: usize) -> Option<&'a str> {
        let count = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if count < least {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        Some(digits)
    }

    fn number(&mut self, least: usize, most: usize) -> Option<i64> {
        self.digits(least, most)?.parse().ok()
    }

    /// Year, month and day as a day.
    fn date(&mut self, least: usize) -> Option<i64> {
        let negative = self.take('-').is_some();
        if !negative {
            let _ = self.take('+');
        }
        let year = self.number(least, 9)?;
        self.take('-')?;
        let month = self.number(1, 2)?;
        self.take('-')?;
        let day = self.number(1, 2)?;
        calendar::day_of(if negative { -year } else { year }, month as u32, day as u32)
    }

    /// Hours and minutes, then seconds and their fraction if they are there: nanoseconds, rounded.
    fn clock(&mut self, precision: u8) -> Option<i128> {
        let hours = self.number(1, 2)?;
        self.take(':')?;
        let minutes = self.number(1, 2)?;
        let (mut seconds, mut fraction) = (0, 0);
        if self.take(':').is_some() {
            seconds = self.number(1, 2)?;
            if self.take('.').is_some() {
                fraction = nanoseconds(self.digits(1, usize::MAX)?, precision)?;
            }
        }
        let fine = hours < 24 && minutes < 60 && seconds < 60;
        fine.then(|| i128::from(hours * 3600 + minutes * 60 + seconds) * 1_000_000_000 + fraction)
    }
}

/// The fraction of a second, rounded half up to so many digits.
fn nanoseconds(digits: &str, precision: u8) -> Option<i128> {
    if digits.len() > 12 {
        return None;
    }
    let picoseconds: i128 = format!("{digits:0<12}").parse().ok()?;
    Some(calendar::round(picoseconds, 10_i128.pow(12 - u32::from(precision.min(9)))) / 1_000)
}

/// Days since 1970.
pub(crate) fn date_of(text: &str) -> Option<i32> {
    let mut scan = Scan(text.trim());
    let day = scan.date(1)?;
    if scan.0.is_empty() { i32::try_from(day).ok() } else { None }
}

/// Nanoseconds of the day, and the offset if there is one.
pub(crate) fn time_of(text: &str, precision: u8) -> Option<(i64, Option<Zone>)> {
    let mut scan = Scan(text.trim());
    // What is rounded up to midnight is midnight.
    let time = scan.clock(precision)?.rem_euclid(DAY) as i64;
    let rest = scan.0.trim_start();
    if rest.is_empty() {
        return Some((time, None));
    }
    let zone = Zone::parse(rest).filter(|zone| matches!(zone, Zone::Offset(_)))?;
    Some((time, Some(zone)))
}

/// Nanoseconds as the wall shows it, and the zone if there is one.
pub(crate) fn timestamp_of(text: &str, precision: u8) -> Option<(i128, Option<Zone>)> {
    let mut scan = Scan(text.trim());
    let day = i128::from(scan.date(4)?) * DAY;
    if scan.0.is_empty() {
        return Some((day, None));
    }
    scan.take(' ')?;
    let timed = scan.0.starts_with(|letter: char| letter.is_ascii_digit());
    let wall = if timed { day + scan.clock(precision)? } else { day };
    let rest = scan.0.trim_start();
    if rest.is_empty() {
        return Some((wall, None));
    }
    Zone::parse(rest).map(|zone| (wall, Some(zone)))
}

#[cfg(test)]
mod tests {
    use super::{date_of, time_of, timestamp_of};
    use crate::datum::{UTC, Zone};

    #[test]
    fn moments_are_read_as_trino_reads_them() {
        let second = 1_000_000_000_i128;
        for (text, precision, expected) in [
            ("1970-01-02", 3, Some((86_400 * second, None))),
            ("1970-01-01 00:00:01", 3, Some((second, None))),
            ("1970-1-1 0:0:1.5", 0, Some((2 * second, None))),
            ("1970-01-01 00:00:00.123456", 3, Some((123_000_000, None))),
            ("1970-01-01 00:00 UTC", 3, Some((0, Some(UTC)))),
            ("1970-01-01 00:00:01+01:00", 3, Some((second, Some(Zone::Offset(60))))),
            ("1970-01-01T00:00:00", 3, None),
            ("1970-02-30 00:00:00", 3, None),
            ("1970-01-01 24:00:00", 3, None),
            ("1970-01-01 00:00:00 Mars", 3, None),
        ] {
            assert_eq!(timestamp_of(text, precision), expected, "{text}");
        }
        assert_eq!(date_of(" 1970-01-03 "), Some(2));
        assert_eq!(date_of("1970-01-03 00:00"), None);
        assert_eq!(time_of("23:59:59.9999", 3), Some((0, None)));
    }
}
