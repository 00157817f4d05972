//! The part of JsonPath that custom classifiers know: `$`, `.name`, `['name']`, `[n]`, `[*]` and `.*`.
//!
//! Source: Glue Developer Guide, "Writing JSON custom classifiers", its table of operators.

use std::fmt;

use super::json::Json;

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Member(String),
    Item(usize),
    All,
}

#[derive(Clone, Debug)]
pub(in super::super) struct JsonPath {
    text: String,
    steps: Vec<Step>,
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl JsonPath {
    pub(in super::super) fn parse(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('$')?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, after) = if let Some(after) = rest.strip_prefix('.') { dotted(after)? } else { bracketed(rest)? };
            steps.push(step);
            rest = after;
        }
        Some(JsonPath { text: text.to_owned(), steps })
    }

    pub(super) fn select<'j>(&self, value: &'j Json) -> Vec<&'j Json> {
        self.steps.iter().fold(vec![value], |found, step| found.into_iter().flat_map(|value| below(value, step)).collect())
    }
}

fn dotted(text: &str) -> Option<(Step, &str)> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    match text.split_at(end) {
        ("", _) => None,
        ("*", rest) => Some((Step::All, rest)),
        (name, rest) => Some((Step::Member(name.to_owned()), rest)),
    }
}

fn bracketed(text: &str) -> Option<(Step, &str)> {
    let (inner, rest) = text.strip_prefix('[')?.split_once(']')?;
    let quoted = |quote: char| inner.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    let step = match quoted('\'').or_else(|| quoted('"')) {
        Some(name) => Step::Member(name.to_owned()),
        None if inner == "*" => Step::All,
        None => Step::Item(inner.parse().ok()?),
    };
    Some((step, rest))
}

fn below<'j>(value: &'j Json, step: &Step) -> Vec<&'j Json> {
    match (value, step) {
        (Json::Object(members), Step::Member(name)) => {
            members.iter().filter(|(known, _)| known == name).map(|(_, value)| value).collect()
        }
        (Json::Object(members), Step::All) => members.iter().map(|(_, value)| value).collect(),
        (Json::List(items), Step::All) => items.iter().collect(),
        (Json::List(items), Step::Item(at)) => items.get(*at).into_iter().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_path() {
        for text in ["", "a", "$.", "$[", "$[x]", "$x", "$..a"] {
            assert!(JsonPath::parse(text).is_none(), "{text}");
        }
    }
}
