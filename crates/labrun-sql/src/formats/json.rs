//! JSON, one object a line, as the two SerDes read it (openx-json-serde, hive-json-serde).
//!
//! OpenX is lenient: it takes what `org.json` takes and converts what it can. Hive's wants JSON as it is defined.

mod convert;
mod parse;

use std::collections::BTreeMap;

use datafusion::arrow::array::ArrayRef;

use self::convert::Converter;
use self::parse::Json;
use super::Rows;
use super::moment::Pattern;
use crate::datum::{self, Datum};
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

/// Which of the SerDes it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavor {
    /// `org.openx.data.jsonserde.JsonSerDe`
    OpenX,
    /// `org.apache.hive.hcatalog.data.JsonSerDe`
    Hive,
}

/// How a table's lines are read.
#[derive(Debug)]
pub(super) struct Lines {
    flavor: Flavor,
    columns: Vec<(String, SqlType)>,
    /// Keys that stand for names: `mapping.name`, by key as it is looked for.
    mappings: BTreeMap<String, String>,
    ignores_malformed: bool,
    dots_in_keys: bool,
    any_case: bool,
    patterns: Vec<Pattern>,
}

impl Lines {
    pub(super) fn new(flavor: Flavor, options: &BTreeMap<String, String>, columns: &[(String, SqlType)]) -> Self {
        let is =
            |key: &str, otherwise: bool| options.get(key).map_or(otherwise, |value| value.trim().eq_ignore_ascii_case("true"));
        let any_case = flavor == Flavor::Hive || is("case.insensitive", true);
        let mappings = options.iter().filter_map(|(key, value)| {
            let name = key.strip_prefix("mapping.").filter(|_| flavor == Flavor::OpenX)?;
            Some((if any_case { value.to_lowercase() } else { value.clone() }, name.to_lowercase()))
        });
        Lines {
            mappings: mappings.collect(),
            flavor,
            columns: columns.to_vec(),
            ignores_malformed: flavor == Flavor::OpenX && is("ignore.malformed.json", false),
            dots_in_keys: flavor == Flavor::OpenX && is("dots.in.keys", false),
            any_case,
            patterns: options.get("timestamp.formats").map(|list| Pattern::list(list)).unwrap_or_default(),
        }
    }

    /// The name that a key is looked for by.
    fn name<'k>(&self, key: &'k str) -> std::borrow::Cow<'k, str> {
        let mut name = std::borrow::Cow::Borrowed(key);
        if self.any_case && key.bytes().any(|byte| byte.is_ascii_uppercase() || byte >= 0x80) {
            name = name.to_lowercase().into();
        }
        if self.dots_in_keys && name.contains('.') {
            name = name.replace('.', "_").into();
        }
        match self.mappings.get(&*name) {
            Some(mapped) => mapped.clone().into(),
            None => name,
        }
    }

    /// The fields of a line, by the names that columns have; `None` where the row is NULL in all columns.
    fn fields<'l>(&self, line: &'l str) -> Outcome<Option<Vec<(String, Json<'l>)>>> {
        let read = match self.flavor {
            // What does not start as JSON does is no row at all, and no fault either.
            Flavor::OpenX if !line.starts_with(['{', '[']) => return Ok(None),
            Flavor::OpenX => parse::lenient(line),
            Flavor::Hive => parse::strict(line),
        };
        match read.and_then(|json| self.named(json)) {
            Ok(fields) => Ok(Some(fields)),
            Err(_) if self.ignores_malformed => Ok(None),
            Err(why) if self.flavor == Flavor::OpenX => {
                Err(Fault::new("HIVE_CURSOR_ERROR", format!("Row is not a valid JSON Object - JSONException: {why}")))
            }
            Err(why) => Err(Fault::new("HIVE_CURSOR_ERROR", format!("JsonParseException: {why}"))),
        }
    }

    /// A top array is a row by places (OpenX); two keys of one name are malformed.
    fn named<'l>(&self, json: Json<'l>) -> Result<Vec<(String, Json<'l>)>, String> {
        let fields: Vec<(String, Json)> = match json {
            Json::Object(entries) => entries.into_iter().map(|(key, value)| (self.name(&key).into_owned(), value)).collect(),
            Json::Array(items) => self.columns.iter().map(|(name, _)| name.clone()).zip(items).collect(),
            _ => return Err("Start token not found where expected".to_owned()),
        };
        let mut names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(format!("Duplicate key \"{}\"", pair[0])),
            None => Ok(fields),
        }
    }
}

impl Rows for Lines {
    fn columns(&self, lines: &[&[u8]], wanted: &[usize]) -> Outcome<Vec<ArrayRef>> {
        let mut columns: Vec<Vec<Datum>> = wanted.iter().map(|_| Vec::with_capacity(lines.len())).collect();
        for line in lines {
            let text = String::from_utf8_lossy(line);
            let fields = self.fields(text.trim())?.unwrap_or_default();
            for (column, at) in columns.iter_mut().zip(wanted) {
                let (name, kind) = &self.columns[*at];
                let found = fields.iter().find(|(field, _)| field == name);
                let converter = Converter {
                    flavor: self.flavor,
                    patterns: &self.patterns,
                    column: *at,
                    names: &|key| self.name(key).into_owned(),
                };
                column.push(found.map_or(Ok(Datum::Null), |(_, json)| converter.value(json, kind))?);
            }
        }
        columns.iter().zip(wanted).map(|(column, at)| datum::column(column, &self.columns[*at].1)).collect()
    }
}

#[cfg(test)]
mod tests;
