//! The protocols, behind four functions: requests and answers, decoded and encoded, for server and client.
//!
//! A streamed body never comes through here: [`streams_in`] and [`streams_out`] name the member that travels beside the value.

mod json;
mod query;
pub(crate) mod rest_xml;
mod xml;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::error::{AwsError, AwsResult};
use crate::model::{Kind, Model, Operation, Protocol, ShapeRef};
use crate::value::{Map, Timestamp, Value};
use crate::{route, time};

/// A request as it came, or as it is to be sent.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub method: Method,
    /// Path, still percent-encoded.
    pub path: String,
    /// Query, decoded, in order.
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    /// The whole body, unless it streams.
    pub body: Bytes,
}

/// An answer to be sent, or as it came.
#[derive(Clone, Debug, Default)]
pub struct Response {
    pub status: u16,
    pub headers: HeaderMap,
    /// The whole body, unless it streams.
    pub body: Vec<u8>,
}

impl Response {
    /// Sets a header; a value that can't stand in one is left out.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        set_header(&mut self.headers, name, value);
    }
}

pub(crate) fn set_header(headers: &mut HeaderMap, name: &str, value: &str) {
    let value = HeaderValue::from_str(value).or_else(|_| HeaderValue::from_bytes(value.as_bytes()));
    if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), value) {
        headers.insert(name, value);
    }
}

/// Which operation a request asks for, and its path labels.
///
/// # Errors
/// What AWS says of an operation that the service doesn't have.
pub fn operation<'m>(model: &'m Model, request: &Request) -> AwsResult<(&'m Operation, Vec<(String, String)>)> {
    let unknown = |name: &str| {
        let (code, status) =
            if model.metadata.protocol == Protocol::Json { ("UnknownOperationException", 400) } else { ("InvalidAction", 400) };
        AwsError::new(code, format!("Could not find operation {name}")).status(status)
    };
    let (name, labels) = match model.metadata.protocol {
        Protocol::Json => (json::operation_name(request).ok_or_else(|| unknown("(no X-Amz-Target)"))?, Vec::new()),
        Protocol::Query => (
            query::operation_name(request)
                .ok_or_else(|| AwsError::new("MissingAction", "The request must contain the parameter Action").status(400))?,
            Vec::new(),
        ),
        Protocol::RestXml => {
            let routed = route::route(model, &request.method, &request.path, &request.query, &request.headers)?;
            (routed.operation.to_owned(), routed.labels)
        }
    };
    let operation = model.operation(&name).ok_or_else(|| unknown(&name))?;
    Ok((operation, labels))
}

/// The input of a request, shaped by the model. Constraints are checked by [`crate::validate`].
pub fn decode_request(model: &Model, operation: &Operation, labels: &[(String, String)], request: &Request) -> AwsResult<Map> {
    let Some(input) = &operation.input else {
        return Ok(Map::new());
    };
    match model.metadata.protocol {
        Protocol::Json => json::decode_request(model, input, &request.body),
        Protocol::Query => query::decode_request(model, input, &request.body, &request.query),
        Protocol::RestXml => rest_xml::decode_request(model, input, labels, request),
    }
}

/// The answer to a request that went well.
pub fn encode_response(model: &Model, operation: &Operation, output: &Value, request_id: &str) -> Response {
    match model.metadata.protocol {
        Protocol::Json => json::encode_response(model, operation, output),
        Protocol::Query => query::encode_response(model, operation, output, request_id),
        Protocol::RestXml => rest_xml::encode_response(model, operation, output),
    }
}

/// The answer to a request that did not. `head`: no body may follow.
pub fn encode_error(model: &Model, error: &AwsError, request_id: &str, head: bool) -> Response {
    let status = error.status.unwrap_or_else(|| model.error_status(&error.code));
    let mut response = match model.metadata.protocol {
        Protocol::Json => json::encode_error(model, error, status),
        Protocol::Query => query::encode_error(model, error, status, request_id),
        Protocol::RestXml => rest_xml::encode_error(model, error, request_id),
    };
    response.status = status;
    for (name, value) in &error.headers {
        response.set(name, value);
    }
    if head || status == 304 {
        response.body.clear();
    }
    response
}

/// A client's request. Not signed yet.
///
/// # Errors
/// A member that the model lacks, or a value that doesn't fit its shape, by name.
pub fn encode_request(model: &Model, operation: &Operation, input: &Value) -> AwsResult<Request> {
    match model.metadata.protocol {
        Protocol::Json => json::encode_request(model, operation, input),
        Protocol::Query => query::encode_request(model, operation, input),
        Protocol::RestXml => rest_xml::encode_request(model, operation, input),
    }
}

/// What the service said to a client.
///
/// # Errors
/// The service's error, or `ParseError` for an answer that is none of the protocol.
pub fn decode_response(model: &Model, operation: &Operation, response: &Response) -> AwsResult<Value> {
    if response.status >= 300 {
        return Err(match model.metadata.protocol {
            Protocol::Json => json::decode_error(response),
            Protocol::Query | Protocol::RestXml => xml::decode_error(response),
        });
    }
    let Some(output) = &operation.output else {
        return Ok(Value::Map(Map::new()));
    };
    match model.metadata.protocol {
        Protocol::Json => json::decode_response(model, output, &response.body),
        Protocol::Query => query::decode_response(model, operation, output, &response.body),
        Protocol::RestXml => rest_xml::decode_response(model, operation, output, response),
    }
}

/// The input member that streams, if one does.
pub fn streams_in<'m>(model: &'m Model, operation: &'m Operation) -> Option<&'m str> {
    streaming(model, operation.input.as_ref()?)
}

/// The output member that streams, if one does.
pub fn streams_out<'m>(model: &'m Model, operation: &'m Operation) -> Option<&'m str> {
    streaming(model, operation.output.as_ref()?)
}

fn streaming<'m>(model: &'m Model, reference: &'m ShapeRef) -> Option<&'m str> {
    let (name, member) = model.shape(reference).payload_member()?;
    (member.streaming || model.shape(member).kind == Kind::Blob).then_some(name)
}

/// How a timestamp is written at one place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TimeFormat {
    Iso,
    IsoMillis,
    Http,
    Epoch,
}

impl TimeFormat {
    /// The shape's own format, or the protocol's at that place.
    fn of(model: &Model, member: &ShapeRef, otherwise: TimeFormat) -> Self {
        match model.shape(member).timestamp_format.as_deref() {
            Some("iso8601") if otherwise == TimeFormat::IsoMillis => TimeFormat::IsoMillis,
            Some("iso8601") => TimeFormat::Iso,
            Some("rfc822") => TimeFormat::Http,
            Some("unixTimestamp") => TimeFormat::Epoch,
            _ => otherwise,
        }
    }

    fn write(self, timestamp: Timestamp) -> String {
        match self {
            TimeFormat::Iso => time::iso8601(timestamp),
            TimeFormat::IsoMillis => time::iso8601_millis(timestamp),
            TimeFormat::Http => time::http_date(timestamp),
            TimeFormat::Epoch => timestamp.to_json().to_string(),
        }
    }
}

/// Any of the formats: clients send what they like.
fn parse_time(text: &str) -> Option<Timestamp> {
    let epoch = || text.parse::<f64>().ok().map(|seconds| Timestamp((seconds * 1000.0).round() as i64));
    time::parse_iso8601(text).or_else(|| time::parse_http_date(text)).or_else(|| time::parse_compact(text)).or_else(epoch)
}

/// Text of a scalar, outside JSON.
fn scalar_text(value: &Value, format: TimeFormat) -> String {
    use base64::Engine as _;
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Timestamp(timestamp) => format.write(*timestamp),
        Value::Blob(bytes) => base64::engine::general_purpose::STANDARD.encode(bytes),
        Value::Null | Value::List(_) | Value::Map(_) => String::new(),
    }
}

/// A scalar out of text, outside JSON. `None`: the text is no such thing.
fn scalar_value(kind: Kind, text: &str) -> Option<Value> {
    use base64::Engine as _;
    Some(match kind {
        Kind::Boolean => Value::Bool(match text.trim() {
            "true" | "True" | "TRUE" | "1" => true,
            "false" | "False" | "FALSE" | "0" => false,
            _ => return None,
        }),
        Kind::Integer | Kind::Long => Value::Integer(text.trim().parse().ok()?),
        Kind::Float | Kind::Double => Value::Float(text.trim().parse().ok()?),
        Kind::Timestamp => Value::Timestamp(parse_time(text.trim())?),
        Kind::Blob => Value::Blob(base64::engine::general_purpose::STANDARD.decode(text.trim()).ok()?),
        _ => Value::String(text.to_owned()),
    })
}

/// Turns numbers, texts and plain JSON into what the shape says (epoch seconds into timestamps, base64 into blobs), recursively.
/// Used on what a lab file or a person wrote; says where it doesn't fit.
pub fn conform(model: &Model, reference: &ShapeRef, value: Value, path: &str) -> AwsResult<Value> {
    json::conform(model, reference, value, path)
}
