//! AWS's API models: operations, shapes, constraints, and where each member travels.
//!
//! `cargo xtask models add` writes `models/<service>.json` out of botocore's models, without their texts. What AWS's model gets
//! wrong or leaves out (a wire quirk, an error's status) stands in `models/patches/<service>.json`, so that no code here knows a
//! service by name. Models are parsed on first use and kept.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use http::HeaderName;
use include_dir::{Dir, include_dir};
use regex::Regex;
use serde::Deserialize;

use crate::route::Routes;

static MODELS: Dir = include_dir!("$CARGO_MANIFEST_DIR/models");

/// The model of one service.
#[derive(Debug, Deserialize)]
pub struct Model {
    pub metadata: Metadata,
    pub operations: BTreeMap<String, Operation>,
    shapes: HashMap<String, Shape>,
    #[serde(skip)]
    pub name: String,
    #[serde(skip)]
    pub patch: Patch,
    #[serde(skip)]
    pub(crate) routes: OnceLock<Routes>,
    #[serde(skip)]
    patterns: Mutex<HashMap<String, Option<Arc<Regex>>>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    pub api_version: String,
    pub endpoint_prefix: String,
    pub protocol: Protocol,
    pub service_id: String,
    pub signing_name: Option<String>,
    pub target_prefix: Option<String>,
    pub json_version: Option<String>,
    pub xml_namespace: Option<String>,
    /// Set where the service spoke the query protocol before: its errors still say the old codes, in a header.
    pub aws_query_compatible: Option<serde_json::Value>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    Json,
    Query,
    RestXml,
}

#[derive(Debug, Deserialize)]
pub struct Operation {
    pub name: String,
    pub http: Http,
    pub input: Option<ShapeRef>,
    pub output: Option<ShapeRef>,
    #[serde(default)]
    pub errors: Vec<ShapeRef>,
    #[serde(default, rename = "httpChecksum")]
    pub http_checksum: Option<HttpChecksum>,
    /// How the operation pages, from botocore's paginators.
    #[serde(default)]
    pub paginator: Option<Paginator>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Http {
    pub method: String,
    pub request_uri: String,
    pub response_code: Option<u16>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpChecksum {
    #[serde(default)]
    pub request_checksum_required: bool,
    pub request_algorithm_member: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Paginator {
    pub input_token: serde_json::Value,
    pub output_token: serde_json::Value,
    pub limit_key: Option<String>,
    pub result_key: serde_json::Value,
}

/// A use of a shape: by a member, an item, an input or an output.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ShapeRef {
    pub shape: String,
    pub location: Option<Location>,
    pub location_name: Option<String>,
    /// The header that it travels in, if it does.
    #[serde(skip)]
    pub(crate) header: Option<Box<HeaderName>>,
    pub flattened: bool,
    pub streaming: bool,
    pub xml_attribute: bool,
    pub xml_namespace: Option<XmlNamespace>,
    pub idempotency_token: bool,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum Location {
    Uri,
    Querystring,
    Header,
    Headers,
    StatusCode,
}

#[derive(Clone, Debug, Deserialize)]
pub struct XmlNamespace {
    pub uri: String,
    pub prefix: Option<String>,
}

/// One shape. Which fields are set depends on `kind`; constraints apply to whatever can bear them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shape {
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Members of a structure, in the model's order.
    #[serde(default, deserialize_with = "in_order")]
    pub members: Vec<(String, ShapeRef)>,
    #[serde(default)]
    pub required: Vec<String>,
    pub payload: Option<String>,
    pub member: Option<ShapeRef>,
    pub key: Option<ShapeRef>,
    pub value: Option<ShapeRef>,
    #[serde(default)]
    pub flattened: bool,
    pub location_name: Option<String>,
    pub xml_namespace: Option<XmlNamespace>,
    #[serde(default, rename = "enum")]
    pub names: Vec<String>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub pattern: Option<String>,
    /// The pattern, ready to use; shapes of the same pattern share it.
    #[serde(skip)]
    compiled: OnceLock<Option<Arc<Regex>>>,
    pub timestamp_format: Option<String>,
    #[serde(default)]
    pub sensitive: bool,
    #[serde(default)]
    pub exception: bool,
    #[serde(default)]
    pub fault: bool,
    #[serde(default)]
    pub union: bool,
    #[serde(default)]
    pub eventstream: bool,
    pub error: Option<ErrorTrait>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Structure,
    List,
    Map,
    String,
    Character,
    Integer,
    Long,
    Float,
    Double,
    Boolean,
    Blob,
    Timestamp,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorTrait {
    pub code: Option<String>,
    pub http_status_code: Option<u16>,
    #[serde(default)]
    pub sender_fault: bool,
}

/// What AWS does on the wire and its model does not say. Each entry's source stands beside it in the patch file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Patch {
    /// Where the facts of this file come from.
    pub source: Vec<String>,
    /// The code under which a constraint of the model is reported broken.
    pub validation_code: Option<String>,
    /// HTTP status by error code, for codes that the model lacks.
    pub error_status: BTreeMap<String, u16>,
    /// Codes of the query protocol by today's, where the model does not say them (`awsQueryCompatible`).
    pub query_errors: BTreeMap<String, String>,
    /// Documented defaults and off values, by `Operation.Member.Path`: a member with this value asks for nothing.
    pub defaults: BTreeMap<String, Vec<serde_json::Value>>,
    /// Errors are a bare `<Error>` document.
    pub bare_errors: bool,
    /// How requests are signed.
    pub signing: crate::sign::Rules,
    /// The XML namespace of answers, where the model names none.
    pub namespace: String,
    /// A bucket may stand in the host name.
    pub virtual_host: bool,
    /// Root element of an answer, where it isn't the operation's name + `Result`.
    pub roots: BTreeMap<String, String>,
    /// Operations whose answer's root is its only member itself.
    pub unwrapped: Vec<String>,
    /// Patterns that the `regex` crate can't express, rewritten; an empty one is not checked.
    pub patterns: BTreeMap<String, String>,
    /// Input members that the gateway itself acts on (length, digest and checksums of a body).
    pub wire: Vec<String>,
    /// Output members with whose presence the status is 206.
    pub partial: Vec<String>,
    /// Operations that no request here can mean: they live at another host of AWS, or share their URI with a successor.
    pub unroutable: Vec<String>,
    /// Enum shapes that the service does not check (or answers with an error of its own).
    pub open_enums: Vec<String>,
    /// Constraints of these shapes are checked by the handlers, whose errors AWS words differently.
    pub unchecked: Vec<String>,
}

impl Model {
    /// The model of a service, by the name of its file; `None` if there is no such model.
    pub fn named(name: &str) -> Option<&'static Model> {
        let (name, model) = slots().iter().find(|(known, _)| *known == name)?;
        Some(model.get_or_init(|| parse(name)))
    }

    /// All models, sorted by name. Each is parsed when it is reached.
    pub fn all() -> impl Iterator<Item = &'static Model> {
        slots().iter().map(|(name, model)| model.get_or_init(|| parse(name)))
    }

    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations.get(name)
    }

    /// The shape that a reference names. Models are closed: a test walks every reference.
    pub fn shape(&self, reference: &ShapeRef) -> &Shape {
        self.shapes.get(&reference.shape).unwrap_or_else(|| panic!("{}: the model has no shape {}", self.name, reference.shape))
    }

    pub fn shapes(&self) -> impl Iterator<Item = (&str, &Shape)> {
        self.shapes.iter().map(|(name, shape)| (name.as_str(), shape))
    }

    /// The name in signatures.
    pub fn signing_name(&self) -> &str {
        self.metadata.signing_name.as_deref().unwrap_or(&self.metadata.endpoint_prefix)
    }

    /// The HTTP status of an error code: the patch's, the model's, 400.
    pub fn error_status(&self, code: &str) -> u16 {
        if let Some(status) = self.patch.error_status.get(code) {
            return *status;
        }
        match self.exception(code) {
            Some(shape) => {
                let stated = shape.error.as_ref().and_then(|error| error.http_status_code);
                stated.unwrap_or(if shape.fault { 500 } else { 400 })
            }
            None => 400,
        }
    }

    /// An error's code in the query protocol: the patch's, the model's, the same.
    pub fn query_code<'a>(&'a self, code: &'a str) -> &'a str {
        let modeled = || self.exception(code)?.error.as_ref()?.code.as_deref();
        self.patch.query_errors.get(code).map(String::as_str).or_else(modeled).unwrap_or(code)
    }

    fn exception(&self, code: &str) -> Option<&Shape> {
        let named = |name: &str, shape: &Shape| {
            name == code || shape.error.as_ref().is_some_and(|error| error.code.as_deref() == Some(code))
        };
        self.shapes.iter().find(|(name, shape)| shape.exception && named(name, shape)).map(|(_, shape)| shape)
    }

    /// A pattern of the model in the `regex` crate's words. The models are written for Java, which spells the characters beyond the
    /// basic plane as a range of surrogate pairs; look-around is rewritten by the patch.
    pub(crate) fn expressible(&self, pattern: &str) -> String {
        let patched = self.patch.patterns.get(pattern).map_or(pattern, String::as_str);
        patched.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF")
    }

    /// Tells whether the text fits the shape's pattern as a whole; a pattern that can't be expressed fits everything.
    pub(crate) fn fits(&self, shape: &Shape, text: &str) -> bool {
        let compiled = shape.compiled.get_or_init(|| self.compiled(shape.pattern.as_deref()?));
        compiled.as_ref().is_none_or(|regex| regex.is_match(text))
    }

    fn compiled(&self, pattern: &str) -> Option<Arc<Regex>> {
        let mut patterns = self.patterns.lock().unwrap_or_else(PoisonError::into_inner);
        let compiled = patterns.entry(pattern.to_owned()).or_insert_with(|| {
            let rewritten = self.expressible(pattern);
            let whole = (!rewritten.is_empty()).then(|| format!("^(?:{rewritten})$"))?;
            regex::RegexBuilder::new(&whole).size_limit(1 << 24).build().ok().map(Arc::new)
        });
        compiled.clone()
    }
}

impl Shape {
    pub fn member(&self, name: &str) -> Option<&ShapeRef> {
        self.members.iter().find(|(member, _)| member == name).map(|(_, reference)| reference)
    }

    /// The member that is the whole body, if there is one.
    pub fn payload_member(&self) -> Option<(&str, &ShapeRef)> {
        let name = self.payload.as_deref()?;
        self.member(name).map(|reference| (name, reference))
    }
}

/// Names of all models, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    MODELS.files().filter_map(|file| {
        let path = file.path();
        (path.extension()? == "json").then(|| path.file_stem()?.to_str())?
    })
}

/// A place for each model, filled at its first use.
fn slots() -> &'static [(&'static str, OnceLock<Model>)] {
    static SLOTS: OnceLock<Vec<(&'static str, OnceLock<Model>)>> = OnceLock::new();
    SLOTS.get_or_init(|| names().map(|name| (name, OnceLock::new())).collect())
}

fn parse(name: &str) -> Model {
    let text = MODELS.get_file(format!("{name}.json")).and_then(|file| file.contents_utf8()).unwrap_or_default();
    let mut model: Model = serde_json::from_str(text).unwrap_or_else(|fault| panic!("models/{name}.json: {fault}"));
    name.clone_into(&mut model.name);
    if let Some(patch) = MODELS.get_file(format!("patches/{name}.json")) {
        let text = patch.contents_utf8().unwrap_or_default();
        model.patch = serde_json::from_str(text).unwrap_or_else(|fault| panic!("models/patches/{name}.json: {fault}"));
    }
    model.shapes.values_mut().flat_map(|shape| &mut shape.members).for_each(|(name, member)| name_header(name, member));
    model
}

/// A request is asked for dozens of headers, so their names are read once.
fn name_header(name: &str, member: &mut ShapeRef) {
    if member.location == Some(Location::Header) {
        let header = member.location_name.as_deref().unwrap_or(name);
        member.header = HeaderName::from_bytes(header.as_bytes()).ok().map(Box::new);
    }
}

fn in_order<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, ShapeRef)>, D::Error> {
    struct Pairs;
    impl<'de> serde::de::Visitor<'de> for Pairs {
        type Value = Vec<(String, ShapeRef)>;
        fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
            f.write_str("members by name")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut pairs = Vec::new();
            while let Some(pair) = map.next_entry()? {
                pairs.push(pair);
            }
            // Models live as long as the process.
            pairs.shrink_to_fit();
            Ok(pairs)
        }
    }
    deserializer.deserialize_map(Pairs)
}
