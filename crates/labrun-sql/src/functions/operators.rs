//! What signs and other words of the grammar stand for (functions/math, functions/comparison, functions/datetime, functions/decimal).
//!
//! An operator is a function that has its sign as its name: `+(bigint, bigint) -> bigint`. Unary minus is `negate`, `IS DISTINCT FROM` is
//! `is distinct`, `a[i]` is `subscript`, `AT TIME ZONE` is `at_timezone`.

mod compare;
mod concatenate;
mod decimals;
mod intervals;
mod like;
mod moments;
mod numbers;
mod subscript;

use super::Library;

pub(super) fn register(library: &mut Library) {
    numbers::register(library);
    decimals::register(library);
    moments::register(library);
    intervals::register(library);
    compare::register(library);
    concatenate::register(library);
    like::register(library);
    subscript::register(library);
}
