//! Delimited text, as LazySimpleSerDe reads it back.

use super::lines::{LineRows, plain};
use crate::datum::Datum;
use crate::formats::lazy::Separators;
use crate::sqltype::SqlType;

pub(super) struct Rows {
    separators: Separators,
}

impl Rows {
    pub(super) fn new(delimiter: u8) -> Self {
        let mut separators = Separators::of(&std::collections::BTreeMap::new());
        separators.levels[0] = delimiter;
        Rows { separators }
    }

    /// A value whose parts are parted by the separator of a level.
    fn value(&self, value: &Datum, kind: &SqlType, level: usize, out: &mut Vec<u8>) {
        match (value, kind) {
            (Datum::Array(items), SqlType::Array(item)) => {
                self.parts(items.iter().map(|value| (value, &**item)), level, out);
            }
            (Datum::Row(values), SqlType::Row(fields)) => {
                self.parts(values.iter().zip(fields.iter().map(|(_, kind)| kind)), level, out);
            }
            (Datum::Map(entries), SqlType::Map(key, value)) => {
                for (at, (name, item)) in entries.iter().enumerate() {
                    if at > 0 {
                        out.push(self.sign(level));
                    }
                    self.value(name, key, level + 2, out);
                    out.push(self.sign(level + 1));
                    self.value(item, value, level + 2, out);
                }
            }
            (value, kind) => match plain(value, kind) {
                Some(text) => out.extend_from_slice(text.as_bytes()),
                None => out.extend_from_slice(self.separators.null.as_bytes()),
            },
        }
    }

    fn parts<'v>(&self, parts: impl Iterator<Item = (&'v Datum, &'v SqlType)>, level: usize, out: &mut Vec<u8>) {
        for (at, (value, kind)) in parts.enumerate() {
            if at > 0 {
                out.push(self.sign(level));
            }
            self.value(value, kind, level + 1, out);
        }
    }

    fn sign(&self, level: usize) -> u8 {
        self.separators.levels[level.min(self.separators.levels.len() - 1)]
    }
}

impl LineRows for Rows {
    fn line(&self, row: &[Datum], kinds: &[SqlType], out: &mut Vec<u8>) {
        self.parts(row.iter().zip(kinds), 0, out);
    }
}
