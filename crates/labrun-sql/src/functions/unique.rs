//! `uuid`: a random one, of version 4 (functions/uuid).

use super::Library;
use super::math::random_bits;
use super::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "uuid() -> uuid", || -> Bytes {
        let mut number = u128::from(random_bits()) << 64 | u128::from(random_bits());
        // Version 4 and the variant of RFC 4122.
        number = number & !(0xf << 76) | 0x4 << 76;
        number = number & !(0x3 << 62) | 0x2 << 62;
        Ok(number.to_be_bytes().to_vec())
    })
    .volatile();
}
