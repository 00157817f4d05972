//! Casts from JSON (functions/json): a JSON null is null; rows come out of arrays by place and out of objects by name.

use super::{Json, One, convert, decimal_of, double_of, misplaced};
use crate::datum::{Datum, same};
use crate::fault::{Fault, Outcome};
use crate::sqltype::{SqlType, VARCHAR};

pub(super) fn one(to: &SqlType) -> Option<One> {
    castable(to).then_some(cast as One)
}

fn castable(to: &SqlType) -> bool {
    match to {
        SqlType::Boolean | SqlType::Varchar(_) | SqlType::Json => true,
        SqlType::Array(item) => castable(item),
        SqlType::Map(key, value) => scalar(key) && castable(value),
        SqlType::Row(fields) => fields.iter().all(|(_, field)| castable(field)),
        other => other.is_numeric(),
    }
}

fn scalar(kind: &SqlType) -> bool {
    matches!(kind, SqlType::Boolean | SqlType::Varchar(_)) || kind.is_numeric()
}

fn cast(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    let Datum::Text(text) = value else { return Err(misplaced(from, to)) };
    let json = Json::read(text).ok_or_else(|| super::unreadable(text, &to.to_string()))?;
    if scalar(to) {
        return single(&json, to).map_err(|why| match why {
            Why::Token(_) => super::unreadable(text, &to.to_string()),
            Why::Fault(fault) => fault,
        });
    }
    nested(&json, to).map_err(|why| {
        let why = match why {
            Why::Token(words) => words,
            Why::Fault(fault) => fault.message,
        };
        Fault::cast(format!("Cannot cast to {to}. {why}\n{text}"))
    })
}

/// Why a part of a JSON is no value of a type.
enum Why {
    /// In Trino's words: which token was there.
    Token(String),
    Fault(Fault),
}

impl From<Fault> for Why {
    fn from(fault: Fault) -> Self {
        Why::Fault(fault)
    }
}

/// The first token of a value.
fn token(json: &Json) -> String {
    match json {
        Json::Array(_) => "[".to_owned(),
        Json::Object(_) => "{".to_owned(),
        Json::Text(text) => text.clone(),
        other => other.write(),
    }
}

fn single(json: &Json, to: &SqlType) -> Result<Datum, Why> {
    match json {
        Json::Null => Ok(Datum::Null),
        Json::Boolean(value) => Ok(convert(&Datum::Boolean(*value), &SqlType::Boolean, to)?),
        Json::Number(text) => number(text, to),
        Json::Text(text) => Ok(convert(&Datum::Text(text.clone()), &VARCHAR, to)?),
        Json::Array(_) | Json::Object(_) => Err(Why::Token(format!("Unexpected token when cast to {to}: {}", token(json)))),
    }
}

/// A whole number is read as one, any other as a double; a decimal has all its digits.
fn number(text: &str, to: &SqlType) -> Result<Datum, Why> {
    if let SqlType::Decimal(precision, scale) = to {
        let found = decimal_of(text, *precision, *scale).map(Datum::Decimal);
        return found.map_err(|_| Why::Fault(super::unreadable(text, &to.to_string())));
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Ok(convert(&Datum::Integer(whole), &SqlType::BigInt, to)?);
    }
    if to.is_varchar() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return Ok(convert(&Datum::Text(text.to_owned()), &VARCHAR, to)?);
    }
    Ok(convert(&Datum::Double(double_of(text).unwrap_or(f64::NAN)), &SqlType::Double, to)?)
}

fn nested(json: &Json, to: &SqlType) -> Result<Datum, Why> {
    match (json, to) {
        (json, SqlType::Json) => Ok(Datum::Text(json.write())),
        (Json::Null, _) => Ok(Datum::Null),
        (Json::Array(items), SqlType::Array(item)) => {
            items.iter().map(|json| nested(json, item)).collect::<Result<_, _>>().map(Datum::Array)
        }
        (Json::Object(members), SqlType::Map(key, value)) => map(members, key, value),
        (Json::Array(items), SqlType::Row(fields)) => in_order(items, fields),
        (Json::Object(members), SqlType::Row(fields)) => by_name(members, fields),
        (json, SqlType::Array(_)) => Err(Why::Token(format!("Expected a json array, but got {}", token(json)))),
        (json, SqlType::Map(..)) => Err(Why::Token(format!("Expected a json object, but got {}", token(json)))),
        (json, SqlType::Row(_)) => Err(Why::Token(format!("Expected a json array or object, but got {}", token(json)))),
        (json, to) => single(json, to),
    }
}

fn map(members: &[(String, Json)], key: &SqlType, value: &SqlType) -> Result<Datum, Why> {
    let mut entries: Vec<(Datum, Datum)> = Vec::with_capacity(members.len());
    for (name, json) in members {
        let name = convert(&Datum::Text(name.clone()), &VARCHAR, key)?;
        if entries.iter().any(|(known, _)| same(known, &name)) {
            return Err(Why::Token("Duplicate keys are not allowed".to_owned()));
        }
        entries.push((name, nested(json, value)?));
    }
    Ok(Datum::Map(entries))
}

fn in_order(items: &[Json], fields: &[(Option<String>, SqlType)]) -> Result<Datum, Why> {
    if items.len() > fields.len() {
        return Err(Why::Token(format!("Expected json array ending, but got {}", token(&items[fields.len()]))));
    }
    if items.len() < fields.len() {
        return Err(Why::Token(format!("Expected {} fields in a json array, but got {}", fields.len(), items.len())));
    }
    let values = items.iter().zip(fields).map(|(json, (_, kind))| nested(json, kind));
    values.collect::<Result<_, _>>().map(Datum::Row)
}

fn by_name(members: &[(String, Json)], fields: &[(Option<String>, SqlType)]) -> Result<Datum, Why> {
    let values = fields.iter().map(|(name, kind)| {
        let named = |(member, _): &&(String, Json)| name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(member));
        members.iter().find(named).map_or(Ok(Datum::Null), |(_, json)| nested(json, kind))
    });
    values.collect::<Result<_, _>>().map(Datum::Row)
}

#[cfg(test)]
mod tests {
    use super::super::{convert, text};
    use crate::datum::Datum;
    use crate::sqltype::SqlType;

    #[test]
    fn what_casts_can_not_write() {
        for (json, kind, expected) in [
            ("null", "varchar", None),
            ("null", "array(integer)", None),
            ("12345678901234567890", "varchar", Some("12345678901234567890")),
            ("1234567890123456789.25", "decimal(38,2)", Some("1234567890123456789.25")),
            (r#"{"A": 1, "c": 2}"#, "row(a integer, b integer)", Some("{a=1, b=null}")),
            (r#"[null, {"x": [1, 2]}]"#, "array(json)", Some(r#"[null, {"x":[1,2]}]"#)),
            ("{}", "map(varchar, bigint)", Some("{}")),
        ] {
            let kind = SqlType::parse(kind).unwrap();
            let found = convert(&Datum::Text(json.to_owned()), &SqlType::Json, &kind).unwrap();
            assert_eq!(text(&found, &kind).as_deref(), expected, "{json}");
        }
    }
}
