//! Functions that Teradata has (functions/teradata): `index`, `char2hexint`, and dates by its patterns.

use super::Library;
use super::rows::rows;
use super::text::place_of;
use crate::calendar::{self, DAY};
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};

pub(super) fn register(library: &mut Library) {
    rows!(library, "index(varchar, varchar) -> bigint", |text: Text, part: Text| -> Bigint { Ok(place_of(text, part)) });
    rows!(library, "char2hexint(varchar) -> varchar", |text: Text| -> Text {
        Ok(text.encode_utf16().map(|unit| format!("{unit:04X}")).collect())
    });
    library.values("to_char(timestamp(3) with time zone, varchar) -> varchar", |_, values| match values {
        [Datum::TimestampTz(instant, zone), Datum::Text(pattern)] => write(zone.wall_at(*instant), &parts(pattern)?),
        _ => Ok(Datum::Null),
    });
    library.values("to_date(varchar, varchar) -> date", |_, values| {
        let wall = read(values)?;
        Ok(wall.and_then(|wall| i32::try_from(wall.div_euclid(DAY)).ok()).map_or(Datum::Null, Datum::Date))
    });
    library.values("to_timestamp(varchar, varchar) -> timestamp(3)", |_, values| {
        Ok(read(values)?.map_or(Datum::Null, Datum::Timestamp))
    });
}

/// The words of a pattern, the longer before those that begin them.
const WORDS: [&str; 8] = ["yyyy", "yy", "mm", "dd", "hh24", "hh", "mi", "ss"];

/// A word, or a sign that stands for itself.
fn parts(pattern: &str) -> Outcome<Vec<&str>> {
    let (mut parts, mut at) = (Vec::new(), 0);
    while let Some(first) = pattern[at..].chars().next() {
        let sign = (matches!(first, '-' | '/' | ',' | '.' | ';' | ':') || first.is_whitespace()).then_some(first.len_utf8());
        let word = WORDS.iter().find(|word| pattern[at..].starts_with(*word)).map(|word| word.len());
        let length =
            word.or(sign).ok_or_else(|| Fault::argument(format!("Failed to tokenize string [{pattern}] at offset [{at}]")))?;
        parts.push(&pattern[at..at + length]);
        at += length;
    }
    Ok(parts)
}

fn write(wall: i128, parts: &[&str]) -> Outcome<Datum> {
    let (year, month, day) = calendar::civil(wall.div_euclid(DAY) as i64);
    let seconds = wall.rem_euclid(DAY) / 1_000_000_000;
    let hour = seconds / 3600;
    let shown = parts.iter().map(|part| match *part {
        "yyyy" => format!("{year:04}"),
        "yy" => format!("{:02}", year.rem_euclid(100)),
        "mm" => format!("{month:02}"),
        "dd" => format!("{day:02}"),
        "hh24" => format!("{hour:02}"),
        "hh" => format!("{:02}", (hour + 11) % 12 + 1),
        "mi" => format!("{:02}", seconds / 60 % 60),
        "ss" => format!("{:02}", seconds % 60),
        sign => sign.to_owned(),
    });
    Ok(Datum::Text(shown.collect()))
}

/// Nanoseconds as the wall shows it. What the pattern does not have is that of 1970-01-01.
fn read(values: &[Datum]) -> Outcome<Option<i128>> {
    let [Datum::Text(text), Datum::Text(pattern)] = values else { return Ok(None) };
    let parts = parts(pattern)?;
    let mut rest = text.as_str();
    let (mut year, mut month, mut day, mut seconds) = (1970, 1, 1, 0);
    let malformed = |rest: &str| Fault::argument(malformed(text, rest));
    for part in parts {
        if !WORDS.contains(&part) {
            rest = rest.strip_prefix(part).ok_or_else(|| malformed(rest))?;
            continue;
        }
        let most = if part == "yyyy" { 4 } else { 2 };
        let count = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let number: i64 = rest[..count].parse().map_err(|_| malformed(rest))?;
        let before = rest;
        rest = &rest[count..];
        let limits = match part {
            "hh24" => 0..=23,
            "hh" => 1..=12,
            "mi" | "ss" => 0..=59,
            _ => 0..=9999,
        };
        if !limits.contains(&number) {
            return Err(malformed(before));
        }
        match part {
            "yyyy" => year = number,
            // Of two digits it is a year from 2000 on.
            "yy" => year = 2000 + number,
            "mm" => month = number as u32,
            "dd" => day = number as u32,
            "hh24" => seconds += number * 3600,
            "hh" => seconds += number % 12 * 3600,
            "mi" => seconds += number * 60,
            _ => seconds += number,
        }
    }
    let day = calendar::day_of(year, month, day).filter(|_| rest.is_empty()).ok_or_else(|| malformed(rest))?;
    Ok(Some(i128::from(day) * DAY + i128::from(seconds) * 1_000_000_000))
}

/// In the words of Joda's reader of dates.
fn malformed(text: &str, rest: &str) -> String {
    match rest {
        "" => format!("Invalid format: \"{text}\" is too short"),
        rest if rest == text => format!("Invalid format: \"{text}\""),
        rest => format!("Invalid format: \"{text}\" is malformed at \"{rest}\""),
    }
}
