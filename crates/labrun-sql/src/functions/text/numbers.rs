//! Sizes for people: `format_number` and `parse_data_size` (functions/conversion).

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::cast::decimal_of;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "format_number(bigint) -> varchar", |value: Bigint| -> Text { Ok(short(value as f64)) });
    rows!(library, "format_number(double) -> varchar", |value: Double| -> Text { Ok(short(value)) });
    library.values("parse_data_size(varchar) -> decimal(38,0)", |_, values| data_size(&values[0]));
    library.values("parse_presto_data_size(varchar) -> decimal(38,0)", |_, values| data_size(&values[0]));
}

/// Three digits and the unit: `1.23M`.
fn short(value: f64) -> String {
    if !value.is_finite() {
        return crate::functions::cast::double(value);
    }
    let mut left = value.abs();
    let mut units = ["", "K", "M", "B", "T", "Q"].into_iter();
    let mut unit = units.next().unwrap_or_default();
    while left >= 1000.0 {
        let Some(next) = units.next() else { break };
        (left, unit) = (left / 1000.0, next);
    }
    let digits = match left {
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    let shown = format!("{left:.digits$}");
    let shown = if shown.contains('.') { shown.trim_end_matches('0').trim_end_matches('.') } else { &shown };
    format!("{}{shown}{unit}", if value < 0.0 { "-" } else { "" })
}

/// Digits, perhaps a fraction, and a unit: a power of 1024.
fn data_size(value: &Datum) -> Outcome<Datum> {
    let Datum::Text(text) = value else { return Ok(Datum::Null) };
    let invalid = || Fault::argument(format!("Invalid data size: '{text}'"));
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    let power = units.iter().position(|known| *known == unit).ok_or_else(invalid)?;
    // Ten digits after the point: more say nothing about bytes.
    let scaled = decimal_of(number, 38, 10).map_err(|_| invalid())?;
    let too_large = || Fault::range(format!("Value out of range: '{text}' ('{text}B')"));
    let bytes = scaled.checked_mul(1024_i128.pow(power as u32)).ok_or_else(too_large)? / 10_i128.pow(10);
    Ok(Datum::Decimal(bytes))
}
