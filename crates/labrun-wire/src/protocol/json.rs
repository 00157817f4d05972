//! awsJson 1.1 (and 1.0, which differs in the content type): the operation in `X-Amz-Target`, everything else in one JSON body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::{Request, Response, parse_time, set_header};
use crate::error::{AwsError, AwsResult};
use crate::model::{Kind, Model, Operation, ShapeRef};
use crate::value::{Map, Timestamp, Value};

/// What says an error's code in the query protocol, which the service spoke before: `Code;Sender` or `Code;Receiver`.
const QUERY_ERROR: &str = "x-amzn-query-error";

pub(super) fn operation_name(request: &Request) -> Option<String> {
    let target = request.headers.get("x-amz-target")?.to_str().ok()?;
    target.rsplit_once('.').map(|(_, name)| name.to_owned())
}

pub(super) fn decode_request(model: &Model, input: &ShapeRef, body: &Bytes) -> AwsResult<Map> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    let json: serde_json::Value = serde_json::from_slice(body).map_err(|fault| serialization(fault.to_string()))?;
    match conform(model, input, json.into(), "")? {
        Value::Map(map) => Ok(map),
        _ => Err(serialization("Start of structure or map found where not expected.")),
    }
}

fn serialization(message: impl Into<String>) -> AwsError {
    AwsError::new("SerializationException", message).status(400)
}

/// Shapes plain JSON by the model.
///
/// # Errors
/// `SerializationException` for a wrong type, `NotImplemented` for a member that the model lacks: dropping it in silence would let
/// a newer client believe that it was honored.
pub(super) fn conform(model: &Model, reference: &ShapeRef, value: Value, path: &str) -> AwsResult<Value> {
    let shape = model.shape(reference);
    let wrong = |value: &Value| serialization(format!("{value:?} at '{path}' can not be converted to {:?}", shape.kind));
    match (shape.kind, value) {
        (_, Value::Null) => Ok(Value::Null),
        (Kind::Structure, Value::Map(map)) => {
            let mut conformed = Map::new();
            for (name, value) in map {
                let place = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let Some(member) = shape.member(&name) else {
                    if name == "__type" {
                        continue;
                    }
                    return Err(AwsError::not_implemented(format_args!("the member {place}, which its API model does not know")));
                };
                let value = conform(model, member, value, &place)?;
                if value != Value::Null {
                    conformed.insert(name, value);
                }
            }
            Ok(Value::Map(conformed))
        }
        (Kind::List, Value::List(items)) => {
            let Some(member) = &shape.member else {
                return Ok(Value::List(items));
            };
            let items = items.into_iter().enumerate();
            items.map(|(at, item)| conform(model, member, item, &format!("{path}[{at}]"))).collect()
        }
        (Kind::Map, Value::Map(map)) => {
            let Some(member) = &shape.value else {
                return Ok(Value::Map(map));
            };
            let entries = map.into_iter().map(|(key, value)| {
                let value = conform(model, member, value, &format!("{path}.{key}"))?;
                Ok((key, value))
            });
            entries.collect::<AwsResult<Map>>().map(Value::Map)
        }
        (Kind::Blob, Value::String(text)) => STANDARD.decode(&text).map(Value::Blob).map_err(|_| wrong(&Value::String(text))),
        (Kind::Timestamp, Value::Integer(seconds)) => Ok(Value::Timestamp(Timestamp(seconds * 1000))),
        (Kind::Timestamp, Value::Float(seconds)) => Ok(Value::Timestamp(Timestamp((seconds * 1000.0).round() as i64))),
        (Kind::Timestamp, Value::String(text)) => {
            parse_time(&text).map(Value::Timestamp).ok_or_else(|| wrong(&Value::String(text)))
        }
        (Kind::Float | Kind::Double, Value::Integer(number)) => Ok(Value::Float(number as f64)),
        (Kind::Integer | Kind::Long, Value::Float(number)) if number.fract() == 0.0 => Ok(Value::Integer(number as i64)),
        (Kind::String | Kind::Character, value @ Value::String(_))
        | (Kind::Boolean, value @ Value::Bool(_))
        | (Kind::Integer | Kind::Long, value @ Value::Integer(_))
        | (Kind::Float | Kind::Double, value @ Value::Float(_))
        | (Kind::Blob, value @ Value::Blob(_))
        | (Kind::Timestamp, value @ Value::Timestamp(_)) => Ok(value),
        (_, value) => Err(wrong(&value)),
    }
}

pub(super) fn encode_response(model: &Model, operation: &Operation, output: &Value) -> Response {
    let body = match &operation.output {
        Some(reference) => {
            check_members(model, reference, output);
            output.to_json_text()
        }
        None => "{}".to_owned(),
    };
    let mut response = Response { status: 200, body: body.into_bytes(), ..Response::default() };
    response.set("content-type", &content_type(model));
    response
}

/// An answer that names what the model lacks is a fault of ours, and a test must see it.
fn check_members(model: &Model, reference: &ShapeRef, value: &Value) {
    if !cfg!(debug_assertions) {
        return;
    }
    let shape = model.shape(reference);
    match value {
        Value::Map(map) if shape.kind == Kind::Structure => {
            for (name, value) in map {
                let member = shape.member(name).unwrap_or_else(|| panic!("{} has no member {name}", reference.shape));
                check_members(model, member, value);
            }
        }
        Value::List(items) => items.iter().for_each(|item| {
            if let Some(member) = &shape.member {
                check_members(model, member, item);
            }
        }),
        _ => {}
    }
}

fn content_type(model: &Model) -> String {
    format!("application/x-amz-json-{}", model.metadata.json_version.as_deref().unwrap_or("1.1"))
}

pub(super) fn encode_error(model: &Model, error: &AwsError, status: u16) -> Response {
    let shape = model.shapes().find(|(name, _)| *name == error.code).map(|(_, shape)| shape);
    let message = if shape.is_some_and(|shape| shape.member("Message").is_some()) { "Message" } else { "message" };
    let mut body = serde_json::Map::new();
    body.insert("__type".to_owned(), error.code.as_str().into());
    body.insert(message.to_owned(), error.message.as_str().into());
    body.extend(error.members.iter().map(|(name, value)| (name.clone(), value.to_json())));
    let mut response = Response { body: serde_json::Value::Object(body).to_string().into_bytes(), ..Response::default() };
    response.set("content-type", &content_type(model));
    response.set("x-amzn-errortype", &error.code);
    if model.metadata.aws_query_compatible.is_some() {
        let fault = if status < 500 { "Sender" } else { "Receiver" };
        response.set(QUERY_ERROR, &format!("{};{fault}", model.query_code(&error.code)));
    }
    response
}

pub(super) fn encode_request(model: &Model, operation: &Operation, input: &Value) -> AwsResult<Request> {
    let body = match &operation.input {
        Some(reference) => conform(model, reference, input.clone(), "")?.to_json_text(),
        None => "{}".to_owned(),
    };
    let mut request = Request { method: http::Method::POST, path: "/".to_owned(), body: body.into(), ..Request::default() };
    let prefix = model.metadata.target_prefix.as_deref().unwrap_or_default();
    set_header(&mut request.headers, "x-amz-target", &format!("{prefix}.{}", operation.name));
    set_header(&mut request.headers, "content-type", &content_type(model));
    Ok(request)
}

pub(super) fn decode_response(model: &Model, output: &ShapeRef, body: &[u8]) -> AwsResult<Value> {
    let json: serde_json::Value = if body.is_empty() {
        serde_json::Value::Object(serde_json::Map::new())
    } else {
        serde_json::from_slice(body).map_err(|fault| AwsError::new("ParseError", fault.to_string()))?
    };
    conform(model, output, json.into(), "")
}

pub(super) fn decode_error(response: &Response) -> AwsError {
    let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let text = |names: &[&str]| names.iter().find_map(|name| body.get(*name)?.as_str().map(str::to_owned));
    let header = |name: &str| response.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    // SDKs go by the old code where there is one, so that programs written for it still work.
    let old = header(QUERY_ERROR).and_then(|value| value.split_once(';').map(|(code, _)| code.to_owned()));
    let today = || text(&["__type", "code"]).or_else(|| header("x-amzn-errortype"));
    let code = old.or_else(today).unwrap_or_else(|| response.status.to_string());
    let code = code.rsplit('#').next().unwrap_or(&code).split(':').next().unwrap_or_default().to_owned();
    AwsError::new(code, text(&["message", "Message", "errorMessage"]).unwrap_or_default()).status(response.status)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names of services stay out of this crate: any model that says it is compatible will do.
    fn compatible() -> &'static Model {
        let compatible = |model: &&Model| model.metadata.aws_query_compatible.is_some() && !model.patch.query_errors.is_empty();
        crate::model::names().filter_map(Model::named).find(compatible).unwrap()
    }

    #[test]
    fn a_service_that_spoke_query_still_says_the_old_code() {
        let model = compatible();
        let (today, old) = model.patch.query_errors.iter().next().unwrap();
        let response = encode_error(model, &AwsError::new(today, "no"), 400);
        assert_eq!(response.headers[QUERY_ERROR], format!("{old};Sender").as_str());
        assert_eq!(decode_error(&response), AwsError::new(old, "no").status(0));
    }

    #[test]
    fn a_code_without_an_old_one_is_said_as_it_is() {
        let response = encode_error(compatible(), &AwsError::internal("no"), 500);
        assert_eq!(response.headers[QUERY_ERROR], "InternalFailure;Receiver");
    }

    #[test]
    fn other_services_say_nothing_of_it() {
        let other = crate::model::names().filter_map(Model::named).find(|model| model.metadata.aws_query_compatible.is_none());
        assert!(!encode_error(other.unwrap(), &AwsError::internal("no"), 500).headers.contains_key(QUERY_ERROR));
    }
}
