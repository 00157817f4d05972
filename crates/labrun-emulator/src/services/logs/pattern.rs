//! Filter patterns for plain text. Source: CloudWatch Logs User Guide, "Filter pattern syntax", matching terms in unstructured log
//! events: `a b` (both), `"a b"` (a phrase), `?a ?b` (either), `-a` (not). Matching is case-sensitive.

use labrun_wire::{AwsError, AwsResult};

use super::error;

#[derive(Debug, Default, PartialEq)]
pub(super) struct Pattern {
    all: Vec<String>,
    any: Vec<String>,
    none: Vec<String>,
}

impl Pattern {
    pub(super) fn parse(text: &str) -> AwsResult<Self> {
        let text = text.trim();
        let refused = [
            ('{', "JSON filter patterns"),
            ('[', "space-delimited filter patterns"),
            ('%', "regular expressions in filter patterns"),
        ];
        if let Some((_, what)) = refused.iter().find(|(first, _)| text.starts_with(*first)) {
            return Err(AwsError::not_implemented(what));
        }
        let mut pattern = Pattern::default();
        let mut rest = text;
        while !rest.is_empty() {
            let (list, term) = match rest.chars().next() {
                Some('?') => (&mut pattern.any, &rest[1..]),
                Some('-') => (&mut pattern.none, &rest[1..]),
                _ => (&mut pattern.all, rest),
            };
            let (found, after) = if let Some(quoted) = term.strip_prefix('"') { phrase(quoted)? } else { word(term)? };
            list.push(found);
            rest = after.trim_start();
        }
        if !pattern.all.is_empty() || !pattern.none.is_empty() {
            // "You can't combine ? with other filter patterns … the question mark (?) will be ignored."
            pattern.any.clear();
        }
        Ok(pattern)
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        let has = |term: &String| message.contains(term.as_str());
        self.all.iter().all(has) && !self.none.iter().any(has) && (self.any.is_empty() || self.any.iter().any(has))
    }
}

fn invalid() -> AwsError {
    error::invalid("Invalid filter pattern")
}

/// A bare term is of letters, digits and underscores; anything else needs quotes.
fn word(text: &str) -> AwsResult<(String, &str)> {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let plain = !word.is_empty() && word.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if plain { Ok((word.to_owned(), rest)) } else { Err(invalid()) }
}

/// A phrase up to its closing quote; `\"` and `\\` stand for themselves.
fn phrase(text: &str) -> AwsResult<(String, &str)> {
    let mut phrase = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' if phrase.is_empty() => return Err(invalid()),
            '"' => return Ok((phrase, &text[at + 1..])),
            '\\' => phrase.push(letters.next().ok_or_else(invalid)?.1),
            letter => phrase.push(letter),
        }
    }
    Err(invalid())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, message: &str) -> bool {
        Pattern::parse(pattern).expect("a pattern").matches(message)
    }

    #[test]
    fn the_guides_examples() {
        let messages = ["[ERROR 400] BAD REQUEST", "[ERROR 401] UNAUTHORIZED REQUEST", "[ERROR 419] MISSING ARGUMENTS"];
        let found = |pattern: &str| -> Vec<bool> { messages.iter().map(|message| matches(pattern, message)).collect() };
        assert_eq!(found("ERROR"), [true, true, true]);
        assert_eq!(found("ERROR ARGUMENTS"), [false, false, true]);
        assert_eq!(found("?UNAUTHORIZED ?ARGUMENTS"), [false, true, true]);
        assert_eq!(found("\"BAD REQUEST\""), [true, false, false]);
        assert_eq!(found("ERROR -REQUEST"), [false, false, true]);
        assert_eq!(found("?ARGUMENTS REQUEST"), [true, true, false]);
        assert_eq!(found("error"), [false, false, false]);
        assert_eq!(found(""), [true, true, true]);
    }

    #[test]
    fn quotes_hold_what_a_word_cannot() {
        assert!(matches(r#""say \"hi\"""#, r#"they say "hi""#));
        assert!(matches(r#"-"a.b""#, "ab"));
        assert_eq!(Pattern::parse("a.b").unwrap_err().message, "Invalid filter pattern");
        assert_eq!(Pattern::parse("\"open").unwrap_err().message, "Invalid filter pattern");
        assert_eq!(Pattern::parse("{ $.a = 1 }").unwrap_err().code, "NotImplemented");
    }
}
