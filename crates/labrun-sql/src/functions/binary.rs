//! Functions of bytes (functions/binary): their texts, their numbers, their hashes.

mod base32;
mod base64;
mod hash;
mod hexadecimal;
mod murmur;
mod numbers;
mod spooky;

use super::Library;

pub(super) fn register(library: &mut Library) {
    hexadecimal::register(library);
    base64::register(library);
    base32::register(library);
    numbers::register(library);
    hash::register(library);
}
