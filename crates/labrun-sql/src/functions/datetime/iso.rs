//! Moments as ISO 8601 writes them: `2020-01-31`, `2020-W05-5`, `2020-031`, `2020-01-31T10:20:30.5+02:00`.

use super::fields::{first_monday, new_year};
use crate::calendar::{DAY, day_of, round};
use crate::datum::{Datum, UTC, Zone};
use crate::fault::Fault;
use crate::functions::Library;
use crate::functions::cast;
use crate::sqltype::SqlType;

pub(super) fn register(library: &mut Library) {
    library.values("from_iso8601_date(varchar) -> date", |_, values| {
        let Datum::Text(text) = &values[0] else { return Ok(Datum::Null) };
        let day = Scan(text).date().filter(|(_, rest)| rest.is_empty()).and_then(|(day, _)| i32::try_from(day).ok());
        day.map(Datum::Date).ok_or_else(|| Fault::argument(format!("Invalid format: \"{text}\"")))
    });
    library.values("from_iso8601_timestamp(varchar) -> timestamp(3) with time zone", |_, values| {
        let Datum::Text(text) = &values[0] else { return Ok(Datum::Null) };
        let found = moment(text).map(|(instant, zone)| Datum::TimestampTz(instant.div_euclid(1_000_000) * 1_000_000, zone));
        found.ok_or_else(|| Fault::argument(format!("Invalid format: \"{text}\"")))
    });
    library.values("from_iso8601_timestamp_nanos(varchar) -> timestamp(9) with time zone", |_, values| {
        let Datum::Text(text) = &values[0] else { return Ok(Datum::Null) };
        let found = moment(text).map(|(instant, zone)| Datum::TimestampTz(round(instant, 1), zone));
        found.ok_or_else(|| Fault::argument(format!("Could not parse '{text}' as ISO8601")))
    });
    library.values("to_iso8601(date) -> varchar", |call, values| Ok(shown(&values[0], &call.kinds[0])));
    library.values("to_iso8601(timestamp(p)) -> varchar", |call, values| Ok(shown(&values[0], &call.kinds[0])));
    library.values("to_iso8601(timestamp(p) with time zone) -> varchar", |call, values| {
        let (Datum::TimestampTz(instant, zone), SqlType::TimestampTz(precision)) = (&values[0], &call.kinds[0]) else {
            return Ok(Datum::Null);
        };
        let wall = shown(&Datum::Timestamp(zone.wall_at(*instant)), &SqlType::Timestamp(*precision));
        let Datum::Text(wall) = wall else { return Ok(Datum::Null) };
        Ok(Datum::Text(wall + &offset(zone.offset_at(*instant))))
    });
}

/// `Z`, `+02:00`
pub(super) fn offset(seconds: i64) -> String {
    match seconds {
        0 => "Z".to_owned(),
        _ => Zone::Offset((seconds / 60) as i32).to_string(),
    }
}

fn shown(value: &Datum, kind: &SqlType) -> Datum {
    cast::text(value, kind).map_or(Datum::Null, |text| Datum::Text(text.replacen(' ', "T", 1)))
}

struct Scan<'a>(&'a str);

impl<'a> Scan<'a> {
    /// Exactly so many digits.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.0 = rest;
        digits.parse().ok()
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.0.strip_prefix(word);
        self.0 = found.unwrap_or(self.0);
        found.is_some()
    }

    /// How many digits come next.
    fn ahead(&self) -> usize {
        self.0.bytes().take_while(u8::is_ascii_digit).count()
    }

    /// The day, and what follows it.
    fn date(mut self) -> Option<(i64, &'a str)> {
        let negative = self.take("-");
        if !negative {
            self.take("+");
        }
        let year = self.digits(self.ahead().max(4)).filter(|year| *year <= 9_999_999)?;
        let year = if negative { -year } else { year };
        if !self.take("-") {
            return Some((day_of(year, 1, 1)?, self.0));
        }
        if self.take("W") {
            let week = self.digits(2).filter(|week| (1..=53).contains(week))?;
            let day = if self.take("-") { self.digits(1).filter(|day| (1..=7).contains(day))? } else { 1 };
            let monday = first_monday(year) + (week - 1) * 7;
            return (monday < first_monday(year + 1)).then_some((monday + day - 1, self.0));
        }
        if self.ahead() == 3 {
            let day = self.digits(3)?;
            return (1..=new_year(year + 1) - new_year(year)).contains(&day).then_some((new_year(year) + day - 1, self.0));
        }
        let month = self.digits(2)?;
        let day = if self.take("-") { self.digits(2)? } else { 1 };
        Some((day_of(year, month as u32, day as u32)?, self.0))
    }

    /// Nanoseconds of the day: hours, then what is there of minutes, seconds and their fraction.
    fn clock(&mut self) -> Option<i128> {
        let (hours, mut minutes, mut seconds, mut fraction) = (self.digits(2)?, 0, 0, 0);
        if self.take(":") {
            minutes = self.digits(2)?;
            if self.take(":") {
                seconds = self.digits(2)?;
            }
        }
        if self.take(".") || self.take(",") {
            let count = self.ahead();
            let (digits, rest) = self.0.split_at_checked(count).filter(|_| count > 0)?;
            self.0 = rest;
            fraction = format!("{digits:0<9}")[..9].parse().ok()?;
        }
        let fine = hours < 24 && minutes < 60 && seconds < 60;
        fine.then(|| i128::from(hours * 3600 + minutes * 60 + seconds) * 1_000_000_000 + fraction)
    }
}

/// The instant and its zone: UTC where none is written.
fn moment(text: &str) -> Option<(i128, Zone)> {
    let (day, rest) = Scan(text).date()?;
    let mut scan = Scan(rest);
    let timed = scan.take("T") && !scan.0.is_empty();
    let of_day = if timed && scan.ahead() > 0 { scan.clock()? } else { 0 };
    let zone = match scan.0 {
        "" | "Z" | "z" => UTC,
        written if timed && written.starts_with(['+', '-']) => hours_and_minutes(written)?,
        _ => return None,
    };
    Some((zone.instant_of(i128::from(day) * DAY + of_day), zone))
}

/// `+02:00`, `+0200`, `+02`; zero is UTC.
pub(super) fn hours_and_minutes(text: &str) -> Option<Zone> {
    let wide =
        if text.len() == 5 && !text.contains(':') { format!("{}:{}", text.get(..3)?, text.get(3..)?) } else { text.to_owned() };
    let zone = Zone::parse(&wide).filter(|zone| matches!(zone, Zone::Offset(_)))?;
    Some(if zone == Zone::Offset(0) { UTC } else { zone })
}
