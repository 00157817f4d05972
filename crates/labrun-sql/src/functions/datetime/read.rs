//! A moment out of a text that a pattern describes, as Joda reads it.

use super::fields::{day_of_week, first_monday, new_year};
use super::format::{Field, Length, MONTHS, Piece, WEEKDAYS};
use super::iso::hours_and_minutes;
use crate::calendar::{DAY, day_of, length};
use crate::datum::{UTC, Zone};
use crate::fault::{Fault, Outcome};

/// What was read so far.
#[derive(Default)]
struct Found {
    numbers: Vec<(Field, i64)>,
    /// Nanoseconds.
    fraction: i64,
    afternoon: Option<bool>,
    before_christ: bool,
    zone: Option<Zone>,
}

/// The wall, and the zone if the text has one.
pub(super) fn moment(text: &str, pieces: &[Piece]) -> Outcome<(i128, Option<Zone>)> {
    let mut found = Found::default();
    let mut rest = text;
    for piece in pieces {
        rest = found.take(piece, rest).ok_or_else(|| malformed(text, rest))?;
    }
    if !rest.is_empty() {
        return Err(malformed(text, rest));
    }
    found.check(text)?;
    let day = found.day(text)?;
    Ok((i128::from(day) * DAY + i128::from(found.of_day()), found.zone))
}

/// In the words of Joda's reader of dates.
fn malformed(text: &str, rest: &str) -> Fault {
    Fault::argument(match rest {
        "" => format!("Invalid format: \"{text}\" is too short"),
        rest if rest == text => format!("Invalid format: \"{text}\""),
        rest => format!("Invalid format: \"{text}\" is malformed at \"{rest}\""),
    })
}

impl Found {
    /// What follows the piece; `None` where it is not there.
    fn take<'t>(&mut self, piece: &Piece, text: &'t str) -> Option<&'t str> {
        match piece {
            Piece::Literal(literal) => prefix(text, literal),
            Piece::Number(field, _, most) => {
                let (value, rest) = number(text, *most, matches!(field, Field::Year | Field::WeekYear))?;
                self.numbers.push((*field, value));
                Some(rest)
            }
            Piece::TwoDigits(field, first) => {
                let (value, rest) = number(text, 2, false)?;
                let value = if text.len() - rest.len() == 2 { first + (value - first).rem_euclid(100) } else { value };
                self.numbers.push((*field, value));
                Some(rest)
            }
            Piece::Fraction(_, most) => {
                let count = text.bytes().take((*most).max(9)).take_while(u8::is_ascii_digit).count().min(*most);
                let (digits, rest) = text.split_at_checked(count).filter(|_| count > 0)?;
                // A millisecond is the least that is read.
                self.fraction = format!("{digits:0<3}").get(..3)?.parse::<i64>().ok()? * 1_000_000;
                Some(rest)
            }
            Piece::Month(length) => self.name(&MONTHS, *length, Field::Month, text),
            Piece::Weekday(length) => self.name(&WEEKDAYS, *length, Field::DayOfWeek, text),
            Piece::HalfDay => {
                let afternoon = prefix(text, "PM");
                self.afternoon = Some(afternoon.is_some());
                afternoon.or_else(|| prefix(text, "AM"))
            }
            Piece::Era => {
                let before = prefix(text, "BC");
                self.before_christ = before.is_some();
                before.or_else(|| prefix(text, "AD"))
            }
            Piece::Offset(_) => self.offset(text),
            Piece::Zone => {
                let end = text.find(|letter: char| !(letter.is_ascii_alphanumeric() || "/_+-:".contains(letter)));
                let (name, rest) = text.split_at(end.unwrap_or(text.len()));
                self.zone = Some(Zone::parse(name)?);
                Some(rest)
            }
        }
    }

    /// A long name is read where only the short one is written, too.
    fn name<'t>(&mut self, names: &[&str], _: Length, field: Field, text: &'t str) -> Option<&'t str> {
        let found = names.iter().enumerate().find_map(|(at, name)| {
            let rest = prefix(text, name).or_else(|| prefix(text, &name[..3]))?;
            Some((at as i64 + 1, rest))
        });
        let (value, rest) = found?;
        self.numbers.push((field, value));
        Some(rest)
    }

    fn offset<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        if let Some(rest) = prefix(text, "Z") {
            self.zone = Some(UTC);
            return Some(rest);
        }
        let end = text.get(1..)?.find(|letter: char| !(letter.is_ascii_digit() || letter == ':')).map_or(text.len(), |at| at + 1);
        let (offset, rest) = text.split_at(end);
        self.zone = Some(hours_and_minutes(offset)?);
        Some(rest)
    }

    fn get(&self, field: Field) -> Option<i64> {
        self.numbers.iter().rev().find(|(own, _)| *own == field).map(|(_, value)| *value)
    }

    fn check(&self, text: &str) -> Outcome<()> {
        for (field, value) in &self.numbers {
            let (name, least, most) = match field {
                Field::Month => ("monthOfYear", 1, 12),
                Field::Week => ("weekOfWeekyear", 1, 53),
                Field::DayOfYear => ("dayOfYear", 1, 366),
                Field::Day => ("dayOfMonth", 1, 31),
                Field::DayOfWeek => ("dayOfWeek", 1, 7),
                Field::Hour => ("hourOfDay", 0, 23),
                Field::ClockHour => ("clockhourOfDay", 1, 24),
                Field::HalfDayHour => ("hourOfHalfday", 0, 11),
                Field::HalfDayClockHour => ("clockhourOfHalfday", 1, 12),
                Field::Minute => ("minuteOfHour", 0, 59),
                Field::Second => ("secondOfMinute", 0, 59),
                Field::Century | Field::Year | Field::YearOfEra | Field::WeekYear => continue,
            };
            in_range(text, name, *value, least, most)?;
        }
        Ok(())
    }

    /// What is missing is that of 1970-01-01; of a month or a day without a year, that of 2000.
    fn day(&self, text: &str) -> Outcome<i64> {
        let unreadable = || malformed(text, text);
        if self.get(Field::WeekYear).is_some() || self.get(Field::Week).is_some() {
            let year = self.get(Field::WeekYear).unwrap_or(1970);
            let monday = first_monday(year) + (self.get(Field::Week).unwrap_or(1) - 1) * 7;
            return Ok(monday + self.get(Field::DayOfWeek).unwrap_or(1) - 1);
        }
        let (month, day) = (self.get(Field::Month), self.get(Field::Day));
        let year = self.year().unwrap_or(if month.or(day).is_some() { 2000 } else { 1970 });
        let mut found = match self.get(Field::DayOfYear) {
            Some(day) => new_year(year) + in_range(text, "dayOfYear", day, 1, new_year(year + 1) - new_year(year))? - 1,
            None => {
                let month = month.unwrap_or(1) as u32;
                let day = in_range(text, "dayOfMonth", day.unwrap_or(1), 1, length(year, month).into())?;
                day_of(year, month, day as u32).ok_or_else(unreadable)?
            }
        };
        if let Some(weekday) = self.get(Field::DayOfWeek) {
            found += weekday - day_of_week(found, 0);
        }
        Ok(found)
    }

    fn year(&self) -> Option<i64> {
        self.get(Field::Year).or_else(|| {
            let year = self.get(Field::YearOfEra)?;
            Some(if self.before_christ { 1 - year } else { year })
        })
    }

    fn of_day(&self) -> i64 {
        let half = self.get(Field::HalfDayClockHour).map(|hour| hour % 12).or(self.get(Field::HalfDayHour));
        let whole = self.get(Field::Hour).or(self.get(Field::ClockHour).map(|hour| hour % 24));
        let hour = match (whole, half) {
            (Some(hour), _) => self.afternoon.map_or(hour, |afternoon| hour % 12 + if afternoon { 12 } else { 0 }),
            (None, half) => half.unwrap_or(0) + if self.afternoon == Some(true) { 12 } else { 0 },
        };
        let minutes = hour * 60 + self.get(Field::Minute).unwrap_or(0);
        (minutes * 60 + self.get(Field::Second).unwrap_or(0)) * 1_000_000_000 + self.fraction
    }
}

fn in_range(text: &str, name: &str, value: i64, least: i64, most: i64) -> Outcome<i64> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    Err(Fault::argument(format!("Cannot parse \"{text}\": Value {value} for {name} must be in the range [{least},{most}]")))
}

/// Letters of either case.
fn prefix<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}

fn number(text: &str, most: usize, signed: bool) -> Option<(i64, &str)> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) if signed => (-1, rest),
        _ => (1, text),
    };
    let count = digits.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = digits.split_at(count);
    Some((sign * digits.parse::<i64>().ok()?, rest))
}
