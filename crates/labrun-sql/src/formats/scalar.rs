//! Values of plain types out of text, as Hive's lazy classes read them: what is wrong is `None`, which becomes NULL.
//!
//! Shapes of dates and moments: data-types. All the rest is `[hive]`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::calendar::{self, DAY};
use crate::datum::Datum;
use crate::sqltype::SqlType;

/// The value of a field, for types without types inside.
pub(super) fn datum(bytes: &[u8], kind: &SqlType) -> Option<Datum> {
    Some(match kind {
        SqlType::Boolean => Datum::Boolean(boolean(bytes)?),
        SqlType::TinyInt => Datum::Integer(i8::try_from(integer(bytes)?).ok()?.into()),
        SqlType::SmallInt => Datum::Integer(i16::try_from(integer(bytes)?).ok()?.into()),
        SqlType::Integer => Datum::Integer(i32::try_from(integer(bytes)?).ok()?.into()),
        SqlType::BigInt => Datum::Integer(integer(bytes)?),
        SqlType::Real => Datum::Real(floating(bytes)?),
        SqlType::Double => Datum::Double(floating(bytes)?),
        SqlType::Decimal(precision, scale) => Datum::Decimal(decimal(bytes, *precision, *scale)?),
        SqlType::Varchar(_) | SqlType::Char(_) => Datum::Text(cut(&String::from_utf8_lossy(bytes), kind).to_owned()),
        SqlType::Varbinary => Datum::Binary(binary(bytes)),
        SqlType::Date => Datum::Date(date(bytes)?),
        SqlType::Timestamp(_) => Datum::Timestamp(i128::from(timestamp(bytes)?) * 1_000_000),
        _ => return None,
    })
}

pub(super) fn boolean(bytes: &[u8]) -> Option<bool> {
    match bytes {
        _ if bytes.eq_ignore_ascii_case(b"true") => Some(true),
        _ if bytes.eq_ignore_ascii_case(b"false") => Some(false),
        _ => None,
    }
}

/// Digits after a point are cut off, as `LazyLong` does.
pub(super) fn integer(bytes: &[u8]) -> Option<i64> {
    let (negative, digits) = match bytes.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, bytes),
    };
    let (mut value, mut seen) = (0_i64, false);
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                // Below zero there is one value more.
                value = value.checked_mul(10)?.checked_sub(i64::from(byte - b'0'))?;
                seen = true;
            }
            b'.' if seen && digits[at + 1..].iter().all(u8::is_ascii_digit) => break,
            _ => return None,
        }
    }
    if !seen {
        return None;
    }
    if negative { Some(value) } else { value.checked_neg() }
}

/// As Java reads it: `NaN` and `Infinity` in this case only, and blanks around are nothing.
pub(super) fn floating<F: std::str::FromStr>(bytes: &[u8]) -> Option<F> {
    let text = std::str::from_utf8(bytes).ok()?.trim_ascii();
    let bare = text.trim_start_matches(['+', '-']);
    let plain = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    if plain || bare == "NaN" || bare == "Infinity" { text.parse().ok() } else { None }
}

/// Rounded half up to the scale; NULL if it has more digits than the type.
pub(super) fn decimal(bytes: &[u8], precision: u8, scale: i8) -> Option<i128> {
    let text = std::str::from_utf8(bytes).ok()?.trim_ascii();
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let value = digits_of(whole, fraction, exponent.checked_add(i32::from(scale))?)?;
    let limit = 10_i128.checked_pow(u32::from(precision))?;
    (value < limit).then_some(if negative { -value } else { value })
}

/// The digits as a number whose point lies so many places behind the one that is written; rounded.
fn digits_of(whole: &str, fraction: &str, places: i32) -> Option<i128> {
    let point = i32::try_from(whole.len()).ok()?.checked_add(places)?;
    let all = || whole.bytes().chain(fraction.bytes());
    if whole.len() + fraction.len() == 0 || !all().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut value = 0_i128;
    for at in 0..point.max(0) {
        let digit = all().nth(usize::try_from(at).ok()?).map_or(0, |byte| byte - b'0');
        value = value.checked_mul(10)?.checked_add(i128::from(digit))?;
        if value == 0 && at > 400 {
            return None;
        }
    }
    let next = usize::try_from(point).ok().and_then(|point| all().nth(point));
    if next.is_some_and(|digit| digit >= b'5') { value.checked_add(1) } else { Some(value) }
}

/// Varchar and char at their length (data-types); char without the blanks at its end.
pub(super) fn cut<'t>(text: &'t str, kind: &SqlType) -> &'t str {
    let first = |length: u32| match text.char_indices().nth(length as usize) {
        Some((end, _)) => &text[..end],
        None => text,
    };
    match kind {
        SqlType::Varchar(Some(length)) => first(*length),
        SqlType::Char(length) => first(*length).trim_end_matches(' '),
        _ => text,
    }
}

/// Base64; what is not is taken as it stands, as `LazyBinary` does.
pub(super) fn binary(bytes: &[u8]) -> Vec<u8> {
    STANDARD.decode(bytes).unwrap_or_else(|_| bytes.to_vec())
}

/// `YYYY-MM-DD` as a day.
pub(super) fn date(bytes: &[u8]) -> Option<i32> {
    let (day, rest) = leading_date(bytes)?;
    if rest.is_empty() { i32::try_from(day).ok() } else { None }
}

/// `YYYY-MM-DD HH:MM:SS[.fraction]` as milliseconds; a finer fraction is rounded (engine-versions-reference-0003).
pub(super) fn timestamp(bytes: &[u8]) -> Option<i64> {
    let (day, rest) = leading_date(bytes)?;
    let clock = rest.strip_prefix(b" ")?;
    let [h1, h2, b':', m1, m2, b':', s1, s2, fraction @ ..] = clock else { return None };
    let two = |high: &u8, low: &u8| Some(i64::from(digit(*high)?) * 10 + i64::from(digit(*low)?));
    let (hours, minutes, seconds) = (two(h1, h2)?, two(m1, m2)?, two(s1, s2)?);
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let whole = ((day * 24 + hours) * 60 + minutes) * 60 + seconds;
    Some(whole * 1_000 + milliseconds(fraction)?)
}

fn milliseconds(fraction: &[u8]) -> Option<i64> {
    let digits = match fraction {
        [] => return Some(0),
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => digits,
        _ => return None,
    };
    let mut nanoseconds = 0;
    for at in 0..9 {
        nanoseconds = nanoseconds * 10 + i64::from(digits.get(at).map_or(Some(0), |byte| digit(*byte))?);
    }
    Some((nanoseconds + 500_000) / 1_000_000)
}

fn leading_date(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, rest @ ..] = bytes else { return None };
    let number = |digits: &[u8]| digits.iter().try_fold(0_i64, |sum, byte| Some(sum * 10 + i64::from(digit(*byte)?)));
    let year = number(&[*y1, *y2, *y3, *y4])?;
    let (month, day) = (number(&[*m1, *m2])?, number(&[*d1, *d2])?);
    Some((calendar::day_of(year, month as u32, day as u32)?, rest))
}

fn digit(byte: u8) -> Option<u8> {
    byte.is_ascii_digit().then(|| byte - b'0')
}

/// `YYYY-MM-DD HH:MM:SS.SSS` of nanoseconds.
pub(super) fn timestamp_text(nanoseconds: i128) -> String {
    let milliseconds = calendar::round(nanoseconds, 1_000_000) / 1_000_000;
    let per_day = DAY / 1_000_000;
    let of_day = milliseconds.rem_euclid(per_day);
    let (hours, minutes) = (of_day / 3_600_000, of_day / 60_000 % 60);
    let (seconds, rest) = (of_day / 1_000 % 60, of_day % 1_000);
    let day = date_text(i64::try_from(milliseconds.div_euclid(per_day)).unwrap_or(i64::MAX / 2));
    format!("{day} {hours:02}:{minutes:02}:{seconds:02}.{rest:03}")
}

/// `YYYY-MM-DD` of a day.
pub(super) fn date_text(day: i64) -> String {
    let (year, month, day) = calendar::civil(day);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, kind: &str) -> Option<Datum> {
        datum(text.as_bytes(), &SqlType::parse(kind).unwrap())
    }

    #[test]
    fn numbers() {
        for (text, kind, value) in [
            ("12", "integer", Some(12)),
            ("+12", "integer", Some(12)),
            ("-128", "tinyint", Some(-128)),
            ("128", "tinyint", None),
            ("9223372036854775807", "bigint", Some(i64::MAX)),
            ("-9223372036854775808", "bigint", Some(i64::MIN)),
            ("9223372036854775808", "bigint", None),
            ("1.9", "integer", Some(1)),
            ("1.x", "integer", None),
            (".5", "integer", None),
            ("", "integer", None),
            (" 1", "integer", None),
            ("-", "integer", None),
        ] {
            assert_eq!(read(text, kind), value.map(Datum::Integer), "{text}");
        }
        for (text, value) in [
            ("1.5", Some(1.5)),
            (" 1e3 ", Some(1000.0)),
            ("-Infinity", Some(f64::NEG_INFINITY)),
            ("inf", None),
            ("nan", None),
            ("", None),
            ("1,5", None),
        ] {
            assert_eq!(read(text, "double"), value.map(Datum::Double), "{text}");
        }
    }

    #[test]
    fn decimals() {
        for (text, value) in [
            ("1.23", Some(123)),
            ("1.235", Some(124)),
            ("-1.235", Some(-124)),
            ("999.99", Some(99_999)),
            ("999.995", None),
            ("1000", None),
            ("1e2", Some(10_000)),
            ("12345e-3", Some(1_235)),
            (".5", Some(50)),
            ("5e-9", Some(0)),
            ("1e999999999", None),
            ("0e999999999", None),
            (".", None),
            ("1.2.3", None),
            ("", None),
        ] {
            assert_eq!(read(text, "decimal(5,2)"), value.map(Datum::Decimal), "{text}");
        }
    }

    #[test]
    fn days_and_moments() {
        let moment = |text: &str| read(text, "timestamp(3)");
        assert_eq!(read("1970-01-02", "date"), Some(Datum::Date(1)));
        assert_eq!(moment("1970-01-01 00:00:01.5"), Some(Datum::Timestamp(1_500_000_000)));
        assert_eq!(moment("1970-01-01 00:00:00.0005"), Some(Datum::Timestamp(1_000_000)));
        for wrong in ["1970-1-2", "1970-02-30", "1970-01-02 ", "02/01/1970", ""] {
            assert_eq!(read(wrong, "date"), None, "{wrong}");
        }
        for wrong in ["1970-01-01T00:00:00", "1970-01-01", "1970-01-01 24:00:00", "1970-01-01 00:00:00.", "1970-01-01 00:00:00Z"]
        {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
        assert_eq!(timestamp_text(-1_000_000), "1969-12-31 23:59:59.999");
    }

    #[test]
    fn texts() {
        assert_eq!(cut("käse", &SqlType::Varchar(Some(2))), "kä");
        assert_eq!(cut("a  b", &SqlType::Char(3)), "a");
        assert_eq!(binary(b"aGk="), b"hi");
        assert_eq!(binary(b"not base64!"), b"not base64!");
    }
}
