//! Conditions on the values of partitions, and on paths: what they rule out is never listed nor read.

use std::sync::Arc;

use datafusion::arrow::array::{AsArray, RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, DFSchema};
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};
use datafusion::physical_expr::{PhysicalExpr, create_physical_expr};

use crate::datum::{self, Datum};
use crate::fault::Outcome;
use crate::sqltype::SqlType;

/// Whether an expression asks for nothing but these columns.
pub(crate) fn only_of(expr: &Expr, columns: &[String]) -> bool {
    expr.column_refs().iter().all(|column| columns.contains(&column.name)) && !expr.is_volatile()
}

/// Without the names of tables before columns.
pub(crate) fn bare(expr: &Expr) -> Outcome<Expr> {
    let bare = expr.clone().transform(|expr| {
        Ok(match expr {
            Expr::Column(column) if column.relation.is_some() => {
                Transformed::yes(Expr::Column(Column::new_unqualified(column.name)))
            }
            other => Transformed::no(other),
        })
    })?;
    Ok(bare.data)
}

/// As the engine runs it.
pub(crate) fn physical(expr: &Expr, schema: &SchemaRef) -> Outcome<Arc<dyn PhysicalExpr>> {
    let logical = DFSchema::try_from(schema.as_ref().clone())?;
    Ok(create_physical_expr(&bare(expr)?, &logical, &ExecutionProps::new(), &PhysicalPlanningContext::default())?)
}

/// Which rows of values all conditions hold for.
pub(crate) fn holding(conditions: &[Expr], schema: &SchemaRef, kinds: &[SqlType], rows: &[Vec<Datum>]) -> Outcome<Vec<bool>> {
    let mut keep = vec![true; rows.len()];
    if conditions.is_empty() || rows.is_empty() {
        return Ok(keep);
    }
    let columns = kinds.iter().enumerate().map(|(at, kind)| {
        let values: Vec<Datum> = rows.iter().map(|row| row[at].clone()).collect();
        datum::column(&values, kind)
    });
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    let batch = RecordBatch::try_new_with_options(Arc::clone(schema), columns.collect::<Outcome<Vec<_>>>()?, &options)?;
    for condition in conditions {
        let answers = physical(condition, schema)?.evaluate(&batch)?.into_array(rows.len())?;
        let answers = answers.as_boolean();
        keep.iter_mut().zip(answers.iter()).for_each(|(keep, answer)| *keep &= answer == Some(true));
    }
    Ok(keep)
}

/// Conditions as an expression of Glue's GetPartitions: what can be said there, `column = 'text'` and `column IN (..)` on columns of text.
/// What can't is asked here later.
pub(crate) fn for_catalog(conditions: &[Expr], columns: &[(String, SqlType)]) -> Option<String> {
    let of_text = |name: &str| columns.iter().any(|(column, kind)| column == name && kind.is_varchar());
    let said: Vec<String> = conditions.iter().filter_map(|condition| say(condition, &of_text)).collect();
    (!said.is_empty()).then(|| said.join(" AND "))
}

/// The texts that a column is asked to be equal to, if a condition says so.
pub(crate) fn constants(conditions: &[Expr], column: &str) -> Option<Vec<String>> {
    conditions.iter().find_map(|condition| match condition {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => {
            let named = matches!(&**left, Expr::Column(found) if found.name == column);
            if named { text(right).map(|value| vec![value]) } else { None }
        }
        Expr::InList(list) if !list.negated => {
            let named = matches!(&*list.expr, Expr::Column(found) if found.name == column);
            if named { list.list.iter().map(text).collect() } else { None }
        }
        _ => None,
    })
}

fn say(condition: &Expr, of_text: &dyn Fn(&str) -> bool) -> Option<String> {
    match condition {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => {
            let (Expr::Column(column), value) = (&**left, text(right)?) else { return None };
            of_text(&column.name).then(|| format!("{} = {}", column.name, quoted(&value)))
        }
        Expr::InList(list) if !list.negated => {
            let Expr::Column(column) = &*list.expr else { return None };
            let values: Option<Vec<String>> = list.list.iter().map(|value| text(value).map(|value| quoted(&value))).collect();
            let values = values?;
            of_text(&column.name).then(|| format!("{} IN ({})", column.name, values.join(", ")))
        }
        _ => None,
    }
}

fn text(expr: &Expr) -> Option<String> {
    let Expr::Literal(value, _) = expr else { return None };
    value.try_as_str().flatten().map(ToOwned::to_owned)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
