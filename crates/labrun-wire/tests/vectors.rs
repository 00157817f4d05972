//! The codec against AWS's own client library: `vectors/requests.json` holds what botocore makes of many operations' inputs
//! (`vectors/make.py` writes it). The server must read each back to its input, the client must make the same request.
#![expect(clippy::unwrap_used, reason = "a vector that can't be read fails the test")]

use base64::Engine as _;
use http::{HeaderMap, HeaderName, HeaderValue};
use labrun_wire::model::{Model, Operation, Protocol};
use labrun_wire::protocol::{self, Request};
use labrun_wire::uri::{Plus, Slash, encode, pairs};
use labrun_wire::value::{Map, Timestamp, Value};
use serde_json::Value as Json;

struct Vector {
    model: &'static Model,
    operation: &'static Operation,
    input: Map,
    request: Request,
}

fn vectors() -> Vec<Vector> {
    let all: Vec<Json> = serde_json::from_str(include_str!("vectors/requests.json")).unwrap();
    assert!(all.len() > 200, "the vectors are there");
    let all = all.iter().map(vector);
    all.filter(|vector| !vector.model.patch.unroutable.contains(&vector.operation.name)).collect()
}

fn vector(json: &Json) -> Vector {
    let text = |name: &str| json[name].as_str().unwrap_or_default();
    let model = Model::named(text("service")).unwrap();
    let operation = model.operation(text("operation")).unwrap();
    let Value::Map(input) = value(&json["input"]) else { panic!("an input is a map") };
    let body = match &json["body"] {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Object(form) => {
            let pair = |(key, value): (&String, &Json)| {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                format!("{}={}", encode(key, Slash::Encode), encode(&value, Slash::Encode))
            };
            form.iter().map(pair).collect::<Vec<_>>().join("&")
        }
        other => panic!("a body of {other}"),
    };
    let mut headers = HeaderMap::new();
    for (name, value) in json["headers"].as_object().unwrap() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        headers.insert(name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    let query = json["query"].as_array().unwrap();
    // Members with a literal of the path's own query stand in botocore's path.
    let (path, literals) = text("path").split_once('?').unwrap_or((text("path"), ""));
    let mut all = pairs(literals, Plus::IsPlus);
    all.extend(query.iter().map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned())));
    let request =
        Request { method: text("method").parse().unwrap(), path: path.to_owned(), query: all, headers, body: body.into() };
    Vector { model, operation, input, request }
}

fn value(json: &Json) -> Value {
    match json {
        Json::Object(map) => {
            if let Some(millis) = map.get("$time").and_then(Json::as_i64) {
                return Value::Timestamp(Timestamp(millis));
            }
            if let Some(blob) = map.get("$blob").and_then(Json::as_str) {
                return Value::Blob(base64::engine::general_purpose::STANDARD.decode(blob).unwrap());
            }
            Value::Map(map.iter().map(|(key, item)| (key.clone(), value(item))).collect())
        }
        Json::Array(items) => items.iter().map(value).collect(),
        other => other.clone().into(),
    }
}

/// What no protocol but JSON can carry is left out before two values are compared: empty lists, maps and structures.
fn carried(value: Value) -> Option<Value> {
    match value {
        Value::Map(map) => {
            let map: Map = map.into_iter().filter_map(|(key, value)| Some((key, carried(value)?))).collect();
            (!map.is_empty()).then_some(Value::Map(map))
        }
        Value::List(items) => {
            let items: Vec<Value> = items.into_iter().filter_map(carried).collect();
            (!items.is_empty()).then_some(Value::List(items))
        }
        Value::Null => None,
        // The model's doubles may come as whole numbers.
        Value::Float(number) if number.fract() == 0.0 => Some(Value::Integer(number as i64)),
        other => Some(other),
    }
}

fn decoded(vector: &Vector, request: &Request) -> Option<Value> {
    let (operation, labels) = protocol::operation(vector.model, request).unwrap();
    assert_eq!(operation.name, vector.operation.name, "{} {}", request.method, request.path);
    let input = protocol::decode_request(vector.model, operation, &labels, request);
    carried(Value::Map(input.unwrap_or_else(|fault| panic!("{} {}: {fault}", vector.model.name, operation.name))))
}

#[test]
fn the_server_reads_what_botocore_writes() {
    for vector in vectors() {
        let expected = carried(Value::Map(vector.input.clone()));
        assert_eq!(decoded(&vector, &vector.request), expected, "{} {}", vector.model.name, vector.operation.name);
    }
}

#[test]
fn the_client_writes_what_botocore_writes() {
    for vector in vectors() {
        let name = format!("{} {}", vector.model.name, vector.operation.name);
        let made = protocol::encode_request(vector.model, vector.operation, &Value::Map(vector.input.clone())).unwrap();
        assert_eq!(made.method, vector.request.method, "{name}");
        assert_eq!(made.path, vector.request.path, "{name}");
        let sorted = |request: &Request| {
            let mut query = request.query.clone();
            query.sort();
            query
        };
        assert_eq!(sorted(&made), sorted(&vector.request), "{name}");
        match vector.model.metadata.protocol {
            Protocol::Json => {
                let parse = |request: &Request| serde_json::from_slice::<Json>(&request.body).unwrap();
                assert_eq!(carried(value(&parse(&made))), carried(value(&parse(&vector.request))), "{name}");
                assert_eq!(made.headers["x-amz-target"], vector.request.headers["x-amz-target"], "{name}");
            }
            Protocol::Query => {
                let form = |request: &Request| {
                    let mut form = pairs(&String::from_utf8_lossy(&request.body), Plus::IsSpace);
                    form.retain(|(_, value)| !value.is_empty());
                    form.sort();
                    form
                };
                assert_eq!(form(&made), form(&vector.request), "{name}");
            }
            Protocol::RestXml => {
                for (header, value) in vector.request.headers.iter().filter(|(header, _)| *header != "content-type") {
                    assert_eq!(made.headers.get(header), Some(value), "{name}: {header}");
                }
                // Bodies may differ in white space and declarations: they must mean the same.
                assert_eq!(decoded(&vector, &made), decoded(&vector, &vector.request), "{name}");
            }
        }
    }
}
