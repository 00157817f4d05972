//! A moment as a pattern writes it.

use std::fmt::Write;

use super::fields;
use super::format::{Field, Length, MONTHS, Piece, WEEKDAYS};
use crate::calendar::DAY;
use crate::datum::Zone;
use crate::fault::Outcome;

pub(super) fn moment(instant: i128, zone: Zone, pieces: &[Piece]) -> Outcome<String> {
    let wall = zone.wall_at(instant);
    let (day, of_day) = (wall.div_euclid(DAY) as i64, wall.rem_euclid(DAY) as i64);
    let mut text = String::new();
    for piece in pieces {
        // Text takes all that is written into it.
        let _done = match piece {
            Piece::Literal(literal) => write!(text, "{literal}"),
            Piece::Number(field, digits, _) => padded(&mut text, number(*field, day, of_day), *digits),
            Piece::TwoDigits(field, _) => write!(text, "{:02}", number(*field, day, of_day).rem_euclid(100)),
            Piece::Fraction(digits, _) => write!(text, "{}", fraction(of_day, *digits)),
            Piece::Month(length) => write!(text, "{}", name(MONTHS[fields::month(day, 0) as usize - 1], *length)),
            Piece::Weekday(length) => write!(text, "{}", name(WEEKDAYS[fields::day_of_week(day, 0) as usize - 1], *length)),
            Piece::HalfDay => write!(text, "{}", if fields::hour(0, of_day) < 12 { "AM" } else { "PM" }),
            Piece::Era => write!(text, "{}", if fields::year(day, 0) > 0 { "AD" } else { "BC" }),
            Piece::Offset(colon) => write!(text, "{}", offset(zone.offset_at(instant), *colon)),
            Piece::Zone => write!(text, "{zone}"),
        };
    }
    Ok(text)
}

fn name(name: &str, length: Length) -> &str {
    if length == Length::Short { &name[..3] } else { name }
}

fn padded(text: &mut String, value: i64, digits: usize) -> std::fmt::Result {
    write!(text, "{}{:0digits$}", if value < 0 { "-" } else { "" }, value.abs())
}

fn number(field: Field, day: i64, of_day: i64) -> i64 {
    let (hour, year) = (fields::hour(day, of_day), fields::year(day, of_day));
    match field {
        Field::Century => era_year(year) / 100,
        Field::Year => year,
        Field::YearOfEra => era_year(year),
        Field::WeekYear => fields::year_of_week(day, of_day),
        Field::Month => fields::month(day, of_day),
        Field::Week => fields::week(day, of_day),
        Field::DayOfYear => fields::day_of_year(day, of_day),
        Field::Day => fields::day_of_month(day, of_day),
        Field::DayOfWeek => fields::day_of_week(day, of_day),
        Field::Hour => hour,
        Field::ClockHour => (hour + 23) % 24 + 1,
        Field::HalfDayHour => hour % 12,
        Field::HalfDayClockHour => (hour + 11) % 12 + 1,
        Field::Minute => fields::minute(day, of_day),
        Field::Second => fields::second(day, of_day),
    }
}

fn era_year(year: i64) -> i64 {
    if year > 0 { year } else { 1 - year }
}

/// Patterns know milliseconds.
fn fraction(of_day: i64, digits: usize) -> String {
    let milliseconds = format!("{:03}", fields::millisecond(0, of_day));
    format!("{milliseconds:0<digits$}")[..digits].to_owned()
}

fn offset(seconds: i64, colon: bool) -> String {
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
    format!("{sign}{:02}{}{:02}", minutes / 60, if colon { ":" } else { "" }, minutes % 60)
}
