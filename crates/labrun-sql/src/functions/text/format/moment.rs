//! The parts of a moment that `%t` shows.

use crate::calendar::{self, DAY};
use crate::datum::{Datum, Zone};

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// `None` where the moment has no such part, or Java has no such letter.
pub(super) fn part(letter: char, value: &Datum) -> Option<String> {
    let (day, time) = match value {
        Datum::Date(day) => (Some(i64::from(*day)), None),
        Datum::Time(time) => (None, Some(i128::from(*time))),
        Datum::Timestamp(wall) => (Some(wall.div_euclid(DAY) as i64), Some(wall.rem_euclid(DAY))),
        Datum::TimestampTz(instant, zone) => {
            let wall = zone.wall_at(*instant);
            (Some(wall.div_euclid(DAY) as i64), Some(wall.rem_euclid(DAY)))
        }
        _ => return None,
    };
    match (letter, value) {
        ('Z', Datum::TimestampTz(_, zone)) => Some(zone.to_string()),
        ('s', Datum::TimestampTz(instant, _)) => Some(instant.div_euclid(1_000_000_000).to_string()),
        ('Q', Datum::TimestampTz(instant, _)) => Some(instant.div_euclid(1_000_000).to_string()),
        _ => of_day(letter, day).or_else(|| of_time(letter, time)),
    }
}

/// With a `T`, and as many digits after the second as there are, in threes.
pub(super) fn iso(value: &Datum) -> String {
    match value {
        Datum::Time(time) => clock((*time).into()),
        Datum::Timestamp(wall) => local(*wall),
        Datum::TimestampTz(instant, zone) => {
            let offset = match zone.offset_at(*instant) {
                0 => "Z".to_owned(),
                seconds => Zone::Offset((seconds / 60) as i32).to_string(),
            };
            let region = if let Zone::Named(name) = zone { format!("[{name}]") } else { String::new() };
            format!("{}{offset}{region}", local(zone.wall_at(*instant)))
        }
        _ => String::new(),
    }
}

fn local(wall: i128) -> String {
    let (year, month, day) = calendar::civil(wall.div_euclid(DAY) as i64);
    format!("{year:04}-{month:02}-{day:02}T{}", clock(wall.rem_euclid(DAY)))
}

fn clock(time: i128) -> String {
    let (seconds, fraction) = (time / 1_000_000_000, time % 1_000_000_000);
    let minutes = format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    match (seconds % 60, fraction) {
        (0, 0) => minutes,
        (second, 0) => format!("{minutes}:{second:02}"),
        (second, fraction) => {
            let digits = format!("{fraction:09}");
            let length = digits.trim_end_matches('0').len().div_ceil(3) * 3;
            format!("{minutes}:{second:02}.{}", &digits[..length])
        }
    }
}

fn of_day(letter: char, day: Option<i64>) -> Option<String> {
    let count = day?;
    let (year, month, day) = calendar::civil(count);
    let month_name = MONTHS[month as usize - 1];
    let day_name = DAYS[(count + 3).rem_euclid(7) as usize];
    Some(match letter {
        'Y' => format!("{year:04}"),
        'y' => format!("{:02}", year.rem_euclid(100)),
        'C' => format!("{:02}", year.div_euclid(100)),
        'm' => format!("{month:02}"),
        'd' => format!("{day:02}"),
        'e' => day.to_string(),
        'B' => month_name.to_owned(),
        'b' | 'h' => month_name[..3].to_owned(),
        'A' => day_name.to_owned(),
        'a' => day_name[..3].to_owned(),
        'j' => format!("{:03}", count - calendar::day_of(year, 1, 1)? + 1),
        'F' => format!("{year:04}-{month:02}-{day:02}"),
        'D' => format!("{month:02}/{day:02}/{:02}", year.rem_euclid(100)),
        _ => return None,
    })
}

fn of_time(letter: char, time: Option<i128>) -> Option<String> {
    let time = time?;
    let seconds = time / 1_000_000_000;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let half = (hour + 11) % 12 + 1;
    let noon = if hour < 12 { "am" } else { "pm" };
    Some(match letter {
        'H' => format!("{hour:02}"),
        'k' => hour.to_string(),
        'I' => format!("{half:02}"),
        'l' => half.to_string(),
        'M' => format!("{minute:02}"),
        'S' => format!("{second:02}"),
        'L' => format!("{:03}", time / 1_000_000 % 1000),
        'N' => format!("{:09}", time % 1_000_000_000),
        'p' => noon.to_owned(),
        'R' => format!("{hour:02}:{minute:02}"),
        'T' => format!("{hour:02}:{minute:02}:{second:02}"),
        'r' => format!("{half:02}:{minute:02}:{second:02} {}", noon.to_uppercase()),
        _ => return None,
    })
}
