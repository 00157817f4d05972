//! A TOML document as an owned tree in which every key and value knows its place in the file.
//!
//! Parsing recovers: a document with syntax errors still yields the part that could be read.

use std::ops::Range;

use serde_json::{Map, Number, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Fault, Faults};

/// A string of the file, a key or a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub value: String,
    pub span: Range<usize>,
    /// Where the content begins in the file; `None` where escapes make positions inside it unknowable.
    pub inner: Option<usize>,
}

impl Text {
    /// The place of a part of this string, or all of it where that cannot be told.
    pub(crate) fn part(&self, part: Range<usize>) -> Range<usize> {
        match self.inner {
            Some(inner) => inner + part.start..inner + part.end,
            None => self.span.clone(),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub kind: Kind,
    pub span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Text(Text),
    Number(Number),
    Flag(bool),
    List(Vec<Node>),
    Table(Vec<(Text, Node)>),
}

impl Node {
    pub(crate) fn empty_table() -> Node {
        Node { kind: Kind::Table(Vec::new()), span: 0..0 }
    }

    pub(crate) fn json(&self) -> Value {
        match &self.kind {
            Kind::Text(text) => Value::String(text.value.clone()),
            Kind::Number(number) => Value::Number(number.clone()),
            Kind::Flag(flag) => Value::Bool(*flag),
            Kind::List(items) => items.iter().map(Node::json).collect(),
            Kind::Table(entries) => {
                Value::Object(entries.iter().map(|(key, node)| (key.value.clone(), node.json())).collect::<Map<_, _>>())
            }
        }
    }

    /// What a reader of the file would call this.
    pub(crate) fn what(&self) -> &'static str {
        match self.kind {
            Kind::Text(_) => "a string",
            Kind::Number(_) => "a number",
            Kind::Flag(_) => "true or false",
            Kind::List(_) => "a list",
            Kind::Table(_) => "a table",
        }
    }
}

/// Parses `faults`' source; syntax errors go to `faults`, the rest comes back.
pub(crate) fn parse(faults: &Faults<'_>) -> Node {
    let (table, errors) = DeTable::parse_recoverable(faults.source());
    for error in errors {
        faults.add(error.span().unwrap_or(0..0), Fault::new(error.message().to_owned()));
    }
    let span = table.span();
    Node { kind: from_table(table.get_ref(), faults), span }
}

fn from_table(table: &DeTable<'_>, faults: &Faults<'_>) -> Kind {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        (text(name, key.span(), faults.source()), from_value(value, faults))
    };
    Kind::Table(table.iter().map(entry).collect())
}

fn from_value(value: &Spanned<DeValue<'_>>, faults: &Faults<'_>) -> Node {
    let span = value.span();
    let kind = match value.get_ref() {
        DeValue::String(string) => Kind::Text(text(string, span.clone(), faults.source())),
        DeValue::Integer(integer) => number(i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(Number::from)),
        DeValue::Float(float) => number(float.as_str().parse().ok().and_then(Number::from_f64)),
        DeValue::Boolean(flag) => Kind::Flag(*flag),
        DeValue::Datetime(moment) => Kind::Text(Text { value: moment.to_string(), span: span.clone(), inner: None }),
        DeValue::Array(items) => Kind::List(items.iter().map(|item| from_value(item, faults)).collect()),
        DeValue::Table(table) => from_table(table, faults),
    };
    if kind == Kind::Number(Number::from(i64::MIN)) {
        faults.add(span.clone(), Fault::new("this number is out of range"));
    }
    Node { kind, span }
}

/// Numbers that JSON cannot hold become the one value that no lab needs, which the caller reports.
fn number(number: Option<Number>) -> Kind {
    Kind::Number(number.unwrap_or_else(|| Number::from(i64::MIN)))
}

fn text(value: &str, span: Range<usize>, source: &str) -> Text {
    let raw = source.get(span.clone()).unwrap_or_default();
    let opening =
        ["\"\"\"\r\n", "\"\"\"\n", "'''\n", "\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| raw.starts_with(quote));
    let opening = opening.map_or(0, str::len);
    let exact = raw.get(opening..opening + value.len()) == Some(value);
    Text { value: value.to_owned(), inner: exact.then_some(span.start + opening), span }
}
