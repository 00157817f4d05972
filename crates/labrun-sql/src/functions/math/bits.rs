//! Bits of whole numbers (functions/bitwise).

use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "bitwise_and(bigint, bigint) -> bigint", |left: Bigint, right: Bigint| -> Bigint { Ok(left & right) });
    rows!(library, "bitwise_or(bigint, bigint) -> bigint", |left: Bigint, right: Bigint| -> Bigint { Ok(left | right) });
    rows!(library, "bitwise_xor(bigint, bigint) -> bigint", |left: Bigint, right: Bigint| -> Bigint { Ok(left ^ right) });
    rows!(library, "bitwise_not(bigint) -> bigint", |value: Bigint| -> Bigint { Ok(!value) });
    rows!(library, "bit_count(bigint, bigint) -> bigint", |value: Bigint, bits: Bigint| -> Bigint { count(value, bits) });
    shifts(library);
}

/// Of the two's complement in so many bits.
fn count(value: i64, bits: i64) -> Outcome<i64> {
    if bits == 64 {
        return Ok(value.count_ones().into());
    }
    if !(2..=64).contains(&bits) {
        return Err(Fault::argument(format!("Bits specified in bit_count must be between 2 and 64, got {bits}")));
    }
    let limit = 1_i64 << (bits - 1);
    if !(-limit..limit).contains(&value) {
        let message =
            format!("Number must be representable with the bits specified. {value} cannot be represented with {bits} bits");
        return Err(Fault::argument(message));
    }
    Ok((value & ((1 << bits) - 1)).count_ones().into())
}

fn shifts(library: &mut Library) {
    macro_rules! shifts {
        ($($name:literal $kind:ident $native:ty, $unsigned:ty),*) => {$(
            rows!(library, concat!("bitwise_left_shift(", $name, ", bigint) -> ", $name), |value: $kind, by: Bigint| -> $kind {
                Ok(if by >= i64::from(<$native>::BITS) { 0 } else { value.wrapping_shl(by as u32) })
            });
            // Zeros come in from the left.
            rows!(library, concat!("bitwise_right_shift(", $name, ", bigint) -> ", $name), |value: $kind, by: Bigint| -> $kind {
                Ok(if by >= i64::from(<$native>::BITS) { 0 } else { (value as $unsigned).wrapping_shr(by as u32) as $native })
            });
            rows!(
                library,
                concat!("bitwise_right_shift_arithmetic(", $name, ", bigint) -> ", $name),
                |value: $kind, by: Bigint| -> $kind {
                    let all = by >= i64::from(<$native>::BITS);
                    Ok(if all { value >> (<$native>::BITS - 1) } else { value.wrapping_shr(by as u32) })
                }
            );
        )*};
    }
    shifts!("tinyint" TinyInt i8, u8, "smallint" SmallInt i16, u16, "integer" Integer i32, u32, "bigint" Bigint i64, u64);
}
