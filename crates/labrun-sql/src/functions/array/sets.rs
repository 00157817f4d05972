//! Arrays as sets: what is the same once, nulls too, in the order in which it comes first.

use std::collections::HashMap;

use crate::datum::{Datum, hash, same};
use crate::functions::Library;

pub(super) fn register(library: &mut Library) {
    library.values("array_distinct(array(T)) -> array(T) where T comparable", |_, values| {
        Ok(Datum::Array(once(items(&values[0]).iter())))
    });
    library.values("array_union(array(T), array(T)) -> array(T) where T comparable", |_, values| {
        Ok(Datum::Array(once(items(&values[0]).iter().chain(items(&values[1])))))
    });
    library.values("array_except(array(T), array(T)) -> array(T) where T comparable", |_, values| {
        let others = Seen::of(items(&values[1]).iter());
        Ok(Datum::Array(once(items(&values[0]).iter().filter(|item| !others.has(item)))))
    });
    library.values("array_intersect(array(T), array(T)) -> array(T) where T comparable", |_, values| {
        let others = Seen::of(items(&values[1]).iter());
        Ok(Datum::Array(once(items(&values[0]).iter().filter(|item| others.has(item)))))
    });
    library.values("arrays_overlap(array(T), array(T)) -> boolean where T comparable", |_, values| {
        Ok(overlap(items(&values[0]), items(&values[1])))
    });
    library.values("array_histogram(array(T)) -> map(T, bigint) where T comparable", |_, values| {
        Ok(histogram(items(&values[0]).iter()))
    });
}

pub(super) fn items(value: &Datum) -> &[Datum] {
    if let Datum::Array(items) = value { items } else { &[] }
}

/// Values that were seen, by their hashes.
#[derive(Default)]
pub(crate) struct Seen<'a> {
    found: HashMap<u64, Vec<(&'a Datum, usize)>>,
    count: usize,
}

impl<'a> Seen<'a> {
    pub(crate) fn of(values: impl Iterator<Item = &'a Datum>) -> Self {
        let mut seen = Seen::default();
        values.for_each(|value| {
            seen.add(value);
        });
        seen
    }

    /// The place among those seen, if it was.
    pub(crate) fn place(&self, value: &Datum) -> Option<usize> {
        self.found.get(&hash(value))?.iter().find(|(other, _)| same(other, value)).map(|(_, place)| *place)
    }

    pub(crate) fn has(&self, value: &Datum) -> bool {
        self.place(value).is_some()
    }

    /// `None` where it is new, else its place.
    pub(crate) fn add(&mut self, value: &'a Datum) -> Option<usize> {
        let twins = self.found.entry(hash(value)).or_default();
        let known = twins.iter().find(|(other, _)| same(other, value)).map(|(_, place)| *place);
        if known.is_none() {
            twins.push((value, self.count));
            self.count += 1;
        }
        known
    }
}

fn once<'a>(values: impl Iterator<Item = &'a Datum>) -> Vec<Datum> {
    let mut seen = Seen::default();
    values.filter(|value| seen.add(value).is_none()).cloned().collect()
}

/// How often each value that is not null comes.
pub(crate) fn histogram<'a>(values: impl Iterator<Item = &'a Datum>) -> Datum {
    let mut seen = Seen::default();
    let mut counts: Vec<(Datum, i64)> = Vec::new();
    for value in values.filter(|value| !value.is_null()) {
        match seen.add(value) {
            Some(place) => counts[place].1 += 1,
            None => counts.push((value.clone(), 1)),
        }
    }
    Datum::Map(counts.into_iter().map(|(value, count)| (value, Datum::Integer(count))).collect())
}

/// Null where only a null could be in both.
fn overlap(left: &[Datum], right: &[Datum]) -> Datum {
    if left.is_empty() || right.is_empty() {
        return Datum::Boolean(false);
    }
    let others = Seen::of(right.iter());
    if left.iter().any(|item| !item.is_null() && others.has(item)) {
        return Datum::Boolean(true);
    }
    let unknown = left.iter().chain(right).any(Datum::is_null);
    if unknown { Datum::Null } else { Datum::Boolean(false) }
}
