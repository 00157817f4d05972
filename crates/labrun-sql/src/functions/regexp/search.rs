//! Whether, where and what a pattern matches.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanBuilder, StringViewBuilder};
use datafusion::arrow::datatypes::Int64Type;

use super::pattern::{Found, Patterns};
use crate::datum::{Datum, column};
use crate::fault::{Fault, Outcome};
use crate::functions::{Call, Library};

pub(super) fn register(library: &mut Library) {
    library.columns("regexp_like(varchar, varchar) -> boolean", like);
    library.columns("regexp_extract(varchar, varchar) -> varchar", extract);
    library.columns("regexp_extract(varchar, varchar, bigint) -> varchar", extract);
    library.columns("regexp_extract_all(varchar, varchar) -> array(varchar)", |call| each(call, extract_all));
    library.columns("regexp_extract_all(varchar, varchar, bigint) -> array(varchar)", |call| each(call, extract_all));
    library.columns("regexp_count(varchar, varchar) -> bigint", |call| {
        each(call, |patterns, values| {
            let Some((text, pattern)) = texts(values) else { return Ok(Datum::Null) };
            Ok(Datum::Integer(patterns.get(pattern)?.all(text, 0)?.len() as i64))
        })
    });
    library.columns("regexp_split(varchar, varchar) -> array(varchar)", |call| each(call, split));
    library.columns("regexp_position(varchar, varchar) -> integer", |call| each(call, position));
    library.columns("regexp_position(varchar, varchar, integer) -> integer", |call| each(call, position));
    library.columns("regexp_position(varchar, varchar, integer, integer) -> integer", |call| each(call, position));
}

/// Row by row on values, with the pattern kept.
pub(super) fn each(call: &Call, one: fn(&mut Patterns, &[Datum]) -> Outcome<Datum>) -> Outcome<ArrayRef> {
    let readers: Vec<_> = (0..call.columns.len()).map(|at| call.values(at)).collect();
    let mut patterns = Patterns::default();
    let rows = (0..call.rows).map(|row| {
        let values: Vec<Datum> = readers.iter().map(|reader| reader.get(row)).collect();
        if values.iter().any(Datum::is_null) { Ok(Datum::Null) } else { one(&mut patterns, &values) }
    });
    column(&rows.collect::<Outcome<Vec<_>>>()?, call.returns)
}

/// Text and pattern.
pub(super) fn texts(values: &[Datum]) -> Option<(&str, &str)> {
    match values {
        [Datum::Text(text), Datum::Text(pattern), ..] => Some((text, pattern)),
        _ => None,
    }
}

fn integer(values: &[Datum], at: usize, otherwise: i64) -> i64 {
    if let Some(Datum::Integer(value)) = values.get(at) { *value } else { otherwise }
}

fn like(call: &Call) -> Outcome<ArrayRef> {
    let (texts, patterns) = (call.columns[0].as_string_view(), call.columns[1].as_string_view());
    let mut read = Patterns::default();
    let mut builder = BooleanBuilder::with_capacity(call.rows);
    for row in 0..call.rows {
        if texts.is_null(row) || patterns.is_null(row) {
            builder.append_null();
        } else {
            builder.append_value(read.get(patterns.value(row))?.is_in(texts.value(row))?);
        }
    }
    Ok(Arc::new(builder.finish()))
}

fn extract(call: &Call) -> Outcome<ArrayRef> {
    let (texts, patterns) = (call.columns[0].as_string_view(), call.columns[1].as_string_view());
    let groups = call.columns.get(2).map(|groups| groups.as_primitive::<Int64Type>());
    let mut read = Patterns::default();
    let mut builder = StringViewBuilder::with_capacity(call.rows);
    for row in 0..call.rows {
        if texts.is_null(row) || patterns.is_null(row) || groups.is_some_and(|groups| groups.is_null(row)) {
            builder.append_null();
            continue;
        }
        let pattern = read.get(patterns.value(row))?;
        let group = pattern.group(groups.map_or(0, |groups| groups.value(row)))?;
        let found = pattern.first(texts.value(row))?;
        builder.append_option(found.as_ref().and_then(|found| found.get(group)).map(|part| part.as_str()));
    }
    Ok(Arc::new(builder.finish()))
}

fn extract_all(patterns: &mut Patterns, values: &[Datum]) -> Outcome<Datum> {
    let Some((text, pattern)) = texts(values) else { return Ok(Datum::Null) };
    let pattern = patterns.get(pattern)?;
    let group = pattern.group(integer(values, 2, 0))?;
    let part = |found: &Found<'_>| found.get(group).map_or(Datum::Null, |part| Datum::Text(part.as_str().to_owned()));
    Ok(Datum::Array(pattern.all(text, 0)?.iter().map(part).collect()))
}

fn split(patterns: &mut Patterns, values: &[Datum]) -> Outcome<Datum> {
    let Some((text, pattern)) = texts(values) else { return Ok(Datum::Null) };
    let mut parts = Vec::new();
    let mut start = 0;
    for found in patterns.get(pattern)?.all(text, 0)? {
        let Some(whole) = found.get(0) else { continue };
        parts.push(Datum::Text(text[start..whole.start()].to_owned()));
        start = whole.end();
    }
    parts.push(Datum::Text(text[start..].to_owned()));
    Ok(Datum::Array(parts))
}

/// In letters from 1; -1 where it is not.
fn position(patterns: &mut Patterns, values: &[Datum]) -> Outcome<Datum> {
    let Some((text, pattern)) = texts(values) else { return Ok(Datum::Null) };
    let (start, occurrence) = (integer(values, 2, 1), integer(values, 3, 1));
    if start < 1 {
        return Err(Fault::argument("start position cannot be smaller than 1"));
    }
    if occurrence < 1 {
        return Err(Fault::argument("occurrence cannot be smaller than 1"));
    }
    let pattern = patterns.get(pattern)?;
    let Some((from, _)) = text.char_indices().nth(start as usize - 1) else { return Ok(Datum::Integer(-1)) };
    let found = pattern.all(text, from)?;
    let whole = found.get(occurrence as usize - 1).and_then(|found| found.get(0));
    Ok(Datum::Integer(whole.map_or(-1, |whole| text[..whole.start()].chars().count() as i64 + 1)))
}
