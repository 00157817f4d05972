//! JSON: records one after the other, or an array; types merged over all of them.
//!
//! Source: Glue Developer Guide, "Writing JSON custom classifiers": without a path a top-level array is one column.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::json_path::JsonPath;
use super::kind::{Column, Kind, merge_into};
use super::{Format, Found};

/// A value of which only its type matters, with members in the file's order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Leaf(Kind),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    fn kind(&self) -> Kind {
        match self {
            Json::Leaf(kind) => kind.clone(),
            Json::List(items) => Kind::Array(Box::new(items.iter().fold(Kind::Null, |all, item| all.or_text(&item.kind())))),
            Json::Object(members) => Kind::Struct(columns(members)),
        }
    }
}

fn columns(members: &[(String, Json)]) -> Vec<Column> {
    members.iter().map(|(name, value)| Column::new(name.clone(), value.kind())).collect()
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Typed)
    }
}

struct Typed;

impl<'de> Visitor<'de> for Typed {
    type Value = Json;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Leaf(Kind::Boolean))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Leaf(if i32::try_from(number).is_ok() { Kind::Int } else { Kind::BigInt }))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        match i64::try_from(number) {
            Ok(number) => Ok(Json::Leaf(if i32::try_from(number).is_ok() { Kind::Int } else { Kind::BigInt })),
            Err(_) => Ok(Json::Leaf(Kind::Double)),
        }
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Leaf(Kind::Double))
    }

    fn visit_str<E>(self, _: &str) -> Result<Json, E> {
        Ok(Json::Leaf(Kind::String))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Leaf(Kind::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Json::Object(object))
    }
}

/// All values of a text, if it is nothing but objects and arrays.
fn values(text: &str) -> Option<Vec<Json>> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let values: Vec<Json> = serde_json::Deserializer::from_str(text).into_iter().collect::<Result<_, _>>().ok()?;
    values.iter().all(|value| !matches!(value, Json::Leaf(_))).then_some(values)
}

pub(super) fn classify(text: &str) -> Option<Found> {
    let values = values(text)?;
    let objects: Option<Vec<&Vec<_>>> = values.iter().map(members).collect();
    let records = values.len() as u64;
    let columns = match objects {
        Some(objects) => schema(&objects),
        None if values.iter().all(|value| matches!(value, Json::List(_))) => {
            let kind = values.iter().fold(Kind::Null, |all, value| all.or_text(&value.kind()));
            vec![Column::new("array", kind)]
        }
        None => return None,
    };
    Some(Found::new("json", columns, records, Format::Json { path: None }))
}

fn members(value: &Json) -> Option<&Vec<(String, Json)>> {
    match value {
        Json::Object(members) => Some(members),
        _ => None,
    }
}

fn schema(objects: &[&Vec<(String, Json)>]) -> Vec<Column> {
    let mut all = Vec::new();
    objects.iter().for_each(|object| merge_into(&mut all, &columns(object)));
    all
}

/// By a custom classifier: what its path leads to are the records.
pub(super) fn classify_by(text: &str, path: &JsonPath) -> Option<Found> {
    let values = values(text)?;
    let records: Vec<&Json> = values.iter().flat_map(|value| path.select(value)).collect();
    let objects: Vec<&Vec<_>> = records.iter().copied().map(members).collect::<Option<_>>()?;
    if objects.is_empty() {
        return None;
    }
    Some(Found::new("json", schema(&objects), objects.len() as u64, Format::Json { path: Some(path.to_string()) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(found: Option<Found>) -> Vec<String> {
        found.unwrap().columns.iter().map(|column| format!("{} {}", column.name, column.kind)).collect()
    }

    #[test]
    fn lines_are_merged() {
        let text = "{\"id\":1,\"b\":{\"x\":[1,2.5]},\"n\":null}\n{\"id\":5000000000,\"b\":{\"y\":true},\"s\":\"t\"}\n";
        assert_eq!(shown(classify(text)), ["id bigint", "b struct<x:array<double>,y:boolean>", "n string", "s string"]);
        assert_eq!(classify(text).unwrap().records, 2);
    }

    #[test]
    fn a_pretty_object_and_an_array() {
        assert_eq!(shown(classify("{\n  \"a\": 1,\n  \"c\": \"x\"\n}\n")), ["a int", "c string"]);
        assert_eq!(shown(classify("[{\"a\":1},{\"a\":2,\"b\":[]}]")), ["array array<struct<a:int,b:array<string>>>"]);
    }

    #[test]
    fn what_differs_is_text() {
        assert_eq!(shown(classify("{\"a\":1}{\"a\":\"x\"}{\"a\":{\"b\":1}}")), ["a string"]);
    }

    #[test]
    fn what_is_none() {
        for text in ["1\n2\n", "\"a\"", "{\"a\":1", "{\"a\":1}\nrest", "a,b\n", ""] {
            assert_eq!(classify(text), None, "{text}");
        }
    }

    #[test]
    fn by_path() {
        let by = |text: &str, path: &str| classify_by(text, &JsonPath::parse(path).unwrap());
        assert_eq!(shown(by("[{\"a\":1},{\"b\":2}]", "$[*]")), ["a int", "b int"]);
        assert_eq!(shown(by("{\"r\":{\"items\":[{\"a\":1}]}}", "$.r.items[*]")), ["a int"]);
        assert_eq!(shown(by("{\"r\":{\"x\":{\"a\":1},\"y\":{\"a\":2}}}", "$['r'].*")), ["a int"]);
        assert_eq!(by("{\"a\":1}", "$.b"), None);
        assert_eq!(by("[1,2]", "$[*]"), None);
    }
}
