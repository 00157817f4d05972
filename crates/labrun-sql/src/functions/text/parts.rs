//! `split` and `split_part`.

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    library.values("split(varchar, varchar) -> array(varchar)", |_, values| split(values));
    library.values("split(varchar, varchar, bigint) -> array(varchar)", |_, values| split(values));
    rows!(library, "split_part(varchar, varchar, bigint) -> varchar", |text: Text, by: Text, index: Bigint| -> Text? {
        part(text, by, index)
    });
}

fn split(values: &[Datum]) -> Outcome<Datum> {
    let (Datum::Text(text), Datum::Text(by)) = (&values[0], &values[1]) else { return Ok(Datum::Null) };
    let limit = match values.get(2) {
        Some(Datum::Integer(limit)) if *limit <= 0 => return Err(Fault::argument("Limit must be positive")),
        Some(Datum::Integer(limit)) if *limit > i64::from(i32::MAX) => return Err(Fault::argument("Limit is too large")),
        Some(Datum::Integer(limit)) => *limit as usize,
        _ => usize::MAX,
    };
    if by.is_empty() {
        return Err(Fault::argument("The delimiter may not be the empty string"));
    }
    Ok(Datum::Array(text.splitn(limit, by.as_str()).map(|part| Datum::Text(part.to_owned())).collect()))
}

/// Without a delimiter the letters are the parts. Null past the end.
fn part(text: &str, by: &str, index: i64) -> Outcome<Option<String>> {
    if index <= 0 {
        return Err(Fault::argument("Index must be greater than zero"));
    }
    let at = usize::try_from(index - 1).unwrap_or(usize::MAX);
    if by.is_empty() {
        return Ok(text.chars().nth(at).map(String::from));
    }
    Ok(text.split(by).nth(at).map(ToOwned::to_owned))
}
