//! JSON, an object a line, as Hive's SerDe for it reads it back.

use serde_json::{Map, Number, Value};

use super::lines::{LineRows, plain};
use crate::datum::Datum;
use crate::sqltype::{SqlType, field_name};

pub(super) struct Rows {
    names: Vec<String>,
}

impl Rows {
    pub(super) fn new(columns: &[(String, SqlType)]) -> Self {
        Rows { names: columns.iter().map(|(name, _)| name.clone()).collect() }
    }
}

impl LineRows for Rows {
    fn line(&self, row: &[Datum], kinds: &[SqlType], out: &mut Vec<u8>) {
        out.push(b'{');
        for (at, ((name, value), kind)) in self.names.iter().zip(row).zip(kinds).enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend(Value::from(name.as_str()).to_string().into_bytes());
            out.push(b':');
            out.extend(written(value, kind).into_bytes());
        }
        out.push(b'}');
    }
}

/// Decimals keep their digits, which no number of the library would.
fn written(value: &Datum, kind: &SqlType) -> String {
    match value {
        Datum::Decimal(_) => plain(value, kind).unwrap_or_default(),
        _ => json(value, kind).to_string(),
    }
}

fn json(value: &Datum, kind: &SqlType) -> Value {
    match (value, kind) {
        (Datum::Null, _) => Value::Null,
        (Datum::Boolean(value), _) => Value::from(*value),
        (Datum::Integer(value), _) => Value::from(*value),
        // What JSON has no number for is text.
        (Datum::Double(number), _) if Number::from_f64(*number).is_some() => Value::from(*number),
        (Datum::Real(number), _) if number.is_finite() => number.to_string().parse().map_or(Value::Null, Value::Number),
        (Datum::Array(items), SqlType::Array(item)) => items.iter().map(|value| json(value, item)).collect(),
        (Datum::Row(values), SqlType::Row(fields)) => {
            let members = values.iter().zip(fields).enumerate();
            Value::Object(
                members.map(|(at, (value, (name, kind)))| (field_name(at, name.as_deref()), json(value, kind))).collect(),
            )
        }
        (Datum::Map(entries), SqlType::Map(key, item)) => {
            let members = entries.iter().map(|(name, value)| (plain(name, key).unwrap_or_default(), json(value, item)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        (other, kind) => plain(other, kind).map_or(Value::Null, Value::from),
    }
}
