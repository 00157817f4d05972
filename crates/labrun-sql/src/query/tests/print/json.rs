//! The JSON functions.

use super::expression::{expr, type_name};
use super::name;
use crate::query::tree::{Expr, JsonFallback, JsonMake, JsonPath, JsonPathFunction, JsonWrapper, TypeName};

pub(super) fn path(path: &JsonPath) -> String {
    let function = match path.function {
        JsonPathFunction::Exists => "JSON_EXISTS",
        JsonPathFunction::Value => "JSON_VALUE",
        JsonPathFunction::Query => "JSON_QUERY",
    };
    let mut out = format!("{function}({}, '{}'", expr(&path.input), path.path.replace('\'', "''"));
    if !path.passing.is_empty() {
        let passing = path.passing.iter().map(|(value, alias)| format!("{} AS {}", expr(value), name(alias)));
        out.push_str(&format!(" PASSING {}", passing.collect::<Vec<_>>().join(", ")));
    }
    out.push_str(&returning(path.returning.as_ref()));
    out.push_str(match path.wrapper {
        JsonWrapper::Without => "",
        JsonWrapper::Conditional => " WITH CONDITIONAL WRAPPER",
        JsonWrapper::Unconditional => " WITH WRAPPER",
    });
    out.push_str(if path.omit_quotes { " OMIT QUOTES" } else { "" });
    for (fallback, event) in [(&path.on_empty, "EMPTY"), (&path.on_error, "ERROR")] {
        if let Some(fallback) = fallback {
            out.push_str(&format!(" {} ON {event}", self::fallback(fallback)));
        }
    }
    out + ")"
}

fn returning(returning: Option<&TypeName>) -> String {
    returning.map_or_else(String::new, |returning| format!(" RETURNING {}", type_name(returning)))
}

fn fallback(fallback: &JsonFallback) -> String {
    match fallback {
        JsonFallback::Null => "NULL".to_owned(),
        JsonFallback::Error => "ERROR".to_owned(),
        JsonFallback::Default(value) => format!("DEFAULT {}", expr(value)),
        JsonFallback::EmptyArray => "EMPTY ARRAY".to_owned(),
        JsonFallback::EmptyObject => "EMPTY OBJECT".to_owned(),
        JsonFallback::True => "TRUE".to_owned(),
        JsonFallback::False => "FALSE".to_owned(),
        JsonFallback::Unknown => "UNKNOWN".to_owned(),
    }
}

pub(super) fn make(make: &JsonMake) -> String {
    let member = |(key, value, format): &(Option<Expr>, Expr, bool)| {
        let key = key.as_ref().map_or_else(String::new, |key| format!("KEY {} VALUE ", expr(key)));
        format!("{key}{}{}", expr(value), if *format { " FORMAT JSON" } else { "" })
    };
    let mut out = make.members.iter().map(member).collect::<Vec<_>>().join(", ");
    if !make.members.is_empty() && make.null_on_null != make.object {
        out.push_str(if make.null_on_null { " NULL ON NULL" } else { " ABSENT ON NULL" });
    }
    out.push_str(if make.unique_keys { " WITH UNIQUE KEYS" } else { "" });
    out.push_str(&returning(make.returning.as_ref()));
    format!("{}({})", if make.object { "JSON_OBJECT" } else { "JSON_ARRAY" }, out.trim_start())
}
