//! Avro object container files: the schema in the header, and the counts of the blocks.
//!
//! Source: Apache Avro specification 1.11, "Object Container Files"; types as Hive's AvroSerDe has them.

use std::collections::HashMap;

use serde_json::Value;

use super::kind::{Column, Kind};
use super::{Format, Found, Sample, Unread};

const MAGIC: &[u8] = b"Obj\x01";
const SYNC: usize = 16;

pub(super) fn classify(sample: &Sample) -> Result<Option<Found>, Unread> {
    let Some(rest) = sample.head.strip_prefix(MAGIC) else { return Ok(None) };
    let damaged = || Unread("the Avro header can't be read".to_owned());
    let mut reader = Reader(rest);
    let literal = reader.schema().ok_or_else(damaged)?;
    let schema: Value = serde_json::from_str(&literal).map_err(|fault| Unread(format!("the Avro schema is no JSON: {fault}")))?;
    let columns = match Types::default().kind(&schema) {
        Kind::Struct(fields) => fields,
        // Hive's AvroSerDe has tables of records only.
        _ => return Err(Unread("the Avro schema is no record".to_owned())),
    };
    Ok(Some(Found::new("avro", columns, reader.records(), Format::Avro { schema: literal })))
}

/// What is left of a file.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// A variable-length zig-zag number.
    fn long(&mut self) -> Option<i64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed());
            }
        }
        None
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.long()?).ok()?;
        self.take(length)
    }

    /// Reads the header; gives what it says under `avro.schema`.
    fn schema(&mut self) -> Option<String> {
        let mut schema = None;
        loop {
            let count = self.long()?;
            if count == 0 {
                break;
            }
            if count < 0 {
                self.long()?;
            }
            for _ in 0..count.unsigned_abs() {
                let (key, value) = (self.bytes()?, self.bytes()?);
                if key == b"avro.schema" {
                    schema = String::from_utf8(value.to_vec()).ok();
                }
            }
        }
        self.take(SYNC)?;
        schema
    }

    /// Adds up what the blocks say they hold, as far as the file was read.
    fn records(&mut self) -> u64 {
        let mut records = 0;
        while let Some(count) = self.long() {
            records += u64::try_from(count).unwrap_or_default();
            if self.bytes().is_none() || self.take(SYNC).is_none() {
                break;
            }
        }
        records
    }
}

/// Named types that were defined further up.
#[derive(Default)]
struct Types(HashMap<String, Kind>);

impl Types {
    fn kind(&mut self, schema: &Value) -> Kind {
        match schema {
            Value::String(name) => self.named(name),
            Value::Array(branches) => self.union(branches),
            Value::Object(_) => match schema["logicalType"].as_str().and_then(|name| logical(name, schema)) {
                Some(kind) => kind,
                None => self.complex(schema),
            },
            _ => Kind::String,
        }
    }

    fn named(&self, name: &str) -> Kind {
        match name {
            "null" => Kind::Null,
            "boolean" => Kind::Boolean,
            "int" => Kind::Int,
            "long" => Kind::BigInt,
            "float" => Kind::Float,
            "double" => Kind::Double,
            "bytes" => Kind::Binary,
            _ => self.0.get(name.rsplit('.').next().unwrap_or(name)).cloned().unwrap_or(Kind::String),
        }
    }

    /// A union with null is a column that may be null; of others there is no type in the catalog's SQL.
    fn union(&mut self, branches: &[Value]) -> Kind {
        branches.iter().map(|branch| self.kind(branch)).fold(Kind::Null, |all, kind| all.or_text(&kind))
    }

    fn complex(&mut self, schema: &Value) -> Kind {
        let kind = match schema["type"].as_str() {
            Some("record" | "error") => {
                let fields = schema["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
                let column = |field: &Value| Column::new(field["name"].as_str().unwrap_or_default(), self.kind(&field["type"]));
                Kind::Struct(fields.iter().map(column).collect())
            }
            Some("array") => Kind::Array(Box::new(self.kind(&schema["items"]))),
            Some("map") => Kind::Map(Box::new(Kind::String), Box::new(self.kind(&schema["values"]))),
            Some("enum") => Kind::String,
            Some("fixed") => Kind::Binary,
            Some(name) => self.named(name),
            None => self.kind(&schema["type"]),
        };
        if let Some(name) = schema["name"].as_str() {
            self.0.insert(name.rsplit('.').next().unwrap_or(name).to_owned(), kind.clone());
        }
        kind
    }
}

fn logical(name: &str, schema: &Value) -> Option<Kind> {
    let number = |member: &str| u32::try_from(schema[member].as_u64().unwrap_or_default()).unwrap_or_default();
    match name {
        "decimal" => Some(Kind::Decimal(number("precision"), number("scale"))),
        "date" => Some(Kind::Date),
        "timestamp-millis" => Some(Kind::Timestamp),
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::whole;
    use super::*;

    fn long(number: i64) -> Vec<u8> {
        let mut zigzag = ((number << 1) ^ (number >> 63)).cast_unsigned();
        let mut bytes = Vec::new();
        while zigzag >= 0x80 {
            bytes.push((zigzag & 0x7f) as u8 | 0x80);
            zigzag >>= 7;
        }
        bytes.push(zigzag as u8);
        bytes
    }

    fn file(schema: &str, blocks: &[(i64, &[u8])]) -> Vec<u8> {
        let text = |text: &[u8]| [long(text.len() as i64), text.to_vec()].concat();
        let mut bytes = [MAGIC.to_vec(), long(1), text(b"avro.schema"), text(schema.as_bytes()), long(0), vec![7; SYNC]].concat();
        for (count, data) in blocks {
            bytes.extend([long(*count), text(data), vec![7; SYNC]].concat());
        }
        bytes
    }

    #[test]
    fn schema_and_counts() {
        let schema = r#"{"type":"record","name":"r","fields":[
            {"name":"id","type":"long"},{"name":"n","type":["null","int"]},{"name":"e","type":{"type":"enum","name":"E","symbols":["A"]}},
            {"name":"p","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
            {"name":"d","type":{"type":"int","logicalType":"date"}},{"name":"t","type":{"type":"long","logicalType":"timestamp-millis"}},
            {"name":"l","type":{"type":"array","items":{"type":"record","name":"ns.Inner","fields":[{"name":"x","type":"double"}]}}},
            {"name":"again","type":"ns.Inner"},{"name":"m","type":{"type":"map","values":"boolean"}}]}"#;
        let found = classify(&whole(&file(schema, &[(3, b"abc"), (64, b"")]))).unwrap().unwrap();
        let columns: Vec<String> = found.columns.iter().map(|column| format!("{} {}", column.name, column.kind)).collect();
        let expected = "id bigint;n int;e string;p decimal(9,2);d date;t timestamp;l array<struct<x:double>>;\
            again struct<x:double>;m map<string,boolean>";
        assert_eq!((columns.join(";").as_str(), found.records), (expected, 67));
    }

    #[test]
    fn what_is_damaged_is_told() {
        assert!(classify(&whole(b"Obj\x01\x02")).is_err());
        assert!(classify(&whole(&file("\"string\"", &[]))).is_err());
        assert_eq!(classify(&whole(b"Object")), Ok(None));
    }
}
