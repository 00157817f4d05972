//! Arithmetic of whole and of floating numbers: on columns, and row by row only to say which row fails.

use std::fmt::Display;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, ArrowNativeTypeOp, AsArray, Datum, PrimitiveArray};
use datafusion::arrow::compute::kernels::numeric;
use datafusion::arrow::datatypes::{ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type};
use datafusion::arrow::error::ArrowError;

use crate::fault::{Fault, Outcome};
use crate::functions::{Call, Library};

/// A type of whole numbers, by Trino's name of it.
trait Whole: ArrowPrimitiveType<Native: ArrowNativeTypeOp + Display> {
    const NAME: &'static str;
}

macro_rules! named {
    ($($name:literal $kind:ident),*) => {$(
        impl Whole for $kind {
            const NAME: &'static str = $name;
        }
    )*};
}
named!("tinyint" Int8Type, "smallint" Int16Type, "integer" Int32Type, "bigint" Int64Type);

macro_rules! whole {
    ($library:ident, $($name:literal $kind:ident),*) => {$(
        $library.columns(concat!("+(", $name, ", ", $name, ") -> ", $name), add::<$kind>);
        $library.columns(concat!("-(", $name, ", ", $name, ") -> ", $name), subtract::<$kind>);
        $library.columns(concat!("*(", $name, ", ", $name, ") -> ", $name), multiply::<$kind>);
        $library.columns(concat!("/(", $name, ", ", $name, ") -> ", $name), divide::<$kind>);
        $library.columns(concat!("%(", $name, ", ", $name, ") -> ", $name), remainder::<$kind>);
        $library.columns(concat!("mod(", $name, ", ", $name, ") -> ", $name), remainder::<$kind>);
        $library.columns(concat!("negate(", $name, ") -> ", $name), negate::<$kind>);
    )*};
}

macro_rules! floating {
    ($library:ident, $($name:literal $kind:ident),*) => {$(
        $library.columns(concat!("+(", $name, ", ", $name, ") -> ", $name), |call| float(call, numeric::add));
        $library.columns(concat!("-(", $name, ", ", $name, ") -> ", $name), |call| float(call, numeric::sub));
        $library.columns(concat!("*(", $name, ", ", $name, ") -> ", $name), |call| float(call, numeric::mul));
        $library.columns(concat!("/(", $name, ", ", $name, ") -> ", $name), |call| float(call, numeric::div));
        $library.columns(concat!("%(", $name, ", ", $name, ") -> ", $name), |call| float(call, numeric::rem));
        $library.columns(concat!("mod(", $name, ", ", $name, ") -> ", $name), |call| float(call, numeric::rem));
        $library.columns(concat!("negate(", $name, ") -> ", $name), |call| {
            Ok(Arc::new(call.columns[0].as_primitive::<$kind>().unary::<_, $kind>(|value| -value)))
        });
    )*};
}

pub(super) fn register(library: &mut Library) {
    whole!(library, "tinyint" Int8Type, "smallint" Int16Type, "integer" Int32Type, "bigint" Int64Type);
    floating!(library, "real" Float32Type, "double" Float64Type);
}

type Kernel = fn(&dyn Datum, &dyn Datum) -> Result<ArrayRef, ArrowError>;

fn float(call: &Call, kernel: Kernel) -> Outcome<ArrayRef> {
    Ok(kernel(&call.columns[0], &call.columns[1])?)
}

/// The kernel's answer. Where it fails, `one` says why, or answers after all: what Arrow calls an overflow need not be one.
fn whole<T: Whole>(call: &Call, kernel: Kernel, one: fn(T::Native, T::Native) -> Outcome<T::Native>) -> Outcome<ArrayRef> {
    if let Ok(result) = kernel(&call.columns[0], &call.columns[1]) {
        return Ok(result);
    }
    let (left, right) = (call.columns[0].as_primitive::<T>(), call.columns[1].as_primitive::<T>());
    let rows = left.iter().zip(right).map(|(left, right)| left.zip(right).map(|(left, right)| one(left, right)).transpose());
    Ok(Arc::new(rows.collect::<Outcome<PrimitiveArray<T>>>()?))
}

fn overflow<T: Whole>(what: &str, left: T::Native, sign: char, right: T::Native) -> Fault {
    Fault::range(format!("{} {what} overflow: {left} {sign} {right}", T::NAME))
}

fn add<T: Whole>(call: &Call) -> Outcome<ArrayRef> {
    whole::<T>(call, numeric::add, |left, right| left.add_checked(right).map_err(|_| overflow::<T>("addition", left, '+', right)))
}

fn subtract<T: Whole>(call: &Call) -> Outcome<ArrayRef> {
    whole::<T>(call, numeric::sub, |left, right| {
        left.sub_checked(right).map_err(|_| overflow::<T>("subtraction", left, '-', right))
    })
}

fn multiply<T: Whole>(call: &Call) -> Outcome<ArrayRef> {
    whole::<T>(call, numeric::mul, |left, right| {
        left.mul_checked(right).map_err(|_| overflow::<T>("multiplication", left, '*', right))
    })
}

fn divide<T: Whole>(call: &Call) -> Outcome<ArrayRef> {
    whole::<T>(call, numeric::div, |left, right| {
        if right.is_zero() {
            return Err(Fault::division());
        }
        left.div_checked(right).map_err(|_| overflow::<T>("division", left, '/', right))
    })
}

fn remainder<T: Whole>(call: &Call) -> Outcome<ArrayRef> {
    whole::<T>(call, numeric::rem, |left, right| {
        if right.is_zero() {
            return Err(Fault::division());
        }
        // The least number over -1 leaves nothing, though the division overflows.
        Ok(left.mod_checked(right).unwrap_or(T::Native::ZERO))
    })
}

fn negate<T: Whole>(call: &Call) -> Outcome<ArrayRef> {
    let column = call.columns[0].as_primitive::<T>();
    let one = |value: T::Native| value.neg_checked().map_err(|_| Fault::range(format!("{} negation overflow: {value}", T::NAME)));
    Ok(Arc::new(column.try_unary::<_, T, Fault>(one)?))
}
