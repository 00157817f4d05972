//! `to_hex` and `from_hex`.

use std::fmt::Write;

use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "to_hex(varbinary) -> varchar", |bytes: Bytes| -> Text { Ok(shown(bytes)) });
    rows!(library, "from_hex(varchar) -> varbinary", |text: Text| -> Bytes { read(text.as_bytes()) });
    rows!(library, "from_hex(varbinary) -> varbinary", |bytes: Bytes| -> Bytes { read(bytes) });
}

fn shown(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a text never fails.
        let _ = write!(text, "{byte:02X}");
    }
    text
}

fn read(digits: &[u8]) -> Outcome<Vec<u8>> {
    if !digits.len().is_multiple_of(2) {
        return Err(Fault::argument(format!("invalid input length {}", digits.len())));
    }
    let digit = |byte: u8| {
        let letter = char::from(byte);
        letter
            .to_digit(16)
            .map(|digit| digit as u8)
            .ok_or_else(|| Fault::argument(format!("not a hexadecimal digit: \"{letter}\" = {byte}")))
    };
    digits.chunks_exact(2).map(|pair| Ok(digit(pair[0])? * 16 + digit(pair[1])?)).collect()
}
