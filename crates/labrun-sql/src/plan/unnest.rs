//! `UNNEST`: a row for each item. Arrays of one `UNNEST` are zipped into one array of rows, which is what the engine unnests.

use datafusion::common::{Column, NullHandling, UnnestOptions};
use datafusion::functions::core::expr_fn::get_field;
use datafusion::logical_expr::{Expr as Engine, LogicalPlanBuilder};

use super::Planner;
use super::coerce::call;
use super::expr::Analysis;
use super::query::Around;
use super::scope::{Field, Relation, Scope};
use super::typed::column;
use crate::fault::{Fault, Outcome};
use crate::functions::{Udf, construct};
use crate::query::tree::{self, Expr, ExprKind, Function, QualifiedName};
use crate::sqltype::SqlType;

/// What is unnested.
pub(crate) struct Items<'a> {
    pub(crate) arguments: &'a [Expr],
    /// One more column, which counts.
    pub(crate) ordinality: bool,
    /// Rows without items stay, with nulls.
    pub(crate) keep: bool,
}

impl Planner<'_> {
    /// Rows of `left` with the items of its arrays.
    pub(crate) fn unnest(&self, left: Relation, relation: &tree::Relation, what: Items, around: Around) -> Outcome<Relation> {
        let scope = Scope::new(left.fields.clone(), around.outer);
        let analysis = Analysis::new(self, &scope, around.names);
        let mut kinds = Vec::new();
        let mut outputs = Vec::new();
        let mut arguments = Vec::new();
        for argument in what.arguments {
            let value = analysis.expr(argument)?;
            match &value.kind {
                SqlType::Array(item) => match &**item {
                    SqlType::Row(fields) => outputs.extend(fields.clone()),
                    item => outputs.push((None, item.clone())),
                },
                SqlType::Map(key, map_value) => outputs.extend([(None, (**key).clone()), (None, (**map_value).clone())]),
                other => return Err(Fault::at(argument.place, "TYPE_MISMATCH", format!("Cannot unnest type: {other}"))),
            }
            kinds.push(value.kind);
            arguments.push(value.expr);
        }
        if what.ordinality {
            outputs.push((None, SqlType::BigInt));
        }
        let zipped = SqlType::array(SqlType::Row(outputs.iter().map(|(_, kind)| (None, kind.clone())).collect()));
        let udf =
            Udf::new(if what.ordinality { "unnest with ordinality" } else { "unnest" }, construct::ZIP, kinds, zipped, false);
        let items = self.fresh("unnest");
        let own: Vec<Engine> = left.fields.iter().map(|field| column(&field.column)).collect();
        let zip = call(udf, arguments).alias(&items);
        let options = UnnestOptions::new().with_null_handling(if what.keep {
            NullHandling::PreserveAndExpandEmpty
        } else {
            NullHandling::Drop
        });
        let builder = LogicalPlanBuilder::new(left.plan)
            .project(own.iter().cloned().chain([zip]))?
            .unnest_column_with_options(Column::new_unqualified(&items), options)?;
        let mut expressions = own;
        let mut fields = Vec::new();
        for (at, (name, kind)) in outputs.into_iter().enumerate() {
            let own = self.fresh(name.as_deref().unwrap_or("item"));
            expressions.push(get_field(column(&items), crate::sqltype::field_name(at, None)).alias(&own));
            fields.push(Field {
                relation: Vec::new(),
                name: name.as_ref().map(|name| name.to_lowercase()),
                heading: name,
                kind,
                column: own,
                hidden: false,
            });
        }
        let plan = builder.project(expressions)?.build()?;
        let found = self.dressed(Relation { plan: plan.clone(), fields }, relation)?;
        Ok(Relation { plan: found.plan, fields: left.fields.into_iter().chain(found.fields).collect() })
    }
}

/// `TABLE(sequence(..))` as what gives the same rows.
pub(crate) fn as_unnest(name: &QualifiedName, arguments: &[(Option<tree::Name>, Expr)]) -> Outcome<Vec<Expr>> {
    let word = name.parts.last().map(|part| part.text.to_lowercase()).unwrap_or_default();
    let place = name.parts[0].place;
    if word != "sequence" {
        return Err(Fault::at(place, "FUNCTION_NOT_FOUND", format!("Table function '{word}' not registered")));
    }
    let named = |wanted: &str, at: usize| {
        let by_name = arguments.iter().find(|(name, _)| name.as_ref().is_some_and(|name| name.text.eq_ignore_ascii_case(wanted)));
        by_name.or_else(|| arguments.get(at).filter(|(name, _)| name.is_none())).map(|(_, value)| value.clone())
    };
    let start = named("start", 0).unwrap_or_else(|| Expr::new(ExprKind::Integer("0".to_owned()), place));
    let stop = named("stop", 1).ok_or_else(|| Fault::at(place, "MISSING_ARGUMENT", "Missing argument: STOP"))?;
    let values = [Some(start), Some(stop), named("step", 2)].into_iter().flatten().collect();
    let function = Function {
        name: name.clone(),
        arguments: values,
        star: false,
        distinct: false,
        order_by: Vec::new(),
        filter: None,
        ignore_nulls: None,
        over: None,
        on_overflow: None,
    };
    Ok(vec![Expr::new(ExprKind::Function(Box::new(function)), place)])
}
