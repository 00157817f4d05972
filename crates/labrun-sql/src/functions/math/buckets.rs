//! `width_bucket`: into which of equal or of given intervals a number falls.

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::cast;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "width_bucket(double, double, double, bigint) -> bigint", |operand: Double,
                                                                              first: Double,
                                                                              second: Double,
                                                                              count: Bigint|
     -> Bigint {
        equal(operand, (first, second), count)
    });
    library.values("width_bucket(double, array(double)) -> bigint", |_, values| given(values));
}

fn check(holds: bool, message: &str) -> Outcome<()> {
    if holds { Ok(()) } else { Err(Fault::argument(message)) }
}

fn equal(operand: f64, (first, second): (f64, f64), count: i64) -> Outcome<i64> {
    check(count > 0, "bucketCount must be greater than 0")?;
    check(!operand.is_nan(), "operand cannot be NaN")?;
    check(first.is_finite(), "first bound must be finite")?;
    check(second.is_finite(), "second bound must be finite")?;
    check(first != second, "bounds cannot equal each other")?;
    let (lower, upper) = (first.min(second), first.max(second));
    let beyond = || {
        let shown = cast::double(operand);
        count.checked_add(1).ok_or_else(|| Fault::range(format!("Bucket for value {shown} is out of range")))
    };
    let bucket = if operand < lower {
        0
    } else if operand >= upper {
        beyond()?
    } else {
        ((count as f64) * (operand - lower) / (upper - lower) + 1.0) as i64
    };
    // Bounds that fall count from the other end.
    Ok(if first > second { beyond()? - bucket } else { bucket })
}

/// How many bins begin at or below the number.
fn given(values: &[Datum]) -> Outcome<Datum> {
    let [Datum::Double(operand), Datum::Array(bins)] = values else { return Ok(Datum::Null) };
    check(!bins.is_empty(), "Bins cannot be an empty array")?;
    check(!operand.is_nan(), "Operand cannot be NaN")?;
    let (mut lower, mut upper) = (0, bins.len());
    while lower < upper {
        if bin(bins, lower)? > bin(bins, upper - 1)? {
            return Err(Fault::argument("Bin values are not sorted in ascending order"));
        }
        let middle = (lower + upper) / 2;
        if *operand < bin(bins, middle)? { upper = middle } else { lower = middle + 1 }
    }
    Ok(Datum::Integer(lower as i64))
}

/// A bin that is null counts as zero, as Trino reads it.
fn bin(bins: &[Datum], at: usize) -> Outcome<f64> {
    let value = if let Some(Datum::Double(value)) = bins.get(at) { *value } else { 0.0 };
    check(value.is_finite(), &format!("Bin value must be finite, got {}", cast::double(value)))?;
    Ok(value)
}
