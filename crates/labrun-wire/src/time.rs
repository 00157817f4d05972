//! Time formats of the protocols: ISO 8601, HTTP dates, epoch seconds. UTC only; Gregorian by Howard Hinnant's day count.

use crate::value::Timestamp;

/// A moment in calendar fields, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub millis: i64,
    /// 0 = Sunday.
    pub weekday: i64,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const DAY_MILLIS: i64 = 86_400_000;

impl From<Timestamp> for Civil {
    fn from(time: Timestamp) -> Self {
        let days = time.millis().div_euclid(DAY_MILLIS);
        let rest = time.millis().rem_euclid(DAY_MILLIS);
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        Civil {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
            hour: rest / 3_600_000,
            minute: rest / 60_000 % 60,
            second: rest / 1000 % 60,
            millis: rest % 1000,
            weekday: (days + 4).rem_euclid(7),
        }
    }
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn assemble(date: [i64; 3], time: [i64; 3], millis: i64) -> Option<Timestamp> {
    let [year, month, day] = date;
    let [hour, minute, second] = time;
    let in_range = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    in_range.then_some(Timestamp(seconds * 1000 + millis))
}

/// `2026-01-02T03:04:05Z`, with milliseconds if there are any.
pub fn iso8601(time: Timestamp) -> String {
    let c = Civil::from(time);
    let head = format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
    if c.millis == 0 { head + "Z" } else { format!("{head}.{:03}Z", c.millis) }
}

/// `2026-01-02T03:04:05.678Z`: S3's XML always shows milliseconds.
pub fn iso8601_millis(time: Timestamp) -> String {
    let c = Civil::from(time);
    format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", c.year, c.month, c.day, c.hour, c.minute, c.second, c.millis)
}

/// `20260102T030405Z`, as signatures have it.
pub fn compact(time: Timestamp) -> String {
    let c = Civil::from(time);
    format!("{:04}{:02}{:02}T{:02}{:02}{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second)
}

/// `Fri, 02 Jan 2026 03:04:05 GMT`.
pub fn http_date(time: Timestamp) -> String {
    let c = Civil::from(time);
    let (day, month) = (DAYS[c.weekday as usize], MONTHS[c.month as usize - 1]);
    format!("{day}, {:02} {month} {:04} {:02}:{:02}:{:02} GMT", c.day, c.year, c.hour, c.minute, c.second)
}

/// Reads `20260102T030405Z`.
pub fn parse_compact(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    if bytes.len() != 16 || bytes[8] != b'T' || bytes[15] != b'Z' || !text.is_ascii() {
        return None;
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<i64>().ok();
    assemble([number(0..4)?, number(4..6)?, number(6..8)?], [number(9..11)?, number(11..13)?, number(13..15)?], 0)
}

/// Reads ISO 8601 with `Z` or a numeric offset, fractions optional.
pub fn parse_iso8601(text: &str) -> Option<Timestamp> {
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let date: Vec<i64> = date.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (time, offset) = split_offset(rest)?;
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let clock: Vec<i64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let millis: i64 = format!("{:0<3}", fraction.get(..3.min(fraction.len()))?).parse().ok()?;
    let time = assemble(date.try_into().ok()?, clock.try_into().ok()?, millis)?;
    Some(time.plus_millis(-offset * 60_000))
}

/// Splits off `Z` or `+01:00`; the offset in minutes.
fn split_offset(rest: &str) -> Option<(&str, i64)> {
    if let Some(time) = rest.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let at = rest.rfind(['+', '-'])?;
    let (time, offset) = rest.split_at(at);
    let (hours, minutes) = offset[1..].split_once(':').unwrap_or((&offset[1..], "0"));
    let minutes: i64 = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
    Some((time, if offset.starts_with('-') { -minutes } else { minutes }))
}

/// Reads `Fri, 02 Jan 2026 03:04:05 GMT`.
pub fn parse_http_date(text: &str) -> Option<Timestamp> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let [_, day, month, year, clock, zone] = words[..] else {
        return None;
    };
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? as i64 + 1;
    let clock: Vec<i64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let known = matches!(zone, "GMT" | "UTC" | "+0000" | "-0000");
    known.then(|| assemble([year.parse().ok()?, month, day.parse().ok()?], clock.try_into().ok()?, 0))?
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Timestamp = Timestamp(1_440_938_160_000);

    #[test]
    fn formats_agree_with_their_parsers() {
        assert_eq!(iso8601(MOMENT), "2015-08-30T12:36:00Z");
        assert_eq!(compact(MOMENT), "20150830T123600Z");
        assert_eq!(http_date(MOMENT), "Sun, 30 Aug 2015 12:36:00 GMT");
        assert_eq!(parse_iso8601("2015-08-30T12:36:00Z"), Some(MOMENT));
        assert_eq!(parse_iso8601("2015-08-30T14:36:00.5+02:00"), Some(MOMENT.plus_millis(500)));
        assert_eq!(parse_compact("20150830T123600Z"), Some(MOMENT));
        assert_eq!(parse_http_date("Sun, 30 Aug 2015 12:36:00 GMT"), Some(MOMENT));
    }

    #[test]
    fn leap_days_and_times_before_the_epoch() {
        assert_eq!(iso8601(Timestamp(951_782_400_000)), "2000-02-29T00:00:00Z");
        assert_eq!(iso8601_millis(Timestamp(-1)), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn nonsense_is_no_time() {
        assert_eq!(parse_iso8601("yesterday"), None);
        assert_eq!(parse_compact("20151330T123600Z"), None);
        assert_eq!(parse_http_date("tomorrow"), None);
    }
}
