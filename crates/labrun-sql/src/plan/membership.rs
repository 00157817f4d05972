//! `EXISTS`, `IN` and `> ALL` of a query as values: what is selected, not what filters. The engine has them as filters only, so they are
//! counted here.

use std::sync::Arc;

use datafusion::common::DFSchema;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::functions_aggregate::expr_fn::{count, max, min};
use datafusion::logical_expr::expr::{InSubquery, SetComparison, SetQuantifier};
use datafusion::logical_expr::{Expr as Engine, LogicalPlan, LogicalPlanBuilder, Operator, binary_expr, lit, when};
use datafusion::scalar::ScalarValue;

use super::Planner;
use super::subquery::nested;
use crate::fault::Outcome;

impl Planner<'_> {
    /// The same over the columns of the schema, without what only a filter can have.
    pub(crate) fn as_value(&self, expr: Engine, schema: &DFSchema) -> Outcome<Engine> {
        let made = expr.transform_up(|expr| {
            Ok(match expr {
                Engine::Exists(exists) => {
                    let some = self.aggregate_of(&exists.subquery.subquery, None, count(lit(1_i64)))?.gt(lit(0_i64));
                    Transformed::yes(if exists.negated { Engine::Not(Box::new(some)) } else { some })
                }
                Engine::InSubquery(within) => Transformed::yes(self.within(within, schema)?),
                Engine::SetComparison(comparison) => Transformed::yes(self.compared(comparison)?),
                other => Transformed::no(other),
            })
        })?;
        Ok(made.data)
    }

    /// One value out of the rows that a condition leaves.
    fn aggregate_of(&self, plan: &LogicalPlan, only: Option<Engine>, of: Engine) -> Outcome<Engine> {
        let mut builder = LogicalPlanBuilder::new(plan.clone());
        if let Some(only) = only {
            builder = builder.filter(only)?;
        }
        let plan = builder.aggregate(Vec::<Engine>::new(), [of.alias(self.fresh("value"))])?.build()?;
        Ok(Engine::ScalarSubquery(nested(plan)))
    }

    /// Null where no row is equal, but one could be.
    fn within(&self, within: InSubquery, schema: &DFSchema) -> Outcome<Engine> {
        let plan = &within.subquery.subquery;
        let cell = Engine::Column(plan.schema().columns().swap_remove(0));
        let outside = (*within.expr).clone().transform(|expr| {
            let Engine::Column(column) = &expr else { return Ok(Transformed::no(expr)) };
            let field = schema.qualified_field_from_column(column)?.1;
            Ok(Transformed::yes(Engine::OuterReferenceColumn(Arc::clone(field), column.clone())))
        })?;
        let all = || count(lit(1_i64));
        let equal = self.aggregate_of(plan, Some(cell.clone().eq(outside.data)), all())?;
        let nulls = self.aggregate_of(plan, Some(cell.is_null()), all())?;
        let any = self.aggregate_of(plan, None, all())?;
        let unknown = nulls.gt(lit(0_i64)).or(within.expr.is_null().and(any.gt(lit(0_i64))));
        let found = when(equal.gt(lit(0_i64)), lit(true)).when(unknown, lit(ScalarValue::Boolean(None))).otherwise(lit(false))?;
        Ok(if within.negated { Engine::Not(Box::new(found)) } else { found })
    }

    /// By the least and the most of the rows, and whether one is null.
    fn compared(&self, comparison: SetComparison) -> Outcome<Engine> {
        let plan = &comparison.subquery.subquery;
        let cell = Engine::Column(plan.schema().columns().swap_remove(0));
        let all = comparison.quantifier == SetQuantifier::All;
        let with =
            |extreme: Engine| Ok(binary_expr((*comparison.expr).clone(), comparison.op, self.aggregate_of(plan, None, extreme)?));
        let (least, most): (Outcome<Engine>, Outcome<Engine>) = (with(min(cell.clone())), with(max(cell.clone())));
        let known = match comparison.op {
            Operator::Gt | Operator::GtEq if all => most?,
            Operator::Lt | Operator::LtEq if !all => most?,
            Operator::Eq if all => least?.and(most?),
            Operator::NotEq if !all => least?.or(most?),
            _ => least?,
        };
        let rows = self.aggregate_of(plan, None, count(lit(1_i64)))?;
        let values = self.aggregate_of(plan, None, count(cell))?;
        let decided = if all { Engine::Not(Box::new(known.clone())) } else { known.clone() };
        Ok(when(rows.clone().eq(lit(0_i64)), lit(all))
            .when(decided, lit(!all))
            .when(rows.gt(values), lit(ScalarValue::Boolean(None)))
            .otherwise(known)?)
    }
}
