//! Constraints of the model, checked before any handler runs, reported all at once in the words that AWS's services use.

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
    structure(model, shape, input, "", &mut faults);
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

fn structure(model: &Model, shape: &Shape, map: &Map, path: &str, faults: &mut Vec<String>) {
    for name in &shape.required {
        if matches!(map.get(name), None | Some(Value::Null)) && shape.payload.as_deref() != Some(name) {
            faults.push(fault("null", &join(path, &camel(name)), "Member must not be null"));
        }
    }
    for (name, member) in &shape.members {
        if let Some(value) = map.get(name) {
            check(model, member, value, &join(path, &camel(name)), faults);
        }
    }
}

fn check(model: &Model, reference: &ShapeRef, value: &Value, path: &str, faults: &mut Vec<String>) {
    let shape = model.shape(reference);
    if model.patch.unchecked.contains(&reference.shape) {
        return;
    }
    match value {
        Value::Map(map) if shape.kind == Kind::Structure => structure(model, shape, map, path, faults),
        Value::Map(map) => {
            length(shape, map.len(), &shown(shape, value), path, faults);
            for (key, entry) in map {
                if let Some(reference) = &shape.key {
                    check(model, reference, &Value::String(key.clone()), &format!("{path}.key"), faults);
                }
                if let Some(reference) = &shape.value {
                    check(model, reference, entry, &format!("{path}.{key}.member"), faults);
                }
            }
        }
        Value::List(items) => {
            length(shape, items.len(), &shown(shape, value), path, faults);
            for (at, item) in items.iter().enumerate() {
                if let Some(reference) = &shape.member {
                    check(model, reference, item, &format!("{path}.{}.member", at + 1), faults);
                }
            }
        }
        Value::String(text) => string(model, (shape, &reference.shape), text, path, faults),
        Value::Blob(bytes) => length(shape, bytes.len(), "java.nio.HeapByteBuffer", path, faults),
        Value::Integer(number) => range(shape, *number as f64, &shown(shape, value), path, faults),
        Value::Float(number) => range(shape, *number, &shown(shape, value), path, faults),
        Value::Null | Value::Bool(_) | Value::Timestamp(_) => {}
    }
}

fn string(model: &Model, (shape, name): (&Shape, &String), text: &str, path: &str, faults: &mut Vec<String>) {
    let shown = if shape.sensitive { "***".to_owned() } else { format!("'{text}'") };
    length(shape, text.encode_utf16().count(), &shown, path, faults);
    if let Some(pattern) = &shape.pattern
        && !model.fits(pattern, text)
    {
        faults.push(fault(&shown, path, &format!("Member must satisfy regular expression pattern: {pattern}")));
    }
    if !shape.names.is_empty() && !shape.names.iter().any(|known| known == text) && !model.patch.open_enums.contains(name) {
        faults.push(fault(&shown, path, &format!("Member must satisfy enum value set: [{}]", shape.names.join(", "))));
    }
}

fn length(shape: &Shape, length: usize, shown: &str, path: &str, faults: &mut Vec<String>) {
    let length = length as f64;
    if let Some(max) = shape.max.filter(|max| length > *max) {
        faults.push(fault(shown, path, &format!("Member must have length less than or equal to {max}")));
    }
    if let Some(min) = shape.min.filter(|min| length < *min) {
        faults.push(fault(shown, path, &format!("Member must have length greater than or equal to {min}")));
    }
}

fn range(shape: &Shape, number: f64, shown: &str, path: &str, faults: &mut Vec<String>) {
    if let Some(max) = shape.max.filter(|max| number > *max) {
        faults.push(fault(shown, path, &format!("Member must have value less than or equal to {max}")));
    }
    if let Some(min) = shape.min.filter(|min| number < *min) {
        faults.push(fault(shown, path, &format!("Member must have value greater than or equal to {min}")));
    }
}

fn fault(shown: &str, path: &str, constraint: &str) -> String {
    let value = if shown == "null" { "Value null".to_owned() } else { format!("Value {shown}") };
    format!("{value} at '{path}' failed to satisfy constraint: {constraint}")
}

fn shown(shape: &Shape, value: &Value) -> String {
    if shape.sensitive { "***".to_owned() } else { format!("'{}'", value.to_json()) }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
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
        for model in crate::model::names().filter_map(Model::named) {
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
