//! Schedules: `cron(minutes hours day-of-month month day-of-week year)`, in UTC.
//!
//! Source: Glue Developer Guide, "Time-based schedules for jobs and crawlers": six fields; `, - * / ?`; rates faster than five
//! minutes are not supported; one of the two days is a `?`. `L`, `W` and `#` are refused.

use std::collections::BTreeSet;

use labrun_wire::time::Civil;
use labrun_wire::{AwsError, AwsResult, Timestamp};

use super::super::error;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// "The minimum precision for a schedule is 5 minutes."
const FASTEST: u32 = 5;
const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
/// Sunday is 1.
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

#[derive(Debug)]
pub(super) struct Cron {
    minutes: BTreeSet<u32>,
    hours: BTreeSet<u32>,
    /// Every day where the field is a `?`.
    month_days: BTreeSet<u32>,
    months: BTreeSet<u32>,
    week_days: BTreeSet<u32>,
    years: BTreeSet<u32>,
}

impl Cron {
    pub(super) fn parse(text: &str) -> AwsResult<Self> {
        let bad = || error::invalid_input(format!("The schedule expression {text} is not valid."));
        let inner = text.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')')).ok_or_else(bad)?;
        let fields: Vec<&str> = inner.split_whitespace().collect();
        let [minutes, hours, month_days, months, week_days, years] = fields[..] else { return Err(bad()) };
        let special =
            |field: &str| DAYS.iter().fold(field.to_uppercase(), |rest, day| rest.replace(day, "")).contains(['L', 'W', '#']);
        if special(month_days) || special(week_days) {
            return Err(AwsError::not_implemented(format_args!("L, W and # in a schedule (it was {text})")));
        }
        if (month_days == "?") == (week_days == "?") {
            return Err(bad());
        }
        let set = |field: &str, low, high, names: &[&str]| values(field, low, high, names).ok_or_else(bad);
        let cron = Cron {
            minutes: set(minutes, 0, 59, &[])?,
            hours: set(hours, 0, 23, &[])?,
            month_days: set(month_days, 1, 31, &[])?,
            months: set(months, 1, 12, &MONTHS)?,
            week_days: set(week_days, 1, 7, &DAYS)?,
            years: set(years, 1970, 2199, &[])?,
        };
        if cron.too_fast() {
            return Err(error::invalid_input(format!("The schedule expression {text} is faster than {FASTEST} minutes.")));
        }
        Ok(cron)
    }

    fn too_fast(&self) -> bool {
        let minutes: Vec<u32> = self.minutes.iter().copied().collect();
        let within = minutes.windows(2).any(|pair| pair[1] - pair[0] < FASTEST);
        let next_hour = self.hours.iter().any(|hour| self.hours.contains(&((hour + 1) % 24)));
        let over = match (minutes.first(), minutes.last()) {
            (Some(first), Some(last)) => next_hour && first + 60 - last < FASTEST,
            _ => false,
        };
        within || over
    }

    /// The first moment after `now` that fits, if there is one.
    pub(super) fn after(&self, now: Timestamp) -> Option<Timestamp> {
        let start = (now.millis() / MINUTE + 1) * MINUTE;
        // Until the last year that a schedule can name.
        for day in (start / DAY..).take(366 * 230) {
            let (year, month, month_day) = civil(day);
            let week_day = u32::try_from((day + 4).rem_euclid(7)).unwrap_or_default() + 1;
            if self.years.last().is_some_and(|last| year > *last) {
                return None;
            }
            let fits = self.years.contains(&year)
                && self.months.contains(&month)
                && self.month_days.contains(&month_day)
                && self.week_days.contains(&week_day);
            if let Some(moment) = fits.then(|| self.within(day, start)).flatten() {
                return Some(Timestamp::from_millis(moment));
            }
        }
        None
    }

    fn within(&self, day: i64, start: i64) -> Option<i64> {
        let moments = self.hours.iter().flat_map(|hour| self.minutes.iter().map(move |minute| i64::from(hour * 60 + minute)));
        moments.map(|minutes| day * DAY + minutes * MINUTE).find(|moment| *moment >= start)
    }
}

fn values(field: &str, low: u32, high: u32, names: &[&str]) -> Option<BTreeSet<u32>> {
    let mut all = BTreeSet::new();
    for part in field.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let one = |text: &str| {
            let named = names.iter().position(|name| name.eq_ignore_ascii_case(text)).and_then(|at| u32::try_from(at + 1).ok());
            named.or_else(|| text.parse().ok()).filter(|number| (low..=high).contains(number))
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" || range == "?" => (low, high),
            Some((first, last)) => (one(first)?, one(last)?),
            None if part.contains('/') => (one(range)?, high),
            None => (one(range)?, one(range)?),
        };
        all.extend((first..=last).step_by(usize::try_from(step).ok()?));
    }
    (!all.is_empty()).then_some(all)
}

/// Year, month and day of a day since 1970.
fn civil(day: i64) -> (u32, u32, u32) {
    let Civil { year, month, day, .. } = Timestamp::from_millis(day * 86_400_000).into();
    let small = |number: i64| u32::try_from(number).unwrap_or_default();
    (small(year), small(month), small(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(text: &str, from: i64) -> Option<i64> {
        Cron::parse(text).unwrap().after(Timestamp::from_millis(from * 1000)).map(|moment| moment.millis() / 1000)
    }

    #[test]
    fn the_next_moment() {
        // 1704067200 is Monday, 1 January 2024, 00:00.
        let new_year = 1_704_067_200;
        for (text, seconds) in [
            ("cron(15 12 * * ? *)", 12 * 3600 + 15 * 60),
            ("cron(0/5 * ? * MON-FRI *)", 300),
            ("cron(0 0 ? * TUE *)", 86_400),
            ("cron(30 6 29 2 ? *)", 59 * 86_400 + 6 * 3600 + 1800),
            ("cron(0 8 1 * ? 2024)", 8 * 3600),
            ("cron(0 0 1 JAN ? *)", 366 * 86_400),
        ] {
            assert_eq!(next(text, new_year), Some(new_year + seconds), "{text}");
        }
        assert_eq!(next("cron(0 0 1 1 ? 2023)", new_year), None);
        assert_eq!(next("cron(0 0 30 2 ? *)", new_year), None);
    }

    #[test]
    fn what_is_no_schedule() {
        for text in [
            "",
            "rate(5 minutes)",
            "cron(* * * * ? *)",
            "cron(0 0 * * * *)",
            "cron(0 0 ? * ? *)",
            "cron(0 0 * * ?)",
            "cron(60 0 * * ? *)",
            "cron(0/3 * * * ? *)",
            "cron(0,58 * * * ? *)",
            "cron(a 0 * * ? *)",
        ] {
            assert_eq!(Cron::parse(text).unwrap_err().code, "InvalidInputException", "{text}");
        }
        for text in ["cron(0 0 L * ? *)", "cron(0 0 ? * FRI#2 *)", "cron(0 0 15W * ? *)"] {
            assert_eq!(Cron::parse(text).unwrap_err().code, "NotImplemented", "{text}");
        }
        assert!(Cron::parse("cron(0,55 1 ? * WED *)").is_ok());
    }
}
