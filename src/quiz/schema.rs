//! The JSON Schema of a bank, for editors. A test holds it to what `read` accepts, both ways.

use serde_json::{Value, json};

use super::blueprint::{EXAM, GUIDE, SKILLS, TOPICS};

/// Draft 2020-12. Dates are TOML's own or strings.
pub(crate) fn bank() -> Value {
    let skills: Vec<&str> = SKILLS.iter().map(|skill| skill.id).collect();
    let topics: Vec<&str> = TOPICS.iter().map(|topic| topic.id).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A labrun question bank, quizzes/<bank>.toml",
        "type": "object",
        "required": ["schema", "bank", "item"],
        "additionalProperties": false,
        "properties": {
            "schema": { "const": super::read::SCHEMA },
            "bank": table(&["id", "title", "exam", "guide"], json!({
                "id": text("The file's name without its ending."),
                "title": text("What learners see."),
                "exam": { "const": EXAM },
                "guide": { "const": GUIDE, "description": "The version of the exam guide that skills are numbered by." },
                "retired": list(&json!({ "type": "string" }), "Ids that once were; they are never given again."),
            })),
            "fact": list(&table(&["id", "text", "page"], json!({
                "id": text("Items name it."),
                "text": text("One sentence of ours."),
                "page": page(),
            })), "What items test."),
            "case": list(&table(&["id", "title", "scenario"], json!({
                "id": text("Items name it."),
                "title": text("A few words."),
                "scenario": text("What its items share."),
            })), "Scenarios that several items share."),
            "item": { "type": "array", "items": item(&skills, &topics), "minItems": 1 },
        },
    })
}

fn item(skills: &[&str], topics: &[&str]) -> Value {
    let option =
        table(&["text", "why"], json!({ "text": text("What can be picked."), "why": why(), "correct": { "type": "boolean" } }));
    let step = table(&["text", "why"], json!({ "text": text("One step."), "why": why() }));
    let pair = table(
        &["left", "right", "why"],
        json!({ "left": text("What is given."), "right": text("What belongs to it."), "why": why() }),
    );
    let sized =
        |item: Value, least: usize, most: usize| json!({ "type": "array", "items": item, "minItems": least, "maxItems": most });
    let mut schema = table(
        &["id", "kind", "skill", "topics", "fact", "difficulty", "verified", "misconception", "stem"],
        json!({
            "id": text("Explicit, and never used again."),
            "kind": { "enum": ["single", "multiple", "order", "match"] },
            "skill": { "enum": skills },
            "topics": list(&json!({ "enum": topics }), "Rows of the coverage table."),
            "fact": text("The id of the fact that it tests."),
            "difficulty": { "enum": ["easy", "medium", "hard"] },
            "verified": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
            "misconception": text("The belief that it uncovers."),
            "lab": text("The lab check that shows it: <lab>/<task>.<check>."),
            "case": text("The id of the case that it belongs to."),
            "refs": list(&page(), "Further pages."),
            "stem": text("The question. That of `multiple` ends with (Choose two.) or (Choose three.)."),
            "option": sized(option, 4, 6),
            "step": sized(step, 3, 5),
            "pair": sized(pair, 3, 6),
        }),
    );
    let correct = json!({ "properties": { "correct": { "const": true } }, "required": ["correct"] });
    let picks = |least: usize, most: usize, options: (usize, usize)| {
        json!({
            "minItems": options.0, "maxItems": options.1, "contains": correct, "minContains": least, "maxContains": most,
        })
    };
    schema["allOf"] = json!([
        kind("single", "option", picks(1, 1, (4, 4)), &["step", "pair"]),
        kind("multiple", "option", picks(2, 3, (5, 6)), &["step", "pair"]),
        kind("order", "step", json!({}), &["option", "pair"]),
        kind("match", "pair", json!({}), &["option", "step"]),
    ]);
    schema
}

/// An item of this kind has `own`, and none of the `others`.
fn kind(kind: &str, own: &str, of: Value, others: &[&str]) -> Value {
    let mut properties = json!({ own: of });
    others.iter().for_each(|other| properties[*other] = json!(false));
    json!({
        "if": { "properties": { "kind": { "const": kind } } },
        "then": { "required": [own], "properties": properties },
    })
}

fn table(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false })
}

fn list(of: &Value, description: &str) -> Value {
    json!({ "type": "array", "items": of, "description": description })
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn why() -> Value {
    text("Why it is right, or why it fails here: 8 to 60 words.")
}

fn page() -> Value {
    json!({ "type": "string", "pattern": "^https://docs\\.aws\\.amazon\\.com/", "description": "A page of AWS's documentation." })
}
