//! Maps out of arrays and other maps: keys are not null, and no two the same.

use std::collections::HashMap;

use crate::datum::{Datum, hash, same};
use crate::fault::{Fault, Outcome};
use crate::functions::{Library, cast};
use crate::sqltype::SqlType;

pub(super) fn register(library: &mut Library) {
    library.values("map() -> map(unknown, unknown)", |_, _| Ok(Datum::Map(Vec::new())));
    library.values("map(array(K), array(V)) -> map(K, V) where K comparable", |call, values| {
        let ([Datum::Array(keys), Datum::Array(items)], SqlType::Map(kind, _)) = (values, call.returns) else {
            return Ok(Datum::Null);
        };
        if keys.len() != items.len() {
            return Err(Fault::argument("Key and value arrays must be the same length"));
        }
        unique(keys.iter().cloned().zip(items.iter().cloned()), kind)
    });
    library.values("map_from_entries(array(row(K, V))) -> map(K, V) where K comparable", |call, values| {
        let (Datum::Array(entries), SqlType::Map(kind, _)) = (&values[0], call.returns) else { return Ok(Datum::Null) };
        unique(pairs(entries)?.into_iter(), kind)
    });
    library.values("multimap_from_entries(array(row(K, V))) -> map(K, array(V)) where K comparable", |_, values| {
        let Datum::Array(entries) = &values[0] else { return Ok(Datum::Null) };
        multimap(pairs(entries)?)
    });
    library.values("map_concat(map(K, V)...) -> map(K, V) where K comparable", |_, values| Ok(concatenated(values)));
}

/// Keys that a map has so far, by their hashes.
#[derive(Default)]
pub(crate) struct Keys(HashMap<u64, Vec<usize>>);

/// The place of the key's entry; a new one is made where there is none.
pub(crate) fn put<V>(keys: &mut Keys, entries: &mut Vec<(Datum, V)>, key: Datum, new: V) -> Result<usize, usize> {
    let twins = keys.0.entry(hash(&key)).or_default();
    if let Some(known) = twins.iter().find(|at| same(&entries[**at].0, &key)) {
        return Err(*known);
    }
    twins.push(entries.len());
    entries.push((key, new));
    Ok(entries.len() - 1)
}

pub(super) fn not_null(key: &Datum) -> Outcome<()> {
    if key.is_null() { Err(Fault::argument("map key cannot be null")) } else { Ok(()) }
}

pub(super) fn duplicate(key: &Datum, kind: &SqlType, words: &str) -> Fault {
    let shown = cast::text(key, kind).unwrap_or_default();
    Fault::argument(format!("Duplicate {words} ({shown}) are not allowed"))
}

fn unique(pairs: impl Iterator<Item = (Datum, Datum)>, kind: &SqlType) -> Outcome<Datum> {
    let (mut keys, mut entries) = (Keys::default(), Vec::new());
    for (key, value) in pairs {
        not_null(&key)?;
        put(&mut keys, &mut entries, key, value).map_err(|at| duplicate(&entries[at].0, kind, "map keys"))?;
    }
    Ok(Datum::Map(entries))
}

fn pairs(entries: &[Datum]) -> Outcome<Vec<(Datum, Datum)>> {
    let pair = |entry: &Datum| match entry {
        Datum::Row(fields) => {
            not_null(&fields[0])?;
            Ok((fields[0].clone(), fields[1].clone()))
        }
        _ => Err(Fault::argument("map entry cannot be null")),
    };
    entries.iter().map(pair).collect()
}

/// All values of a key in one array.
pub(crate) fn multimap(pairs: Vec<(Datum, Datum)>) -> Outcome<Datum> {
    let (mut keys, mut entries): (Keys, Vec<(Datum, Vec<Datum>)>) = (Keys::default(), Vec::new());
    for (key, value) in pairs {
        let (Ok(at) | Err(at)) = put(&mut keys, &mut entries, key, Vec::new());
        entries[at].1.push(value);
    }
    Ok(Datum::Map(entries.into_iter().map(|(key, values)| (key, Datum::Array(values))).collect()))
}

/// Of a key that several have, the last map's value counts. Trino lists the last map's entries first.
fn concatenated(maps: &[Datum]) -> Datum {
    let (mut keys, mut entries) = (Keys::default(), Vec::new());
    for map in maps.iter().rev() {
        let Datum::Map(own) = map else { continue };
        for (key, value) in own {
            // A later map has set it.
            let _known = put(&mut keys, &mut entries, key.clone(), value.clone());
        }
    }
    Datum::Map(entries)
}
