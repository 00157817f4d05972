//! Where a text is in another, and what replaces it.

use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "strpos(varchar, varchar) -> bigint", |text: Text, part: Text| -> Bigint { Ok(place(text, part)) });
    rows!(library, "strpos(varchar, varchar, bigint) -> bigint", |text: Text, part: Text, instance: Bigint| -> Bigint {
        place_of_instance(text, part, instance)
    });
    // `POSITION(part IN text)`
    rows!(library, "position(varchar, varchar) -> bigint", |part: Text, text: Text| -> Bigint { Ok(place(text, part)) });
    rows!(library, "starts_with(varchar, varchar) -> boolean", |text: Text, part: Text| -> Bool { Ok(text.starts_with(part)) });
    rows!(library, "replace(varchar, varchar) -> varchar", |text: Text, part: Text| -> Text { Ok(text.replace(part, "")) });
    rows!(library, "replace(varchar, varchar, varchar) -> varchar", |text: Text, part: Text, by: Text| -> Text {
        Ok(text.replace(part, by))
    });
}

/// From 1, in letters; 0 where it is not.
pub(crate) fn place(text: &str, part: &str) -> i64 {
    text.find(part).map_or(0, |at| text[..at].chars().count() as i64 + 1)
}

/// The n-th one, from the end where n is negative. Instances may overlap.
fn place_of_instance(text: &str, part: &str, instance: i64) -> Outcome<i64> {
    if instance == 0 {
        return Err(Fault::argument("'instance' must be a positive or negative number."));
    }
    if part.is_empty() {
        return Ok(1);
    }
    let begins = |at: &usize| text[*at..].starts_with(part);
    let mut starts = text.char_indices().map(|(at, _)| at);
    let count = usize::try_from(instance.unsigned_abs() - 1).unwrap_or(usize::MAX);
    let found = if instance > 0 { starts.by_ref().filter(begins).nth(count) } else { starts.rev().filter(begins).nth(count) };
    Ok(found.map_or(0, |at| text[..at].chars().count() as i64 + 1))
}
