//! serde into the value tree: typed output struct → `Value`.
//!
//! `None` members are left out, as AWS leaves out what it has nothing to say about.

use serde::ser::{self, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct};

use super::{Map, TIMESTAMP, Timestamp, Value};

/// An output type that has no place in an AWS answer: a fault of ours, never of a client.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unrepresentable(String);

impl ser::Error for Unrepresentable {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Unrepresentable(message.to_string())
    }
}

/// Writes a typed struct into a value.
pub fn to_value<T: Serialize>(output: &T) -> Result<Value> {
    output.serialize(ToValue)
}

struct ToValue;

type Result<T> = std::result::Result<T, Unrepresentable>;

fn refuse<T>(what: &str) -> Result<T> {
    Err(Unrepresentable(format!("{what} has no place in an AWS answer")))
}

impl ser::Serializer for ToValue {
    type Ok = Value;
    type Error = Unrepresentable;
    type SerializeSeq = List;
    type SerializeTuple = Impossible<Value, Unrepresentable>;
    type SerializeTupleStruct = Impossible<Value, Unrepresentable>;
    type SerializeTupleVariant = Impossible<Value, Unrepresentable>;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Impossible<Value, Unrepresentable>;

    fn serialize_bool(self, flag: bool) -> Result<Value> {
        Ok(Value::Bool(flag))
    }
    fn serialize_i8(self, number: i8) -> Result<Value> {
        Ok(Value::Integer(number.into()))
    }
    fn serialize_i16(self, number: i16) -> Result<Value> {
        Ok(Value::Integer(number.into()))
    }
    fn serialize_i32(self, number: i32) -> Result<Value> {
        Ok(Value::Integer(number.into()))
    }
    fn serialize_i64(self, number: i64) -> Result<Value> {
        Ok(Value::Integer(number))
    }
    fn serialize_u8(self, number: u8) -> Result<Value> {
        Ok(Value::Integer(number.into()))
    }
    fn serialize_u16(self, number: u16) -> Result<Value> {
        Ok(Value::Integer(number.into()))
    }
    fn serialize_u32(self, number: u32) -> Result<Value> {
        Ok(Value::Integer(number.into()))
    }
    fn serialize_u64(self, number: u64) -> Result<Value> {
        i64::try_from(number).map(Value::Integer).or_else(|_| refuse("a number over 2^63"))
    }
    fn serialize_f32(self, number: f32) -> Result<Value> {
        Ok(Value::Float(number.into()))
    }
    fn serialize_f64(self, number: f64) -> Result<Value> {
        Ok(Value::Float(number))
    }
    fn serialize_char(self, letter: char) -> Result<Value> {
        Ok(Value::String(letter.to_string()))
    }
    fn serialize_str(self, text: &str) -> Result<Value> {
        Ok(Value::String(text.to_owned()))
    }
    fn serialize_bytes(self, bytes: &[u8]) -> Result<Value> {
        Ok(Value::Blob(bytes.to_vec()))
    }
    fn serialize_none(self) -> Result<Value> {
        Ok(Value::Null)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<Value> {
        Ok(Value::Null)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<Value> {
        Ok(Value::Map(Map::new()))
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Value> {
        Ok(Value::String(variant.to_owned()))
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<Value> {
        let value = value.serialize(self)?;
        match value {
            Value::Integer(millis) if name == TIMESTAMP => Ok(Value::Timestamp(Timestamp(millis))),
            value => Ok(value),
        }
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value> {
        Ok(Value::Map(Map::from([(variant.to_owned(), value.serialize(self)?)])))
    }
    fn serialize_seq(self, len: Option<usize>) -> Result<List> {
        Ok(List(Vec::with_capacity(len.unwrap_or_default())))
    }
    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple> {
        refuse("a tuple")
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct> {
        refuse("a tuple")
    }
    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self::SerializeTupleVariant> {
        refuse("a tuple variant")
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Entries> {
        Ok(Entries::default())
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries> {
        Ok(Entries::default())
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant> {
        refuse("a struct variant")
    }
}

struct List(Vec<Value>);

impl SerializeSeq for List {
    type Ok = Value;
    type Error = Unrepresentable;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.0.push(value.serialize(ToValue)?);
        Ok(())
    }
    fn end(self) -> Result<Value> {
        Ok(Value::List(self.0))
    }
}

#[derive(Default)]
struct Entries {
    map: Map,
    key: Option<String>,
}

impl Entries {
    fn insert<T: Serialize + ?Sized>(&mut self, key: String, value: &T) -> Result<()> {
        match value.serialize(ToValue)? {
            Value::Null => {}
            value => {
                self.map.insert(key, value);
            }
        }
        Ok(())
    }
}

impl SerializeMap for Entries {
    type Ok = Value;
    type Error = Unrepresentable;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        let Value::String(key) = key.serialize(ToValue)? else {
            return refuse("a map key that is no text");
        };
        self.key = Some(key);
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let Some(key) = self.key.take() else {
            return refuse("a map value before its key");
        };
        self.insert(key, value)
    }
    fn end(self) -> Result<Value> {
        Ok(Value::Map(self.map))
    }
}

impl SerializeStruct for Entries {
    type Ok = Value;
    type Error = Unrepresentable;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<()> {
        self.insert(key.to_owned(), value)
    }
    fn end(self) -> Result<Value> {
        Ok(Value::Map(self.map))
    }
}

/// A kept part of an input goes out as it came in.
impl Serialize for Value {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_none(),
            Value::Bool(flag) => serializer.serialize_bool(*flag),
            Value::Integer(number) => serializer.serialize_i64(*number),
            Value::Float(number) => serializer.serialize_f64(*number),
            Value::String(text) => serializer.serialize_str(text),
            Value::Blob(bytes) => serializer.serialize_bytes(bytes),
            Value::Timestamp(time) => time.serialize(serializer),
            Value::List(items) => serializer.collect_seq(items),
            Value::Map(map) => serializer.collect_map(map),
        }
    }
}
