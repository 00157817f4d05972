//! Expressions: each part by what it is.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::datatypes::Field as ArrowField;
use datafusion::common::Column;
use datafusion::functions::core::expr_fn::get_field;
use datafusion::logical_expr::Expr as Engine;

use super::Planner;
use super::coerce::convert;
use super::lambda::LambdaScope;
use super::query::Names;
use super::scope::{Field, Scope};
use super::typed::{Typed, column};
use crate::fault::{Fault, Outcome};
use crate::query::tree::{Expr, ExprKind, Name, Unary, Window};
use crate::sqltype::{SqlType, field_name};
use crate::syntax::Position;

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(crate) struct Analysis<'a> {
    pub(crate) planner: &'a Planner<'a>,
    pub(crate) scope: &'a Scope<'a>,
    pub(crate) names: &'a Names,
    /// Takes aggregates and window functions; where there is none, they can't stand.
    pub(crate) collector: Option<&'a Collector>,
    pub(crate) lambda: Option<&'a LambdaScope<'a>>,
    /// Of `WINDOW`.
    pub(crate) windows: &'a [(Name, Window)],
}

/// What the expressions of one `SELECT` need to be computed first.
#[derive(Default)]
pub(crate) struct Collector {
    /// Names in the plan, and what they stand for.
    pub(crate) aggregates: RefCell<Vec<(String, Engine)>>,
    pub(crate) windows: RefCell<Vec<(String, Engine)>>,
    /// Where a column was named first, for messages.
    pub(crate) mentioned: RefCell<BTreeMap<String, (String, Position)>>,
    /// `grouping(..)`: a name in the plan, and the columns that it asks for.
    pub(crate) groupings: RefCell<Vec<(String, Vec<Engine>, Position)>>,
    /// Inside of an aggregate's arguments there can't be another.
    pub(crate) inside: std::cell::Cell<bool>,
}

impl<'a> Analysis<'a> {
    pub(crate) fn new(planner: &'a Planner<'a>, scope: &'a Scope<'a>, names: &'a Names) -> Self {
        Analysis { planner, scope, names, collector: None, lambda: None, windows: &[] }
    }

    pub(crate) fn collecting(self, collector: &'a Collector) -> Self {
        Analysis { collector: Some(collector), ..self }
    }

    /// Any expression.
    pub(crate) fn expr(&self, expr: &Expr) -> Outcome<Typed> {
        self.kind(expr).map_err(|fault| fault.or_at(expr.place))
    }

    /// A condition: boolean, or null.
    pub(crate) fn condition(&self, expr: &Expr, clause: &str) -> Outcome<Engine> {
        let value = self.expr(expr)?;
        match value.kind {
            SqlType::Boolean => Ok(value.expr),
            SqlType::Unknown => Ok(convert(value, &SqlType::Boolean, false)?.expr),
            kind => {
                let message = format!("{clause} must evaluate to a boolean: actual type {kind}");
                Err(Fault::at(expr.place, "TYPE_MISMATCH", message))
            }
        }
    }

    fn kind(&self, expr: &Expr) -> Outcome<Typed> {
        match &*expr.kind {
            ExprKind::Name(name) => self.column(std::slice::from_ref(name), expr.place),
            ExprKind::Field(base, name) => self.field(expr, base, name),
            ExprKind::Parameter(at) => self.parameter(*at),
            ExprKind::Unary(Unary::Not, value) => Ok(Typed::boolean(Engine::Not(Box::new(self.logical(value)?)))),
            ExprKind::Unary(Unary::Plus, value) => self.expr(value),
            ExprKind::Unary(Unary::Minus, value) => self.negate(value),
            ExprKind::Arithmetic(left, operator, right) => self.arithmetic(left, *operator, right),
            ExprKind::Comparison(left, operator, right) => self.compare(self.expr(left)?, *operator, self.expr(right)?),
            ExprKind::And(parts) => self.connected(parts, datafusion::logical_expr::Operator::And),
            ExprKind::Or(parts) => self.connected(parts, datafusion::logical_expr::Operator::Or),
            ExprKind::Case { operand, branches, otherwise } => self.case(operand.as_ref(), branches, otherwise.as_ref()),
            ExprKind::Cast { value, to, attempt } => {
                let to = SqlType::of(to)?;
                convert(self.expr(value)?, &to, *attempt)
            }
            ExprKind::Extract { field, value } => self.extract(field, value),
            ExprKind::AtTimeZone(value, zone) => self.scalar("at_timezone", vec![self.expr(value)?, self.expr(zone)?]),
            ExprKind::Array(items) => self.array(items),
            ExprKind::Row(fields) => self.row(fields),
            ExprKind::Subscript(base, index) => self.subscript(base, index),
            ExprKind::Function(function) => self.function(function, expr.place),
            ExprKind::Lambda(..) => {
                Err(Fault::at(expr.place, "TYPE_MISMATCH", "Lambda expression should always be used inside a function"))
            }
            ExprKind::Subquery(_) | ExprKind::Exists(_) | ExprKind::InQuery { .. } | ExprKind::Quantified { .. } => {
                self.subquery(expr)
            }
            ExprKind::Between { .. }
            | ExprKind::InList { .. }
            | ExprKind::Like { .. }
            | ExprKind::IsNull { .. }
            | ExprKind::IsDistinct { .. } => self.predicate(expr),
            ExprKind::JsonPath(path) => self.json_path(path),
            ExprKind::JsonMake(make) => self.json_make(make),
            _ => self.literal(expr),
        }
    }

    fn parameter(&self, at: usize) -> Outcome<Typed> {
        let Some(value) = self.planner.context.parameters.get(at) else {
            return Err(Fault::new("INVALID_PARAMETER_USAGE", "Incorrect number of parameters"));
        };
        self.expr(value)
    }

    /// By one name or several; what has the name in a lambda comes first.
    pub(crate) fn column(&self, parts: &[Name], place: Position) -> Outcome<Typed> {
        if let ([name], Some(lambda)) = (parts, self.lambda)
            && let Some(found) = lambda.resolve(&name.text)
        {
            return Ok(found);
        }
        match self.named(parts)? {
            Some(found) => Ok(found),
            None => {
                let shown: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
                Err(Fault::at(place, "COLUMN_NOT_FOUND", format!("Column '{}' cannot be resolved", shown.join("."))))
            }
        }
    }

    fn named(&self, parts: &[Name]) -> Outcome<Option<Typed>> {
        let Some(found) = self.scope.resolve(parts)? else { return Ok(None) };
        let Field { column: name, kind, .. } = found.field;
        let outside = if found.depth > 0 {
            let field = Arc::new(ArrowField::new(&name, kind.arrow(), true));
            Engine::OuterReferenceColumn(field, Column::new_unqualified(&name))
        } else {
            column(&name)
        };
        if let Some(collector) = self.collector.filter(|_| found.depth == 0) {
            let shown: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
            collector.mentioned.borrow_mut().entry(name.clone()).or_insert_with(|| (shown.join("."), parts[0].place));
        }
        let expr = self.lambda.map_or_else(|| outside.clone(), |lambda| lambda.capture(&name, &outside, &kind));
        Ok(Some(Typed::new(expr, kind)))
    }

    /// `relation.column`, or a field of a row.
    fn field(&self, whole: &Expr, base: &Expr, name: &Name) -> Outcome<Typed> {
        if let Some(parts) = parts_of(whole) {
            let in_lambda = self.lambda.is_some_and(|lambda| lambda.resolve(&parts[0].text).is_some());
            if !in_lambda && let Some(found) = self.named(&parts)? {
                return Ok(found);
            }
            let relation = &parts[..parts.len() - 1];
            if !in_lambda && self.scope.has_relation(relation) && self.named(relation)?.is_none() {
                return self.column(&parts, whole.place);
            }
        }
        let base = match parts_of(base) {
            // The message names the whole, as it could have been a column of a relation.
            Some(parts) if self.lambda.is_none() => match self.named(&parts)? {
                Some(found) => found,
                None => match &*base.kind {
                    ExprKind::Field(inner, _) if parts_of(inner).is_some() => self.expr(base)?,
                    _ => return self.column(&parts_of(whole).unwrap_or_default(), whole.place),
                },
            },
            _ => self.expr(base)?,
        };
        row_field(base, name, whole.place)
    }

    fn row(&self, fields: &[Expr]) -> Outcome<Typed> {
        let fields = fields.iter().map(|field| self.expr(field)).collect::<Outcome<Vec<_>>>()?;
        Ok(make_row(fields))
    }
}

/// `ROW(a, b)`: fields without names.
pub(crate) fn make_row(fields: Vec<Typed>) -> Typed {
    let kinds = fields.iter().map(|field| (None, field.kind.clone())).collect();
    let arguments =
        fields.into_iter().enumerate().flat_map(|(at, field)| [datafusion::logical_expr::lit(field_name(at, None)), field.expr]);
    let expr = datafusion::functions::core::named_struct().call(arguments.collect());
    Typed::new(expr, SqlType::Row(kinds))
}

fn row_field(base: Typed, name: &Name, place: Position) -> Outcome<Typed> {
    let SqlType::Row(fields) = &base.kind else {
        return Err(Fault::at(place, "TYPE_MISMATCH", format!("Expression is not of type ROW: {}", base.kind)));
    };
    let wanted = name.text.to_lowercase();
    let found = fields.iter().enumerate().find(|(_, (name, _))| name.as_ref().is_some_and(|name| name.to_lowercase() == wanted));
    match found {
        Some((at, (name, kind))) => {
            let kind = kind.clone();
            Ok(Typed::new(get_field(base.expr.clone(), field_name(at, name.as_deref())), kind))
        }
        None => Err(Fault::at(place, "COLUMN_NOT_FOUND", format!("Column '{}' cannot be resolved", name.text))),
    }
}

/// `a.b.c` as names; `None` for anything else.
pub(crate) fn parts_of(expr: &Expr) -> Option<Vec<Name>> {
    match &*expr.kind {
        ExprKind::Name(name) => Some(vec![name.clone()]),
        ExprKind::Field(base, name) => {
            let mut parts = parts_of(base)?;
            parts.push(name.clone());
            Some(parts)
        }
        _ => None,
    }
}
