//! Values as JSON: timestamps as epoch seconds, blobs as base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Serialize, Serializer};

use super::Value;

impl Value {
    /// As JSON for people and expressions.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Null => serde_json::Value::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Integer(number) => (*number).into(),
            Value::Float(number) => (*number).into(),
            Value::String(text) => text.as_str().into(),
            Value::Blob(bytes) => STANDARD.encode(bytes).into(),
            Value::Timestamp(time) => time.to_json(),
            Value::List(items) => items.iter().map(Value::to_json).collect(),
            Value::Map(map) => {
                map.iter().map(|(key, value)| (key.clone(), value.to_json())).collect::<serde_json::Map<_, _>>().into()
            }
        }
    }

    /// The text of [`Value::to_json`], written without building that.
    pub fn to_json_text(&self) -> String {
        // A value has nothing that JSON can't say: its keys are texts, and what is no number is null.
        serde_json::to_string(&AsJson(self)).unwrap_or_default()
    }
}

struct AsJson<'a>(&'a Value);

impl Serialize for AsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(flag) => serializer.serialize_bool(*flag),
            Value::Integer(number) => serializer.serialize_i64(*number),
            Value::Float(number) => serializer.serialize_f64(*number),
            Value::String(text) => serializer.serialize_str(text),
            Value::Blob(bytes) => serializer.serialize_str(&STANDARD.encode(bytes)),
            Value::Timestamp(time) => time.to_json().serialize(serializer),
            Value::List(items) => serializer.collect_seq(items.iter().map(AsJson)),
            Value::Map(map) => serializer.collect_map(map.iter().map(|(key, value)| (key, AsJson(value)))),
        }
    }
}

/// Plain JSON as a value tree. The protocols shape it by the model later (numbers into timestamps, base64 into blobs).
impl From<serde_json::Value> for Value {
    fn from(json: serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(flag) => Value::Bool(flag),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(integer) => Value::Integer(integer),
                None => Value::Float(number.as_f64().unwrap_or(f64::MAX)),
            },
            serde_json::Value::String(text) => Value::String(text),
            serde_json::Value::Array(items) => items.into_iter().map(Value::from).collect(),
            serde_json::Value::Object(map) => Value::Map(map.into_iter().map(|(key, value)| (key, value.into())).collect()),
        }
    }
}
