//! LazySimpleSerDe: fields parted by one character, no quotes (lazy-simple-serde). What can't be read is null.

use std::collections::BTreeMap;

use datafusion::arrow::array::ArrayRef;

use super::Rows;
use crate::datum::{self, Datum};
use crate::fault::Outcome;
use crate::sqltype::SqlType;

/// The separators of a table; its columns.
#[derive(Debug)]
pub(crate) struct Lazy {
    field: u8,
    escape: Option<u8>,
    null: String,
    kinds: Vec<SqlType>,
}

impl Lazy {
    pub(crate) fn new(options: &BTreeMap<String, String>, columns: &[(String, SqlType)]) -> Self {
        let sign = |key: &str| options.get(key).and_then(|text| separator(text));
        Lazy {
            field: sign("field.delim")
                .or_else(|| sign("serialization.format").filter(|sign| *sign != 1 || !options.contains_key("field.delim")))
                .unwrap_or(1),
            escape: sign("escape.delim"),
            null: options.get("serialization.null.format").cloned().unwrap_or_else(|| "\\N".to_owned()),
            kinds: columns.iter().map(|(_, kind)| kind.clone()).collect(),
        }
    }
}

/// A character, or the number of one (`[hive]`).
fn separator(text: &str) -> Option<u8> {
    match text.parse::<u8>() {
        Ok(number) => Some(number),
        Err(_) => text.bytes().next(),
    }
}

impl Rows for Lazy {
    fn columns(&self, lines: &[&[u8]], wanted: &[usize]) -> Outcome<Vec<ArrayRef>> {
        let mut columns: Vec<Vec<Datum>> = wanted.iter().map(|_| Vec::with_capacity(lines.len())).collect();
        for line in lines {
            let fields = self.fields(line);
            for (column, at) in columns.iter_mut().zip(wanted) {
                let kind = &self.kinds[*at];
                column.push(fields.get(*at).map_or(Datum::Null, |field| self.value(field, kind)));
            }
        }
        columns.iter().zip(wanted).map(|(column, at)| datum::column(column, &self.kinds[*at])).collect()
    }
}

impl Lazy {
    fn fields<'l>(&self, line: &'l [u8]) -> Vec<&'l [u8]> {
        let mut fields = Vec::new();
        let (mut start, mut escaped) = (0, false);
        for (at, byte) in line.iter().enumerate() {
            if escaped {
                escaped = false;
            } else if Some(*byte) == self.escape {
                escaped = true;
            } else if *byte == self.field {
                fields.push(&line[start..at]);
                start = at + 1;
            }
        }
        fields.push(&line[start..]);
        fields
    }

    fn value(&self, field: &[u8], kind: &SqlType) -> Datum {
        let text = String::from_utf8_lossy(field);
        if *text == self.null {
            return Datum::Null;
        }
        scalar(&text, kind).unwrap_or(Datum::Null)
    }
}

fn scalar(text: &str, kind: &SqlType) -> Option<Datum> {
    Some(match kind {
        SqlType::Varchar(length) => {
            Datum::Text(length.map_or_else(|| text.to_owned(), |length| text.chars().take(length as usize).collect()))
        }
        SqlType::Char(length) => {
            Datum::Text(text.chars().take(*length as usize).collect::<String>().trim_end_matches(' ').to_owned())
        }
        SqlType::Boolean => match text.to_lowercase().as_str() {
            "true" => Datum::Boolean(true),
            "false" => Datum::Boolean(false),
            _ => return None,
        },
        SqlType::TinyInt => Datum::Integer(text.parse::<i8>().ok()?.into()),
        SqlType::SmallInt => Datum::Integer(text.parse::<i16>().ok()?.into()),
        SqlType::Integer => Datum::Integer(text.parse::<i32>().ok()?.into()),
        SqlType::BigInt => Datum::Integer(text.parse().ok()?),
        SqlType::Real => Datum::Real(text.parse().ok()?),
        SqlType::Double => Datum::Double(text.parse().ok()?),
        _ => return None,
    })
}
