//! `regexp_replace`: by a text with `$1` and `${name}`, or by what a lambda makes of the groups.

use datafusion::arrow::array::ArrayRef;

use super::pattern::{Found, Pattern, Patterns};
use super::search::{each, texts};
use crate::datum::{Datum, column};
use crate::fault::{Fault, Outcome};
use crate::functions::{Call, Library};

pub(super) fn register(library: &mut Library) {
    library.columns("regexp_replace(varchar, varchar) -> varchar", |call| each(call, replace));
    library.columns("regexp_replace(varchar, varchar, varchar) -> varchar", |call| each(call, replace));
    library.columns("regexp_replace(varchar, varchar, function(array(varchar), varchar)) -> varchar", by_lambda);
}

/// A part of a replacement.
enum Part {
    Text(String),
    Group(usize),
}

fn replace(patterns: &mut Patterns, values: &[Datum]) -> Outcome<Datum> {
    let Some((text, pattern)) = texts(values) else { return Ok(Datum::Null) };
    let by = if let Some(Datum::Text(by)) = values.get(2) { by } else { "" };
    let pattern = patterns.get(pattern)?;
    let found = pattern.all(text, 0)?;
    if found.is_empty() {
        return Ok(Datum::Text(text.to_owned()));
    }
    let parts = parts(by, pattern)?;
    let made = found.iter().map(|captures| {
        let of = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Group(group) => captures.get(*group).map_or(String::new(), |part| part.as_str().to_owned()),
        };
        parts.iter().map(of).collect()
    });
    Ok(Datum::Text(joined(text, &found, &made.collect::<Vec<String>>())))
}

/// The text between the matches, and between it what stands for them.
fn joined(text: &str, found: &[Found<'_>], made: &[String]) -> String {
    let (mut out, mut start) = (String::with_capacity(text.len()), 0);
    for (captures, made) in found.iter().zip(made) {
        let Some(whole) = captures.get(0) else { continue };
        out.push_str(&text[start..whole.start()]);
        out.push_str(made);
        start = whole.end();
    }
    out.push_str(&text[start..]);
    out
}

/// A backslash makes the next letter plain; a number takes as many digits as there are groups for.
fn parts(by: &str, pattern: &Pattern) -> Outcome<Vec<Part>> {
    let illegal = || Fault::argument(format!("Illegal replacement sequence: {by}"));
    let (mut parts, mut plain) = (Vec::new(), String::new());
    let mut letters = by.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => plain.push(letters.next().ok_or_else(illegal)?),
            '$' => {
                let group = match letters.next() {
                    Some('{') => {
                        let name: String = letters.by_ref().take_while(|letter| *letter != '}').collect();
                        let unknown = || Fault::argument(format!("Illegal replacement sequence: unknown group {{ {name} }}"));
                        pattern.named(&name).ok_or_else(unknown)?
                    }
                    Some(digit) => {
                        let mut group = digit.to_digit(10).ok_or_else(illegal)? as usize;
                        if group > pattern.groups() {
                            return Err(Fault::argument(format!("Illegal replacement sequence: unknown group {group}")));
                        }
                        let longer = |group: usize, digit: char| Some(group * 10 + digit.to_digit(10)? as usize);
                        while let Some(next) = letters.peek().and_then(|digit| longer(group, *digit))
                            && next <= pattern.groups()
                        {
                            group = next;
                            letters.next();
                        }
                        group
                    }
                    None => return Err(illegal()),
                };
                parts.push(Part::Text(std::mem::take(&mut plain)));
                parts.push(Part::Group(group));
            }
            other => plain.push(other),
        }
    }
    parts.push(Part::Text(plain));
    Ok(parts)
}

/// All matches of all rows are given to the lambda at once: the groups without the whole.
fn by_lambda(call: &Call) -> Outcome<ArrayRef> {
    let (texts, patterns) = (call.values(0), call.values(1));
    let mut read = Patterns::default();
    let (mut groups, mut at) = (Vec::new(), Vec::new());
    let rows: Vec<(Datum, Datum)> = (0..call.rows).map(|row| (texts.get(row), patterns.get(row))).collect();
    for (row, pair) in rows.iter().enumerate() {
        let (Datum::Text(text), Datum::Text(pattern)) = pair else { continue };
        let pattern = read.get(pattern)?;
        for found in pattern.all(text, 0)? {
            let group = |group| found.get(group).map_or(Datum::Null, |part| Datum::Text(part.as_str().to_owned()));
            groups.push(vec![Datum::Array((1..=pattern.groups()).map(group).collect())]);
            at.push(row as u32);
        }
    }
    let made = call.lambda(0)?.call_values(&groups, &at)?;
    let mut made = made.into_iter();
    let results = rows.iter().map(|pair| match pair {
        (Datum::Text(text), Datum::Text(pattern)) => {
            let found = read.get(pattern)?.all(text, 0)?;
            let own: Vec<Datum> = made.by_ref().take(found.len()).collect();
            let texts = own.into_iter().map(|value| if let Datum::Text(text) = value { Some(text) } else { None });
            // One null among the replacements makes all of it null.
            Ok(texts.collect::<Option<Vec<String>>>().map_or(Datum::Null, |made| Datum::Text(joined(text, &found, &made))))
        }
        _ => Ok(Datum::Null),
    });
    column(&results.collect::<Outcome<Vec<_>>>()?, call.returns)
}
