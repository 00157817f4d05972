//! `UNION`, `INTERSECT`, `EXCEPT`.

use datafusion::common::{Column, NullEquality};
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{Expr as Engine, ExprFunctionExt, JoinType, LogicalPlan, LogicalPlanBuilder};

use super::Planner;
use super::coerce::coerce;
use super::query::{Around, union_all};
use super::scope::{Field, Relation};
use super::typed::{Typed, column};
use super::window::windowed;
use crate::fault::{Fault, Outcome};
use crate::query::tree::{SetOperation, SetOperator};
use crate::sqltype::SqlType;

impl Planner<'_> {
    pub(super) fn set(&self, operation: &SetOperation, around: Around) -> Outcome<Relation> {
        let left = self.body(&operation.left, around)?;
        let right = self.body(&operation.right, around)?;
        let word = match operation.operator {
            SetOperator::Union => "UNION",
            SetOperator::Intersect => "INTERSECT",
            SetOperator::Except => "EXCEPT",
        };
        if left.fields.len() != right.fields.len() {
            let message = format!("{word} query has different number of fields: {}, {}", left.fields.len(), right.fields.len());
            return Err(Fault::at(operation.place, "TYPE_MISMATCH", message));
        }
        let kinds = left.fields.iter().zip(&right.fields).enumerate().map(|(at, (left, right))| {
            left.kind.common(&right.kind).ok_or_else(|| {
                let message = format!("column {} in {word} query has incompatible types: {}, {}", at + 1, left.kind, right.kind);
                Fault::at(operation.place, "TYPE_MISMATCH", message)
            })
        });
        let kinds = kinds.collect::<Outcome<Vec<_>>>()?;
        let headings: Vec<Field> = left.fields.clone();
        let sides = [alike(left, &kinds)?, alike(right, &kinds)?];
        let plan = combine(sides, operation.operator, operation.distinct)?;
        let fields = headings.into_iter().zip(kinds).enumerate();
        let fields = fields.map(|(at, (field, kind))| Field {
            column: format!("v{at}"),
            kind,
            relation: Vec::new(),
            hidden: false,
            ..field
        });
        Relation { plan, fields: fields.collect() }.again(self)
    }
}

/// Columns `v0`, `v1`, .. of these types.
fn alike(relation: Relation, kinds: &[SqlType]) -> Outcome<LogicalPlan> {
    let expressions = relation.fields.iter().zip(kinds).enumerate().map(|(at, (field, kind))| {
        let cell = coerce(Typed::new(column(&field.column), field.kind.clone()), kind)?;
        Ok(cell.expr.alias(format!("v{at}")))
    });
    Ok(LogicalPlanBuilder::new(relation.plan).project(expressions.collect::<Outcome<Vec<_>>>()?)?.build()?)
}

/// Two plans with the columns `v0`, `v1`, .. as one.
fn combine([left, right]: [LogicalPlan; 2], operator: SetOperator, distinct: bool) -> Outcome<LogicalPlan> {
    if operator == SetOperator::Union {
        let all = union_all(vec![left, right])?;
        return Ok(if distinct { LogicalPlanBuilder::new(all).distinct()?.build()? } else { all });
    }
    let join = if operator == SetOperator::Intersect { JoinType::LeftSemi } else { JoinType::LeftAnti };
    let width = left.schema().fields().len();
    // Of rows that occur more than once, the second one of the left meets the second one of the right.
    let (left, right, keys) = if distinct {
        (LogicalPlanBuilder::new(left).distinct()?.build()?, right, width)
    } else {
        (numbered(left, width)?, numbered(right, width)?, width + 1)
    };
    let right =
        LogicalPlanBuilder::new(right).project((0..keys).map(|at| column(&format!("v{at}")).alias(format!("w{at}"))))?.build()?;
    let side = |letter: &str| (0..keys).map(|at| Column::new_unqualified(format!("{letter}{at}"))).collect::<Vec<_>>();
    let joined =
        LogicalPlanBuilder::new(left).join_detailed(right, join, (side("v"), side("w")), None, NullEquality::NullEqualsNull)?;
    Ok(joined.project((0..width).map(|at| column(&format!("v{at}"))))?.build()?)
}

/// One more column: which of its equals a row is.
fn numbered(plan: LogicalPlan, width: usize) -> Outcome<LogicalPlan> {
    let columns: Vec<Engine> = (0..width).map(|at| column(&format!("v{at}"))).collect();
    let number = row_number().partition_by(columns).build()?;
    windowed(plan, vec![(format!("v{width}"), number)])
}
