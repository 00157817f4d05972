//! `LIKE`: the whole text against `%` and `_`; without `ESCAPE` there is no escape (functions/comparison).

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanBuilder};

use crate::fault::{Fault, Outcome};
use crate::functions::{Call, Library};

pub(super) fn register(library: &mut Library) {
    library.columns("like(varchar, varchar) -> boolean", like);
    library.columns("like(varchar, varchar, varchar) -> boolean", like);
}

/// A part of a pattern.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// So many characters.
    Some(usize),
    Any,
}

struct Pattern {
    parts: Vec<Part>,
}

/// A pattern is read once as long as it stays the same.
fn like(call: &Call) -> Outcome<ArrayRef> {
    let columns: Vec<_> = call.columns.iter().map(|column| column.as_string_view()).collect();
    let mut made: Option<(&str, Option<&str>, Pattern)> = None;
    let mut builder = BooleanBuilder::with_capacity(call.rows);
    for row in 0..call.rows {
        if columns.iter().any(|column| column.is_null(row)) {
            builder.append_null();
            continue;
        }
        let (text, pattern) = (columns[0].value(row), columns[1].value(row));
        let escape = columns.get(2).map(|column| column.value(row));
        if made.as_ref().is_none_or(|(known, by, _)| *known != pattern || *by != escape) {
            made = Some((pattern, escape, Pattern::read(pattern, escape)?));
        }
        builder.append_value(made.as_ref().is_some_and(|(_, _, pattern)| fits(&pattern.parts, text)));
    }
    Ok(Arc::new(builder.finish()))
}

impl Pattern {
    fn read(pattern: &str, escape: Option<&str>) -> Outcome<Self> {
        let escape = escape.map(one_character).transpose()?;
        let mut parts = Vec::new();
        let mut letters = pattern.chars();
        while let Some(letter) = letters.next() {
            if Some(letter) == escape {
                let next = letters.next().filter(|next| ['%', '_'].contains(next) || Some(*next) == escape);
                let message = "Escape character must be followed by '%', '_' or the escape character itself";
                push(&mut parts, next.ok_or_else(|| Fault::argument(message))?);
                continue;
            }
            match (letter, parts.last_mut()) {
                ('%', Some(Part::Any)) => {}
                ('%', _) => parts.push(Part::Any),
                ('_', Some(Part::Some(count))) => *count += 1,
                ('_', _) => parts.push(Part::Some(1)),
                (letter, _) => push(&mut parts, letter),
            }
        }
        Ok(Pattern { parts })
    }
}

fn push(parts: &mut Vec<Part>, letter: char) {
    match parts.last_mut() {
        Some(Part::Text(text)) => text.push(letter),
        _ => parts.push(Part::Text(letter.to_string())),
    }
}

fn one_character(escape: &str) -> Outcome<char> {
    let mut letters = escape.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Ok(letter),
        _ => Err(Fault::argument("Escape string must be a single character")),
    }
}

/// Only the last `%` met is ever gone back to: what an earlier one could take, the last can too.
fn fits(parts: &[Part], text: &str) -> bool {
    let (mut parts_left, mut text_left) = (parts, text);
    let mut retry: Option<(&[Part], &str)> = None;
    loop {
        let step = match parts_left {
            [] if text_left.is_empty() => return true,
            [Part::Any] => return true,
            [Part::Any, rest @ ..] => {
                retry = Some((rest, text_left));
                parts_left = rest;
                continue;
            }
            [] => None,
            [Part::Text(own), rest @ ..] => text_left.strip_prefix(own.as_str()).map(|left| (rest, left)),
            [Part::Some(count), rest @ ..] => after(text_left, *count).map(|left| (rest, left)),
        };
        (parts_left, text_left) = match (step, retry) {
            (Some(step), _) => step,
            (None, Some((rest, from))) => match after(from, 1) {
                Some(next) => {
                    retry = Some((rest, next));
                    (rest, next)
                }
                None => return false,
            },
            (None, None) => return false,
        };
    }
}

/// What is left after so many characters.
fn after(text: &str, count: usize) -> Option<&str> {
    let mut letters = text.chars();
    (0..count).all(|_| letters.next().is_some()).then_some(letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::{Pattern, fits};

    #[test]
    fn patterns_take_the_whole_text() {
        for (text, pattern, escape, expected) in [
            ("abc", "a%", None, true),
            ("abc", "b%", None, false),
            ("abc", "_b_", None, true),
            ("abc", "____", None, false),
            ("", "%", None, true),
            ("", "", None, true),
            ("a", "", None, false),
            ("aXbXXc", "a%X%Xc", None, true),
            ("ababac", "%abac", None, true),
            ("50%", "50#%", Some("#"), true),
            ("500", "50#%", Some("#"), false),
            ("a\\b", "a\\b", None, true),
            ("ünï", "_n_", None, true),
            ("a\nb", "a%b", None, true),
        ] {
            let pattern_read = Pattern::read(pattern, escape).unwrap();
            assert_eq!(fits(&pattern_read.parts, text), expected, "{text} like {pattern}");
        }
        assert!(Pattern::read("a#b", Some("#")).is_err());
        assert!(Pattern::read("a", Some("##")).is_err());
    }
}
