//! `ceil`, `floor`, `round`, `truncate`: half away from zero; whole numbers stay whole, decimals decimal.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray};
use datafusion::arrow::datatypes::Decimal128Type;

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::rows::rows;
use crate::functions::{Call, Library};
use crate::sqltype::SqlType;

pub(super) fn register(library: &mut Library) {
    whole(library);
    floating(library);
    decimal(library);
}

fn whole(library: &mut Library) {
    macro_rules! whole {
        ($($name:literal $kind:ident $native:ty),*) => {$(
            for signature in [
                concat!("ceil(", $name, ") -> ", $name),
                concat!("ceiling(", $name, ") -> ", $name),
                concat!("floor(", $name, ") -> ", $name),
                concat!("round(", $name, ") -> ", $name),
            ] {
                library.columns(signature, |call| Ok(Arc::clone(&call.columns[0])));
            }
            rows!(library, concat!("round(", $name, ", bigint) -> ", $name), |x: $kind, digits: Bigint| -> $kind {
                let rounded = round_whole(i64::from(x), digits);
                let fitting = rounded.and_then(|rounded| <$native>::try_from(rounded).ok());
                fitting.ok_or_else(|| match rounded {
                    Some(rounded) => Fault::range(format!("Out of range for {}: {rounded}", $name)),
                    None => Fault::range(format!("numeric overflow: {x}")),
                })
            });
        )*};
    }
    whole!("tinyint" TinyInt i8, "smallint" SmallInt i16, "integer" Integer i32, "bigint" Bigint i64);
}

/// Digits below zero are those before the point.
fn round_whole(value: i64, digits: i64) -> Option<i64> {
    if digits >= 0 {
        return Some(value);
    }
    let Some(unit) = u32::try_from(-digits).ok().and_then(|digits| 10_i128.checked_pow(digits)) else { return Some(0) };
    let value = i128::from(value);
    let up = if (value % unit).abs() * 2 >= unit { value.signum() } else { 0 };
    i64::try_from((value / unit + up) * unit).ok()
}

fn floating(library: &mut Library) {
    rows!(library, "ceil(double) -> double", |x: Double| -> Double { Ok(x.ceil()) });
    rows!(library, "ceil(real) -> real", |x: Real| -> Real { Ok(x.ceil()) });
    rows!(library, "ceiling(double) -> double", |x: Double| -> Double { Ok(x.ceil()) });
    rows!(library, "ceiling(real) -> real", |x: Real| -> Real { Ok(x.ceil()) });
    rows!(library, "floor(double) -> double", |x: Double| -> Double { Ok(x.floor()) });
    rows!(library, "floor(real) -> real", |x: Real| -> Real { Ok(x.floor()) });
    rows!(library, "round(double) -> double", |x: Double| -> Double { Ok(x.round()) });
    rows!(library, "round(real) -> real", |x: Real| -> Real { Ok(x.round()) });
    rows!(library, "round(double, bigint) -> double", |x: Double, digits: Bigint| -> Double { Ok(round_float(x, digits)) });
    rows!(library, "round(real, bigint) -> real", |x: Real, digits: Bigint| -> Real {
        Ok(round_float(f64::from(x), digits) as f32)
    });
    rows!(library, "truncate(double) -> double", |x: Double| -> Double { Ok(x.trunc()) });
    rows!(library, "truncate(real) -> real", |x: Real| -> Real { Ok(x.trunc()) });
}

fn round_float(value: f64, digits: i64) -> f64 {
    let factor = 10_f64.powi(digits.clamp(-400, 400) as i32);
    let lifted = value * factor;
    if !value.is_finite() || !lifted.is_finite() {
        return value;
    }
    if factor == 0.0 { value * 0.0 } else { lifted.round() / factor }
}

fn decimal(library: &mut Library) {
    library.columns("ceil(decimal(p, s)) -> decimal(p, s)", |call| each(call, ceil)).giving(rounded_type);
    library.columns("ceiling(decimal(p, s)) -> decimal(p, s)", |call| each(call, ceil)).giving(rounded_type);
    library.columns("floor(decimal(p, s)) -> decimal(p, s)", |call| each(call, floor)).giving(rounded_type);
    library.columns("round(decimal(p, s)) -> decimal(p, s)", |call| each(call, nearest)).giving(rounded_type);
    library
        .columns("truncate(decimal(p, s)) -> decimal(p, s)", |call| each(call, |value, unit| value / unit))
        .giving(truncated_type);
    library.values("round(decimal(p, s), bigint) -> decimal(p, s)", round_decimal).giving(widened_type);
    library.values("truncate(decimal(p, s), bigint) -> decimal(p, s)", truncate_decimal);
}

fn parts(kinds: &[SqlType]) -> Outcome<(u8, i8)> {
    match kinds.first() {
        Some(SqlType::Decimal(precision, scale)) => Ok((*precision, *scale)),
        _ => Err(Fault::new("GENERIC_INTERNAL_ERROR", "a decimal is none")),
    }
}

/// One digit more before the point, if there were some behind it.
fn rounded_type(kinds: &[SqlType]) -> Outcome<SqlType> {
    let (precision, scale) = parts(kinds)?;
    Ok(SqlType::Decimal((precision as i8 - scale + scale.min(1)).max(1) as u8, 0))
}

fn truncated_type(kinds: &[SqlType]) -> Outcome<SqlType> {
    let (precision, scale) = parts(kinds)?;
    Ok(SqlType::Decimal((precision as i8 - scale).max(1) as u8, 0))
}

fn widened_type(kinds: &[SqlType]) -> Outcome<SqlType> {
    let (precision, scale) = parts(kinds)?;
    Ok(SqlType::Decimal((precision + 1).min(38), scale))
}

/// To whole numbers. `unit` is one.
fn each(call: &Call, to_whole: fn(i128, i128) -> i128) -> Outcome<ArrayRef> {
    let (_, scale) = parts(call.kinds)?;
    let unit = 10_i128.pow(u32::from(scale.unsigned_abs()));
    let column = call.columns[0].as_primitive::<Decimal128Type>();
    let whole = column.unary::<_, Decimal128Type>(|value| to_whole(value, unit));
    Ok(Arc::new(whole.with_data_type(call.returns.arrow())))
}

fn ceil(value: i128, unit: i128) -> i128 {
    value.div_euclid(unit) + i128::from(value.rem_euclid(unit) != 0)
}

fn floor(value: i128, unit: i128) -> i128 {
    value.div_euclid(unit)
}

fn nearest(value: i128, unit: i128) -> i128 {
    value / unit + if (value % unit).unsigned_abs() * 2 >= unit.unsigned_abs() { value.signum() } else { 0 }
}

/// The unit at so many digits after the point; `None` where no digit is cut, zero where all are.
fn unit(call: &Call, digits: i64) -> Outcome<Option<i128>> {
    let (_, scale) = parts(call.kinds)?;
    let cut = i64::from(scale).saturating_sub(digits);
    Ok((cut > 0).then(|| u32::try_from(cut).ok().and_then(|cut| 10_i128.checked_pow(cut)).unwrap_or(0)))
}

fn round_decimal(call: &Call, values: &[Datum]) -> Outcome<Datum> {
    let [Datum::Decimal(value), Datum::Integer(digits)] = values else { return Ok(Datum::Null) };
    let rounded = match unit(call, *digits)? {
        None => *value,
        Some(0) => 0,
        Some(unit) => nearest(*value, unit).checked_mul(unit).ok_or_else(|| Fault::range("Decimal overflow"))?,
    };
    if rounded.unsigned_abs() >= 10_u128.pow(38) {
        return Err(Fault::range(format!("decimal overflow: {rounded}")));
    }
    Ok(Datum::Decimal(rounded))
}

fn truncate_decimal(call: &Call, values: &[Datum]) -> Outcome<Datum> {
    let [Datum::Decimal(value), Datum::Integer(digits)] = values else { return Ok(Datum::Null) };
    Ok(Datum::Decimal(match unit(call, *digits)? {
        None => *value,
        Some(0) => 0,
        Some(unit) => value / unit * unit,
    }))
}
