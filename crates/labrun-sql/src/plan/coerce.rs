//! Making types meet: what is cast without being asked for.

use std::sync::Arc;

use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{Expr, ScalarUDF, cast};

use super::typed::Typed;
use crate::fault::{Fault, Outcome};
use crate::functions::{Udf, cast as casting};
use crate::sqltype::SqlType;

/// The type that all become without a cast.
pub(crate) fn common(kinds: &[SqlType]) -> Option<SqlType> {
    kinds.iter().try_fold(SqlType::Unknown, |met, kind| met.common(kind))
}

/// As a value of a type that it becomes without a cast.
pub(crate) fn coerce(value: Typed, to: &SqlType) -> Outcome<Typed> {
    if value.kind == *to || (value.kind.is_varchar() && *to == SqlType::Varchar(None)) {
        return Ok(Typed::new(value.expr, to.clone()));
    }
    convert(value, to, false)
}

/// A cast that the query asks for, or that a coercion needs; with `attempt`, null where it fails.
pub(crate) fn convert(value: Typed, to: &SqlType, attempt: bool) -> Outcome<Typed> {
    if value.kind == *to {
        return Ok(value);
    }
    if value.kind == SqlType::Unknown {
        return Typed::literal(crate::datum::Datum::Null, to.clone());
    }
    if engine_widens(&value.kind, to) {
        return Ok(Typed::new(cast(value.expr, to.arrow()), to.clone()));
    }
    let Some(body) = casting::body(&value.kind, to) else {
        return Err(Fault::new("TYPE_MISMATCH", format!("Cannot cast {} to {to}", value.kind)));
    };
    let name = if attempt { "try_cast" } else { "cast" };
    let udf = Udf::new(name, body, vec![value.kind], to.clone(), false).attempting(attempt);
    Ok(Typed::new(call(udf, vec![value.expr]), to.clone()))
}

/// A function of ours on expressions.
pub(crate) fn call(udf: Udf, arguments: Vec<Expr>) -> Expr {
    Expr::ScalarFunction(ScalarFunction::new_udf(Arc::new(ScalarUDF::new_from_impl(udf)), arguments))
}

/// Casts that never fail nor round: the engine's own, which it can see through (to prune by statistics).
fn engine_widens(from: &SqlType, to: &SqlType) -> bool {
    match (from, to) {
        (SqlType::TinyInt, SqlType::SmallInt | SqlType::Integer | SqlType::BigInt)
        | (SqlType::SmallInt, SqlType::Integer | SqlType::BigInt)
        | (SqlType::Integer, SqlType::BigInt)
        | (SqlType::Real, SqlType::Double)
        | (SqlType::TinyInt | SqlType::SmallInt | SqlType::Integer, SqlType::Double) => true,
        (SqlType::Decimal(p, s), SqlType::Decimal(q, t)) => t >= s && (*q as i8 - t) >= (*p as i8 - s),
        (SqlType::TinyInt | SqlType::SmallInt | SqlType::Integer | SqlType::BigInt, SqlType::Decimal(p, s)) => *p as i8 - s >= 19,
        (SqlType::Date, SqlType::Timestamp(precision)) => *precision <= 3,
        (SqlType::Timestamp(from), SqlType::Timestamp(to)) => to >= from && *to <= 6,
        _ => false,
    }
}

/// What the engine compares, groups and sorts by: of a moment with zone its instant.
pub(crate) fn comparable(value: Typed) -> Expr {
    match value.kind {
        SqlType::TimestampTz(_) => datafusion::functions::core::expr_fn::get_field(value.expr, "instant"),
        _ => value.expr,
    }
}

/// The engine tells such values equal, and orders them, as Trino does.
pub(crate) fn compares_natively(kind: &SqlType) -> bool {
    !matches!(
        kind,
        SqlType::Array(_)
            | SqlType::Map(..)
            | SqlType::Row(_)
            | SqlType::TimeTz(_)
            | SqlType::Unknown
            | SqlType::Real
            | SqlType::Double
    )
}
