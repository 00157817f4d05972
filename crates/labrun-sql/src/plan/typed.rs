//! An expression of the engine with Trino's type.

use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::Expr;

use crate::datum::{self, Datum};
use crate::fault::Outcome;
use crate::sqltype::SqlType;

/// What an expression of a query becomes.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub(crate) expr: Expr,
    pub(crate) kind: SqlType,
}

impl Typed {
    pub(crate) fn new(expr: Expr, kind: SqlType) -> Self {
        Typed { expr, kind }
    }

    /// A constant.
    pub(crate) fn literal(value: Datum, kind: SqlType) -> Outcome<Self> {
        let column = datum::column(&[value], &kind)?;
        Ok(Typed { expr: Expr::Literal(ScalarValue::try_from_array(&column, 0)?, None), kind })
    }

    pub(crate) fn null() -> Self {
        Typed { expr: Expr::Literal(ScalarValue::Null, None), kind: SqlType::Unknown }
    }

    pub(crate) fn boolean(expr: Expr) -> Self {
        Typed { expr, kind: SqlType::Boolean }
    }

    /// The constant that it is, if it is written as one.
    pub(crate) fn constant(&self) -> Option<Datum> {
        let Expr::Literal(value, _) = &self.expr else { return None };
        let column = value.to_array().ok()?;
        Some(if self.kind == SqlType::Unknown { Datum::Null } else { datum::read(&column, &self.kind, 0) })
    }
}

/// A column by its name in the plan, which is never split at points.
pub(crate) fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}
