//! `split_to_map` and `split_to_multimap`: `a=1;b=2`.

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;

pub(super) fn register(library: &mut Library) {
    library.values("split_to_map(varchar, varchar, varchar) -> map(varchar, varchar)", |_, values| map(values));
    library.values("split_to_multimap(varchar, varchar, varchar) -> map(varchar, array(varchar))", |_, values| multimap(values));
}

fn check(holds: bool, message: &str) -> Outcome<()> {
    if holds { Ok(()) } else { Err(Fault::argument(message)) }
}

/// Key and value of each entry. Nothing behind the last delimiter is no entry.
fn entries(values: &[Datum]) -> Outcome<Vec<(&str, &str)>> {
    let [Datum::Text(text), Datum::Text(between), Datum::Text(inside)] = values else { return Ok(Vec::new()) };
    check(!between.is_empty(), "entryDelimiter is empty")?;
    check(!inside.is_empty(), "keyValueDelimiter is empty")?;
    check(between != inside, "entryDelimiter and keyValueDelimiter must not be the same")?;
    let text = text.strip_suffix(between.as_str()).unwrap_or(text);
    if text.is_empty() && values[0] == Datum::Text(String::new()) {
        return Ok(Vec::new());
    }
    let pairs = text.split(between.as_str()).map(|entry| match entry.split_once(inside.as_str()) {
        Some((key, value)) if !value.contains(inside.as_str()) => Ok((key, value)),
        _ => {
            let message = format!("Key-value delimiter must appear exactly once in each entry. Bad input: '{entry}'");
            Err(Fault::argument(message))
        }
    });
    pairs.collect()
}

fn map(values: &[Datum]) -> Outcome<Datum> {
    let mut made: Vec<(Datum, Datum)> = Vec::new();
    for (key, value) in entries(values)? {
        let own = Datum::Text(key.to_owned());
        check(!made.iter().any(|(known, _)| *known == own), &format!("Duplicate keys ({key}) are not allowed"))?;
        made.push((own, Datum::Text(value.to_owned())));
    }
    Ok(Datum::Map(made))
}

fn multimap(values: &[Datum]) -> Outcome<Datum> {
    let mut made: Vec<(&str, Vec<Datum>)> = Vec::new();
    for (key, value) in entries(values)? {
        let value = Datum::Text(value.to_owned());
        match made.iter_mut().find(|(known, _)| *known == key) {
            Some((_, all)) => all.push(value),
            None => made.push((key, vec![value])),
        }
    }
    Ok(Datum::Map(made.into_iter().map(|(key, all)| (Datum::Text(key.to_owned()), Datum::Array(all))).collect()))
}
