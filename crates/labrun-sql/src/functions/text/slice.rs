//! `substr` and `substring`: from 1, or from the end.

use crate::datum::Datum;
use crate::functions::rows::rows;
use crate::functions::{Call, Library, cast};

pub(super) fn register(library: &mut Library) {
    macro_rules! slices {
        ($($name:literal),*) => {$(
            rows!(library, concat!($name, "(varchar(x), bigint) -> varchar(x)"), |text: Text, start: Bigint| -> Text {
                Ok(slice(text, start, i64::MAX).to_owned())
            });
            library.values(concat!($name, "(char(x), bigint) -> varchar(x)"), |call, values| Ok(of_char(call, values)));
            library.values(concat!($name, "(char(x), bigint, bigint) -> varchar(x)"), |call, values| Ok(of_char(call, values)));
            rows!(library, concat!($name, "(varbinary, bigint) -> varbinary"), |bytes: Bytes, start: Bigint| -> Bytes {
                Ok(bytes[range(bytes.len(), start, i64::MAX)].to_vec())
            });
            rows!(
                library,
                concat!($name, "(varchar(x), bigint, bigint) -> varchar(x)"),
                |text: Text, start: Bigint, length: Bigint| -> Text { Ok(slice(text, start, length).to_owned()) }
            );
            rows!(
                library,
                concat!($name, "(varbinary, bigint, bigint) -> varbinary"),
                |bytes: Bytes, start: Bigint, length: Bigint| -> Bytes { Ok(bytes[range(bytes.len(), start, length)].to_vec()) }
            );
        )*};
    }
    slices!("substr", "substring");
}

/// The blanks of a char count.
fn of_char(call: &Call, values: &[Datum]) -> Datum {
    let Some(text) = cast::text(&values[0], &call.kinds[0]) else { return Datum::Null };
    let number = |at: usize| if let Some(Datum::Integer(value)) = values.get(at) { *value } else { i64::MAX };
    Datum::Text(slice(&text, number(1), number(2)).to_owned())
}

/// Empty where the start is before or behind the text, or is 0.
fn range(count: usize, start: i64, length: i64) -> std::ops::Range<usize> {
    let count = count as i64;
    let first = if start > 0 { start - 1 } else { count.saturating_add(start) };
    if start == 0 || length <= 0 || first < 0 || first >= count {
        return 0..0;
    }
    first as usize..first.saturating_add(length).min(count) as usize
}

fn slice(text: &str, start: i64, length: i64) -> &str {
    if text.is_ascii() {
        return &text[range(text.len(), start, length)];
    }
    let letters = range(text.chars().count(), start, length);
    let at = |letter: usize| text.char_indices().nth(letter).map_or(text.len(), |(at, _)| at);
    if letters.is_empty() { "" } else { &text[at(letters.start)..at(letters.end)] }
}
