//! awsQuery: the input as a flattened form (`Tags.member.1.Key=…`), the answer as wrapped XML.

use bytes::Bytes;
use http::Method;

use super::xml::{self, Element, Writer};
use super::{Request, Response, TimeFormat, scalar_text, scalar_value, set_header};
use crate::error::{AwsError, AwsResult};
use crate::model::{Kind, Model, Operation, ShapeRef};
use crate::uri::{self, Plus, Slash};
use crate::value::{Map, Value};

pub(super) fn operation_name(request: &Request) -> Option<String> {
    let form = form(&request.body, &request.query);
    form.into_iter().find(|(key, _)| key == "Action").map(|(_, value)| value)
}

fn form(body: &Bytes, query: &[(String, String)]) -> Vec<(String, String)> {
    let mut pairs = query.to_vec();
    pairs.extend(uri::pairs(&String::from_utf8_lossy(body), Plus::IsSpace));
    pairs
}

pub(super) fn decode_request(model: &Model, input: &ShapeRef, body: &Bytes, query: &[(String, String)]) -> AwsResult<Map> {
    let pairs = form(body, query);
    let reader = Reader { model, pairs: &pairs };
    match reader.read(input, "")? {
        Some(Value::Map(map)) => Ok(map),
        _ => Ok(Map::new()),
    }
}

struct Reader<'a> {
    model: &'a Model,
    pairs: &'a [(String, String)],
}

impl Reader<'_> {
    /// The value below a prefix; `None` if nothing was sent there.
    fn read(&self, reference: &ShapeRef, prefix: &str) -> AwsResult<Option<Value>> {
        let shape = self.model.shape(reference);
        match shape.kind {
            Kind::Structure => {
                let mut map = Map::new();
                for (name, member) in &shape.members {
                    let key = member.location_name.as_deref().unwrap_or(name);
                    let place = if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
                    if let Some(value) = self.read(member, &place)? {
                        map.insert(name.clone(), value);
                    }
                }
                Ok((prefix.is_empty() || !map.is_empty()).then_some(Value::Map(map)))
            }
            Kind::List => {
                let Some(member) = &shape.member else {
                    return Ok(None);
                };
                let name = member.location_name.as_deref().unwrap_or("member");
                let items = if shape.flattened { prefix.to_owned() } else { format!("{prefix}.{name}") };
                let read = |at: usize| self.read(member, &format!("{items}.{at}"));
                let found = (1..).map_while(|at| read(at).transpose()).collect::<AwsResult<Vec<_>>>()?;
                let sent_empty = found.is_empty() && self.pairs.iter().any(|(key, _)| key == prefix);
                Ok((sent_empty || !found.is_empty()).then_some(Value::List(found)))
            }
            Kind::Map => self.read_map(reference, prefix),
            kind => {
                let Some((_, text)) = self.pairs.iter().find(|(key, _)| key == prefix) else {
                    return Ok(None);
                };
                let value = scalar_value(kind, text);
                value.map(Some).ok_or_else(|| AwsError::new("MalformedInput", format!("{text} at {prefix} is no {kind:?}")))
            }
        }
    }

    fn read_map(&self, reference: &ShapeRef, prefix: &str) -> AwsResult<Option<Value>> {
        let shape = self.model.shape(reference);
        let (Some(key), Some(value)) = (&shape.key, &shape.value) else {
            return Ok(None);
        };
        let mut map = Map::new();
        for at in 1.. {
            let entry = if shape.flattened { format!("{prefix}.{at}") } else { format!("{prefix}.entry.{at}") };
            let Some(Value::String(name)) = self.read(key, &format!("{entry}.key"))? else {
                break;
            };
            map.insert(name, self.read(value, &format!("{entry}.value"))?.unwrap_or_default());
        }
        Ok((!map.is_empty()).then_some(Value::Map(map)))
    }
}

pub(super) fn encode_response(model: &Model, operation: &Operation, output: &Value, request_id: &str) -> Response {
    let mut writer = Writer::new(model, TimeFormat::Iso);
    let namespace = model.metadata.xml_namespace.as_deref().unwrap_or_default();
    writer.open_with_namespace(&format!("{}Response", operation.name), namespace);
    if let Some(reference) = &operation.output {
        let result = format!("{}Result", operation.name);
        writer.open(&result);
        writer.members(reference, output);
        writer.close(&result);
    }
    writer.open("ResponseMetadata");
    writer.leaf("RequestId", request_id);
    writer.close("ResponseMetadata");
    writer.close(&format!("{}Response", operation.name));
    xml_response(200, writer)
}

fn xml_response(status: u16, writer: Writer) -> Response {
    let mut response = Response { status, body: writer.finish(), ..Response::default() };
    response.set("content-type", "text/xml");
    response
}

pub(super) fn encode_error(model: &Model, error: &AwsError, status: u16, request_id: &str) -> Response {
    let mut writer = Writer::new(model, TimeFormat::Iso);
    writer.open_with_namespace("ErrorResponse", model.metadata.xml_namespace.as_deref().unwrap_or_default());
    writer.open("Error");
    writer.leaf("Type", if status < 500 { "Sender" } else { "Receiver" });
    writer.leaf("Code", &error.code);
    writer.leaf("Message", &error.message);
    writer.close("Error");
    writer.leaf("RequestId", request_id);
    writer.close("ErrorResponse");
    xml_response(status, writer)
}

pub(super) fn encode_request(model: &Model, operation: &Operation, input: &Value) -> AwsResult<Request> {
    let mut pairs =
        vec![("Action".to_owned(), operation.name.clone()), ("Version".to_owned(), model.metadata.api_version.clone())];
    if let Some(reference) = &operation.input {
        let input = super::conform(model, reference, input.clone(), "")?;
        flatten(model, reference, &input, "", &mut pairs);
    }
    let encoded: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{}={}", uri::encode(key, Slash::Encode), uri::encode(value, Slash::Encode)))
        .collect();
    let mut request =
        Request { method: Method::POST, path: "/".to_owned(), body: encoded.join("&").into(), ..Request::default() };
    set_header(&mut request.headers, "content-type", "application/x-www-form-urlencoded; charset=utf-8");
    Ok(request)
}

fn flatten(model: &Model, reference: &ShapeRef, value: &Value, prefix: &str, pairs: &mut Vec<(String, String)>) {
    let shape = model.shape(reference);
    match value {
        Value::Map(map) if shape.kind == Kind::Structure => {
            for (name, member) in &shape.members {
                let Some(value) = map.get(name) else { continue };
                let key = member.location_name.as_deref().unwrap_or(name);
                let place = if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
                flatten(model, member, value, &place, pairs);
            }
        }
        Value::Map(map) => {
            for (at, (key, value)) in map.iter().enumerate() {
                let entry = if shape.flattened { format!("{prefix}.{}", at + 1) } else { format!("{prefix}.entry.{}", at + 1) };
                pairs.push((format!("{entry}.key"), key.clone()));
                if let Some(member) = &shape.value {
                    flatten(model, member, value, &format!("{entry}.value"), pairs);
                }
            }
        }
        Value::List(items) => {
            let Some(member) = &shape.member else { return };
            let name = member.location_name.as_deref().unwrap_or("member");
            let place = if shape.flattened { prefix.to_owned() } else { format!("{prefix}.{name}") };
            for (at, item) in items.iter().enumerate() {
                flatten(model, member, item, &format!("{place}.{}", at + 1), pairs);
            }
        }
        Value::Null => {}
        scalar => pairs.push((prefix.to_owned(), scalar_text(scalar, TimeFormat::Iso))),
    }
}

pub(super) fn decode_response(model: &Model, operation: &Operation, output: &ShapeRef, body: &[u8]) -> AwsResult<Value> {
    let root = Element::parse(body).map_err(|fault| AwsError::new("ParseError", fault))?;
    let wrapped = root.child(&format!("{}Result", operation.name));
    xml::value(model, output, wrapped.unwrap_or(&root))
}
