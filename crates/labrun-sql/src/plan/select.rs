//! `SELECT`: from the rows of `FROM` to those of the result, in the order that SQL computes them.

use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{Expr as Engine, LogicalPlan, LogicalPlanBuilder};

use super::Planner;
use super::expr::{Analysis, Collector, parts_of};
use super::query::{Around, ordinal, sort_key};
use super::scope::{Field, Relation, Scope};
use super::typed::{Typed, column};
use super::window::windowed;
use crate::fault::{Fault, Outcome};
use crate::query::tree::{Expr, ExprKind, Select, SelectItem, SortItem};
use crate::sqltype::SqlType;

/// A column of the result before it has a name in the plan.
struct Output {
    value: Typed,
    name: Option<String>,
    heading: Option<String>,
}

impl Planner<'_> {
    /// The rows of a `SELECT`, in the order of `ORDER BY`, which may name what is not selected.
    pub(crate) fn select(&self, select: &Select, order_by: &[SortItem], around: Around) -> Outcome<Relation> {
        let relation = self.from(&select.from, around)?;
        let scope = Scope::new(relation.fields, around.outer);
        let mut plan = relation.plan;
        if let Some(filter) = &select.filter {
            let condition = Analysis::new(self, &scope, around.names).condition(filter, "WHERE clause")?;
            plan = LogicalPlanBuilder::new(plan).filter(condition)?.build()?;
        }
        let collector = Collector::default();
        let analysis = Analysis::new(self, &scope, around.names).collecting(&collector).with_windows(&select.windows);
        let mut outputs = self.outputs(select, &scope, &analysis)?;
        let grouping =
            self.grouping(select, &outputs.iter().map(|output| output.value.clone()).collect::<Vec<_>>(), &analysis)?;
        let having = select.having.as_ref().map(|having| analysis.condition(having, "HAVING clause")).transpose()?;
        let mut keys = self.sort_keys(order_by, &outputs, &analysis)?;
        let mut having = having;
        if grouping.is_some() || having.is_some() || !collector.aggregates.borrow().is_empty() {
            let grouped = self.aggregated(plan, grouping.unwrap_or_default(), &collector)?;
            plan = grouped.plan.clone();
            for value in
                outputs.iter_mut().map(|output| &mut output.value.expr).chain(keys.iter_mut().map(|(key, _)| &mut key.expr))
            {
                *value = grouped.rebase(value.clone(), &collector)?;
            }
            having = having.map(|having| grouped.rebase(having, &collector)).transpose()?;
            let windows = collector.windows.borrow().clone();
            let rebased = windows.into_iter().map(|(name, window)| Ok((name, grouped.rebase(window, &collector)?)));
            let rebased = rebased.collect::<Outcome<Vec<_>>>()?;
            collector.windows.replace(rebased);
        }
        if let Some(having) = having {
            plan = LogicalPlanBuilder::new(plan).filter(having)?.build()?;
        }
        for value in outputs.iter_mut().map(|output| &mut output.value.expr).chain(keys.iter_mut().map(|(key, _)| &mut key.expr))
        {
            *value = self.as_value(value.clone(), plan.schema())?;
        }
        let windows = collector.windows.take();
        if !windows.is_empty() {
            plan = windowed(plan, windows)?;
        }
        self.finish(plan, outputs, keys, select)
    }

    fn outputs(&self, select: &Select, scope: &Scope, analysis: &Analysis) -> Outcome<Vec<Output>> {
        let mut outputs = Vec::new();
        for item in &select.items {
            match item {
                SelectItem::All(place) => {
                    let before = outputs.len();
                    outputs
                        .extend(scope.fields.iter().filter(|field| !field.hidden).map(|field| of_field(field, analysis, *place)));
                    if outputs.len() == before {
                        return Err(Fault::at(*place, "COLUMN_NOT_FOUND", "SELECT * not allowed in queries without FROM clause"));
                    }
                }
                SelectItem::AllOf { of, aliases } => outputs.extend(all_of(of, aliases, scope, analysis)?),
                SelectItem::Expr { expr, alias } => outputs.push(Output {
                    value: analysis.expr(expr)?,
                    name: alias
                        .as_ref()
                        .map(|alias| alias.text.to_lowercase())
                        .or_else(|| name_of(expr).map(|name| name.to_lowercase())),
                    heading: alias.as_ref().map(|alias| alias.text.clone()).or_else(|| name_of(expr)),
                }),
            }
        }
        Ok(outputs)
    }

    /// An alias means the output, before a column of the source does.
    fn sort_keys<'s>(
        &self,
        order_by: &'s [SortItem],
        outputs: &[Output],
        analysis: &Analysis,
    ) -> Outcome<Vec<(Typed, &'s SortItem)>> {
        let mut fields: Vec<Field> = outputs
            .iter()
            .enumerate()
            .filter_map(|(at, output)| {
                Some(Field {
                    relation: Vec::new(),
                    name: Some(output.name.clone()?),
                    heading: None,
                    kind: output.value.kind.clone(),
                    column: format!("output#{at}"),
                    hidden: false,
                })
            })
            .collect();
        // Two outputs of one name and one value are no question.
        let mut seen: Vec<(String, Engine)> = Vec::new();
        fields.retain(|field| {
            let value = output_at(&field.column, outputs);
            let twin = (field.name.clone().unwrap_or_default(), value.cloned().unwrap_or_else(|| column("")));
            let first = !seen.contains(&twin);
            seen.push(twin);
            first
        });
        let named: Vec<Option<String>> = fields.iter().map(|field| field.name.clone()).collect();
        let around = analysis.scope.fields.iter().map(|field| match named.contains(&field.name) {
            // Still there under its relation's name.
            true if !field.relation.is_empty() => Some(field.clone()),
            true => None,
            false => Some(field.clone()),
        });
        let shadowed: Vec<Field> = around.flatten().collect();
        let scope = OrderScope { outputs: Scope::new(fields, None), source: Scope::new(shadowed, analysis.scope.parent) };
        order_by
            .iter()
            .map(|item| {
                let key = match ordinal(&item.expr, outputs.len())? {
                    Some(at) => outputs[at].value.clone(),
                    None => self.sort_key_of(&item.expr, outputs, &scope, analysis)?,
                };
                Ok((key, item))
            })
            .collect()
    }

    fn sort_key_of(&self, expr: &Expr, outputs: &[Output], scope: &OrderScope, analysis: &Analysis) -> Outcome<Typed> {
        if let ExprKind::Name(name) = &*expr.kind
            && let Some(found) = scope.outputs.resolve(std::slice::from_ref(name))?
            && let Some(value) = output_at(&found.field.column, outputs)
        {
            return Ok(Typed::new(value.clone(), found.field.kind));
        }
        // Inside of an expression too: by a scope of both, whose outputs are put in after.
        let both: Vec<Field> = scope
            .outputs
            .fields
            .iter()
            .chain(&scope.source.fields)
            .filter(|field| {
                let by_output = field.column.starts_with("output#");
                by_output || !field.relation.is_empty() || scope.outputs.fields.iter().all(|output| output.name != field.name)
            })
            .cloned()
            .collect();
        let scope = Scope::new(both, scope.source.parent);
        let value = Analysis { scope: &scope, ..*analysis }.expr(expr)?;
        if let Some(collector) = analysis.collector {
            for calls in [&collector.windows, &collector.aggregates] {
                let own = calls.borrow().clone();
                let replaced = own.into_iter().map(|(name, call)| Ok((name, without_outputs(call, outputs)?)));
                calls.replace(replaced.collect::<Outcome<_>>()?);
            }
        }
        let replaced = without_outputs(value.expr, outputs)?;
        Ok(Typed::new(replaced, value.kind))
    }

    fn finish(
        &self,
        plan: LogicalPlan,
        outputs: Vec<Output>,
        keys: Vec<(Typed, &SortItem)>,
        select: &Select,
    ) -> Outcome<Relation> {
        let mut expressions = Vec::new();
        let mut fields = Vec::new();
        for output in outputs {
            let name = self.fresh(output.name.as_deref().unwrap_or("expr"));
            expressions.push((output.value.expr, name.clone()));
            fields.push(Field {
                relation: Vec::new(),
                name: output.name,
                heading: output.heading,
                kind: output.value.kind,
                column: name,
                hidden: false,
            });
        }
        let mut sorts = Vec::new();
        for (key, item) in keys {
            let known = expressions.iter().find(|(expr, _)| *expr == key.expr).map(|(_, name)| name.clone());
            if known.is_none() && select.distinct {
                return Err(Fault::at(
                    item.expr.place,
                    "EXPRESSION_NOT_IN_DISTINCT",
                    "For SELECT DISTINCT, ORDER BY expressions must appear in select list",
                ));
            }
            let name = known.unwrap_or_else(|| {
                let name = self.fresh("key");
                expressions.push((key.expr.clone(), name.clone()));
                name
            });
            sorts.push(sort_key(Typed::new(column(&name), key.kind), item)?);
        }
        let width = expressions.len();
        let mut builder = LogicalPlanBuilder::new(plan).project(expressions.into_iter().map(|(expr, name)| expr.alias(name)))?;
        if select.distinct {
            if let Some(field) = fields.iter().find(|field| !field.kind.is_comparable()) {
                let message = format!("DISTINCT can only be applied to comparable types (actual: {})", field.kind);
                return Err(Fault::at(select.place, "TYPE_MISMATCH", message));
            }
            builder = builder.distinct()?;
        }
        if !sorts.is_empty() {
            builder = builder.sort(sorts)?;
        }
        if width > fields.len() {
            builder = builder.project(fields.iter().map(|field| column(&field.column)))?;
        }
        Ok(Relation { plan: builder.build()?, fields })
    }
}

/// What `ORDER BY` can name.
struct OrderScope<'a> {
    outputs: Scope<'a>,
    source: Scope<'a>,
}

fn output_at<'o>(column: &str, outputs: &'o [Output]) -> Option<&'o Engine> {
    let at: usize = column.strip_prefix("output#")?.parse().ok()?;
    outputs.get(at).map(|output| &output.value.expr)
}

fn of_field(field: &Field, analysis: &Analysis, place: crate::syntax::Position) -> Output {
    if let Some(collector) = analysis.collector {
        let shown = field.relation.iter().cloned().chain(field.name.clone()).collect::<Vec<_>>().join(".");
        collector.mentioned.borrow_mut().entry(field.column.clone()).or_insert((shown, place));
    }
    Output {
        value: Typed::new(column(&field.column), field.kind.clone()),
        name: field.name.clone(),
        heading: field.heading.clone(),
    }
}

/// `relation.*`, or the fields of a row.
fn all_of(of: &Expr, aliases: &[crate::query::tree::Name], scope: &Scope, analysis: &Analysis) -> Outcome<Vec<Output>> {
    let mut outputs = Vec::new();
    let relation: Option<Vec<String>> = parts_of(of).map(|parts| parts.iter().map(|part| part.text.to_lowercase()).collect());
    if let Some(relation) = &relation {
        let own =
            scope.fields.iter().filter(|field| !field.hidden && !field.relation.is_empty() && field.relation.ends_with(relation));
        outputs.extend(own.map(|field| of_field(field, analysis, of.place)));
    }
    if outputs.is_empty() {
        let row = match analysis.expr(of) {
            Err(fault) if fault.code == "COLUMN_NOT_FOUND" => {
                return Err(Fault::at(
                    of.place,
                    "TABLE_NOT_FOUND",
                    format!("Unable to resolve reference {}", relation.unwrap_or_default().join(".")),
                ));
            }
            other => other?,
        };
        let SqlType::Row(fields) = &row.kind else {
            return Err(Fault::at(of.place, "TYPE_MISMATCH", format!("expected type of expression {} to be row", row.kind)));
        };
        outputs.extend(fields.iter().enumerate().map(|(at, (name, kind))| Output {
            value: Typed::new(
                datafusion::functions::core::expr_fn::get_field(
                    row.expr.clone(),
                    crate::sqltype::field_name(at, name.as_deref()),
                ),
                kind.clone(),
            ),
            name: name.as_ref().map(|name| name.to_lowercase()),
            heading: name.clone(),
        }));
    }
    if !aliases.is_empty() && aliases.len() != outputs.len() {
        let message = format!("Column alias list has {} entries but relation has {} columns", aliases.len(), outputs.len());
        return Err(Fault::at(of.place, "MISMATCHED_COLUMN_ALIASES", message));
    }
    for (output, alias) in outputs.iter_mut().zip(aliases) {
        output.name = Some(alias.text.to_lowercase());
        output.heading = Some(alias.text.clone());
    }
    Ok(outputs)
}

/// A column or field gives its name to the output.
fn name_of(expr: &Expr) -> Option<String> {
    match &*expr.kind {
        ExprKind::Name(name) | ExprKind::Field(_, name) => Some(name.text.clone()),
        _ => None,
    }
}

/// What outputs are, where a key of `ORDER BY` names them.
fn without_outputs(expr: Engine, outputs: &[Output]) -> Outcome<Engine> {
    let replaced = expr.transform(|expr| {
        Ok(match &expr {
            Engine::Column(found) => match output_at(&found.name, outputs) {
                Some(value) => Transformed::new(value.clone(), true, TreeNodeRecursion::Jump),
                None => Transformed::no(expr),
            },
            _ => Transformed::no(expr),
        })
    })?;
    Ok(replaced.data)
}
