//! Base 32 (RFC 4648), padded when written.

use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;

const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

pub(super) fn register(library: &mut Library) {
    rows!(library, "to_base32(varbinary) -> varchar", |bytes: Bytes| -> Text { Ok(shown(bytes)) });
    rows!(library, "from_base32(varchar) -> varbinary", |text: Text| -> Bytes { read(text.as_bytes()) });
    rows!(library, "from_base32(varbinary) -> varbinary", |bytes: Bytes| -> Bytes { read(bytes) });
}

/// Five bytes are eight letters.
fn shown(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for group in bytes.chunks(5) {
        let bits = (0..5).fold(0_u64, |bits, at| bits << 8 | u64::from(group.get(at).copied().unwrap_or(0)));
        let letters = (group.len() * 8).div_ceil(5);
        for at in 0..8 {
            let letter = LETTERS[(bits >> (35 - 5 * at) & 31) as usize];
            text.push(if at < letters { char::from(letter) } else { '=' });
        }
    }
    text
}

fn read(text: &[u8]) -> Outcome<Vec<u8>> {
    let padding = text.iter().rev().take_while(|letter| **letter == b'=').count();
    let letters = &text[..text.len() - padding];
    // So many letters alone can't be the end of whole bytes.
    if matches!(letters.len() % 8, 1 | 3 | 6) {
        return Err(Fault::argument(format!("Invalid input length {}", letters.len())));
    }
    let mut bytes = Vec::with_capacity(letters.len() * 5 / 8);
    let (mut bits, mut count) = (0_u32, 0);
    for letter in letters {
        let value = LETTERS.iter().position(|known| known == letter);
        let unknown = || Fault::argument(format!("Unrecognized character: {}", char::from(*letter)));
        bits = bits << 5 | value.ok_or_else(unknown)? as u32;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Ok(bytes)
}
