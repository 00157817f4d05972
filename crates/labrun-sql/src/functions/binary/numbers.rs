//! Numbers as bytes, the first of which has the highest bits.

use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "to_big_endian_32(integer) -> varbinary", |value: Integer| -> Bytes { Ok(value.to_be_bytes().to_vec()) });
    rows!(library, "to_big_endian_64(bigint) -> varbinary", |value: Bigint| -> Bytes { Ok(value.to_be_bytes().to_vec()) });
    rows!(library, "to_ieee754_32(real) -> varbinary", |value: Real| -> Bytes { Ok(value.to_be_bytes().to_vec()) });
    rows!(library, "to_ieee754_64(double) -> varbinary", |value: Double| -> Bytes { Ok(value.to_be_bytes().to_vec()) });
    rows!(library, "from_big_endian_32(varbinary) -> integer", |bytes: Bytes| -> Integer {
        exactly(bytes, || format!("expected 4-byte input, but got instead: {}", bytes.len())).map(i32::from_be_bytes)
    });
    rows!(library, "from_big_endian_64(varbinary) -> bigint", |bytes: Bytes| -> Bigint {
        exactly(bytes, || format!("expected 8-byte input, but got instead: {}", bytes.len())).map(i64::from_be_bytes)
    });
    rows!(library, "from_ieee754_32(varbinary) -> real", |bytes: Bytes| -> Real {
        exactly(bytes, || "Input floating-point value must be exactly 4 bytes long".to_owned()).map(f32::from_be_bytes)
    });
    rows!(library, "from_ieee754_64(varbinary) -> double", |bytes: Bytes| -> Double {
        exactly(bytes, || "Input floating-point value must be exactly 8 bytes long".to_owned()).map(f64::from_be_bytes)
    });
}

fn exactly<const N: usize>(bytes: &[u8], message: impl Fn() -> String) -> Outcome<[u8; N]> {
    bytes.try_into().map_err(|_| Fault::argument(message()))
}
