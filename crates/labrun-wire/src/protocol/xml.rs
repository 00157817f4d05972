//! XML for the protocols that speak it: a small element tree for reading, a writer led by the model.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Response, TimeFormat, scalar_text, scalar_value};
use crate::error::{AwsError, AwsResult};
use crate::model::{Kind, Model, ShapeRef};
use crate::value::{Map, Value};

/// One element: local name, attributes, children, and its own text.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
    pub(super) text: String,
}

/// Deeper documents are refused: no AWS shape needs it, and the tree is built on the stack of its readers.
const MAX_DEPTH: usize = 64;

impl Element {
    pub(super) fn parse(bytes: &[u8]) -> Result<Element, String> {
        let mut reader = Reader::from_reader(bytes);
        let mut open: Vec<Element> = vec![Element::default()];
        loop {
            match reader.read_event().map_err(|fault| fault.to_string())? {
                Event::Start(start) if open.len() > MAX_DEPTH => {
                    return Err(format!("{start:?} lies too deep"));
                }
                Event::Start(start) => open.push(Element::new(&start)?),
                Event::Empty(start) => last(&mut open)?.children.push(Element::new(&start)?),
                Event::Text(text) => last(&mut open)?.text += &unescape(&text)?,
                Event::CData(text) => last(&mut open)?.text += &String::from_utf8_lossy(&text),
                Event::End(_) => {
                    let done = open.pop().ok_or("an end without a start")?;
                    last(&mut open)?.children.push(done);
                }
                Event::DocType(_) => {
                    return Err("a document type declaration is not accepted".to_owned());
                }
                Event::Eof => break,
                _ => {}
            }
        }
        match open.pop().map(|mut document| (open.is_empty(), document.children.pop())) {
            Some((true, Some(root))) => Ok(root),
            _ => Err("the document ends too early".to_owned()),
        }
    }

    fn new(start: &BytesStart) -> Result<Element, String> {
        let local = |name: &[u8]| String::from_utf8_lossy(name).rsplit(':').next().unwrap_or_default().to_owned();
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|fault| fault.to_string())?;
            let value = attribute.unescape_value().map_err(|fault| fault.to_string())?;
            attributes.push((String::from_utf8_lossy(attribute.key.as_ref()).into_owned(), value.into_owned()));
        }
        Ok(Element { name: local(start.name().as_ref()), attributes, ..Element::default() })
    }

    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

fn last(open: &mut [Element]) -> Result<&mut Element, String> {
    open.last_mut().ok_or_else(|| "text outside the document".to_owned())
}

fn unescape(text: &[u8]) -> Result<String, String> {
    let text = std::str::from_utf8(text).map_err(|fault| fault.to_string())?;
    quick_xml::escape::unescape(text).map(std::borrow::Cow::into_owned).map_err(|fault| fault.to_string())
}

/// The value of an element, by the model.
pub(super) fn value(model: &Model, reference: &ShapeRef, element: &Element) -> AwsResult<Value> {
    let shape = model.shape(reference);
    match shape.kind {
        Kind::Structure => {
            let mut map = Map::new();
            for (name, member) in &shape.members {
                if member.location.is_none()
                    && let Some(value) = member_value(model, name, member, element)?
                {
                    map.insert(name.clone(), value);
                }
            }
            Ok(Value::Map(map))
        }
        Kind::List => {
            let Some(member) = &shape.member else {
                return Ok(Value::Null);
            };
            let name = member.location_name.as_deref().unwrap_or("member");
            element.children_named(name).map(|item| value(model, member, item)).collect()
        }
        Kind::Map => entries(model, reference, element.children_named("entry")),
        kind => scalar_value(kind, &element.text)
            .ok_or_else(|| AwsError::new("MalformedXML", format!("{:?} in {} is no {kind:?}", element.text, element.name))),
    }
}

fn member_value(model: &Model, name: &str, member: &ShapeRef, element: &Element) -> AwsResult<Option<Value>> {
    let shape = model.shape(member);
    let key = member.location_name.as_deref().unwrap_or(name);
    if member.xml_attribute {
        let found = element.attributes.iter().find(|(attribute, _)| attribute == key);
        return Ok(found.map(|(_, text)| Value::String(text.clone())));
    }
    let flattened = shape.flattened || member.flattened;
    match shape.kind {
        Kind::List if flattened => {
            let Some(item) = &shape.member else {
                return Ok(None);
            };
            // A flattened list takes the item's own name where the model gives one, else the member's.
            let own = item.location_name.as_deref().filter(|_| member.location_name.is_none());
            let found = element.children_named(own.unwrap_or(key)).map(|child| value(model, item, child));
            let items = found.collect::<AwsResult<Vec<_>>>()?;
            Ok((!items.is_empty()).then_some(Value::List(items)))
        }
        Kind::Map if flattened => entries(model, member, element.children_named(key)).map(Some),
        _ => element.child(key).map(|child| value(model, member, child)).transpose(),
    }
}

fn entries<'a>(model: &Model, reference: &ShapeRef, found: impl Iterator<Item = &'a Element>) -> AwsResult<Value> {
    let shape = model.shape(reference);
    let (Some(key), Some(member)) = (&shape.key, &shape.value) else {
        return Ok(Value::Null);
    };
    let key_name = key.location_name.as_deref().unwrap_or("key");
    let value_name = member.location_name.as_deref().unwrap_or("value");
    let mut map = Map::new();
    for entry in found {
        if let (Some(key), Some(child)) = (entry.child(key_name), entry.child(value_name)) {
            map.insert(key.text.clone(), value(model, member, child)?);
        }
    }
    Ok(Value::Map(map))
}

/// An error document: `<ErrorResponse><Error>…` or a bare `<Error>`.
pub(super) fn decode_error(response: &Response) -> AwsError {
    let root = Element::parse(&response.body).unwrap_or_default();
    let error = root.child("Error").unwrap_or(&root);
    let text = |name: &str| error.child(name).map(|child| child.text.clone());
    let code = text("Code").unwrap_or_else(|| response.status.to_string());
    let mut found = AwsError::new(code, text("Message").unwrap_or_default()).status(response.status);
    for child in error.children.iter().filter(|child| !matches!(child.name.as_str(), "Code" | "Message" | "Type")) {
        found.members.insert(child.name.clone(), Value::String(child.text.clone()));
    }
    found
}

/// Writes XML, led by the model.
pub(super) struct Writer<'m> {
    model: &'m Model,
    times: TimeFormat,
    text: String,
}

impl<'m> Writer<'m> {
    pub(super) fn new(model: &'m Model, times: TimeFormat) -> Self {
        Writer { model, times, text: String::new() }
    }

    pub(super) fn declaration(&mut self) {
        self.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }

    pub(super) fn open(&mut self, name: &str) {
        self.text.push_str(&format!("<{name}>"));
    }

    pub(super) fn open_with_namespace(&mut self, name: &str, namespace: &str) {
        if namespace.is_empty() {
            self.open(name);
        } else {
            self.text.push_str(&format!("<{name} xmlns=\"{}\">", escape(namespace)));
        }
    }

    pub(super) fn close(&mut self, name: &str) {
        self.text.push_str(&format!("</{name}>"));
    }

    pub(super) fn leaf(&mut self, name: &str, text: &str) {
        self.text.push_str(&format!("<{name}>{}</{name}>", escape(text)));
    }

    pub(super) fn bare(&mut self, text: &str) {
        self.text.push_str(&escape(text));
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// The members of a structure that belong into the body, without the structure's own element.
    pub(super) fn members(&mut self, reference: &ShapeRef, value: &Value) {
        let shape = self.model.shape(reference);
        let Value::Map(map) = value else { return };
        if cfg!(debug_assertions) {
            let stranger = map.keys().find(|name| shape.member(name).is_none());
            assert!(stranger.is_none(), "{} has no member {stranger:?}", reference.shape);
        }
        for (name, member) in &shape.members {
            match map.get(name) {
                Some(value) if member.location.is_none() && !member.xml_attribute => self.member(name, member, value),
                _ => {}
            }
        }
    }

    fn member(&mut self, name: &str, member: &ShapeRef, value: &Value) {
        let shape = self.model.shape(member);
        let key = member.location_name.as_deref().unwrap_or(name);
        match value {
            Value::Null => {}
            Value::List(items) if shape.flattened || member.flattened => {
                let Some(item) = &shape.member else { return };
                let own = item.location_name.as_deref().filter(|_| member.location_name.is_none());
                items.iter().for_each(|value| self.element(own.unwrap_or(key), item, value));
            }
            value => self.element(key, member, value),
        }
    }

    /// A whole element.
    pub(super) fn element(&mut self, name: &str, reference: &ShapeRef, value: &Value) {
        let shape = self.model.shape(reference);
        match value {
            Value::Map(map) if shape.kind == Kind::Structure => {
                self.open_structure(name, reference, map);
                self.members(reference, value);
                self.close(name);
            }
            Value::Map(map) => {
                self.open(name);
                self.entries(reference, map);
                self.close(name);
            }
            Value::List(items) => {
                self.open(name);
                if let Some(member) = &shape.member {
                    let item_name = member.location_name.as_deref().unwrap_or("member");
                    items.iter().for_each(|item| self.element(item_name, member, item));
                }
                self.close(name);
            }
            Value::Null => {}
            scalar => {
                let format = TimeFormat::of(self.model, reference, self.times);
                self.leaf(name, &scalar_text(scalar, format));
            }
        }
    }

    fn open_structure(&mut self, name: &str, reference: &ShapeRef, map: &Map) {
        let shape = self.model.shape(reference);
        self.text.push_str(&format!("<{name}"));
        if let Some(namespace) = reference.xml_namespace.as_ref().or(shape.xml_namespace.as_ref()) {
            let prefix = namespace.prefix.as_ref().map_or_else(String::new, |prefix| format!(":{prefix}"));
            self.text.push_str(&format!(" xmlns{prefix}=\"{}\"", escape(&namespace.uri)));
        }
        for (member_name, member) in shape.members.iter().filter(|(_, member)| member.xml_attribute) {
            if let Some(Value::String(text)) = map.get(member_name) {
                let key = member.location_name.as_deref().unwrap_or(member_name);
                self.text.push_str(&format!(" {key}=\"{}\"", escape(text)));
            }
        }
        self.text.push('>');
    }

    fn entries(&mut self, reference: &ShapeRef, map: &Map) {
        let shape = self.model.shape(reference);
        let (Some(key), Some(member)) = (&shape.key, &shape.value) else {
            return;
        };
        for (name, value) in map {
            self.open("entry");
            self.leaf(key.location_name.as_deref().unwrap_or("key"), name);
            self.element(member.location_name.as_deref().unwrap_or("value"), member, value);
            self.close("entry");
        }
    }
}

/// Escapes text. Control characters go out as references, as S3 writes keys that have them.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\r' | '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' => {
                escaped.push_str(&format!("&#{};", letter as u32));
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}
