//! Arithmetic of decimals, with Trino's precision and scale of the result (functions/decimal).

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, PrimitiveArray};
use datafusion::arrow::datatypes::{Decimal128Type, i256};

use crate::fault::{Fault, Outcome};
use crate::functions::{Call, Library};
use crate::sqltype::SqlType;

pub(super) fn register(library: &mut Library) {
    library.columns("+(decimal(p, s), decimal(q, t)) -> decimal(p, s)", |call| binary(call, add)).giving(sum_type);
    library.columns("-(decimal(p, s), decimal(q, t)) -> decimal(p, s)", |call| binary(call, subtract)).giving(sum_type);
    library.columns("*(decimal(p, s), decimal(q, t)) -> decimal(p, s)", |call| binary(call, multiply)).giving(product_type);
    library.columns("/(decimal(p, s), decimal(q, t)) -> decimal(p, s)", |call| binary(call, divide)).giving(quotient_type);
    library.columns("%(decimal(p, s), decimal(q, t)) -> decimal(p, s)", |call| binary(call, remainder)).giving(remainder_type);
    library.columns("mod(decimal(p, s), decimal(q, t)) -> decimal(p, s)", |call| binary(call, remainder)).giving(remainder_type);
    library.columns("negate(decimal(p, s)) -> decimal(p, s)", |call| {
        let column = call.columns[0].as_primitive::<Decimal128Type>();
        Ok(Arc::new(column.unary::<_, Decimal128Type>(|value| -value).with_data_type(call.returns.arrow())))
    });
}

/// Precision and scale of both sides.
fn sides(kinds: &[SqlType]) -> Outcome<(i32, i32, i32, i32)> {
    match kinds {
        [SqlType::Decimal(p, s), SqlType::Decimal(q, t)] => Ok((i32::from(*p), i32::from(*s), i32::from(*q), i32::from(*t))),
        _ => Err(Fault::new("GENERIC_INTERNAL_ERROR", "arithmetic of decimals without decimals")),
    }
}

fn decimal(precision: i32, scale: i32) -> Outcome<SqlType> {
    let precision = precision.clamp(1, 38);
    if scale > precision {
        return Err(Fault::argument(format!("DECIMAL scale must be in range [0, precision ({precision})]: {scale}")));
    }
    Ok(SqlType::Decimal(precision as u8, scale as i8))
}

fn sum_type(kinds: &[SqlType]) -> Outcome<SqlType> {
    let (p, s, q, t) = sides(kinds)?;
    decimal(1 + s.max(t) + (p - s).max(q - t), s.max(t))
}

fn product_type(kinds: &[SqlType]) -> Outcome<SqlType> {
    let (p, s, q, t) = sides(kinds)?;
    decimal(p + q, s + t)
}

fn quotient_type(kinds: &[SqlType]) -> Outcome<SqlType> {
    let (p, s, _, t) = sides(kinds)?;
    decimal(p + t + (t - s).max(0), s.max(t))
}

fn remainder_type(kinds: &[SqlType]) -> Outcome<SqlType> {
    let (p, s, q, t) = sides(kinds)?;
    decimal((p - s).min(q - t) + s.max(t), s.max(t))
}

/// Powers of ten by which values are multiplied first.
struct Lift {
    /// To the common scale.
    left: u32,
    right: u32,
    /// The dividend, so that the quotient has the common scale.
    dividend: u32,
}

fn binary(call: &Call, one: fn(i128, i128, &Lift) -> Outcome<i128>) -> Outcome<ArrayRef> {
    let (_, s, _, t) = sides(call.kinds)?;
    let scale = s.max(t);
    let lift = Lift { left: (scale - s) as u32, right: (scale - t) as u32, dividend: (scale - s + t) as u32 };
    let (left, right) = (call.columns[0].as_primitive::<Decimal128Type>(), call.columns[1].as_primitive::<Decimal128Type>());
    let one = |(left, right): (Option<i128>, Option<i128>)| left.zip(right).map(|(l, r)| one(l, r, &lift)).transpose();
    let column = left.iter().zip(right).map(one).collect::<Outcome<PrimitiveArray<Decimal128Type>>>()?;
    Ok(Arc::new(column.with_data_type(call.returns.arrow())))
}

/// More than 38 digits are none that a decimal has.
fn in_range(value: Option<i128>) -> Outcome<i128> {
    const LIMIT: u128 = 10_u128.pow(38);
    value.filter(|value| value.unsigned_abs() < LIMIT).ok_or_else(|| Fault::range("Decimal overflow"))
}

fn lifted(value: i128, digits: u32) -> Option<i128> {
    value.checked_mul(10_i128.checked_pow(digits)?)
}

fn add(left: i128, right: i128, lift: &Lift) -> Outcome<i128> {
    let sum = lifted(left, lift.left).zip(lifted(right, lift.right)).and_then(|(left, right)| left.checked_add(right));
    in_range(sum)
}

fn subtract(left: i128, right: i128, lift: &Lift) -> Outcome<i128> {
    let difference = lifted(left, lift.left).zip(lifted(right, lift.right)).and_then(|(left, right)| left.checked_sub(right));
    in_range(difference)
}

fn multiply(left: i128, right: i128, _: &Lift) -> Outcome<i128> {
    in_range(left.checked_mul(right))
}

/// Rounds half up, away from zero.
fn divide(left: i128, right: i128, lift: &Lift) -> Outcome<i128> {
    if right == 0 {
        return Err(Fault::division());
    }
    let Some(dividend) = lifted(left, lift.dividend) else { return divide_wide(left, right, lift) };
    let up = (dividend % right).unsigned_abs() * 2 >= right.unsigned_abs();
    let sign = if (left < 0) == (right < 0) { 1 } else { -1 };
    in_range(Some(dividend / right + if up { sign } else { 0 }))
}

/// The same where the dividend has more than 128 bits. 38 digits and as many again fit into 256.
fn divide_wide(left: i128, right: i128, lift: &Lift) -> Outcome<i128> {
    let two = i256::from_i128(2);
    let divisor = i256::from_i128(right).wrapping_abs();
    let dividend = i256::from_i128(left).wrapping_abs().checked_mul(ten(lift.dividend));
    let dividend = dividend.ok_or_else(|| Fault::range("Decimal overflow"))?;
    let quotient = dividend.wrapping_div(divisor);
    let up = dividend.wrapping_rem(divisor).wrapping_mul(two) >= divisor;
    let magnitude = if up { quotient.wrapping_add(i256::ONE) } else { quotient };
    in_range(magnitude.to_i128().map(|value| if (left < 0) == (right < 0) { value } else { -value }))
}

/// Has the sign of the dividend.
fn remainder(left: i128, right: i128, lift: &Lift) -> Outcome<i128> {
    if right == 0 {
        return Err(Fault::division());
    }
    let (left, right) =
        (i256::from_i128(left).wrapping_mul(ten(lift.left)), i256::from_i128(right).wrapping_mul(ten(lift.right)));
    in_range(left.wrapping_rem(right).to_i128())
}

fn ten(digits: u32) -> i256 {
    i256::from_i128(10).wrapping_pow(digits)
}
