//! The decimal digits of a number, rounded half up as Java does it: from the digits that it prints.

use crate::datum::Datum;
use crate::functions::cast;
use crate::sqltype::SqlType;

/// `0.d1d2d3.. * 10^point`
pub(super) struct Digits {
    pub(super) negative: bool,
    digits: Vec<u8>,
    point: i64,
}

impl Digits {
    /// `Err` of what is no number but a word. `None` of what is neither real, double nor decimal.
    pub(super) fn of(value: &Datum, kind: &SqlType) -> Option<Result<Self, &'static str>> {
        let text = match (value, kind) {
            (Datum::Real(value), _) if !value.is_finite() => return Some(Err(word(f64::from(*value)))),
            (Datum::Double(value), _) if !value.is_finite() => return Some(Err(word(*value))),
            (Datum::Real(value), _) => format!("{value:e}"),
            (Datum::Double(value), _) => format!("{value:e}"),
            (Datum::Decimal(value), SqlType::Decimal(_, scale)) => cast::decimal_text(*value, *scale),
            _ => return None,
        };
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let negative = mantissa.starts_with('-');
        let mantissa = mantissa.trim_start_matches('-');
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let zeros = all.len() - all.trim_start_matches('0').len();
        let point = whole.len() as i64 - zeros as i64 + exponent.parse::<i64>().unwrap_or(0);
        Some(Ok(Digits { negative, digits: all.bytes().skip(zeros).map(|digit| digit - b'0').collect(), point }))
    }

    /// So many digits from the first one, and whether the rounding made one more.
    fn rounded(&self, count: i64) -> (Vec<u8>, bool) {
        let kept = usize::try_from(count).unwrap_or(0);
        let mut digits: Vec<u8> = self.digits.iter().copied().chain(std::iter::repeat(0)).take(kept).collect();
        let up = count >= 0 && self.digits.get(kept).is_some_and(|digit| *digit >= 5);
        if !up {
            return (digits, false);
        }
        for digit in digits.iter_mut().rev() {
            *digit = (*digit + 1) % 10;
            if *digit != 0 {
                return (digits, false);
            }
        }
        digits.insert(0, 1);
        (digits, true)
    }

    /// `12.50`
    pub(super) fn fixed(&self, precision: usize) -> String {
        let (digits, carried) = self.rounded(self.point + precision as i64);
        let point = self.point + i64::from(carried);
        let mut shown: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        // Zeros between the point and the first digit, and one before it.
        let least = precision + 1;
        if shown.len() < least || point <= 0 {
            shown = format!("{shown:0>least$}");
        }
        let (whole, fraction) = shown.split_at(shown.len() - precision);
        if precision == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") }
    }

    /// `1.25e+01`
    pub(super) fn scientific(&self, precision: usize) -> String {
        let (digits, carried) = self.rounded(precision as i64 + 1);
        let exponent = if self.digits.is_empty() { 0 } else { self.point - 1 + i64::from(carried) };
        let shown: String = digits.iter().take(precision + 1).map(|digit| char::from(b'0' + digit)).collect();
        let (first, rest) = shown.split_at(1);
        let point = if precision == 0 { "" } else { "." };
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{first}{point}{rest}e{sign}{:02}", exponent.abs())
    }

    /// The one of both that has so many digits: an exponent below a ten-thousandth and where the digits do not reach.
    pub(super) fn general(&self, precision: usize) -> String {
        let (_, carried) = self.rounded(precision as i64);
        let point = self.point + i64::from(carried);
        if self.digits.is_empty() {
            return self.fixed(precision - 1);
        }
        if point <= -4 || point > precision as i64 {
            return self.scientific(precision - 1);
        }
        self.fixed(usize::try_from(precision as i64 - point).unwrap_or(0))
    }
}

/// Plain, but for what is less than a millionth.
pub(super) fn big_decimal(value: i128, scale: i8) -> String {
    let digits = value.unsigned_abs().to_string();
    let exponent = digits.len() as i64 - 1 - i64::from(scale);
    if exponent >= -6 {
        return cast::decimal_text(value, scale);
    }
    let (first, rest) = digits.split_at(1);
    let sign = if value < 0 { "-" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{first}{point}{rest}E{exponent}")
}

fn word(value: f64) -> &'static str {
    if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}
