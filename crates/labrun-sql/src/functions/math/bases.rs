//! Numbers in another base.

use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "from_base(varchar, bigint) -> bigint", |text: Text, base: Bigint| -> Bigint {
        let invalid = || Fault::argument(format!("Not a valid base-{base} number: {text}"));
        i64::from_str_radix(text, radix(base)?).map_err(|_| invalid())
    });
    rows!(library, "to_base(bigint, bigint) -> varchar", |value: Bigint, base: Bigint| -> Text {
        Ok(digits(value, radix(base)?))
    });
}

fn radix(base: i64) -> Outcome<u32> {
    if (2..=36).contains(&base) { Ok(base as u32) } else { Err(Fault::argument("Radix must be between 2 and 36")) }
}

fn digits(value: i64, radix: u32) -> String {
    let mut left = value.unsigned_abs();
    let mut backwards = Vec::new();
    loop {
        backwards.extend(char::from_digit((left % u64::from(radix)) as u32, radix));
        left /= u64::from(radix);
        if left == 0 {
            break;
        }
    }
    backwards.extend((value < 0).then_some('-'));
    backwards.into_iter().rev().collect()
}
