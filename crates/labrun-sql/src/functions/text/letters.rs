//! Letter by letter: length, case, order, code points, exchange, normal forms.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;
use crate::sqltype::SqlType;

pub(super) fn register(library: &mut Library) {
    rows!(library, "length(varchar) -> bigint", |text: Text| -> Bigint { Ok(text.chars().count() as i64) });
    rows!(library, "length(varbinary) -> bigint", |bytes: Bytes| -> Bigint { Ok(bytes.len() as i64) });
    // The blanks of a char count.
    library.values("length(char(x)) -> bigint", |call, _| {
        let SqlType::Char(length) = call.kinds[0] else { return Ok(Datum::Null) };
        Ok(Datum::Integer(length.into()))
    });
    rows!(library, "lower(varchar(x)) -> varchar(x)", |text: Text| -> Text { Ok(lower(text)) });
    rows!(library, "lower(char(x)) -> char(x)", |text: Text| -> Text { Ok(lower(text)) });
    rows!(library, "upper(varchar(x)) -> varchar(x)", |text: Text| -> Text { Ok(upper(text)) });
    rows!(library, "upper(char(x)) -> char(x)", |text: Text| -> Text { Ok(upper(text)) });
    rows!(library, "reverse(varchar(x)) -> varchar(x)", |text: Text| -> Text { Ok(text.chars().rev().collect()) });
    rows!(library, "reverse(varbinary) -> varbinary", |bytes: Bytes| -> Bytes { Ok(bytes.iter().rev().copied().collect()) });
    rows!(library, "chr(bigint) -> varchar(1)", |code: Bigint| -> Text { letter(code) });
    rows!(library, "codepoint(varchar(1)) -> integer", |text: Text| -> Integer { code_point(text) });
    rows!(library, "translate(varchar, varchar, varchar) -> varchar", |text: Text, from: Text, to: Text| -> Text {
        Ok(translate(text, from, to))
    });
    rows!(library, "normalize(varchar) -> varchar", |text: Text| -> Text { Ok(text.nfc().collect()) });
    rows!(library, "normalize(varchar, varchar) -> varchar", |text: Text, form: Text| -> Text { normalize(text, form) });
}

/// One letter becomes one: what Unicode would make two of is not changed in length.
fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().map(|letter| letter.to_lowercase().next().unwrap_or(letter)).collect()
}

fn upper(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    let one = |letter: char| match letter.to_uppercase().collect::<Vec<_>>()[..] {
        [upper] => upper,
        _ => letter,
    };
    text.chars().map(one).collect()
}

fn letter(code: i64) -> Outcome<String> {
    let found = u32::try_from(code).ok().and_then(char::from_u32);
    found.map(String::from).ok_or_else(|| Fault::argument(format!("Not a valid Unicode code point: {code}")))
}

fn code_point(text: &str) -> Outcome<i32> {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Ok(u32::from(letter) as i32),
        _ => Err(Fault::argument("Input string must be a single character string")),
    }
}

/// The first of equal letters counts; one without a counterpart goes.
fn translate(text: &str, from: &str, to: &str) -> String {
    let mut into = to.chars();
    let mut exchanged = HashMap::new();
    for letter in from.chars() {
        let other = into.next();
        exchanged.entry(letter).or_insert(other);
    }
    text.chars().filter_map(|letter| exchanged.get(&letter).copied().unwrap_or(Some(letter))).collect()
}

fn normalize(text: &str, form: &str) -> Outcome<String> {
    match form {
        "NFC" => Ok(text.nfc().collect()),
        "NFD" => Ok(text.nfd().collect()),
        "NFKC" => Ok(text.nfkc().collect()),
        "NFKD" => Ok(text.nfkd().collect()),
        _ => Err(Fault::argument("Normalization form must be one of [NFD, NFC, NFKD, NFKC]")),
    }
}
