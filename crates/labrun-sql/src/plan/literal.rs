//! Constants as they are written.

use super::coerce::convert;
use super::expr::Analysis;
use super::typed::Typed;
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::cast::Json;
use crate::query::tree::{Expr, ExprKind, IntervalField, TypeName, TypeNameKind};
use crate::sqltype::SqlType;

impl Analysis<'_> {
    pub(crate) fn literal(&self, expr: &Expr) -> Outcome<Typed> {
        match &*expr.kind {
            ExprKind::Null => Ok(Typed::null()),
            ExprKind::Boolean(value) => Typed::literal(Datum::Boolean(*value), SqlType::Boolean),
            ExprKind::Integer(digits) => integer(digits),
            // Without a type, a decimal is a double in Athena (athena-sql.md, measured).
            ExprKind::Decimal(digits) | ExprKind::Double(digits) => {
                let value =
                    digits.parse().map_err(|_| Fault::new("SYNTAX_ERROR", format!("Invalid numeric literal: {digits}")))?;
                Typed::literal(Datum::Double(value), SqlType::Double)
            }
            ExprKind::Text(text) => self::text(text),
            ExprKind::Binary(bytes) => Typed::literal(Datum::Binary(bytes.clone()), SqlType::Varbinary),
            ExprKind::Typed(kind, text) => self.typed(kind, text),
            ExprKind::Interval { negative, text, from, to } => interval(*negative, text, *from, *to),
            other => Err(Fault::new("GENERIC_INTERNAL_ERROR", format!("no constant: {other:?}"))),
        }
    }

    /// `DATE '2020-01-01'`: read now, so that a wrong text is found before the query runs.
    fn typed(&self, name: &TypeName, text: &str) -> Outcome<Typed> {
        let kind = literal_type(name, text)?;
        if kind == SqlType::Json {
            let read = Json::read(text)
                .ok_or_else(|| Fault::at(name.place, "INVALID_LITERAL", format!("'{text}' is not a valid json literal")));
            return Typed::literal(Datum::Text(read?.sorted().write()), SqlType::Json);
        }
        let shown = match &kind {
            SqlType::Date => "date".to_owned(),
            SqlType::Timestamp(_) | SqlType::TimestampTz(_) => "timestamp".to_owned(),
            SqlType::Time(_) | SqlType::TimeTz(_) => "time".to_owned(),
            other => other.base(),
        };
        let value = convert(self::text(text)?, &kind, false)?;
        let wrong = |_| Fault::at(name.place, "INVALID_LITERAL", format!("'{text}' is not a valid {shown} literal"));
        self.planner.fold(value).map_err(wrong)
    }
}

fn integer(digits: &str) -> Outcome<Typed> {
    let value: i64 = digits.parse().map_err(|_| Fault::new("INVALID_LITERAL", format!("Invalid numeric literal: {digits}")))?;
    let kind = if i32::try_from(value).is_ok() { SqlType::Integer } else { SqlType::BigInt };
    Typed::literal(Datum::Integer(value), kind)
}

pub(crate) fn text(text: &str) -> Outcome<Typed> {
    let length = u32::try_from(text.chars().count()).ok();
    Typed::literal(Datum::Text(text.to_owned()), SqlType::Varchar(length))
}

/// The precision of a moment is what is written; a zone makes it a zoned one.
fn literal_type(name: &TypeName, text: &str) -> Outcome<SqlType> {
    let digits = text.split_once('.').map_or(0, |(_, fraction)| fraction.bytes().take_while(u8::is_ascii_digit).count());
    let digits = digits.min(9) as u8;
    Ok(match &name.kind {
        TypeNameKind::Timestamp { precision: None, zoned } => {
            let wall = text.trim().split_once([' ', 'T']).map_or("", |(_, rest)| rest);
            if *zoned || has_zone(wall) { SqlType::TimestampTz(digits) } else { SqlType::Timestamp(digits) }
        }
        TypeNameKind::Time { precision: None, zoned } => {
            if *zoned || has_zone(text) {
                SqlType::TimeTz(digits)
            } else {
                SqlType::Time(digits)
            }
        }
        TypeNameKind::Named(word, arguments) if word == "decimal" && arguments.is_empty() => decimal_type(text),
        _ => SqlType::of(name)?,
    })
}

fn has_zone(time: &str) -> bool {
    time.contains(['+', '-']) || time.contains(|letter: char| letter.is_ascii_alphabetic())
}

/// `DECIMAL '1.50'` is a decimal(3,2).
fn decimal_type(text: &str) -> SqlType {
    let digits = text.trim().trim_start_matches(['+', '-']);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches('0').len();
    let precision = (whole + fraction.len()).clamp(1, 38);
    SqlType::Decimal(precision as u8, fraction.len().min(38) as i8)
}

const FIELDS: [(IntervalField, i64); 4] = [
    (IntervalField::Day, 86_400_000),
    (IntervalField::Hour, 3_600_000),
    (IntervalField::Minute, 60_000),
    (IntervalField::Second, 1_000),
];

fn interval(negative: bool, text: &str, from: IntervalField, to: Option<IntervalField>) -> Outcome<Typed> {
    let invalid = || Fault::new("INVALID_LITERAL", format!("'{text}' is not a valid interval literal"));
    let trimmed = text.trim();
    let (minus, body) = trimmed.strip_prefix('-').map_or((false, trimmed), |body| (true, body));
    let sign = if minus == negative { 1 } else { -1 };
    let months = matches!(from, IntervalField::Year | IntervalField::Month);
    if months {
        let total = months_of(body, from, to).ok_or_else(invalid)?;
        return Typed::literal(Datum::Months(i32::try_from(sign * total).map_err(|_| invalid())?), SqlType::YearToMonth);
    }
    let total = milliseconds_of(body, from, to).ok_or_else(invalid)?;
    Typed::literal(Datum::Milliseconds(sign * total), SqlType::DayToSecond)
}

fn months_of(text: &str, from: IntervalField, to: Option<IntervalField>) -> Option<i64> {
    match (from, to) {
        (IntervalField::Year, Some(IntervalField::Month)) => {
            let (years, months) = text.split_once('-')?;
            years.parse::<i64>().ok()?.checked_mul(12)?.checked_add(months.parse().ok()?)
        }
        (IntervalField::Year, None) => text.parse::<i64>().ok()?.checked_mul(12),
        (_, None) => text.parse().ok(),
        _ => None,
    }
}

/// `2 03:04:05.678` from the first field to the last; a second may have a fraction.
fn milliseconds_of(text: &str, from: IntervalField, to: Option<IntervalField>) -> Option<i64> {
    if from == IntervalField::Week {
        return text.parse::<i64>().ok()?.checked_mul(7 * 86_400_000);
    }
    let last = to.unwrap_or(from);
    let fields: Vec<_> = FIELDS.iter().filter(|(field, _)| (from..=last).contains(field)).collect();
    let parts: Vec<&str> = text.split([' ', ':']).filter(|part| !part.is_empty()).collect();
    if fields.is_empty() || parts.len() > fields.len() {
        return None;
    }
    fields.iter().zip(parts).try_fold(0_i64, |total, ((field, size), part)| {
        let value =
            if *field == IntervalField::Second { seconds(part)? } else { part.parse::<i64>().ok()?.checked_mul(*size)? };
        total.checked_add(value)
    })
}

fn seconds(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: i64 = format!("{fraction:0<3}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(1_000)?.checked_add(thousandths)
}
