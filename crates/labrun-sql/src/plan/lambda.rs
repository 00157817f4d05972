//! Lambdas: their bodies become expressions over their parameters and what they take from around them.

use std::cell::RefCell;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field as ArrowField, Schema};
use datafusion::common::DFSchema;
use datafusion::logical_expr::Expr as Engine;
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::physical_expr::create_physical_expr;

use super::expr::Analysis;
use super::typed::{Typed, column};
use crate::fault::Outcome;
use crate::functions::Lambda;
use crate::query::tree::{Expr, Name};
use crate::sqltype::SqlType;

/// The parameters of a lambda, within those of the lambda around it.
pub(crate) struct LambdaScope<'a> {
    parameters: Vec<Parameter>,
    parent: Option<&'a LambdaScope<'a>>,
    captured: RefCell<Vec<Capture>>,
}

struct Parameter {
    name: String,
    kind: SqlType,
    column: String,
}

/// A column from around: its name in the body, what it is there, and its form.
#[derive(Clone)]
struct Capture {
    column: String,
    outside: Engine,
    form: DataType,
}

impl LambdaScope<'_> {
    /// A parameter of this lambda, or of one around it, which is captured then.
    pub(crate) fn resolve(&self, name: &str) -> Option<Typed> {
        let wanted = name.to_lowercase();
        if let Some(own) = self.parameters.iter().find(|parameter| parameter.name == wanted) {
            return Some(Typed::new(column(&own.column), own.kind.clone()));
        }
        let found = self.parent?.resolve(name)?;
        if let Engine::Column(inside) = &found.expr {
            self.keep(&inside.name, &found.expr, found.kind.arrow());
        }
        Some(found)
    }

    /// A column of the query around, under its name in the body.
    pub(crate) fn capture(&self, name: &str, outside: &Engine, kind: &SqlType) -> Engine {
        let outside = match self.parent {
            Some(parent) => parent.capture(name, outside, kind),
            None => outside.clone(),
        };
        self.keep(name, &outside, kind.arrow());
        column(name)
    }

    fn keep(&self, name: &str, outside: &Engine, form: DataType) {
        let mut captured = self.captured.borrow_mut();
        if captured.iter().all(|capture| capture.column != name) {
            captured.push(Capture { column: name.to_owned(), outside: outside.clone(), form });
        }
    }
}

/// A lambda and the expressions that it captures.
pub(crate) struct Analyzed {
    pub(crate) lambda: Arc<Lambda>,
    pub(crate) captures: Vec<Engine>,
}

impl Analysis<'_> {
    /// A lambda with parameters of these types; its result is coerced where a type is given.
    pub(crate) fn lambda(&self, names: &[Name], body: &Expr, kinds: &[SqlType], result: Option<&SqlType>) -> Outcome<Analyzed> {
        let parameters = names.iter().zip(kinds).map(|(name, kind)| Parameter {
            name: name.text.to_lowercase(),
            kind: kind.clone(),
            column: self.planner.fresh(&name.text),
        });
        let scope = LambdaScope { parameters: parameters.collect(), parent: self.lambda, captured: RefCell::default() };
        let mut value = Analysis { lambda: Some(&scope), ..*self }.expr(body)?;
        if let Some(result) = result {
            value = super::coerce::coerce(value, result)?;
        }
        finish(scope, value)
    }
}

fn finish(scope: LambdaScope, value: Typed) -> Outcome<Analyzed> {
    let captured = scope.captured.into_inner();
    let own = scope.parameters.iter().map(|parameter| ArrowField::new(&parameter.column, parameter.kind.arrow(), true));
    let around = captured.iter().map(|capture| ArrowField::new(&capture.column, capture.form.clone(), true));
    let schema = Arc::new(Schema::new(own.chain(around).collect::<Vec<_>>()));
    let logical = DFSchema::try_from(schema.as_ref().clone())?;
    let lambda = Lambda {
        body: create_physical_expr(&value.expr, &logical, &ExecutionProps::new(), &PhysicalPlanningContext::default())?,
        schema,
        parameters: scope.parameters.into_iter().map(|parameter| parameter.kind).collect(),
        returns: value.kind,
        captures: captured.len(),
    };
    Ok(Analyzed { lambda: Arc::new(lambda), captures: captured.into_iter().map(|capture| capture.outside).collect() })
}
