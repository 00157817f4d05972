//! Dates as Java's `DateTimeFormatter` writes them, as far as partitions need it: years to seconds, letters in quotes, signs.

use chrono::{NaiveDate, Timelike};

/// A pattern such as `yyyy/MM/dd` or `yyyy-MM-dd'T'HH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// The letter, and how many digits.
    Field(char, usize),
    Text(String),
}

impl Pattern {
    /// `None` where a letter is none of `y u M d H m s`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            if letter == '\'' {
                let quoted: String = std::iter::from_fn(|| letters.next().filter(|letter| *letter != '\'')).collect();
                parts.push(Part::Text(if quoted.is_empty() { "'".to_owned() } else { quoted }));
            } else if letter.is_ascii_alphabetic() {
                let mut count = 1;
                while letters.next_if_eq(&letter).is_some() {
                    count += 1;
                }
                if !"yuMdHms".contains(letter) || (letter == 'M' && count > 2) {
                    return None;
                }
                parts.push(Part::Field(if letter == 'u' { 'y' } else { letter }, count));
            } else {
                parts.push(Part::Text(letter.to_string()));
            }
        }
        Some(Pattern { parts })
    }

    fn has(&self, wanted: char) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Field(letter, _) if *letter == wanted))
    }

    /// A value is a day.
    pub(crate) fn is_of_days(&self) -> bool {
        self.has('d') && !self.has('H') && !self.has('m') && !self.has('s')
    }

    /// A value is a month.
    pub(crate) fn is_of_months(&self) -> bool {
        self.has('M') && !self.has('d') && !self.has('H')
    }

    /// Seconds since 1970; what the pattern does not have is the first.
    pub(crate) fn read(&self, text: &str) -> Option<i64> {
        let mut rest = text;
        let (mut year, mut fields) = (1970_i32, [1_u32, 1, 0, 0, 0]);
        for part in &self.parts {
            match part {
                Part::Text(wanted) => rest = rest.strip_prefix(wanted.as_str())?,
                Part::Field(letter, count) => {
                    let most = if *count == 1 { 19 } else { *count };
                    let length = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
                    let digits = rest.get(..length).filter(|digits| digits.len() >= *count)?;
                    rest = &rest[length..];
                    let value: u32 = digits.parse().ok()?;
                    match "MdHms".find(*letter) {
                        Some(at) => fields[at] = value,
                        None if *count == 2 => year = 2000 + i32::try_from(value).ok()?,
                        None => year = i32::try_from(value).ok()?,
                    }
                }
            }
        }
        let [month, day, hour, minute, second] = fields;
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        rest.is_empty().then_some(())?;
        Some(date.and_hms_opt(hour, minute, second)?.and_utc().timestamp())
    }

    /// A moment that was read, or is between two that were.
    pub(crate) fn write(&self, moment: i64) -> String {
        use chrono::Datelike;
        let at = chrono::DateTime::from_timestamp(moment, 0).unwrap_or_default().naive_utc();
        let field = |letter: char| match letter {
            'M' => i64::from(at.month()),
            'd' => i64::from(at.day()),
            'H' => i64::from(at.hour()),
            'm' => i64::from(at.minute()),
            's' => i64::from(at.second()),
            _ => i64::from(at.year()),
        };
        let parts = self.parts.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Field('y', 2) => format!("{:02}", field('y') % 100),
            Part::Field(letter, count) => format!("{:0count$}", field(*letter)),
        });
        parts.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn what_is_written_is_read_again() {
        for (pattern, text) in [
            ("yyyy-MM-dd", "2024-02-29"),
            ("yyyy/MM/dd/HH", "2024/12/31/23"),
            ("yyyyMMdd", "20240101"),
            ("yyyy-MM", "2024-07"),
            ("yyyy-MM-dd'T'HH:mm:ss", "2024-01-01T05:06:07"),
            ("yyyy/M/d", "2024/1/31"),
            ("yy.MM", "24.03"),
        ] {
            let pattern = Pattern::parse(pattern).unwrap();
            let at = pattern.read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(pattern.write(at), text);
        }
        let days = Pattern::parse("yyyy-MM-dd").unwrap();
        for wrong in ["2024-02-30", "2024-2-3", "2024-02-03x", ""] {
            assert_eq!(days.read(wrong), None, "{wrong}");
        }
        assert_eq!(Pattern::parse("EEE dd"), None);
    }
}
