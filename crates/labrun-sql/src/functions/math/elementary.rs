//! Roots, powers, logarithms, angles, signs and constants.

use std::f64::consts::{E, LN_2, PI};
use std::sync::Arc;

use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::Decimal128Type;

use crate::fault::Fault;
use crate::functions::Library;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    angles(library);
    powers(library);
    constants(library);
    absolute(library);
    signs(library);
}

fn angles(library: &mut Library) {
    rows!(library, "acos(double) -> double", |x: Double| -> Double { Ok(x.acos()) });
    rows!(library, "asin(double) -> double", |x: Double| -> Double { Ok(x.asin()) });
    rows!(library, "atan(double) -> double", |x: Double| -> Double { Ok(x.atan()) });
    rows!(library, "atan2(double, double) -> double", |y: Double, x: Double| -> Double { Ok(y.atan2(x)) });
    rows!(library, "cos(double) -> double", |x: Double| -> Double { Ok(x.cos()) });
    rows!(library, "cosh(double) -> double", |x: Double| -> Double { Ok(x.cosh()) });
    rows!(library, "sin(double) -> double", |x: Double| -> Double { Ok(x.sin()) });
    rows!(library, "sinh(double) -> double", |x: Double| -> Double { Ok(x.sinh()) });
    rows!(library, "tan(double) -> double", |x: Double| -> Double { Ok(x.tan()) });
    rows!(library, "tanh(double) -> double", |x: Double| -> Double { Ok(x.tanh()) });
    rows!(library, "degrees(double) -> double", |x: Double| -> Double { Ok(x.to_degrees()) });
    rows!(library, "radians(double) -> double", |x: Double| -> Double { Ok(x.to_radians()) });
}

fn powers(library: &mut Library) {
    rows!(library, "sqrt(double) -> double", |x: Double| -> Double { Ok(x.sqrt()) });
    rows!(library, "cbrt(double) -> double", |x: Double| -> Double { Ok(x.cbrt()) });
    rows!(library, "exp(double) -> double", |x: Double| -> Double { Ok(x.exp()) });
    rows!(library, "ln(double) -> double", |x: Double| -> Double { Ok(x.ln()) });
    rows!(library, "log(double, double) -> double", |base: Double, x: Double| -> Double { Ok(x.ln() / base.ln()) });
    rows!(library, "log2(double) -> double", |x: Double| -> Double { Ok(x.ln() / LN_2) });
    rows!(library, "log10(double) -> double", |x: Double| -> Double { Ok(x.log10()) });
    rows!(library, "power(double, double) -> double", |x: Double, y: Double| -> Double { Ok(power(x, y)) });
    rows!(library, "pow(double, double) -> double", |x: Double, y: Double| -> Double { Ok(power(x, y)) });
}

/// As Java has it: a NaN above gives a NaN, and so does one to an infinite power.
fn power(base: f64, exponent: f64) -> f64 {
    if exponent.is_nan() || (base.abs() == 1.0 && exponent.is_infinite()) { f64::NAN } else { base.powf(exponent) }
}

fn constants(library: &mut Library) {
    rows!(library, "e() -> double", || -> Double { Ok(E) });
    rows!(library, "pi() -> double", || -> Double { Ok(PI) });
    rows!(library, "nan() -> double", || -> Double { Ok(f64::NAN) });
    rows!(library, "infinity() -> double", || -> Double { Ok(f64::INFINITY) });
    rows!(library, "is_nan(double) -> boolean", |x: Double| -> Bool { Ok(x.is_nan()) });
    rows!(library, "is_nan(real) -> boolean", |x: Real| -> Bool { Ok(x.is_nan()) });
    rows!(library, "is_finite(double) -> boolean", |x: Double| -> Bool { Ok(x.is_finite()) });
    rows!(library, "is_infinite(double) -> boolean", |x: Double| -> Bool { Ok(x.is_infinite()) });
}

fn absolute(library: &mut Library) {
    macro_rules! whole {
        ($($name:literal $kind:ident),*) => {$(
            rows!(library, concat!("abs(", $name, ") -> ", $name), |x: $kind| -> $kind {
                x.checked_abs().ok_or_else(|| Fault::range(format!("Value {x} is out of range for abs({})", $name)))
            });
        )*};
    }
    whole!("tinyint" TinyInt, "smallint" SmallInt, "integer" Integer, "bigint" Bigint);
    rows!(library, "abs(real) -> real", |x: Real| -> Real { Ok(x.abs()) });
    rows!(library, "abs(double) -> double", |x: Double| -> Double { Ok(x.abs()) });
    library.columns("abs(decimal(p, s)) -> decimal(p, s)", |call| {
        let column = call.columns[0].as_primitive::<Decimal128Type>();
        Ok(Arc::new(column.unary::<_, Decimal128Type>(i128::abs).with_data_type(call.returns.arrow())))
    });
}

fn signs(library: &mut Library) {
    macro_rules! whole {
        ($($name:literal $kind:ident),*) => {$(
            rows!(library, concat!("sign(", $name, ") -> ", $name), |x: $kind| -> $kind { Ok(x.signum()) });
        )*};
    }
    whole!("tinyint" TinyInt, "smallint" SmallInt, "integer" Integer, "bigint" Bigint);
    // A zero keeps its sign and a NaN stays one; Rust's signum of a zero is one.
    rows!(library, "sign(real) -> real", |x: Real| -> Real { Ok(if x == 0.0 { x } else { x.signum() }) });
    rows!(library, "sign(double) -> double", |x: Double| -> Double { Ok(if x == 0.0 { x } else { x.signum() }) });
    library.columns("sign(decimal(p, s)) -> decimal(1,0)", |call| {
        let column = call.columns[0].as_primitive::<Decimal128Type>();
        Ok(Arc::new(column.unary::<_, Decimal128Type>(i128::signum).with_data_type(call.returns.arrow())))
    });
}
