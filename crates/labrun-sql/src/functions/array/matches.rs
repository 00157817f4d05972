//! `any_match`, `all_match`, `none_match`: null where an unknown item decides.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray};

use super::items::Items;
use crate::fault::Outcome;
use crate::functions::{Call, Library};

pub(super) fn register(library: &mut Library) {
    library.columns("any_match(array(T), function(T, boolean)) -> boolean", |call| matches(call, |found| found.any()));
    library.columns("all_match(array(T), function(T, boolean)) -> boolean", |call| matches(call, |found| found.all()));
    library.columns("none_match(array(T), function(T, boolean)) -> boolean", |call| {
        matches(call, |found| found.any().map(|any| !any))
    });
}

/// What a lambda said of the items of an array.
#[derive(Clone, Copy, Default)]
struct Found {
    yes: bool,
    no: bool,
    unknown: bool,
}

impl Found {
    fn any(self) -> Option<bool> {
        if self.yes { Some(true) } else { (!self.unknown).then_some(false) }
    }

    fn all(self) -> Option<bool> {
        if self.no { Some(false) } else { (!self.unknown).then_some(true) }
    }
}

fn matches(call: &Call, answer: fn(Found) -> Option<bool>) -> Outcome<ArrayRef> {
    let items = Items::of(&call.columns[0])?;
    let said = call.lambda(0)?.call(&[items.values], &items.rows)?;
    let said = said.as_boolean();
    let mut found = vec![Found::default(); call.rows];
    for (at, row) in items.rows.iter().enumerate() {
        let own = &mut found[*row as usize];
        match said.is_valid(at).then(|| said.value(at)) {
            Some(true) => own.yes = true,
            Some(false) => own.no = true,
            None => own.unknown = true,
        }
    }
    let valid = |row: usize| items.nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
    let answers = found.into_iter().enumerate().map(|(row, found)| if valid(row) { answer(found) } else { None });
    Ok(Arc::new(answers.collect::<BooleanArray>()))
}
