//! Arithmetic of intervals (functions/datetime).

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::cast::double;

macro_rules! intervals {
    ($library:ident, $($span:literal),*) => {$(
        $library.values(concat!("+(", $span, ", ", $span, ") -> ", $span), |_, values| add(&values[0], &values[1], 1));
        $library.values(concat!("-(", $span, ", ", $span, ") -> ", $span), |_, values| add(&values[0], &values[1], -1));
        $library.values(concat!("*(", $span, ", bigint) -> ", $span), |_, values| times(&values[0], &values[1]));
        $library.values(concat!("*(bigint, ", $span, ") -> ", $span), |_, values| times(&values[1], &values[0]));
        $library.values(concat!("*(", $span, ", double) -> ", $span), |_, values| times(&values[0], &values[1]));
        $library.values(concat!("*(double, ", $span, ") -> ", $span), |_, values| times(&values[1], &values[0]));
        $library.values(concat!("/(", $span, ", double) -> ", $span), |_, values| over(&values[0], &values[1]));
        $library.values(concat!("negate(", $span, ") -> ", $span), |_, values| times(&values[0], &Datum::Integer(-1)));
    )*};
}

pub(super) fn register(library: &mut Library) {
    intervals!(library, "interval day to second", "interval year to month");
}

/// Of the same kind as another. Milliseconds go around at their end, as Trino's do; months have no room there.
fn like(interval: &Datum, size: i64) -> Outcome<Datum> {
    match interval {
        Datum::Months(_) => i32::try_from(size).map(Datum::Months).map_err(|_| Fault::range("integer overflow")),
        _ => Ok(Datum::Milliseconds(size)),
    }
}

fn size(interval: &Datum) -> i64 {
    match interval {
        Datum::Months(months) => (*months).into(),
        Datum::Milliseconds(span) => *span,
        _ => 0,
    }
}

fn add(left: &Datum, right: &Datum, sign: i64) -> Outcome<Datum> {
    like(left, size(left).wrapping_add(size(right).wrapping_mul(sign)))
}

fn times(interval: &Datum, factor: &Datum) -> Outcome<Datum> {
    match factor {
        Datum::Integer(factor) => like(interval, size(interval).wrapping_mul(*factor)),
        Datum::Double(factor) if factor.is_nan() => Err(Fault::argument("Cannot multiply by double NaN")),
        Datum::Double(factor) => like(interval, (size(interval) as f64 * factor) as i64),
        _ => Ok(Datum::Null),
    }
}

fn over(interval: &Datum, divisor: &Datum) -> Outcome<Datum> {
    match divisor {
        Datum::Double(divisor) if divisor.is_nan() || *divisor == 0.0 => {
            Err(Fault::argument(format!("Cannot divide by double {}", double(*divisor))))
        }
        Datum::Double(divisor) => like(interval, (size(interval) as f64 / divisor) as i64),
        _ => Ok(Datum::Null),
    }
}
