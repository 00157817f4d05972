//! Decimals: out of other numbers and texts, rescaled, and as text. Floating numbers out of text.

use super::text::{double, real};
use super::{One, misplaced};
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

pub(super) fn one(from: &SqlType) -> Option<One> {
    (*from == SqlType::Boolean || from.is_numeric() || from.is_varchar()).then_some(cast as One)
}

fn cast(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    let SqlType::Decimal(precision, scale) = *to else { return Err(misplaced(from, to)) };
    let refused = |what: &str, shown: &str, why: &str| {
        Fault::cast(format!("Cannot cast {what} '{shown}' to DECIMAL({precision}, {scale}){why}"))
    };
    let name = from.base().to_uppercase();
    let found = match (value, from) {
        (Datum::Boolean(value), _) => fitted(Some(i128::from(*value)), 0, precision, scale).ok_or(("BOOLEAN", value.to_string())),
        (Datum::Integer(value), _) => {
            fitted(Some(i128::from(*value)), 0, precision, scale).ok_or((name.as_str(), value.to_string()))
        }
        (Datum::Decimal(value), SqlType::Decimal(_, own)) => {
            fitted(Some(*value), *own, precision, scale).ok_or(("DECIMAL", decimal_text(*value, *own)))
        }
        (Datum::Real(value), _) => decimal_of(&real(*value), precision, scale).map_err(|_| ("REAL", real(*value))),
        // Sixty digits say to which side of a half a double lies, whatever the scale.
        (Datum::Double(value), _) => {
            decimal_of(&format!("{value:.60}"), precision, scale).map_err(|_| ("DOUBLE", double(*value)))
        }
        (Datum::Text(text), _) => {
            return decimal_of(text, precision, scale).map(Datum::Decimal).map_err(|bad| match bad {
                Bad::NoNumber => refused("VARCHAR", text, ". Value is not a number."),
                Bad::TooLarge => refused("VARCHAR", text, ". Value too large."),
            });
        }
        _ => return Err(misplaced(from, to)),
    };
    found.map(Datum::Decimal).map_err(|(what, shown)| refused(what, &shown, ""))
}

/// Why a text is no decimal of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bad {
    NoNumber,
    TooLarge,
}

fn fitted(value: Option<i128>, own: i8, precision: u8, scale: i8) -> Option<i128> {
    let value = value.and_then(|value| rescaled(value, own, scale))?;
    (value.unsigned_abs() < 10_u128.pow(precision.into())).then_some(value)
}

/// The same number with another scale, rounded half up.
pub(crate) fn rescaled(value: i128, from: i8, to: i8) -> Option<i128> {
    let shift = i32::from(to) - i32::from(from);
    if shift >= 0 {
        return if value == 0 { Some(0) } else { value.checked_mul(10_i128.checked_pow(shift.unsigned_abs())?) };
    }
    let Some(unit) = 10_i128.checked_pow(shift.unsigned_abs()) else { return Some(0) };
    let up = i128::from((value % unit).unsigned_abs() >= unit.unsigned_abs().div_ceil(2));
    Some(value / unit + up * value.signum())
}

/// With the point where its scale has it.
pub(crate) fn decimal_text(value: i128, scale: i8) -> String {
    let scale = usize::from(scale.unsigned_abs());
    if scale == 0 {
        return value.to_string();
    }
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>1$}", value.unsigned_abs(), scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    format!("{sign}{whole}.{fraction}")
}

/// Out of `12.5`, `.5`, `5.`, `-1e3`; rounded half up to the scale.
pub(crate) fn decimal_of(text: &str, precision: u8, scale: i8) -> Result<i128, Bad> {
    let (negative, digits, exponent) = parts(text).ok_or(Bad::NoNumber)?;
    // How many of the digits stand before the point of the unscaled value.
    let kept = digits.len() as i64 + exponent + i64::from(scale);
    if digits.is_empty() || kept < 0 {
        return Ok(0);
    }
    if kept > 39 {
        return Err(Bad::TooLarge);
    }
    let kept = kept as usize;
    let cut = &digits[..kept.min(digits.len())];
    let magnitude = format!("0{cut:0<kept$}").parse::<u128>().map_err(|_| Bad::TooLarge)?;
    let up = digits.as_bytes().get(kept).is_some_and(|digit| *digit >= b'5');
    let magnitude = magnitude + u128::from(up);
    if magnitude >= 10_u128.pow(precision.into()) {
        return Err(Bad::TooLarge);
    }
    Ok(if negative { -(magnitude as i128) } else { magnitude as i128 })
}

/// Sign, digits without zeros before them, and the power of ten that they are multiplied by.
fn parts(text: &str) -> Option<(bool, String, i64)> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
        None => (text, 0),
    };
    let negative = mantissa.starts_with('-');
    let mantissa = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((negative, all.trim_start_matches('0').to_owned(), i64::from(exponent) - fraction.len() as i64))
}

/// As Java reads a double: blanks around it, `NaN`, `Infinity`, a `d` or `f` at its end.
pub(crate) fn double_of(text: &str) -> Option<f64> {
    floating(text).and_then(|text| text.parse().ok())
}

pub(super) fn real_of(text: &str) -> Option<f32> {
    floating(text).and_then(|text| text.parse().ok())
}

/// What Rust reads as Java would.
fn floating(text: &str) -> Option<&str> {
    let text = text.trim();
    if ["NaN", "Infinity", "+Infinity", "-Infinity"].contains(&text) {
        return Some(text);
    }
    let text = text.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(text);
    let fine = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    text.bytes().all(fine).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{Bad, decimal_of, decimal_text, double_of, rescaled};

    #[test]
    fn decimals_out_of_text() {
        for (text, expected) in [
            ("12.345", Ok(1235)),
            ("-0.005", Ok(-1)),
            ("0.0049", Ok(0)),
            (".5", Ok(50)),
            ("5.", Ok(500)),
            ("1e1", Ok(1000)),
            ("99.99", Ok(9999)),
            ("99.995", Err(Bad::TooLarge)),
            ("1e9", Err(Bad::TooLarge)),
            ("", Err(Bad::NoNumber)),
            (" 1", Err(Bad::NoNumber)),
            ("x", Err(Bad::NoNumber)),
        ] {
            assert_eq!(decimal_of(text, 4, 2), expected, "{text}");
        }
        assert_eq!(decimal_text(-5, 2), "-0.05");
        assert_eq!(rescaled(-125, 2, 1), Some(-13));
    }

    #[test]
    fn doubles_out_of_text() {
        for (text, expected) in [
            (" 1.5 ", Some(1.5)),
            ("1e3", Some(1000.0)),
            ("inf", None),
            ("-Infinity", Some(f64::NEG_INFINITY)),
            ("1d", Some(1.0)),
            ("", None),
        ] {
            assert_eq!(double_of(text), expected, "{text}");
        }
    }
}
