//! Patterns as Joda's `DateTimeFormat` has them: `yyyy-MM-dd'T'HH:mm:ss.SSS ZZ`.

use super::fields::year;
use super::format::{Field, Length, Piece};
use crate::fault::{Fault, Outcome};

pub(super) fn pieces(pattern: &str) -> Outcome<Vec<Piece>> {
    let letters: Vec<char> = pattern.chars().collect();
    let (mut pieces, mut at) = (Vec::new(), 0);
    while at < letters.len() {
        let letter = letters[at];
        if letter == '\'' {
            let (text, next) = quoted(&letters, at + 1);
            pieces.push(Piece::Literal(text));
            at = next;
            continue;
        }
        let count = letters[at..].iter().take_while(|other| **other == letter).count();
        if letter.is_ascii_alphabetic() {
            let joined = letters.get(at + count).is_some_and(|next| is_numeric(*next, &letters[at + count..]));
            pieces.push(piece(letter, count, joined)?);
        } else {
            pieces.push(Piece::Literal(letter.to_string().repeat(count)));
        }
        at += count;
    }
    Ok(pieces)
}

/// Up to the closing quote; two quotes are one.
fn quoted(letters: &[char], start: usize) -> (String, usize) {
    if letters.get(start) == Some(&'\'') {
        return ("'".to_owned(), start + 1);
    }
    let (mut text, mut at) = (String::new(), start);
    while let Some(letter) = letters.get(at) {
        if *letter == '\'' {
            if letters.get(at + 1) != Some(&'\'') {
                return (text, at + 1);
            }
            at += 1;
        }
        text.push(*letter);
        at += 1;
    }
    (text, at)
}

/// Digits follow, so that a year before them must end.
fn is_numeric(letter: char, rest: &[char]) -> bool {
    let count = rest.iter().take_while(|other| **other == letter).count();
    "CYxywdeDFHhmsSkK".contains(letter) || (letter == 'M' && count <= 2)
}

fn piece(letter: char, count: usize, joined: bool) -> Outcome<Piece> {
    let long = if count >= 4 { Length::Long } else { Length::Short };
    let number = |field, most: usize| Piece::Number(field, count, most.max(count));
    let years = |field| match count {
        2 => Piece::TwoDigits(field, this_year() - 80),
        _ => Piece::Number(field, count, if joined { count } else { 9 }),
    };
    Ok(match letter {
        'G' => Piece::Era,
        'C' => number(Field::Century, count),
        'Y' => years(Field::YearOfEra),
        'x' => years(Field::WeekYear),
        'y' => years(Field::Year),
        'w' => number(Field::Week, 2),
        'e' => number(Field::DayOfWeek, 1),
        'E' => Piece::Weekday(long),
        'D' => number(Field::DayOfYear, 3),
        'M' if count >= 3 => Piece::Month(long),
        'M' => number(Field::Month, 2),
        'd' => number(Field::Day, 2),
        'a' => Piece::HalfDay,
        'K' => number(Field::HalfDayHour, 2),
        'h' => number(Field::HalfDayClockHour, 2),
        'H' => number(Field::Hour, 2),
        'k' => number(Field::ClockHour, 2),
        'm' => number(Field::Minute, 2),
        's' => number(Field::Second, 2),
        'S' => Piece::Fraction(count, count),
        'Z' if count >= 3 => Piece::Zone,
        'Z' => Piece::Offset(count == 2),
        'z' => return Err(Fault::not_emulated("names of time zones in patterns (z)")),
        other => return Err(Fault::argument(format!("Illegal pattern component: {}", other.to_string().repeat(count)))),
    })
}

/// Years of two digits are those about the present one.
fn this_year() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    year((since.as_secs() / 86_400) as i64, 0)
}
