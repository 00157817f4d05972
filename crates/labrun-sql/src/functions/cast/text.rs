//! The text of a value, as Athena's results have it: `1.0E20`, `[1, 2]`, `{k=1}`, `2020-01-01 00:00:00.000 UTC`.
//!
//! Casts to varchar give the same, where there are any: not of arrays, maps, rows and bytes.

use std::fmt::Write;
use std::net::Ipv6Addr;

use super::number::decimal_text;
use crate::calendar::{self, DAY};
use crate::datum::{Datum, Zone};
use crate::sqltype::{SqlType, field_name};

/// `None` of a null.
pub(crate) fn text(value: &Datum, kind: &SqlType) -> Option<String> {
    let mut out = String::new();
    match (value, kind) {
        (Datum::Null, _) => return None,
        (Datum::Boolean(value), _) => out.push_str(if *value { "true" } else { "false" }),
        (Datum::Integer(value), _) => out.push_str(&value.to_string()),
        (Datum::Real(value), _) => return Some(real(*value)),
        (Datum::Double(value), _) => return Some(double(*value)),
        (Datum::Decimal(value), SqlType::Decimal(_, scale)) => return Some(decimal_text(*value, *scale)),
        (Datum::Decimal(value), _) => out.push_str(&value.to_string()),
        (Datum::Text(text), SqlType::Char(length)) => return Some(padded(text, *length)),
        (Datum::Text(text), _) => return Some(text.clone()),
        (Datum::Binary(bytes), kind) => binary(&mut out, bytes, kind),
        (Datum::Array(items), SqlType::Array(item)) => items_text(&mut out, items, item),
        (Datum::Map(entries), SqlType::Map(key, value)) => {
            let entries = entries.iter().map(|(own, of)| format!("{}={}", shown(own, key), shown(of, value)));
            out.push_str(&format!("{{{}}}", entries.collect::<Vec<_>>().join(", ")));
        }
        (Datum::Row(values), SqlType::Row(fields)) => row(&mut out, values, fields),
        (moment, kind) => self::moment(&mut out, moment, kind),
    }
    Some(out)
}

/// Inside of others a null is a word.
fn shown(value: &Datum, kind: &SqlType) -> String {
    text(value, kind).unwrap_or_else(|| "null".to_owned())
}

fn items_text(out: &mut String, items: &[Datum], kind: &SqlType) {
    let items: Vec<String> = items.iter().map(|item| shown(item, kind)).collect();
    out.push_str(&format!("[{}]", items.join(", ")));
}

fn row(out: &mut String, values: &[Datum], fields: &[(Option<String>, SqlType)]) {
    let fields = fields.iter().zip(values).enumerate();
    let fields = fields.map(|(at, ((name, kind), value))| format!("{}={}", field_name(at, name.as_deref()), shown(value, kind)));
    out.push_str(&format!("{{{}}}", fields.collect::<Vec<_>>().join(", ")));
}

/// With the blanks that its type says it has.
pub(super) fn padded(text: &str, length: u32) -> String {
    let missing = (length as usize).saturating_sub(text.chars().count());
    format!("{text}{}", " ".repeat(missing))
}

fn binary(out: &mut String, bytes: &[u8], kind: &SqlType) {
    match (kind, <[u8; 16]>::try_from(bytes)) {
        (SqlType::Uuid, Ok(bytes)) => uuid(out, &bytes),
        (SqlType::IpAddress, Ok(bytes)) => {
            let address = Ipv6Addr::from(bytes);
            out.push_str(&address.to_ipv4_mapped().map_or_else(|| address.to_string(), |four| four.to_string()));
        }
        _ => {
            let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            out.push_str(&pairs.join(" "));
        }
    }
}

fn uuid(out: &mut String, bytes: &[u8; 16]) {
    for (at, byte) in bytes.iter().enumerate() {
        out.push_str(if matches!(at, 4 | 6 | 8 | 10) { "-" } else { "" });
        out.push_str(&format!("{byte:02x}"));
    }
}

/// As Java prints it: between a thousandth and ten millions plainly, else with an exponent.
pub(crate) fn double(value: f64) -> String {
    if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
        format!("{value:?}")
    } else {
        scientific(value, format!("{value:e}"))
    }
}

/// The same of 32 bits.
pub(crate) fn real(value: f32) -> String {
    if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
        format!("{value:?}")
    } else {
        scientific(value.into(), format!("{value:e}"))
    }
}

fn scientific(value: f64, shown: String) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let (digits, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
    let point = if digits.contains('.') { "" } else { ".0" };
    format!("{digits}{point}E{exponent}")
}

fn moment(out: &mut String, value: &Datum, kind: &SqlType) {
    let precision = match kind {
        SqlType::Time(digits) | SqlType::TimeTz(digits) | SqlType::Timestamp(digits) | SqlType::TimestampTz(digits) => *digits,
        _ => 3,
    };
    match value {
        Datum::Date(day) => date(out, (*day).into()),
        Datum::Time(time) => clock(out, (*time).into(), precision),
        Datum::TimeTz(time, zone) => {
            clock(out, (*time).into(), precision);
            let minutes = zone.offset_at(0) / 60;
            out.push_str(&Zone::Offset(minutes as i32).to_string());
        }
        Datum::Timestamp(wall) => timestamp(out, *wall, precision),
        Datum::TimestampTz(instant, zone) => {
            timestamp(out, zone.wall_at(*instant), precision);
            out.push_str(&format!(" {zone}"));
        }
        Datum::Months(months) => {
            let sign = if *months < 0 { "-" } else { "" };
            let months = months.unsigned_abs();
            out.push_str(&format!("{sign}{}-{}", months / 12, months % 12));
        }
        Datum::Milliseconds(span) => interval(out, *span),
        _ => {}
    }
}

/// Years of more than four digits have a sign.
fn date(out: &mut String, day: i64) {
    let (year, month, day) = calendar::civil(day);
    let sign = match year {
        ..0 => "-",
        0..=9999 => "",
        _ => "+",
    };
    out.push_str(&format!("{sign}{:04}-{month:02}-{day:02}", year.abs()));
}

fn clock(out: &mut String, nanoseconds: i128, precision: u8) {
    let seconds = nanoseconds / 1_000_000_000;
    out.push_str(&format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
    if precision > 0 {
        let fraction = format!("{:09}", nanoseconds % 1_000_000_000);
        out.push('.');
        out.push_str(&fraction[..usize::from(precision.min(9))]);
    }
}

fn timestamp(out: &mut String, wall: i128, precision: u8) {
    date(out, wall.div_euclid(DAY) as i64);
    out.push(' ');
    clock(out, wall.rem_euclid(DAY), precision);
}

fn interval(out: &mut String, span: i64) {
    let sign = if span < 0 { "-" } else { "" };
    let span = span.unsigned_abs();
    let (days, seconds) = (span / 86_400_000, span / 1000);
    let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
    // Writing to a text never fails.
    let _ = write!(out, "{sign}{days} {hours:02}:{minutes:02}:{:02}.{:03}", seconds % 60, span % 1000);
}

#[cfg(test)]
mod tests {
    use super::{double, text};
    use crate::datum::{Datum, UTC, Zone};
    use crate::sqltype::SqlType;

    #[test]
    fn doubles_are_javas() {
        for (value, expected) in [
            (1.0, "1.0"),
            (1e20, "1.0E20"),
            (1e7, "1.0E7"),
            (9_999_999.5, "9999999.5"),
            (0.001, "0.001"),
            (0.000_12, "1.2E-4"),
            (-0.0, "-0.0"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
            (0.1 + 0.2, "0.30000000000000004"),
        ] {
            assert_eq!(double(value), expected);
        }
    }

    #[test]
    fn values_are_athenas() {
        let word = |text: &str| Datum::Text(text.to_owned());
        for (kind, value, expected) in [
            ("boolean", Datum::Boolean(true), "true"),
            ("decimal(5,2)", Datum::Decimal(-5), "-0.05"),
            ("char(3)", word("a"), "a  "),
            ("varbinary", Datum::Binary(vec![1, 255]), "01 ff"),
            ("date", Datum::Date(-1), "1969-12-31"),
            ("timestamp(3)", Datum::Timestamp(-1_000_000), "1969-12-31 23:59:59.999"),
            ("timestamp(0) with time zone", Datum::TimestampTz(0, UTC), "1970-01-01 00:00:00 UTC"),
            ("timestamp(3) with time zone", Datum::TimestampTz(0, Zone::Offset(-90)), "1969-12-31 22:30:00.000 -01:30"),
            ("time(3)", Datum::Time(1_000_000), "00:00:00.001"),
            ("interval day to second", Datum::Milliseconds(-172_800_000), "-2 00:00:00.000"),
            ("interval year to month", Datum::Months(14), "1-2"),
            ("array(integer)", Datum::Array(vec![Datum::Integer(1), Datum::Null]), "[1, null]"),
            ("map(varchar, double)", Datum::Map(vec![(word("k"), Datum::Double(1.0))]), "{k=1.0}"),
            ("row(a integer, varchar)", Datum::Row(vec![Datum::Integer(1), word("x")]), "{a=1, field1=x}"),
            ("uuid", Datum::Binary((0..16).collect()), "00010203-0405-0607-0809-0a0b0c0d0e0f"),
        ] {
            assert_eq!(text(&value, &SqlType::parse(kind).unwrap()).as_deref(), Some(expected), "{kind}");
        }
    }
}
