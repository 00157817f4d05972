//! rest-xml: members travel in path, query, headers and body, as the model's bindings say.

use bytes::Bytes;
use http::header::AsHeaderName;
use http::{HeaderMap, HeaderValue};

use super::xml::{self, Element, Writer};
use super::{Request, Response, TimeFormat, scalar_text, scalar_value, set_header};
use crate::error::{AwsError, AwsResult};
use crate::model::{Kind, Location, Model, Operation, Shape, ShapeRef};
use crate::uri::{self, Slash};
use crate::value::{Map, Value};

pub(super) fn decode_request(model: &Model, input: &ShapeRef, labels: &[(String, String)], request: &Request) -> AwsResult<Map> {
    let shape = model.shape(input);
    let mut map = Map::new();
    for (name, member) in &shape.members {
        let key = member.location_name.as_deref().unwrap_or(name);
        let found = match member.location {
            Some(Location::Uri) => find(labels, key).map(|text| located(model, name, member, text)),
            Some(Location::Querystring) => from_query(model, name, member, &request.query),
            Some(Location::Header) => from_header(model, name, member, &request.headers),
            Some(Location::Headers) => prefixed(&request.headers, key).map(Ok),
            Some(Location::StatusCode) | None => None,
        };
        if let Some(value) = found.transpose()? {
            map.insert(name.clone(), value);
        }
    }
    decode_body(model, shape, input, &request.body, &mut map)?;
    Ok(map)
}

fn find<'a>(pairs: &'a [(String, String)], key: &str) -> Option<&'a String> {
    pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value)
}

fn from_query(model: &Model, name: &str, member: &ShapeRef, query: &[(String, String)]) -> Option<AwsResult<Value>> {
    let key = member.location_name.as_deref().unwrap_or(name);
    let shape = model.shape(member);
    match (&shape.member, shape.kind) {
        (Some(item), Kind::List) => {
            let items: Vec<_> = query.iter().filter(|(found, _)| found == key).collect();
            let read = items.iter().map(|(_, text)| located(model, name, item, text)).collect::<AwsResult<Vec<_>>>();
            (!items.is_empty()).then_some(read.map(Value::List))
        }
        _ => find(query, key).map(|text| located(model, name, member, text)),
    }
}

fn from_header(model: &Model, name: &str, member: &ShapeRef, headers: &HeaderMap) -> Option<AwsResult<Value>> {
    header(headers, member.header.as_deref()?).map(|text| located(model, name, member, &text))
}

/// Values of one header, joined by commas.
fn header(headers: &HeaderMap, name: impl AsHeaderName) -> Option<String> {
    let mut values = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let mut joined = values.next()?.trim().to_owned();
    for value in values {
        joined.push(',');
        joined.push_str(value.trim());
    }
    Some(joined)
}

/// Headers with a common prefix as one map (`x-amz-meta-`), names without it.
fn prefixed(headers: &HeaderMap, prefix: &str) -> Option<Value> {
    let prefix = prefix.to_ascii_lowercase();
    let found: Map = headers
        .keys()
        .filter_map(|name| {
            let rest = name.as_str().strip_prefix(&prefix)?;
            Some((rest.to_owned(), Value::String(header(headers, name)?)))
        })
        .collect();
    (!found.is_empty()).then_some(Value::Map(found))
}

/// A scalar from path, query or header. One that is no such thing is an `InvalidArgument`, except dates: S3 ignores a conditional
/// header that it can't read (RFC 9110 §13.1), so it counts as not sent.
fn located(model: &Model, name: &str, member: &ShapeRef, text: &str) -> AwsResult<Value> {
    let shape = model.shape(member);
    if shape.kind == Kind::List {
        return Ok(text.split(',').map(|item| Value::from(item.trim())).collect());
    }
    match (scalar_value(shape.kind, text), shape.kind) {
        (Some(value), _) => Ok(value),
        (None, Kind::Timestamp) => Ok(Value::Null),
        (None, _) => {
            let argument = member.location_name.as_deref().unwrap_or(name);
            Err(AwsError::new("InvalidArgument", format!("Provided {argument} not an integer or within integer range"))
                .status(400)
                .with("ArgumentName", argument)
                .with("ArgumentValue", text))
        }
    }
}

fn decode_body(model: &Model, shape: &Shape, input: &ShapeRef, body: &Bytes, map: &mut Map) -> AwsResult<()> {
    if let Some((name, member)) = shape.payload_member() {
        let payload = model.shape(member);
        if member.streaming || payload.kind == Kind::Blob || body.is_empty() {
            return Ok(());
        }
        let value = match payload.kind {
            Kind::Structure => xml::value(model, member, &parse(body)?)?,
            _ => Value::String(String::from_utf8_lossy(body).into_owned()),
        };
        map.insert(name.to_owned(), value);
    } else if !body.is_empty()
        && shape.members.iter().any(|(_, member)| member.location.is_none())
        && let Value::Map(members) = xml::value(model, input, &parse(body)?)?
    {
        map.extend(members);
    }
    Ok(())
}

fn parse(body: &Bytes) -> AwsResult<Element> {
    Element::parse(body).map_err(|_| malformed())
}

/// A body that is no XML, or no document of the operation's schema.
pub(crate) fn malformed() -> AwsError {
    let message = "The XML you provided was not well-formed or did not validate against our published schema";
    AwsError::new("MalformedXML", message).status(400)
}

pub(super) fn encode_response(model: &Model, operation: &Operation, output: &Value) -> Response {
    let mut response = Response { status: operation.http.response_code.unwrap_or(200), ..Response::default() };
    let (Some(reference), Value::Map(map)) = (&operation.output, output) else {
        return response;
    };
    let shape = model.shape(reference);
    for (name, member) in &shape.members {
        let Some(value) = map.get(name) else { continue };
        write_header(model, name, member, value, &mut response);
        if model.patch.partial.contains(name) && *value != Value::Null {
            response.status = 206;
        }
    }
    if let Some(body) = encode_body(model, operation, reference, output) {
        response.body = body;
        response.set("content-type", "application/xml");
    }
    response
}

fn write_header(model: &Model, name: &str, member: &ShapeRef, value: &Value, response: &mut Response) {
    let key = member.location_name.as_deref().unwrap_or(name);
    match (member.location, value) {
        (_, Value::Null) => {}
        (Some(Location::Header), value) => {
            let text = scalar_text(value, TimeFormat::of(model, member, TimeFormat::Http));
            if let (Some(name), Ok(value)) = (&member.header, HeaderValue::try_from(text)) {
                response.headers.insert(&**name, value);
            }
        }
        (Some(Location::Headers), Value::Map(entries)) => {
            for (suffix, value) in entries {
                response.set(&format!("{key}{suffix}"), &scalar_text(value, TimeFormat::Http));
            }
        }
        (Some(Location::StatusCode), Value::Integer(status)) => {
            response.status = u16::try_from(*status).unwrap_or(response.status);
        }
        _ => {}
    }
}

/// The XML body, if the output has one.
fn encode_body(model: &Model, operation: &Operation, reference: &ShapeRef, output: &Value) -> Option<Vec<u8>> {
    let shape = model.shape(reference);
    let mut writer = Writer::new(model, TimeFormat::IsoMillis);
    writer.declaration();
    if let Some((name, member)) = shape.payload_member() {
        let payload = model.shape(member);
        let value = output.get(name)?;
        if payload.kind != Kind::Structure {
            return (payload.kind == Kind::String).then(|| scalar_text(value, TimeFormat::Iso).into_bytes());
        }
        let root = root_name(model, operation, member);
        writer.open_with_namespace(&root, &model.patch.namespace);
        writer.members(member, value);
        writer.close(&root);
        return Some(writer.finish());
    }
    let (only, _) = shape.members.iter().find(|(_, member)| member.location.is_none())?;
    let root = root_name(model, operation, reference);
    writer.open_with_namespace(&root, &model.patch.namespace);
    if model.patch.unwrapped.contains(&operation.name) {
        writer.bare(output.get(only).and_then(Value::as_str).unwrap_or_default());
    } else {
        writer.members(reference, output);
    }
    writer.close(&root);
    Some(writer.finish())
}

/// The root element: the patch's, the shape's own name for itself, the operation's result.
fn root_name(model: &Model, operation: &Operation, reference: &ShapeRef) -> String {
    let patched = model.patch.roots.get(&operation.name).cloned();
    let named = reference.location_name.clone().or_else(|| model.shape(reference).location_name.clone());
    let is_payload = operation.output.as_ref().is_some_and(|output| output.shape != reference.shape);
    patched.or(named).unwrap_or_else(|| if is_payload { reference.shape.clone() } else { format!("{}Result", operation.name) })
}

pub(super) fn encode_error(model: &Model, error: &AwsError, request_id: &str) -> Response {
    let mut writer = Writer::new(model, TimeFormat::IsoMillis);
    writer.declaration();
    if !model.patch.bare_errors {
        writer.open("ErrorResponse");
    }
    writer.open("Error");
    writer.leaf("Code", &error.code);
    writer.leaf("Message", &error.message);
    for (name, value) in &error.members {
        writer.leaf(name, &scalar_text(value, TimeFormat::IsoMillis));
    }
    writer.leaf("RequestId", request_id);
    writer.leaf("HostId", "labrun");
    writer.close("Error");
    if !model.patch.bare_errors {
        writer.close("ErrorResponse");
    }
    let mut response = Response { body: writer.finish(), ..Response::default() };
    response.set("content-type", "application/xml");
    response
}

pub(super) fn encode_request(model: &Model, operation: &Operation, input: &Value) -> AwsResult<Request> {
    let mut request = Request { method: operation.http.method.parse().unwrap_or(http::Method::POST), ..Request::default() };
    let (path, query) = operation.http.request_uri.split_once('?').unwrap_or((&operation.http.request_uri, ""));
    request.path = path.to_owned();
    request.query = uri::pairs(query, uri::Plus::IsPlus);
    let Some(reference) = &operation.input else {
        return Ok(request);
    };
    let shape = model.shape(reference);
    let payload = shape.payload_member().filter(|(_, member)| member.streaming || model.shape(member).kind == Kind::Blob);
    let mut plain = input.clone();
    if let (Some((name, _)), Value::Map(map)) = (payload, &mut plain) {
        map.remove(name);
    }
    let input = super::conform(model, reference, plain, "")?;
    for (name, member) in &shape.members {
        if let Some(value) = input.get(name) {
            bind(model, name, member, value, &mut request);
        }
    }
    encode_request_body(model, reference, &input, &mut request);
    Ok(request)
}

fn bind(model: &Model, name: &str, member: &ShapeRef, value: &Value, request: &mut Request) {
    let key = member.location_name.as_deref().unwrap_or(name);
    match (member.location, value) {
        (Some(Location::Uri), value) => {
            let text = scalar_text(value, TimeFormat::Iso);
            request.path = request.path.replace(&format!("{{{key}+}}"), &uri::encode(&text, Slash::Keep));
            request.path = request.path.replace(&format!("{{{key}}}"), &uri::encode(&text, Slash::Encode));
        }
        (Some(Location::Querystring), value) => {
            let format = TimeFormat::of(model, member, TimeFormat::Iso);
            request.query.push((key.to_owned(), scalar_text(value, format)));
        }
        (Some(Location::Header), Value::List(items)) => {
            let items: Vec<String> = items.iter().map(|item| scalar_text(item, TimeFormat::Http)).collect();
            set_header(&mut request.headers, key, &items.join(","));
        }
        (Some(Location::Header), value) => {
            let format = TimeFormat::of(model, member, TimeFormat::Http);
            set_header(&mut request.headers, key, &scalar_text(value, format));
        }
        (Some(Location::Headers), Value::Map(entries)) => {
            for (suffix, value) in entries {
                set_header(&mut request.headers, &format!("{key}{suffix}"), &scalar_text(value, TimeFormat::Http));
            }
        }
        _ => {}
    }
}

fn encode_request_body(model: &Model, reference: &ShapeRef, input: &Value, request: &mut Request) {
    let shape = model.shape(reference);
    let mut writer = Writer::new(model, TimeFormat::IsoMillis);
    if let Some((name, member)) = shape.payload_member() {
        let Some(value) = input.get(name) else { return };
        let root = member.location_name.clone().unwrap_or_else(|| member.shape.clone());
        writer.open_with_namespace(&root, &model.patch.namespace);
        writer.members(member, value);
        writer.close(&root);
    } else if shape.members.iter().any(|(name, member)| member.location.is_none() && input.get(name).is_some()) {
        let root = reference.location_name.clone().unwrap_or_else(|| reference.shape.clone());
        writer.open_with_namespace(&root, &model.patch.namespace);
        writer.members(reference, input);
        writer.close(&root);
    } else {
        return;
    }
    request.body = writer.finish().into();
    set_header(&mut request.headers, "content-type", "application/xml");
}

pub(super) fn decode_response(model: &Model, operation: &Operation, output: &ShapeRef, response: &Response) -> AwsResult<Value> {
    let shape = model.shape(output);
    let mut map = Map::new();
    for (name, member) in &shape.members {
        let key = member.location_name.as_deref().unwrap_or(name);
        let value = match member.location {
            Some(Location::Header) => from_header(model, name, member, &response.headers).transpose()?,
            Some(Location::Headers) => prefixed(&response.headers, key),
            Some(Location::StatusCode) => Some(Value::Integer(response.status.into())),
            _ => None,
        };
        map.extend(value.map(|value| (name.clone(), value)));
    }
    if model.patch.unwrapped.contains(&operation.name) {
        let root = Element::parse(&response.body).map_err(|fault| AwsError::new("ParseError", fault))?;
        let only = shape.members.iter().find(|(_, member)| member.location.is_none());
        map.extend(only.map(|(name, _)| (name.clone(), Value::String(root.text))));
    } else {
        decode_body(model, shape, output, &Bytes::copy_from_slice(&response.body), &mut map)?;
    }
    Ok(Value::Map(map))
}
