//! Functions of numbers (functions/math, functions/bitwise).

mod bases;
mod bits;
mod buckets;
mod chance;
mod distributions;
mod elementary;
mod rounding;
mod vectors;

pub(crate) use chance::bits as random_bits;

use super::Library;

pub(super) fn register(library: &mut Library) {
    elementary::register(library);
    rounding::register(library);
    bits::register(library);
    bases::register(library);
    buckets::register(library);
    chance::register(library);
    distributions::register(library);
    vectors::register(library);
}
