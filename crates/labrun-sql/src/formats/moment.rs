//! Patterns of timestamps, as `timestamp.formats` lists them: `yyyy-MM-dd'T'HH:mm:ss.SSS'Z'`, `millis` (hive-json-serde).

use crate::calendar;

/// A pattern of Joda's letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// A letter, so many times.
    Letter(char, usize),
    Literal(String),
    /// Milliseconds since 1970.
    Millis,
}

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// What a text says, up to now.
struct Moment {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    millisecond: i64,
    /// Minutes east of UTC.
    offset: i64,
    afternoon: Option<bool>,
}

impl Pattern {
    /// Patterns between commas; a comma within quotes parts none.
    pub(super) fn list(text: &str) -> Vec<Self> {
        let mut quoted = false;
        let parts = text.split(|sign| {
            quoted ^= sign == '\'';
            sign == ',' && !quoted
        });
        parts.map(|part| part.trim()).filter(|part| !part.is_empty()).map(Self::parse).collect()
    }

    /// What is read without a pattern too.
    pub(super) fn iso() -> [Self; 2] {
        ["yyyy-MM-dd'T'HH:mm:ss.SSSZ", "yyyy-MM-dd'T'HH:mm:ssZ"].map(Self::parse)
    }

    fn parse(text: &str) -> Self {
        if text == "millis" {
            return Pattern(vec![Part::Millis]);
        }
        let mut parts: Vec<Part> = Vec::new();
        let mut signs = text.chars().peekable();
        while let Some(sign) = signs.next() {
            match (sign, parts.last_mut()) {
                ('\'', _) => {
                    let literal: String = signs.by_ref().take_while(|sign| *sign != '\'').collect();
                    parts.push(Part::Literal(if literal.is_empty() { "'".to_owned() } else { literal }));
                }
                (letter, Some(Part::Letter(before, count))) if *before == letter => *count += 1,
                (letter, _) if letter.is_ascii_alphabetic() => parts.push(Part::Letter(letter, 1)),
                (other, _) => parts.push(Part::Literal(other.to_string())),
            }
        }
        Pattern(parts)
    }

    /// Milliseconds since 1970.
    pub(super) fn read(&self, text: &str) -> Option<i64> {
        let mut rest = text;
        let mut moment =
            Moment { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0, offset: 0, afternoon: None };
        for (at, part) in self.0.iter().enumerate() {
            match part {
                Part::Literal(literal) => rest = rest.strip_prefix(literal.as_str())?,
                Part::Millis => return rest.parse().ok(),
                Part::Letter(letter, count) => {
                    let tight = matches!(self.0.get(at + 1), Some(Part::Letter(..)));
                    moment.take(*letter, *count, tight, &mut rest)?;
                }
            }
        }
        if rest.is_empty() { moment.milliseconds() } else { None }
    }
}

impl Moment {
    fn take(&mut self, letter: char, count: usize, tight: bool, rest: &mut &str) -> Option<()> {
        // Digits that follow one another are counted; alone they may be more or fewer.
        let mut number = |least: usize| number(rest, if tight { count } else { least });
        match letter {
            'y' | 'Y' | 'u' => {
                let digits = number(9)?;
                self.year = if count == 2 && digits < 100 { 2000 + digits - if digits >= 70 { 100 } else { 0 } } else { digits };
            }
            'M' if count >= 3 => self.month = month(rest)?,
            'M' => self.month = number(2)?,
            'd' => self.day = number(2)?,
            'H' | 'h' | 'K' | 'k' => self.hour = number(2)?,
            'm' => self.minute = number(2)?,
            's' => self.second = number(2)?,
            'S' => self.millisecond = fraction(rest, if tight { count } else { 9 })?,
            'a' => self.afternoon = Some(half_of_day(rest)?),
            'Z' | 'X' | 'x' => self.offset = offset(rest)?,
            'z' => *rest = rest.strip_prefix("UTC").or_else(|| rest.strip_prefix("GMT"))?,
            'E' => *rest = rest.trim_start_matches(|sign: char| sign.is_ascii_alphabetic()),
            _ => return None,
        }
        Some(())
    }

    fn milliseconds(&self) -> Option<i64> {
        let hour = match self.afternoon {
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
            None => self.hour,
        };
        if hour > 23 || self.minute > 59 || self.second > 59 {
            return None;
        }
        let day = calendar::day_of(self.year, u32::try_from(self.month).ok()?, u32::try_from(self.day).ok()?)?;
        let minutes = (day * 24 + hour) * 60 + self.minute - self.offset;
        Some((minutes * 60 + self.second) * 1_000 + self.millisecond)
    }
}

fn number(rest: &mut &str, most: usize) -> Option<i64> {
    let length = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (digits, after) = rest.split_at(length);
    *rest = after;
    digits.parse().ok()
}

fn fraction(rest: &mut &str, most: usize) -> Option<i64> {
    let length = rest.bytes().take(most.min(9)).take_while(u8::is_ascii_digit).count();
    let (digits, after) = rest.split_at(length);
    *rest = after;
    let nanoseconds: i64 = format!("{digits:0<9}").parse().ok()?;
    (length > 0).then_some((nanoseconds + 500_000) / 1_000_000)
}

fn month(rest: &mut &str) -> Option<i64> {
    let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, after) = rest.split_at(length);
    let word = word.to_ascii_lowercase();
    let at = MONTHS.iter().position(|name| *name == word || (word.len() == 3 && name.starts_with(&word)))?;
    *rest = after;
    Some(at as i64 + 1)
}

fn half_of_day(rest: &mut &str) -> Option<bool> {
    let (word, after) = rest.split_at_checked(2)?;
    *rest = after;
    match word.to_ascii_uppercase().as_str() {
        "AM" => Some(false),
        "PM" => Some(true),
        _ => None,
    }
}

/// `Z`, `+0130`, `-05:00`, `+02`
fn offset(rest: &mut &str) -> Option<i64> {
    if let Some(after) = rest.strip_prefix('Z') {
        *rest = after;
        return Some(0);
    }
    let sign = if rest.starts_with('-') { -1 } else { 1 };
    *rest = rest.strip_prefix(['+', '-'])?;
    let hours = number(rest, 2)?;
    *rest = rest.strip_prefix(':').unwrap_or(rest);
    let minutes = number(rest, 2).unwrap_or(0);
    (hours <= 18 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_read_what_they_describe() {
        for (pattern, text, shown) in [
            ("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", "1970-01-01T00:00:01.250Z", Some(1_250)),
            ("yyyy-MM-dd'T'HH:mm:ss", "1970-01-02T00:00:00", Some(86_400_000)),
            ("yyyyMMddHHmmss", "19700101000002", Some(2_000)),
            ("MM/dd/yyyy h:mm a", "1/2/1970 1:00 PM", Some((24 + 13) * 3_600_000)),
            ("dd MMM yyyy", "02 Jan 1970", Some(86_400_000)),
            ("EEE MMM dd HH:mm:ss Z yyyy", "Thu Jan 01 01:00:00 +0100 1970", Some(0)),
            ("yyyy-MM-dd'T'HH:mm:ssZ", "1970-01-01T00:00:00-05:00", Some(5 * 3_600_000)),
            ("millis", "-5", Some(-5)),
            ("yyyy-MM-dd", "1970-02-30", None),
            ("yyyy-MM-dd", "1970-01-01 ", None),
            ("yyyy-MM-dd", "ä", None),
            ("Q", "1", None),
        ] {
            assert_eq!(Pattern::list(pattern)[0].read(text), shown, "{pattern} {text}");
        }
        assert_eq!(Pattern::list("yyyy','MM, millis").len(), 2);
    }
}
