//! Spans as text: `human_readable_seconds`, `parse_duration`.

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::rows::rows;
use crate::functions::{Library, cast};

pub(super) fn register(library: &mut Library) {
    rows!(library, "human_readable_seconds(double) -> varchar", |seconds: Double| -> Text { readable(seconds) });
    library.values("parse_duration(varchar) -> interval day to second", |_, values| {
        let Datum::Text(text) = &values[0] else { return Ok(Datum::Null) };
        duration(text).map(Datum::Milliseconds)
    });
}

/// `93 weeks, 1 day, 8 hours, 31 minutes, 3 seconds`
fn readable(seconds: f64) -> Outcome<String> {
    if !seconds.is_finite() {
        return Err(Fault::argument(format!("Invalid argument found: {}", cast::double(seconds))));
    }
    let mut rest = (seconds.abs() + 0.5).floor() as i64;
    let mut parts = Vec::new();
    for (word, length) in [("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)] {
        let count = rest / length;
        rest %= length;
        if count > 0 {
            parts.push(format!("{count} {word}{}", if count == 1 { "" } else { "s" }));
        }
    }
    Ok(if parts.is_empty() { "0 seconds".to_owned() } else { parts.join(", ") })
}

/// `3.81 d`, rounded to milliseconds.
fn duration(text: &str) -> Outcome<i64> {
    let unreadable = || Fault::argument(format!("duration is not a valid data duration string: {text}"));
    let trimmed = text.trim();
    let end = trimmed.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(end);
    let whole = number.starts_with(|letter: char| letter.is_ascii_digit()) && !number.ends_with('.');
    let value: f64 = number.parse().ok().filter(|_| whole).ok_or_else(unreadable)?;
    let unit = unit.trim();
    if unit.is_empty() || !unit.chars().all(|letter| letter.is_ascii_alphabetic()) {
        return Err(unreadable());
    }
    let milliseconds = match unit {
        "ns" => 1e-6,
        "us" => 1e-3,
        "ms" => 1.0,
        "s" => 1e3,
        "m" => 60e3,
        "h" => 3_600e3,
        "d" => 86_400e3,
        other => return Err(Fault::argument(format!("Unknown time unit: {other}"))),
    };
    Ok((value * milliseconds + 0.5).floor() as i64)
}
