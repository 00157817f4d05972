//! Separators of fields, items and keys, and the values of types within types (`[hive]`, `LazySerDeParameters`).

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::datum::Datum;
use crate::formats::scalar;
use crate::sqltype::SqlType;

/// Types are nested no deeper than there are separators.
const LEVELS: usize = 8;

/// What parts values, outermost first.
#[derive(Clone, Debug)]
pub(in crate::formats) struct Separators {
    pub(in crate::formats) levels: [u8; LEVELS],
    pub(in crate::formats) escape: Option<u8>,
    pub(in crate::formats) null: String,
}

impl Separators {
    pub(in crate::formats) fn of(options: &BTreeMap<String, String>) -> Self {
        let sign = |keys: &[&str], otherwise: u8| {
            let written = keys.iter().find_map(|key| options.get(*key));
            written.and_then(|text| separator(text)).unwrap_or(otherwise)
        };
        let mut levels = [1, 2, 3, 4, 5, 6, 7, 8];
        levels[0] = sign(&["field.delim", "serialization.format"], 1);
        levels[1] = sign(&["colelction.delim", "collection.delim"], 2);
        levels[2] = sign(&["mapkey.delim"], 3);
        Separators {
            levels,
            escape: options.get("escape.delim").and_then(|text| separator(text)),
            null: options.get("serialization.null.format").cloned().unwrap_or_else(|| "\\N".to_owned()),
        }
    }

    pub(in crate::formats) fn is_null(&self, field: &[u8]) -> bool {
        field == self.null.as_bytes()
    }

    pub(super) fn escapes(&self, field: &[u8]) -> bool {
        self.escape.is_some_and(|escape| memchr::memchr(escape, field).is_some())
    }

    /// The first fields of a line, so many at most.
    pub(super) fn split<'l>(&self, line: &'l [u8], level: usize, most: usize, fields: &mut Vec<&'l [u8]>) {
        if most == 0 {
            return;
        }
        let sign = self.sign(level);
        if self.escapes(line) {
            return self.split_escaped(line, sign, most, fields);
        }
        let mut start = 0;
        for end in memchr::memchr_iter(sign, line) {
            fields.push(&line[start..end]);
            start = end + 1;
            if fields.len() == most {
                return;
            }
        }
        fields.push(&line[start..]);
    }

    fn split_escaped<'l>(&self, line: &'l [u8], sign: u8, most: usize, fields: &mut Vec<&'l [u8]>) {
        let (mut start, mut escaped) = (0, false);
        for (at, byte) in line.iter().enumerate() {
            if escaped {
                escaped = false;
            } else if Some(*byte) == self.escape {
                escaped = true;
            } else if *byte == sign {
                fields.push(&line[start..at]);
                start = at + 1;
            }
        }
        fields.push(&line[start..]);
        fields.truncate(most);
    }

    fn sign(&self, level: usize) -> u8 {
        self.levels[level.min(LEVELS - 1)]
    }

    /// Without escapes; `\n` and `\r` stand for ends of lines.
    pub(super) fn plain<'f>(&self, field: &'f [u8]) -> Cow<'f, [u8]> {
        if !self.escapes(field) {
            return Cow::Borrowed(field);
        }
        let mut plain = Vec::with_capacity(field.len());
        let mut bytes = field.iter();
        while let Some(byte) = bytes.next() {
            if Some(*byte) != self.escape {
                plain.push(*byte);
                continue;
            }
            match bytes.next() {
                Some(b'n') => plain.push(b'\n'),
                Some(b'r') => plain.push(b'\r'),
                Some(escaped) => plain.push(*escaped),
                None => plain.push(*byte),
            }
        }
        Cow::Owned(plain)
    }

    /// A value whose parts are parted by the separator of a level.
    pub(super) fn value(&self, field: &[u8], kind: &SqlType, level: usize) -> Datum {
        if self.is_null(field) {
            return Datum::Null;
        }
        match kind {
            SqlType::Array(item) => {
                Datum::Array(self.parts(field, level).into_iter().map(|part| self.value(part, item, level + 1)).collect())
            }
            SqlType::Row(fields) => {
                let parts = self.parts(field, level);
                let value = |(at, (_, kind)): (usize, &(Option<String>, SqlType))| {
                    parts.get(at).map_or(Datum::Null, |part| self.value(part, kind, level + 1))
                };
                Datum::Row(fields.iter().enumerate().map(value).collect())
            }
            SqlType::Map(key, value) => self.map(field, key, value, level),
            SqlType::Varchar(_) | SqlType::Char(_) => scalar::datum(&self.plain(field), kind).unwrap_or(Datum::Null),
            plain => scalar::datum(field, plain).unwrap_or(Datum::Null),
        }
    }

    /// Nothing has no parts.
    fn parts<'f>(&self, field: &'f [u8], level: usize) -> Vec<&'f [u8]> {
        let mut parts = Vec::new();
        if !field.is_empty() {
            self.split(field, level, usize::MAX, &mut parts);
        }
        parts
    }

    /// Of a key that comes twice the first counts; entries without a key are none.
    fn map(&self, field: &[u8], key: &SqlType, value: &SqlType, level: usize) -> Datum {
        let mut entries: Vec<(Datum, Datum)> = Vec::new();
        for entry in self.parts(field, level) {
            let mut sides = Vec::with_capacity(2);
            self.split(entry, level + 1, 1, &mut sides);
            let name = sides.first().copied().unwrap_or_default();
            let rest = entry.get(name.len() + 1..);
            let name = self.value(name, key, level + 2);
            if !name.is_null() && entries.iter().all(|(before, _)| *before != name) {
                entries.push((name, rest.map_or(Datum::Null, |rest| self.value(rest, value, level + 2))));
            }
        }
        Datum::Map(entries)
    }
}

/// A character, or the number of one.
fn separator(text: &str) -> Option<u8> {
    match text.parse::<i8>() {
        Ok(number) => Some(number as u8),
        Err(_) => text.bytes().next(),
    }
}
