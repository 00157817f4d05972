//! Queries in expressions.

use std::sync::Arc;

use datafusion::common::Spans;
use datafusion::logical_expr::expr::{Exists, InSubquery, SetComparison, SetQuantifier};
use datafusion::logical_expr::{Expr as Engine, LogicalPlan, LogicalPlanBuilder, Subquery};

use super::coerce::coerce;
use super::expr::Analysis;
use super::query::Around;
use super::scope::Relation;
use super::typed::{Typed, column};
use crate::fault::{Fault, Outcome};
use crate::functions::{Body, Udf};
use crate::query::tree::{Comparison, Expr, ExprKind, Query};
use crate::sqltype::SqlType;

impl Analysis<'_> {
    pub(crate) fn subquery(&self, expr: &Expr) -> Outcome<Typed> {
        if self.lambda.is_some() {
            return Err(Fault::not_supported("Lambda expression cannot contain subqueries"));
        }
        match &*expr.kind {
            ExprKind::Subquery(query) => {
                let relation = self.one_column(query)?;
                let kind = relation.fields[0].kind.clone();
                Ok(Typed::new(Engine::ScalarSubquery(nested(self.or_null(relation)?.plan)), kind))
            }
            ExprKind::Exists(query) => {
                let relation = self.inner(query)?;
                Ok(Typed::boolean(Engine::Exists(Exists::new(nested(relation.plan), false))))
            }
            ExprKind::InQuery { value, query, negated } => self.in_query(value, query, *negated),
            ExprKind::Quantified { left, operator, all, query } => match (operator, all) {
                (Comparison::Equal, false) => self.in_query(left, query, false),
                (Comparison::NotEqual, true) => self.in_query(left, query, true),
                _ => self.quantified(left, *operator, *all, query),
            },
            other => Err(Fault::new("GENERIC_INTERNAL_ERROR", format!("no subquery: {other:?}"))),
        }
    }

    fn inner(&self, query: &Query) -> Outcome<Relation> {
        self.planner.query(query, Around { names: self.names, outer: Some(self.scope) })
    }

    fn one_column(&self, query: &Query) -> Outcome<Relation> {
        let relation = self.inner(query)?;
        match relation.fields.len() {
            1 => Ok(relation),
            count => Err(Fault::at(
                query.place,
                "NOT_SUPPORTED",
                format!("Multiple columns returned by subquery are not yet supported. Found {count}"),
            )),
        }
    }

    /// A query without rows gives null, whatever the engine knows of its column.
    fn or_null(&self, relation: Relation) -> Outcome<Relation> {
        let field = relation.fields[0].clone();
        let known = relation.plan.schema().fields().first().is_some_and(|field| !field.is_nullable());
        if !known || !relation.plan.all_out_ref_exprs().is_empty() {
            return Ok(relation);
        }
        let name = self.planner.fresh("value");
        let same = Body::Columns(|call| Ok(Arc::clone(&call.columns[0])));
        let udf = Udf::new("or null", same, vec![field.kind.clone()], field.kind.clone(), false);
        let cell = super::coerce::call(udf, vec![column(&field.column)]).alias(&name);
        let plan = LogicalPlanBuilder::new(relation.plan).project([cell])?.build()?;
        Ok(Relation { plan, fields: vec![super::scope::Field { column: name, ..field }] })
    }

    /// A value and the one column of a query, in the type that they meet in.
    fn with_column(&self, value: &Expr, query: &Query) -> Outcome<(Typed, Relation)> {
        let relation = self.one_column(query)?;
        let value = self.expr(value)?;
        let field = relation.fields[0].clone();
        let Some(kind) = value.kind.common(&field.kind) else {
            let message =
                format!("Value expression and result of subquery must be of the same type: {} vs {}", value.kind, field.kind);
            return Err(Fault::new("TYPE_MISMATCH", message));
        };
        if field.kind == kind {
            return Ok((coerce(value, &kind)?, relation));
        }
        let name = self.planner.fresh("value");
        let cell = coerce(Typed::new(column(&field.column), field.kind.clone()), &kind)?.expr.alias(&name);
        let plan = LogicalPlanBuilder::new(relation.plan).project([cell])?.build()?;
        let fields = vec![super::scope::Field { column: name, kind: kind.clone(), ..field }];
        Ok((coerce(value, &kind)?, Relation { plan, fields }))
    }

    fn in_query(&self, value: &Expr, query: &Query, negated: bool) -> Outcome<Typed> {
        let (value, relation) = self.with_column(value, query)?;
        Ok(Typed::boolean(Engine::InSubquery(InSubquery::new(Box::new(value.expr), nested(relation.plan), negated))))
    }

    fn quantified(&self, left: &Expr, operator: Comparison, all: bool, query: &Query) -> Outcome<Typed> {
        let (value, relation) = self.with_column(left, query)?;
        if operator.orders() && !value.kind.is_orderable() {
            return Err(Fault::new(
                "TYPE_MISMATCH",
                format!("Type [{}] must be orderable in order to be used in quantified comparison", value.kind),
            ));
        }
        let quantifier = if all { SetQuantifier::All } else { SetQuantifier::Any };
        let comparison = SetComparison::new(Box::new(value.expr), nested(relation.plan), operator.engine(), quantifier);
        Ok(Typed::new(Engine::SetComparison(comparison), SqlType::Boolean))
    }
}

/// A plan in another one, with the columns that it takes from there.
pub(crate) fn nested(plan: LogicalPlan) -> Subquery {
    let outer_ref_columns = plan.all_out_ref_exprs();
    Subquery { subquery: Arc::new(plan), outer_ref_columns, spans: Spans::new() }
}
