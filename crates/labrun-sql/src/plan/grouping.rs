//! `GROUP BY`: its sets, the groups of a plan, and what an expression over the source is over the groups.

use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{Expr as Engine, GroupingSet, LogicalPlan, LogicalPlanBuilder, lit};

use super::Planner;
use super::coerce::comparable;
use super::expr::{Analysis, Collector};
use super::query::ordinal;
use super::typed::{Typed, column};
use crate::fault::{Fault, Outcome};
use crate::query::tree::{Expr, GroupBy, GroupingElement, Select};
use crate::sqltype::SqlType;

/// `GROUP BY` in the terms of the source.
#[derive(Default)]
pub(crate) struct Grouping {
    /// Each once.
    keys: Vec<Typed>,
    /// Which keys a set has. One set is a plain `GROUP BY`.
    sets: Vec<Vec<usize>>,
}

impl Grouping {
    pub(crate) fn of(group_by: &GroupBy, outputs: &[Typed], analysis: &Analysis) -> Outcome<Self> {
        let mut grouping = Grouping::default();
        let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
        for element in &group_by.elements {
            let choices = match element {
                GroupingElement::Set(set) => vec![grouping.set(set, outputs, analysis)?],
                GroupingElement::Sets(list) => {
                    list.iter().map(|set| grouping.set(set, outputs, analysis)).collect::<Outcome<_>>()?
                }
                GroupingElement::Rollup(list) => {
                    let sets = list.iter().map(|set| grouping.set(set, outputs, analysis)).collect::<Outcome<Vec<_>>>()?;
                    (0..=sets.len()).rev().map(|length| sets[..length].concat()).collect()
                }
                GroupingElement::Cube(list) => {
                    let sets = list.iter().map(|set| grouping.set(set, outputs, analysis)).collect::<Outcome<Vec<_>>>()?;
                    (0..1_usize << sets.len()).rev().map(|bits| chosen(&sets, bits)).collect()
                }
            };
            sets = sets.iter().flat_map(|set| choices.iter().map(move |choice| [set.as_slice(), choice].concat())).collect();
        }
        for set in &mut sets {
            set.sort_unstable();
            set.dedup();
        }
        if group_by.distinct {
            let mut seen: Vec<Vec<usize>> = Vec::new();
            sets.retain(|set| {
                let new = !seen.contains(set);
                seen.push(set.clone());
                new
            });
        }
        grouping.sets = sets;
        Ok(grouping)
    }

    fn set(&mut self, set: &[Expr], outputs: &[Typed], analysis: &Analysis) -> Outcome<Vec<usize>> {
        set.iter()
            .map(|expr| {
                let key = match ordinal(expr, outputs.len())
                    .map_err(|fault| Fault { message: fault.message.replace("ORDER BY", "GROUP BY"), ..fault })?
                {
                    Some(at) => outputs[at].clone(),
                    None => {
                        let before = analysis.collector.map_or(0, |collector| collector.aggregates.borrow().len());
                        let key = analysis.expr(expr)?;
                        if analysis.collector.is_some_and(|collector| collector.aggregates.borrow().len() > before) {
                            return Err(Fault::at(
                                expr.place,
                                "EXPRESSION_NOT_SCALAR",
                                "GROUP BY clause cannot contain aggregations, window functions or grouping operations",
                            ));
                        }
                        key
                    }
                };
                if !key.kind.is_comparable() {
                    let message = format!("{} is not comparable, and therefore cannot be used in GROUP BY", key.kind);
                    return Err(Fault::at(expr.place, "TYPE_MISMATCH", message));
                }
                Ok(match self.keys.iter().position(|known| known.expr == key.expr) {
                    Some(at) => at,
                    None => {
                        self.keys.push(key);
                        self.keys.len() - 1
                    }
                })
            })
            .collect()
    }
}

/// The sets whose bits are on; the first set has the highest.
fn chosen(sets: &[Vec<usize>], bits: usize) -> Vec<usize> {
    let on = sets.iter().enumerate().filter(|(at, _)| bits >> (sets.len() - 1 - at) & 1 == 1);
    on.flat_map(|(_, set)| set.iter().copied()).collect()
}

impl Planner<'_> {
    /// The groups of a plan, with all aggregates of the query.
    pub(crate) fn aggregated(&self, plan: LogicalPlan, grouping: Grouping, collector: &Collector) -> Outcome<Grouped> {
        let mut keys = Vec::new();
        let mut computed = Vec::new();
        for key in &grouping.keys {
            match &key.expr {
                Engine::Column(own) => keys.push((key.expr.clone(), own.name.clone())),
                other => {
                    let name = self.fresh("group");
                    computed.push(comparable(Typed::new(other.clone(), key.kind.clone())).alias(&name));
                    keys.push((other.clone(), name));
                }
            }
        }
        let mut builder = LogicalPlanBuilder::new(plan);
        if !computed.is_empty() {
            let all: Vec<Engine> = builder.schema().columns().into_iter().map(Engine::Column).collect();
            builder = builder.project(all.into_iter().chain(computed))?;
        }
        let aggregates: Vec<Engine> = collector.aggregates.borrow().iter().map(|(name, call)| call.clone().alias(name)).collect();
        let columns: Vec<Engine> = keys.iter().map(|(_, name)| column(name)).collect();
        let by: Vec<Engine> = match grouping.sets.as_slice() {
            [] | [_] => columns.clone(),
            sets => vec![Engine::GroupingSet(GroupingSet::GroupingSets(
                sets.iter().map(|set| set.iter().map(|at| columns[*at].clone()).collect()).collect(),
            ))],
        };
        let plain = grouping.sets.len() < 2;
        let order: Vec<usize> = if plain { (0..columns.len()).collect() } else { first_seen(&grouping.sets) };
        let mut plan = builder.aggregate(by, aggregates)?.build()?;
        if !collector.groupings.borrow().is_empty() {
            plan = groupings(plan, &keys, &order, plain, collector)?;
        }
        Ok(Grouped { plan, keys })
    }
}

/// The engine numbers the columns of grouping sets as they occur.
fn first_seen(sets: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::new();
    for at in sets.iter().flatten() {
        if !order.contains(at) {
            order.push(*at);
        }
    }
    order
}

/// The columns of `grouping(..)`, out of the engine's number of each set: a bit for each key, the first one's the highest, on where it is not in
/// the set.
fn groupings(
    plan: LogicalPlan,
    keys: &[(Engine, String)],
    order: &[usize],
    plain: bool,
    collector: &Collector,
) -> Outcome<LogicalPlan> {
    let mut expressions: Vec<Engine> = plan.schema().columns().into_iter().map(Engine::Column).collect();
    let id = datafusion::logical_expr::cast(
        column(datafusion::logical_expr::Aggregate::INTERNAL_GROUPING_ID),
        SqlType::BigInt.arrow(),
    );
    for (name, columns, place) in collector.groupings.borrow().iter() {
        let mut bits = lit(0_i64);
        for wanted in columns {
            let at = keys.iter().position(|(key, _)| key == wanted).and_then(|key| order.iter().position(|at| *at == key));
            let Some(at) = at else {
                return Err(Fault::at(
                    *place,
                    "INVALID_PROCEDURE_ARGUMENT",
                    "The arguments to GROUPING() must be expressions referenced by the GROUP BY at the associated query level",
                ));
            };
            let bit = if plain { lit(0_i64) } else { (id.clone() >> lit((order.len() - 1 - at) as i64)) & lit(1_i64) };
            bits = (bits << lit(1_i64)) | bit;
        }
        let kind = if columns.len() > 31 { SqlType::BigInt } else { SqlType::Integer };
        expressions.push(datafusion::logical_expr::cast(bits, kind.arrow()).alias(name));
    }
    Ok(LogicalPlanBuilder::new(plan).project(expressions)?.build()?)
}

/// What `GROUP BY` makes of a plan.
pub(crate) struct Grouped {
    pub(crate) plan: LogicalPlan,
    /// What was grouped by, and its column.
    pub(crate) keys: Vec<(Engine, String)>,
}

impl Grouped {
    /// An expression over the source as one over the groups.
    pub(crate) fn rebase(&self, expr: Engine, collector: &Collector) -> Outcome<Engine> {
        let schema = self.plan.schema();
        let rebased = expr.transform_down(|expr| {
            if let Some((_, name)) = self.keys.iter().find(|(key, _)| *key == expr) {
                return Ok(Transformed::new(column(name), true, TreeNodeRecursion::Jump));
            }
            Ok(Transformed::no(expr))
        })?;
        let windows: Vec<String> = collector.windows.borrow().iter().map(|(name, _)| name.clone()).collect();
        for used in rebased.data.column_refs() {
            if schema.has_column(used) || windows.contains(&used.name) {
                continue;
            }
            let mentioned = collector.mentioned.borrow();
            return Err(match mentioned.get(&used.name) {
                Some((shown, place)) => Fault::at(
                    *place,
                    "EXPRESSION_NOT_AGGREGATE",
                    format!("'{shown}' must be an aggregate expression or appear in GROUP BY clause"),
                ),
                None => Fault::new(
                    "EXPRESSION_NOT_AGGREGATE",
                    format!("'{}' must be an aggregate expression or appear in GROUP BY clause", used.name),
                ),
            });
        }
        Ok(rebased.data)
    }
}

impl Planner<'_> {
    /// The expressions of `GROUP BY`, and its sets.
    pub(super) fn grouping(&self, select: &Select, outputs: &[Typed], analysis: &Analysis) -> Outcome<Option<Grouping>> {
        select.group_by.as_ref().map(|group_by| Grouping::of(group_by, outputs, analysis)).transpose()
    }
}
