//! Constraints of the model, checked before any handler runs, reported all at once in the words that AWS's services use.

use std::fmt::{self, Display, Formatter};

use crate::error::AwsError;
use crate::model::{Kind, Model, Operation, Protocol, Shape, ShapeRef};
use crate::protocol::rest_xml;
use crate::value::{Map, Value};

/// Checks an input against its shape.
///
/// # Errors
/// One error that names every broken constraint, under the code that the service uses for it.
pub fn validate(model: &Model, operation: &Operation, input: &Map) -> Result<(), AwsError> {
    let Some(reference) = &operation.input else {
        return Ok(());
    };
    let mut faults = Vec::new();
    let shape = model.shape(reference);
    structure(model, shape, input, Place::Input, &mut faults);
    if faults.is_empty() {
        return Ok(());
    }
    if model.metadata.protocol == Protocol::RestXml
        && let Some((payload, _)) = shape.payload_member()
        && faults.iter().any(|fault| fault.contains(&format!(" at '{}.", camel(payload))))
    {
        // What stands wrong in a document is told of the document as a whole.
        return Err(rest_xml::malformed());
    }
    let plural = if faults.len() == 1 { "" } else { "s" };
    let code = model.patch.validation_code.as_deref().unwrap_or(match model.metadata.protocol {
        Protocol::Json => "ValidationException",
        Protocol::Query | Protocol::RestXml => "ValidationError",
    });
    Err(AwsError::new(code, format!("{} validation error{plural} detected: {}", faults.len(), faults.join("; "))).status(400))
}

/// A place in an input. It is spelt out only where something is wrong, which is nearly never.
#[derive(Clone, Copy)]
enum Place<'a> {
    Input,
    Member(&'a Place<'a>, &'a str),
    /// The keys of a map.
    Keys(&'a Place<'a>),
    /// What stands in a map or a list, under its key or number.
    Entry(&'a Place<'a>, &'a dyn Display),
}

impl Display for Place<'_> {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Place::Input => Ok(()),
            Place::Member(Place::Input, name) => f.write_str(&camel(name)),
            Place::Member(above, name) => write!(f, "{above}.{}", camel(name)),
            Place::Keys(above) => write!(f, "{above}.key"),
            Place::Entry(above, key) => write!(f, "{above}.{key}.member"),
        }
    }
}

fn structure(model: &Model, shape: &Shape, map: &Map, place: Place, faults: &mut Vec<String>) {
    for name in &shape.required {
        if matches!(map.get(name), None | Some(Value::Null)) && shape.payload.as_deref() != Some(name) {
            faults.push(fault("null", Place::Member(&place, name), "Member must not be null"));
        }
    }
    for (name, member) in &shape.members {
        if let Some(value) = map.get(name) {
            check(model, member, value, Place::Member(&place, name), faults);
        }
    }
}

fn check(model: &Model, reference: &ShapeRef, value: &Value, place: Place, faults: &mut Vec<String>) {
    let shape = model.shape(reference);
    if model.patch.unchecked.contains(&reference.shape) {
        return;
    }
    let plain = || shown(shape, value);
    match value {
        Value::Map(map) if shape.kind == Kind::Structure => structure(model, shape, map, place, faults),
        Value::Map(map) => {
            length(shape, map.len(), plain, place, faults);
            for (key, entry) in map {
                if let Some(reference) = &shape.key {
                    check(model, reference, &Value::String(key.clone()), Place::Keys(&place), faults);
                }
                if let Some(reference) = &shape.value {
                    check(model, reference, entry, Place::Entry(&place, key), faults);
                }
            }
        }
        Value::List(items) => {
            length(shape, items.len(), plain, place, faults);
            for (at, item) in (1_usize..).zip(items) {
                if let Some(reference) = &shape.member {
                    check(model, reference, item, Place::Entry(&place, &at), faults);
                }
            }
        }
        Value::String(text) => string(model, (shape, &reference.shape), text, place, faults),
        Value::Blob(bytes) => length(shape, bytes.len(), || "java.nio.HeapByteBuffer".to_owned(), place, faults),
        Value::Integer(number) => range(shape, *number as f64, plain, place, faults),
        Value::Float(number) => range(shape, *number, plain, place, faults),
        Value::Null | Value::Bool(_) | Value::Timestamp(_) => {}
    }
}

fn string(model: &Model, (shape, name): (&Shape, &String), text: &str, place: Place, faults: &mut Vec<String>) {
    let shown = || if shape.sensitive { "***".to_owned() } else { format!("'{text}'") };
    length(shape, text.encode_utf16().count(), shown, place, faults);
    if let Some(pattern) = &shape.pattern
        && !model.fits(shape, text)
    {
        faults.push(fault(&shown(), place, &format!("Member must satisfy regular expression pattern: {pattern}")));
    }
    if !shape.names.is_empty() && !shape.names.iter().any(|known| known == text) && !model.patch.open_enums.contains(name) {
        faults.push(fault(&shown(), place, &format!("Member must satisfy enum value set: [{}]", shape.names.join(", "))));
    }
}

fn length(shape: &Shape, length: usize, shown: impl Fn() -> String, place: Place, faults: &mut Vec<String>) {
    let length = length as f64;
    if let Some(max) = shape.max.filter(|max| length > *max) {
        faults.push(fault(&shown(), place, &format!("Member must have length less than or equal to {max}")));
    }
    if let Some(min) = shape.min.filter(|min| length < *min) {
        faults.push(fault(&shown(), place, &format!("Member must have length greater than or equal to {min}")));
    }
}

fn range(shape: &Shape, number: f64, shown: impl Fn() -> String, place: Place, faults: &mut Vec<String>) {
    if let Some(max) = shape.max.filter(|max| number > *max) {
        faults.push(fault(&shown(), place, &format!("Member must have value less than or equal to {max}")));
    }
    if let Some(min) = shape.min.filter(|min| number < *min) {
        faults.push(fault(&shown(), place, &format!("Member must have value greater than or equal to {min}")));
    }
}

fn fault(shown: &str, place: Place, constraint: &str) -> String {
    let value = if shown == "null" { "Value null".to_owned() } else { format!("Value {shown}") };
    format!("{value} at '{place}' failed to satisfy constraint: {constraint}")
}

fn shown(shape: &Shape, value: &Value) -> String {
    if shape.sensitive { "***".to_owned() } else { format!("'{}'", value.to_json_text()) }
}

/// AWS prints member names with a small first letter.
fn camel(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_of(service: &str, operation: &str, input: serde_json::Value) -> AwsError {
        let model = Model::named(service).unwrap();
        let Value::Map(input) = Value::from(input) else { panic!("an input is a map") };
        validate(model, model.operation(operation).unwrap(), &input).unwrap_err()
    }

    #[test]
    fn every_broken_constraint_is_named() {
        let error = fault_of("glue", "GetJob", serde_json::json!({"JobName": ""}));
        assert_eq!(error.code, "ValidationException");
        assert_eq!(
            error.message,
            "1 validation error detected: Value '' at 'jobName' failed to satisfy constraint: Member must have length greater than or equal to 1"
        );
        let error = fault_of("glue", "CreateJob", serde_json::json!({"Name": "j"}));
        assert!(error.message.starts_with("2 validation errors detected: Value null at 'role' failed"), "{}", error.message);
    }

    #[test]
    fn every_pattern_of_every_model_can_be_checked() {
        let mut odd = Vec::new();
        for model in Model::all() {
            for (name, shape) in model.shapes() {
                let Some(pattern) = &shape.pattern else {
                    continue;
                };
                if regex::RegexBuilder::new(&model.expressible(pattern)).size_limit(1 << 24).build().is_err() {
                    odd.push(format!("{}: {name}: {pattern}", model.name));
                }
            }
        }
        assert!(odd.is_empty(), "add to models/patches:\n{}", odd.join("\n"));
    }
}
