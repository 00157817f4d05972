//! Values of JSON as values of columns.

use super::Flavor;
use super::parse::Json;
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::formats::moment::Pattern;
use crate::formats::scalar;
use crate::sqltype::SqlType;

/// How the values of a column are converted.
pub(super) struct Converter<'c> {
    pub(super) flavor: Flavor,
    pub(super) patterns: &'c [Pattern],
    /// The column's place, which faults name.
    pub(super) column: usize,
    /// What a key is called in a row.
    pub(super) names: &'c dyn Fn(&str) -> String,
}

impl Converter<'_> {
    pub(super) fn value(&self, json: &Json, kind: &SqlType) -> Outcome<Datum> {
        match (kind, json) {
            (_, Json::Null) => Ok(Datum::Null),
            (SqlType::Array(item), Json::Array(items)) => {
                Ok(Datum::Array(items.iter().map(|json| self.value(json, item)).collect::<Outcome<_>>()?))
            }
            // OpenX takes one value for an array of it.
            (SqlType::Array(item), one) if self.flavor == Flavor::OpenX && !is_empty_text(one) => {
                Ok(Datum::Array(vec![self.value(one, item)?]))
            }
            (SqlType::Map(key, value), Json::Object(entries)) => self.map(entries, key, value),
            (SqlType::Row(fields), Json::Object(entries)) => self.row(entries, fields),
            (SqlType::Row(fields), Json::Array(items)) if self.flavor == Flavor::OpenX => {
                let value = |(at, (_, kind)): (usize, &(Option<String>, SqlType))| {
                    items.get(at).map_or(Ok(Datum::Null), |json| self.value(json, kind))
                };
                Ok(Datum::Row(fields.iter().enumerate().map(value).collect::<Outcome<_>>()?))
            }
            (SqlType::Array(_) | SqlType::Map(..) | SqlType::Row(_), text) if is_empty_text(text) => Ok(Datum::Null),
            (SqlType::Array(_) | SqlType::Map(..) | SqlType::Row(_), other) => {
                Err(self.wrong(&written(other), &format!("not a {kind}")))
            }
            (plain, other) => self.plain(other, plain),
        }
    }

    fn map(&self, entries: &[(std::borrow::Cow<str>, Json)], key: &SqlType, value: &SqlType) -> Outcome<Datum> {
        let mut found: Vec<(Datum, Datum)> = Vec::with_capacity(entries.len());
        for (key_text, json) in entries {
            let name = self.plain(&Json::Text(key_text.clone()), key)?;
            if found.iter().any(|(before, _)| *before == name) {
                return Err(duplicate(key_text));
            }
            found.push((name, self.value(json, value)?));
        }
        Ok(Datum::Map(found))
    }

    fn row(&self, entries: &[(std::borrow::Cow<str>, Json)], fields: &[(Option<String>, SqlType)]) -> Outcome<Datum> {
        let named: Vec<(String, &Json)> = entries.iter().map(|(key, json)| ((self.names)(key), json)).collect();
        let values = fields.iter().map(|(name, kind)| {
            let mut all = named.iter().filter(|(key, _)| Some(key) == name.as_ref());
            let found = all.next();
            if let (Some((key, _)), Some(_)) = (found, all.next()) {
                return Err(duplicate(key));
            }
            found.map_or(Ok(Datum::Null), |(_, json)| self.value(json, kind))
        });
        Ok(Datum::Row(values.collect::<Outcome<_>>()?))
    }

    fn plain(&self, json: &Json, kind: &SqlType) -> Outcome<Datum> {
        let text = match json {
            Json::Text(text) => text.as_ref(),
            Json::Number(digits) => digits,
            Json::Boolean(true) => "true",
            Json::Boolean(false) => "false",
            // An object or array is the JSON that it was to OpenX.
            other if self.flavor == Flavor::OpenX || !matches!(kind, SqlType::Varchar(_)) => &written(other),
            _ => return Err(self.wrong(&written(json), "not a string")),
        };
        let found = match kind {
            SqlType::Timestamp(_) => self.timestamp(text),
            SqlType::Date => scalar::date(text.as_bytes()).map(Datum::Date),
            kind if kind.is_integer() => scalar::datum(integral(text).as_bytes(), kind),
            kind => scalar::datum(text.as_bytes(), kind),
        };
        match found {
            Some(value) => Ok(value),
            None if text.is_empty() && self.flavor == Flavor::OpenX => Ok(Datum::Null),
            None => Err(self.wrong(text, &format!("For input string: \"{text}\""))),
        }
    }

    /// By the table's patterns, then as text has them, then ISO 8601, then seconds or milliseconds since 1970.
    fn timestamp(&self, text: &str) -> Option<Datum> {
        let by_pattern = self.patterns.iter().find_map(|pattern| pattern.read(text));
        let plain = || scalar::timestamp(text.as_bytes());
        let iso = || Pattern::iso().iter().find_map(|pattern| pattern.read(text));
        let milliseconds = by_pattern.or_else(plain).or_else(iso).or_else(|| epoch(text))?;
        Some(Datum::Timestamp(i128::from(milliseconds) * 1_000_000))
    }

    /// Fields are counted from none in Athena's words.
    fn wrong(&self, text: &str, why: &str) -> Fault {
        Fault::new("HIVE_BAD_DATA", format!("Error parsing field value '{text}' for field {}: {why}", self.column))
    }
}

fn duplicate(key: &str) -> Fault {
    Fault::new("HIVE_CURSOR_ERROR", format!("Row is not a valid JSON Object - JSONException: Duplicate key \"{key}\""))
}

fn is_empty_text(json: &Json) -> bool {
    matches!(json, Json::Text(text) if text.trim().is_empty())
}

/// `1.0` and `1e3` are whole numbers too.
fn integral(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains(['e', 'E']) {
        return text.into();
    }
    match text.parse::<f64>() {
        Ok(number) if number.abs() < 9e15 => format!("{}", number.trunc()).into(),
        _ => text.into(),
    }
}

/// `[hive]`, OpenX's `ParsePrimitiveUtils`: with a point, or of ten digits, it is seconds.
fn epoch(text: &str) -> Option<i64> {
    if text.contains('.') {
        let seconds: f64 = scalar::floating(text.as_bytes())?;
        return Some((seconds * 1_000.0).round() as i64);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = text.parse::<i64>().ok()?;
    if digits.len() <= 10 { number.checked_mul(1_000) } else { Some(number) }
}

/// As JSON again.
fn written(json: &Json) -> String {
    match json {
        Json::Null => "null".to_owned(),
        Json::Boolean(value) => value.to_string(),
        Json::Number(digits) => (*digits).to_owned(),
        Json::Text(text) => serde_json::Value::from(text.as_ref()).to_string(),
        Json::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(",")),
        Json::Object(entries) => {
            let entries =
                entries.iter().map(|(key, value)| format!("{}:{}", serde_json::Value::from(key.as_ref()), written(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
    }
}
