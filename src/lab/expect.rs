//! Does what was seen fit what was expected?

use serde_json::Value;

use super::file::{Because, Expect};
use super::template::{Context, fill, plain};

/// What a check expected and didn't get, for a reader.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Miss {
    pub expression: String,
    pub expected: String,
    pub actual: String,
}

impl Expect {
    /// The first thing that doesn't fit; `None` when all does.
    pub(crate) fn miss(&self, context: &Context) -> Option<Miss> {
        match self {
            Expect::Holds(expression) => (!expression.holds(context)).then(|| Miss {
                expression: expression.template.text.value.clone(),
                expected: "true".to_owned(),
                actual: "not".to_owned(),
            }),
            Expect::Yields(pairs) => pairs.iter().find_map(|(expression, node)| {
                let (expected, actual) = (fill(&node.json(), context), expression.value(context));
                (!contains(&expected, &actual)).then(|| Miss {
                    expression: expression.template.text.value.clone(),
                    expected: plain(&expected),
                    actual: plain(&actual),
                })
            }),
        }
    }
}

/// The first diagnosis that recognises what happened: its id and its words.
pub(crate) fn diagnose(rules: &[Because], context: &Context) -> Option<(String, String)> {
    let rule = rules.iter().find(|rule| rule.when.miss(context).is_none())?;
    Some((rule.id.value.clone(), rule.say.render(context)))
}

/// A table asks only for what it names; lists must agree in length; numbers agree by value.
fn contains(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Object(wanted), Value::Object(found)) => {
            wanted.iter().all(|(key, value)| found.get(key).is_some_and(|other| contains(value, other)))
        }
        (Value::Array(wanted), Value::Array(found)) => {
            wanted.len() == found.len() && wanted.iter().zip(found).all(|(wanted, found)| contains(wanted, found))
        }
        (Value::Number(wanted), Value::Number(found)) => wanted.as_f64() == found.as_f64(),
        (wanted, found) => wanted == found,
    }
}
