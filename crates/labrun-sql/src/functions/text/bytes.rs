//! Text as bytes of UTF-8, and back.

use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "to_utf8(varchar) -> varbinary", |text: Text| -> Bytes { Ok(text.as_bytes().to_vec()) });
    rows!(library, "from_utf8(varbinary) -> varchar", |bytes: Bytes| -> Text { Ok(String::from_utf8_lossy(bytes).into_owned()) });
    rows!(library, "from_utf8(varbinary, varchar) -> varchar", |bytes: Bytes, by: Text| -> Text {
        if by.chars().count() > 1 {
            return Err(Fault::argument("Replacement character string must empty or a single character"));
        }
        Ok(replaced(bytes, by))
    });
    rows!(library, "from_utf8(varbinary, bigint) -> varchar", |bytes: Bytes, by: Bigint| -> Text {
        Ok(replaced(bytes, &letter(by)?))
    });
}

fn letter(code: i64) -> Outcome<String> {
    let found = u32::try_from(code).ok().and_then(char::from_u32);
    found.map(String::from).ok_or_else(|| Fault::argument("Invalid replacement character"))
}

fn replaced(bytes: &[u8], by: &str) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(if chunk.invalid().is_empty() { "" } else { by });
    }
    text
}
