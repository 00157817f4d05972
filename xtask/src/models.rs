//! Compact API models out of the botocore package: the same JSON without documentation and without what nothing here reads.
//!
//! botocore is fetched from the ordinary Python registry at a pinned version, so that the same command gives the same files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};

/// The version that the checked-in models come from.
const BOTOCORE: &str = "1.44.5";

/// What is kept of each part of a model.
const METADATA: &[&str] = &[
    "apiVersion",
    "awsQueryCompatible",
    "endpointPrefix",
    "protocol",
    "serviceId",
    "signingName",
    "targetPrefix",
    "jsonVersion",
    "uid",
];
const OPERATION: &[&str] = &["name", "http", "input", "output", "errors", "httpChecksum", "paginator"];
const SHAPE: &[&str] = &[
    "type",
    "members",
    "required",
    "payload",
    "member",
    "key",
    "value",
    "flattened",
    "locationName",
    "xmlNamespace",
    "enum",
    "min",
    "max",
    "pattern",
    "timestampFormat",
    "sensitive",
    "exception",
    "fault",
    "union",
    "eventstream",
    "error",
];
const REFERENCE: &[&str] =
    &["shape", "location", "locationName", "flattened", "streaming", "xmlAttribute", "xmlNamespace", "idempotencyToken"];

/// Writes the compact model of each service.
pub(crate) fn add(services: &[&str]) -> Result<(), String> {
    let data = botocore()?;
    let target = crate::root().join("crates/labrun-wire/models");
    for service in services {
        let model = compact(&data, service)?;
        let text = lines(&model);
        fs::write(target.join(format!("{service}.json")), text).map_err(|fault| format!("{service}: {fault}"))?;
        println!("{service}: {} operations", model["operations"].as_object().map_or(0, Map::len));
    }
    Ok(())
}

/// The unpacked data folder of the pinned botocore, below `target/`.
fn botocore() -> Result<PathBuf, String> {
    let folder = crate::root().join("target").join(format!("botocore-{BOTOCORE}"));
    let data = folder.join("botocore/data");
    if !data.exists() {
        println!("fetching botocore {BOTOCORE} …");
        fs::create_dir_all(&folder).map_err(|fault| fault.to_string())?;
        let package = format!("botocore=={BOTOCORE}");
        python(&folder, &["-m", "pip", "download", "--quiet", "--no-deps", "--dest", ".", &package])?;
        let wheel = format!("botocore-{BOTOCORE}-py3-none-any.whl");
        python(&folder, &["-m", "zipfile", "-e", &wheel, "."])?;
    }
    Ok(data)
}

fn python(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let status = Command::new("python3").args(arguments).current_dir(folder).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("python3 {} ended with {status}", arguments.join(" "))),
        Err(fault) => Err(format!("python3 could not be started: {fault}")),
    }
}

fn compact(data: &Path, service: &str) -> Result<Value, String> {
    let versions = fs::read_dir(data.join(service)).map_err(|_| format!("botocore has no service `{service}`"))?;
    let newest = versions.filter_map(|entry| entry.ok().map(|entry| entry.path())).filter(|path| path.is_dir()).max();
    let folder = newest.ok_or_else(|| format!("botocore has no version of `{service}`"))?;
    let model = read(&folder.join("service-2.json.gz"))?;
    let paginators = read(&folder.join("paginators-1.json")).unwrap_or_else(|_| json!({"pagination": {}}));
    let mut metadata = keep(&model["metadata"], METADATA);
    if let Some(namespace) = model["metadata"].get("xmlNamespace") {
        metadata["xmlNamespace"] = namespace.get("uri").unwrap_or(namespace).clone();
    }
    let operations = each(&model["operations"], |name, operation| {
        let mut kept = keep(operation, OPERATION);
        if let Some(paginator) = paginators["pagination"].get(name) {
            kept["paginator"] = keep(paginator, &["input_token", "output_token", "limit_key", "result_key"]);
        }
        for place in ["input", "output"] {
            if let Some(reference) = operation.get(place) {
                kept[place] = keep(reference, REFERENCE);
            }
        }
        if let Some(errors) = operation["errors"].as_array() {
            kept["errors"] = errors.iter().map(|error| keep(error, &["shape"])).collect();
        }
        kept
    });
    let shapes = each(&model["shapes"], |_, shape| compact_shape(shape));
    Ok(json!({"metadata": metadata, "operations": operations, "shapes": shapes}))
}

fn compact_shape(shape: &Value) -> Value {
    let mut kept = keep(shape, SHAPE);
    if shape.get("members").is_some() {
        kept["members"] = each(&shape["members"], |_, member| keep(member, REFERENCE));
    }
    for place in ["member", "key", "value"] {
        if let Some(reference) = shape.get(place) {
            kept[place] = keep(reference, REFERENCE);
        }
    }
    kept
}

fn keep(from: &Value, names: &[&str]) -> Value {
    let kept: Map<String, Value> = names.iter().filter_map(|name| Some(((*name).to_owned(), from.get(*name)?.clone()))).collect();
    Value::Object(kept)
}

fn each(from: &Value, convert: impl Fn(&str, &Value) -> Value) -> Value {
    let entries = from.as_object().into_iter().flatten();
    Value::Object(entries.map(|(name, value)| (name.clone(), convert(name, value))).collect())
}

fn read(path: &Path) -> Result<Value, String> {
    let bytes = fs::read(path).map_err(|fault| format!("{}: {fault}", path.display()))?;
    let parsed = if path.extension().is_some_and(|ending| ending == "gz") {
        serde_json::from_reader(flate2::read::GzDecoder::new(&bytes[..]))
    } else {
        serde_json::from_slice(&bytes)
    };
    parsed.map_err(|fault| format!("{}: {fault}", path.display()))
}

/// One operation and one shape a line, so that a new model's difference can be read.
fn lines(model: &Value) -> String {
    let mut text = format!("{{\"metadata\":{},\n", model["metadata"]);
    for part in ["operations", "shapes"] {
        let entries = model[part].as_object().into_iter().flatten();
        let rows: Vec<String> = entries.map(|(name, value)| format!("{}:{value}", json!(name))).collect();
        text += &format!("\"{part}\":{{\n{}\n}}", rows.join(",\n"));
        text += if part == "operations" { ",\n" } else { "}\n" };
    }
    text
}
