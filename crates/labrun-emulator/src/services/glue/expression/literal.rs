//! Values of partition keys, typed as the key is declared.

use std::cmp::Ordering;

/// What a key's type makes of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Date,
    Timestamp,
    Integer,
    Decimal,
}

/// A value. Only values of one kind are ever compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Literal {
    Text(String),
    /// Year, month, day.
    Date([u32; 3]),
    /// Date, hour, minute, second, nanoseconds.
    Timestamp([u32; 3], [u32; 4]),
    Integer(i64),
    Decimal(Decimal),
}

impl Kind {
    /// The kinds of types that expressions can be over (API reference, GetPartitions).
    pub(super) fn of(declared: &str) -> Option<Self> {
        let declared = declared.trim().to_lowercase();
        Some(match declared.split('(').next().unwrap_or_default().trim() {
            "string" => Kind::Text,
            "date" => Kind::Date,
            "timestamp" => Kind::Timestamp,
            "int" | "bigint" | "long" | "tinyint" | "smallint" => Kind::Integer,
            "decimal" => Kind::Decimal,
            _ => return None,
        })
    }

    /// As AWS's message calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Text => "string",
            Kind::Date => "date",
            Kind::Timestamp => "timestamp",
            Kind::Integer => "integer",
            Kind::Decimal => "decimal",
        }
    }

    pub(super) fn is_number(self) -> bool {
        matches!(self, Kind::Integer | Kind::Decimal)
    }

    pub(super) fn read(self, text: &str) -> Option<Literal> {
        match self {
            Kind::Text => Some(Literal::Text(text.to_owned())),
            Kind::Date => date(text).map(Literal::Date),
            Kind::Timestamp => timestamp(text),
            Kind::Integer => text.trim().parse().ok().map(Literal::Integer),
            Kind::Decimal => Decimal::read(text.trim()).map(Literal::Decimal),
        }
    }
}

fn digits(text: &str, length: usize) -> Option<u32> {
    let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

/// `2024-02-29`.
fn date(text: &str) -> Option<[u32; 3]> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return None };
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days).contains(&day).then_some([year, month, day])
}

/// `2024-02-29 12:00:00.5`; without a time it is midnight.
fn timestamp(text: &str) -> Option<Literal> {
    let Some((day, clock)) = text.split_once([' ', 'T']) else {
        return Some(Literal::Timestamp(date(text)?, [0; 4]));
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let [hour, minute, second] = parts[..] else { return None };
    let (hour, minute, second) = (digits(hour, 2)?, digits(minute, 2)?, digits(second, 2)?);
    if hour > 23 || minute > 59 || second > 59 || fraction.len() > 9 {
        return None;
    }
    let nanos = digits(&format!("{fraction:0<9}"), 9)?;
    Some(Literal::Timestamp(date(day)?, [hour, minute, second, nanos]))
}

/// A number of any length, without needless zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    whole: String,
    fraction: String,
}

impl Decimal {
    fn read(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !plain(whole) || !plain(fraction) {
            return None;
        }
        let whole = whole.trim_start_matches('0').to_owned();
        let fraction = fraction.trim_end_matches('0').to_owned();
        let zero = whole.is_empty() && fraction.is_empty();
        Some(Decimal { negative: negative && !zero, whole, fraction })
    }

    /// Without the sign.
    fn size(&self, other: &Self) -> Ordering {
        let whole = (self.whole.len(), &self.whole).cmp(&(other.whole.len(), &other.whole));
        // Fractions compare as texts: `0.5` is more than `0.25`.
        whole.then_with(|| self.fraction.cmp(&other.fraction))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.size(other),
            (true, true) => other.size(self),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
