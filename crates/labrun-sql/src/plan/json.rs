//! The JSON functions of the SQL standard.

use super::coerce::{call, coerce, convert};
use super::expr::Analysis;
use super::literal::text;
use super::typed::Typed;
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::json_standard as body;
use crate::functions::{Body, Udf};
use crate::query::tree::{Expr, ExprKind, JsonFallback, JsonMake, JsonPath, JsonPathFunction, JsonWrapper, TypeName};
use crate::sqltype::{SqlType, VARCHAR};

impl Analysis<'_> {
    pub(crate) fn json_path(&self, path: &JsonPath) -> Outcome<Typed> {
        body::check_path(&path.path)?;
        let input = self.json_input(&path.input)?;
        let mut arguments =
            vec![input, text(&path.path)?, text(word(path.on_empty.as_ref()))?, text(word(path.on_error.as_ref()))?];
        let (name, function, returns) = match path.function {
            JsonPathFunction::Exists => {
                arguments.extend([Typed::null(), Typed::null()]);
                ("json_exists", body::EXISTS, SqlType::Boolean)
            }
            JsonPathFunction::Value => {
                let returns = path.returning.as_ref().map_or(Ok(VARCHAR), SqlType::of)?;
                arguments.push(self.fallback(path.on_empty.as_ref(), &returns)?);
                arguments.push(self.fallback(path.on_error.as_ref(), &returns)?);
                ("json_value", body::VALUE, returns)
            }
            JsonPathFunction::Query => {
                arguments.push(text(match path.wrapper {
                    JsonWrapper::Without => "without",
                    JsonWrapper::Conditional => "conditional",
                    JsonWrapper::Unconditional => "unconditional",
                })?);
                arguments.push(Typed::literal(Datum::Boolean(path.omit_quotes), SqlType::Boolean)?);
                ("json_query", body::QUERY, text_type(path.returning.as_ref())?)
            }
        };
        for (value, name) in &path.passing {
            arguments.extend([text(&name.text)?, self.passed(value)?]);
        }
        Ok(made(name, function, arguments, returns))
    }

    /// Text, or JSON, which is kept as its text.
    fn json_input(&self, input: &Expr) -> Outcome<Typed> {
        let value = self.expr(input)?;
        match &value.kind {
            SqlType::Json => Ok(Typed::new(value.expr, VARCHAR)),
            kind if kind.coerces_to(&VARCHAR) => coerce(value, &VARCHAR),
            kind => Err(Fault::at(input.place, "TYPE_MISMATCH", format!("Cannot read input of type {kind} as JSON"))),
        }
    }

    /// As the text of a JSON.
    fn passed(&self, value: &Expr) -> Outcome<Typed> {
        let value = convert(self.expr(value)?, &SqlType::Json, false)?;
        Ok(Typed::new(value.expr, VARCHAR))
    }

    fn fallback(&self, fallback: Option<&JsonFallback>, kind: &SqlType) -> Outcome<Typed> {
        match fallback {
            Some(JsonFallback::Default(value)) => coerce(self.expr(value)?, kind),
            _ => Typed::literal(Datum::Null, kind.clone()),
        }
    }

    pub(crate) fn json_make(&self, make: &JsonMake) -> Outcome<Typed> {
        let flag = |flag: bool| Typed::literal(Datum::Boolean(flag), SqlType::Boolean);
        let mut arguments = vec![flag(make.null_on_null)?, flag(make.unique_keys)?];
        for (key, value, format) in &make.members {
            if let Some(key) = key {
                arguments.push(coerce(self.expr(key)?, &VARCHAR)?);
            }
            // What makes JSON itself is no text here.
            let is_json = *format || makes_json(value);
            arguments.extend([flag(is_json)?, self.expr(value)?]);
        }
        let (name, function) = if make.object { ("json_object", body::OBJECT) } else { ("json_array", body::ARRAY) };
        Ok(made(name, function, arguments, text_type(make.returning.as_ref())?))
    }
}

fn makes_json(value: &Expr) -> bool {
    match &*value.kind {
        ExprKind::JsonMake(_) => true,
        ExprKind::JsonPath(path) => path.function == JsonPathFunction::Query,
        _ => false,
    }
}

fn text_type(returning: Option<&TypeName>) -> Outcome<SqlType> {
    match returning.map(SqlType::of).transpose()? {
        None => Ok(VARCHAR),
        Some(kind) if kind.is_varchar() => Ok(kind),
        Some(kind) => Err(Fault::not_emulated(format!("RETURNING {kind}"))),
    }
}

fn made(name: &str, function: Body, arguments: Vec<Typed>, returns: SqlType) -> Typed {
    let kinds = arguments.iter().map(|argument| argument.kind.clone()).collect();
    let udf = Udf::new(name, function, kinds, returns.clone(), false);
    Typed::new(call(udf, arguments.into_iter().map(|argument| argument.expr).collect()), returns)
}

/// What the bodies are told.
fn word(fallback: Option<&JsonFallback>) -> &'static str {
    match fallback {
        None => "",
        Some(JsonFallback::Null) => "null",
        Some(JsonFallback::Error) => "error",
        Some(JsonFallback::Default(_)) => "default",
        Some(JsonFallback::EmptyArray) => "array",
        Some(JsonFallback::EmptyObject) => "object",
        Some(JsonFallback::True) => "true",
        Some(JsonFallback::False) => "false",
        Some(JsonFallback::Unknown) => "unknown",
    }
}
