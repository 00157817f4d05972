//! Base 64, plain and for URLs: padded when written, padded or not when read.

use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, Engine, GeneralPurpose, GeneralPurposeConfig};
use base64::{DecodeError, engine::general_purpose};

use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "to_base64(varbinary) -> varchar", |bytes: Bytes| -> Text { Ok(general_purpose::STANDARD.encode(bytes)) });
    rows!(library, "to_base64url(varbinary) -> varchar", |bytes: Bytes| -> Text { Ok(general_purpose::URL_SAFE.encode(bytes)) });
    rows!(library, "from_base64(varchar) -> varbinary", |text: Text| -> Bytes { read(text.as_bytes(), &STANDARD) });
    rows!(library, "from_base64(varbinary) -> varbinary", |bytes: Bytes| -> Bytes { read(bytes, &STANDARD) });
    rows!(library, "from_base64url(varchar) -> varbinary", |text: Text| -> Bytes { read(text.as_bytes(), &URL_SAFE) });
    rows!(library, "from_base64url(varbinary) -> varbinary", |bytes: Bytes| -> Bytes { read(bytes, &URL_SAFE) });
}

/// Fails in Java's words.
fn read(text: &[u8], alphabet: &Alphabet) -> Outcome<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(alphabet, config).decode(text).map_err(|error| match error {
        DecodeError::InvalidByte(at, b'=') => Fault::argument(format!("Input byte array has incorrect ending byte at {at}")),
        DecodeError::InvalidByte(_, byte) => Fault::argument(format!("Illegal base64 character {byte:x}")),
        DecodeError::InvalidPadding => Fault::argument("Input byte array has wrong 4-byte ending unit"),
        _ => Fault::argument("Last unit does not have enough valid bits"),
    })
}
