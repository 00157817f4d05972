//! `greatest` and `least`: null where an argument is (functions/comparison).

use std::cmp::Ordering;

use super::Library;
use crate::datum::{Datum, compare};
use crate::fault::Outcome;

pub(super) fn register(library: &mut Library) {
    library.values("greatest(T...) -> T where T orderable", |_, values| extreme(values, Ordering::Greater));
    library.values("least(T...) -> T where T orderable", |_, values| extreme(values, Ordering::Less));
}

/// The first of equals.
fn extreme(values: &[Datum], wanted: Ordering) -> Outcome<Datum> {
    let mut found = &values[0];
    for value in &values[1..] {
        if compare(value, found)? == wanted {
            found = value;
        }
    }
    Ok(found.clone())
}
