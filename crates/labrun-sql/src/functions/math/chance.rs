//! Random numbers: another one in each row.

use std::hash::{BuildHasher, RandomState};

use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;

/// 64 bits by chance: each new state of the standard library's hasher has another secret key.
pub(crate) fn bits() -> u64 {
    RandomState::new().hash_one(0_u8)
}

pub(super) fn register(library: &mut Library) {
    rows!(library, "random() -> double", || -> Double { Ok(unit()) }).volatile();
    rows!(library, "rand() -> double", || -> Double { Ok(unit()) }).volatile();
    macro_rules! whole {
        ($($name:literal $kind:ident $native:ty),*) => {$(
            rows!(library, concat!("random(", $name, ") -> ", $name), |bound: $kind| -> $kind {
                below(bound.into()).map(|value| value as $native)
            }).volatile();
            rows!(library, concat!("rand(", $name, ") -> ", $name), |bound: $kind| -> $kind {
                below(bound.into()).map(|value| value as $native)
            }).volatile();
            rows!(library, concat!("random(", $name, ", ", $name, ") -> ", $name), |start: $kind, stop: $kind| -> $kind {
                between(start.into(), stop.into()).map(|value| value as $native)
            }).volatile();
            rows!(library, concat!("rand(", $name, ", ", $name, ") -> ", $name), |start: $kind, stop: $kind| -> $kind {
                between(start.into(), stop.into()).map(|value| value as $native)
            }).volatile();
        )*};
    }
    whole!("tinyint" TinyInt i8, "smallint" SmallInt i16, "integer" Integer i32, "bigint" Bigint i64);
}

/// From 0 to below 1, with all the bits that a double has.
fn unit() -> f64 {
    (bits() >> 11) as f64 / (1_u64 << 53) as f64
}

fn below(bound: i64) -> Outcome<i64> {
    if bound <= 0 {
        return Err(Fault::argument("bound must be positive"));
    }
    between(0, bound)
}

fn between(start: i64, stop: i64) -> Outcome<i64> {
    if start >= stop {
        return Err(Fault::argument("start value must be less than stop value"));
    }
    // The high half of a product is even over the range, but for a part in 2^64.
    let width = (i128::from(stop) - i128::from(start)) as u128;
    let offset = (u128::from(bits()) * width) >> 64;
    Ok((i128::from(start) + offset as i128) as i64)
}
