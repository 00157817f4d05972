//! Text with `{{expression}}` in it, and expressions themselves: JMESPath over what a session knows.
//!
//! One context serves all: variables and bound answers are its members. In a text, `{{x}}` becomes the value's words; in an
//! expression it becomes a literal, which is how a filter reaches a value outside of its list.
//! Two functions are added to JMESPath's: `unique(list)` and `minus(list, list)`.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use jmespath::functions::{ArgumentType, CustomFunction, Signature};
use jmespath::{Rcvar, Runtime, Variable};
use serde_json::{Map, Value};

use crate::document::node::Text;

/// What expressions are evaluated over.
pub(crate) type Context = Map<String, Value>;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Template {
    pub text: Text,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Words(String),
    /// An expression and its place in the text.
    Value(String, Range<usize>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expression {
    pub template: Template,
}

/// The part of a text that is wrong, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub part: Range<usize>,
    pub message: String,
}

impl Template {
    pub(crate) fn parse(text: Text) -> (Template, Option<Flaw>) {
        let mut pieces = Vec::new();
        let mut rest = 0;
        let mut flaw = None;
        while let Some(open) = text.value[rest..].find("{{").map(|at| at + rest) {
            let Some(close) = text.value[open..].find("}}").map(|at| at + open) else {
                flaw = Some(Flaw { part: open..open + 2, message: "`{{` is never closed".to_owned() });
                break;
            };
            pieces.push(Piece::Words(text.value[rest..open].to_owned()));
            pieces.push(Piece::Value(text.value[open + 2..close].to_owned(), open + 2..close));
            rest = close + 2;
        }
        pieces.push(Piece::Words(text.value[rest..].to_owned()));
        (Template { text, pieces }, flaw)
    }

    /// Every `{{…}}` of the text with its place.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Value(source, part) => Some((source.as_str(), part.clone())),
            Piece::Words(_) => None,
        })
    }

    pub(crate) fn render(&self, context: &Context) -> String {
        let words = |piece: &Piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Value(source, _) => plain(&evaluate(source, context)),
        };
        self.pieces.iter().map(words).collect()
    }

    /// As `render`, but a text that is one value keeps that value's type.
    fn render_value(&self, context: &Context) -> Value {
        let mut filled = self.pieces.iter().filter(|piece| !matches!(piece, Piece::Words(words) if words.is_empty()));
        match (filled.next(), filled.next()) {
            (Some(Piece::Value(source, _)), None) => evaluate(source, context),
            _ => Value::String(self.render(context)),
        }
    }
}

impl Expression {
    /// The expression with its values put in as literals, ready to compile.
    fn source(&self, context: &Context) -> String {
        let literal = |piece: &Piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Value(source, _) => format!("`{}`", evaluate(source, context).to_string().replace('`', "\\`")),
        };
        self.template.pieces.iter().map(literal).collect()
    }

    /// The expression with each `{{…}}` blanked by a literal of the same length, so that offsets stay true.
    pub(crate) fn blanked(&self) -> String {
        let blank = |piece: &Piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Value(source, _) => format!("`0`{}", " ".repeat(source.len() + 1)),
        };
        self.template.pieces.iter().map(blank).collect()
    }

    /// What the expression yields; what cannot be evaluated (a function of nothing, say) is null.
    pub(crate) fn value(&self, context: &Context) -> Value {
        evaluate(&self.source(context), context)
    }

    pub(crate) fn holds(&self, context: &Context) -> bool {
        truthy(&self.value(context))
    }
}

/// Puts values into every string of `value`, keys too.
pub(crate) fn fill(value: &Value, context: &Context) -> Value {
    match value {
        Value::String(string) => template_of(string).render_value(context),
        Value::Array(items) => items.iter().map(|item| fill(item, context)).collect(),
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| (template_of(key).render(context), fill(value, context));
            Value::Object(members.iter().map(member).collect())
        }
        other => other.clone(),
    }
}

fn template_of(string: &str) -> Template {
    Template::parse(Text { value: string.to_owned(), span: 0..0, inner: None }).0
}

/// JMESPath's truth: empty things are false.
pub(crate) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::String(string) => !string.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Number(_) => true,
    }
}

/// A value as words for a reader.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(string) => string.clone(),
        Value::Null => "nothing".to_owned(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < 1e15 => format!("{float:.0}"),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// Compiles, for lint: the error's offset and words.
pub(crate) fn compile(source: &str) -> Result<jmespath::ast::Ast, (usize, String)> {
    match RUNTIME.compile(source) {
        Ok(expression) => Ok(expression.as_ast().clone()),
        Err(error) => Err((error.offset, error.reason.to_string())),
    }
}

/// Is there a function of this name?
pub(crate) fn has_function(name: &str) -> bool {
    RUNTIME.get_function(name).is_some()
}

fn evaluate(source: &str, context: &Context) -> Value {
    let Ok(expression) = RUNTIME.compile(source) else { return Value::Null };
    let Ok(found) = expression.search(context) else { return Value::Null };
    serde_json::to_value(&*found).unwrap_or(Value::Null)
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut runtime = Runtime::new();
    runtime.register_builtin_functions();
    let list = || ArgumentType::Array;
    runtime.register_function(
        "unique",
        Box::new(CustomFunction::new(
            Signature::new(vec![list()], None),
            Box::new(|arguments, _| Ok(Rcvar::new(Variable::Array(unique(&arguments[0]))))),
        )),
    );
    runtime.register_function(
        "minus",
        Box::new(CustomFunction::new(
            Signature::new(vec![list(), list()], None),
            Box::new(|arguments, _| Ok(Rcvar::new(Variable::Array(minus(&arguments[0], &arguments[1]))))),
        )),
    );
    runtime
});

/// Each element once, in order of first appearance.
fn unique(list: &Variable) -> Vec<Rcvar> {
    let mut seen = HashSet::new();
    let items = list.as_array().cloned().unwrap_or_default();
    items.into_iter().filter(|item| seen.insert(item.to_string())).collect()
}

/// The elements of `list` that `other` lacks; an element that is there more often than in `other` stays that many times.
fn minus(list: &Variable, other: &Variable) -> Vec<Rcvar> {
    let mut taken = std::collections::HashMap::<String, usize>::new();
    for item in other.as_array().into_iter().flatten() {
        *taken.entry(item.to_string()).or_default() += 1;
    }
    let mut left = |item: &Rcvar| match taken.get_mut(&item.to_string()) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    list.as_array().cloned().unwrap_or_default().into_iter().filter(|item| left(item)).collect()
}
