//! Patterns as MySQL's `DATE_FORMAT` has them: `%Y-%m-%d %H:%i:%s`.

use super::format::{Field, Length, Piece};
use crate::fault::{Fault, Outcome};

/// Years of two digits are those from 1970 to 2069.
const FIRST_YEAR: i64 = 1970;

pub(super) fn pieces(pattern: &str) -> Outcome<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            pieces.push(Piece::Literal(letter.to_string()));
            continue;
        }
        let Some(word) = letters.next() else { break };
        match word {
            'r' => pieces.extend(clock(Field::HalfDayClockHour).into_iter().chain([literal(' '), Piece::HalfDay])),
            'T' => pieces.extend(clock(Field::Hour)),
            word => pieces.push(piece(word)?),
        }
    }
    Ok(pieces)
}

fn literal(letter: char) -> Piece {
    Piece::Literal(letter.to_string())
}

fn clock(hour: Field) -> [Piece; 5] {
    let two = |field| Piece::Number(field, 2, 2);
    [two(hour), literal(':'), two(Field::Minute), literal(':'), two(Field::Second)]
}

fn piece(word: char) -> Outcome<Piece> {
    Ok(match word {
        'a' => Piece::Weekday(Length::Short),
        'b' => Piece::Month(Length::Short),
        'c' => Piece::Number(Field::Month, 1, 2),
        'd' => Piece::Number(Field::Day, 2, 2),
        'e' => Piece::Number(Field::Day, 1, 2),
        'f' => Piece::Fraction(6, 9),
        'H' => Piece::Number(Field::Hour, 2, 2),
        'h' | 'I' => Piece::Number(Field::HalfDayClockHour, 2, 2),
        'i' => Piece::Number(Field::Minute, 2, 2),
        'j' => Piece::Number(Field::DayOfYear, 3, 3),
        'k' => Piece::Number(Field::Hour, 1, 2),
        'l' => Piece::Number(Field::HalfDayClockHour, 1, 2),
        'M' => Piece::Month(Length::Long),
        'm' => Piece::Number(Field::Month, 2, 2),
        'p' => Piece::HalfDay,
        'S' | 's' => Piece::Number(Field::Second, 2, 2),
        'v' => Piece::Number(Field::Week, 2, 2),
        'x' => Piece::Number(Field::WeekYear, 4, 4),
        'W' => Piece::Weekday(Length::Long),
        'Y' => Piece::Number(Field::Year, 4, 9),
        'y' => Piece::TwoDigits(Field::Year, FIRST_YEAR),
        'D' | 'U' | 'u' | 'V' | 'w' | 'X' => {
            return Err(Fault::argument(format!("%{word} not supported in date format string")));
        }
        other => literal(other),
    })
}
