//! `FROM`: tables, views, queries in parentheses, and joins.

use std::sync::Arc;

use datafusion::common::Column;
use datafusion::logical_expr::{Expr as Engine, JoinType, LogicalPlan, LogicalPlanBuilder, lit};

use super::coerce::coerce;
use super::expr::Analysis;
use super::query::{Around, Names};
use super::scope::{Field, Relation, Scope};
use super::subquery::nested;
use super::typed::{Typed, column};
use super::unnest::Items;
use super::{Context, Found, Planner, Table, View};
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::query::tree::{self, Comparison, JoinCriteria, JoinKind, Name, QualifiedName, RelationKind, Sample};

/// Views in views in views: deeper than this is a circle.
const DEEPEST: usize = 50;

/// Which rows of two relations come together.
#[derive(Clone, Copy)]
struct How<'a> {
    kind: JoinKind,
    criteria: &'a JoinCriteria,
}

/// Each with each.
const CROSS: How = How { kind: JoinKind::Cross, criteria: &JoinCriteria::None };

impl Planner<'_> {
    /// All relations of a `FROM`, each with each.
    pub(crate) fn from(&self, relations: &[tree::Relation], around: Around) -> Outcome<Relation> {
        let mut joined: Option<Relation> = None;
        for relation in relations {
            joined = Some(match joined {
                None => self.relation(relation, around)?,
                Some(left) => self.join(left, relation, CROSS, around)?,
            });
        }
        match joined {
            Some(relation) => Ok(relation),
            None => Ok(Relation { plan: LogicalPlanBuilder::empty(true).build()?, fields: Vec::new() }),
        }
    }

    fn relation(&self, relation: &tree::Relation, around: Around) -> Outcome<Relation> {
        let found = match &relation.kind {
            RelationKind::Table(name) => self.named(name, around.names)?,
            RelationKind::Query(query) => self.query(query, around)?,
            RelationKind::Nested(inner) => self.relation(inner, around)?,
            RelationKind::Join(join) => {
                let left = self.relation(&join.left, around)?;
                self.join(left, &join.right, How { kind: join.kind, criteria: &join.criteria }, around)?
            }
            RelationKind::Unnest { .. } | RelationKind::Lateral(_) | RelationKind::Function { .. } => {
                let one = Relation { plan: LogicalPlanBuilder::empty(true).build()?, fields: Vec::new() };
                return self.join(one, relation, CROSS, around);
            }
        };
        self.dressed(found, relation)
    }

    /// With its alias, and its sample.
    pub(crate) fn dressed(&self, mut found: Relation, relation: &tree::Relation) -> Outcome<Relation> {
        if let Some(sample) = &relation.sample {
            found = self.sample(found, sample)?;
        }
        match &relation.alias {
            Some(alias) => found.renamed(&alias.name, &alias.columns),
            None => Ok(found),
        }
    }

    /// Each row by chance. Which rows come differs from run to run, as in Trino.
    fn sample(&self, relation: Relation, sample: &Sample) -> Outcome<Relation> {
        let place = sample.percentage.place;
        if sample.system {
            return Err(Fault::not_emulated("TABLESAMPLE SYSTEM").or_at(place));
        }
        let (scope, names) = (Scope::new(Vec::new(), None), Names::default());
        let percentage = match Analysis::new(self, &scope, &names).expr(&sample.percentage)?.constant() {
            Some(Datum::Integer(percentage)) => percentage as f64,
            Some(Datum::Double(percentage)) => percentage,
            _ => return Err(Fault::at(place, "TYPE_MISMATCH", "Sample percentage should be a numeric expression")),
        };
        if !(0.0..=100.0).contains(&percentage) {
            let message = "Sample percentage must be between 0 and 100";
            return Err(Fault::at(place, "NUMERIC_VALUE_OUT_OF_RANGE", message));
        }
        let chance = datafusion::functions::math::random().call(Vec::new());
        let plan = LogicalPlanBuilder::new(relation.plan).filter(chance.lt(lit(percentage / 100.0)))?.build()?;
        Ok(Relation { plan, fields: relation.fields })
    }

    /// A name: of `WITH`, of a view, of a table.
    pub(crate) fn named(&self, name: &QualifiedName, names: &Names) -> Outcome<Relation> {
        let parts: Vec<String> = name.parts.iter().map(|part| part.text.to_lowercase()).collect();
        let place = name.parts[0].place;
        if let [one] = parts.as_slice()
            && let Some(known) = names.get(one)
        {
            return known.again(self);
        }
        let (catalog, database, table) = match parts.as_slice() {
            [table] => (None, self.context.database.as_str(), table),
            [database, table] => (None, database.as_str(), table),
            [catalog, database, table] => (Some(catalog.as_str()), database.as_str(), table),
            _ => return Err(Fault::at(place, "SYNTAX_ERROR", format!("Too many parts in table name: {}", parts.join(".")))),
        };
        match self.context.tables.find(catalog, database, table).map_err(|fault| fault.or_at(place))? {
            Found::Table(found) => self.table(&found, &[database.to_owned(), table.clone()]),
            Found::View(view) => self.view(&view, &[database.to_owned(), table.clone()]).map_err(|fault| fault.or_at(place)),
        }
    }

    fn table(&self, table: &Table, relation: &[String]) -> Outcome<Relation> {
        let name = self.fresh(relation.last().map_or("table", String::as_str));
        let scan = LogicalPlanBuilder::scan(datafusion::common::TableReference::bare(name.clone()), table.source.clone(), None)?;
        let mut expressions = Vec::new();
        let mut fields = Vec::new();
        for found in &table.columns {
            let own = self.fresh(&found.name);
            let source = Column::new(Some(datafusion::common::TableReference::bare(name.clone())), &found.name);
            expressions.push(Engine::Column(source).alias(&own));
            fields.push(Field {
                relation: relation.to_vec(),
                name: Some(found.name.clone()),
                heading: Some(found.name.clone()),
                kind: found.kind.clone(),
                column: own,
                hidden: found.hidden,
            });
        }
        Ok(Relation { plan: scan.project(expressions)?.build()?, fields })
    }

    /// A view's query, with the columns that were there as it was made.
    fn view(&self, view: &View, relation: &[String]) -> Outcome<Relation> {
        if self.views.get() >= DEEPEST {
            return Err(Fault::new("VIEW_IS_RECURSIVE", "Statement would create a recursive view"));
        }
        let stale = |why: String| {
            Fault::new("VIEW_IS_STALE", format!("View '{}' is stale or in invalid state: {why}", relation.join(".")))
        };
        let context = Context {
            tables: self.context.tables,
            database: view.database.clone(),
            parameters: Vec::new(),
            now: self.context.now,
        };
        let inner = Planner { context: &context, last: self.last.clone(), views: (self.views.get() + 1).into() };
        let found = inner.query(&view.query, Around { names: &Names::default(), outer: None });
        self.last.set(inner.last.get());
        let found = found
            .map_err(|fault| Fault::new("INVALID_VIEW", format!("Failed analyzing stored view '{}': {fault}", view.name)))?;
        if found.fields.len() != view.columns.len() {
            return Err(stale("stored view column count does not match column count of the query".to_owned()));
        }
        let mut fields = Vec::new();
        let mut expressions = Vec::new();
        for (field, (name, kind)) in found.fields.iter().zip(&view.columns) {
            if !field.kind.coerces_to(kind) {
                return Err(stale(format!(
                    "column [{name}] of type {} projected from query view at position {} cannot be coerced to column [{name}] of type {kind} stored in view definition",
                    field.kind,
                    fields.len()
                )));
            }
            let own = self.fresh(name);
            expressions.push(coerce(Typed::new(column(&field.column), field.kind.clone()), kind)?.expr.alias(&own));
            fields.push(Field {
                relation: relation.to_vec(),
                name: Some(name.to_lowercase()),
                heading: Some(name.clone()),
                kind: kind.clone(),
                column: own,
                hidden: false,
            });
        }
        Ok(Relation { plan: LogicalPlanBuilder::new(found.plan).project(expressions)?.build()?, fields })
    }

    /// What stands right of a join; `UNNEST` and `LATERAL` see what stands left.
    fn join(&self, left: Relation, right: &tree::Relation, how: How, around: Around) -> Outcome<Relation> {
        match &right.kind {
            RelationKind::Unnest { arguments, ordinality } => {
                let keep = self.keeps_left(how, right)?;
                self.unnest(left, right, Items { arguments, ordinality: *ordinality, keep }, around)
            }
            RelationKind::Function { name, arguments } => {
                let arguments = super::unnest::as_unnest(name, arguments)?;
                let keep = self.keeps_left(how, right)?;
                self.unnest(left, right, Items { arguments: &arguments, ordinality: false, keep }, around)
            }
            RelationKind::Lateral(query) => {
                let found = self.lateral(&left, right, query, around)?;
                self.joined(left, found, how, around)
            }
            _ => {
                let found = self.relation(right, around)?;
                self.joined(left, found, how, around)
            }
        }
    }

    /// Of joins to `UNNEST` there are the cross join and the left one on true.
    fn keeps_left(&self, how: How, right: &tree::Relation) -> Outcome<bool> {
        let on_true =
            matches!(how.criteria, JoinCriteria::On(condition) if matches!(*condition.kind, tree::ExprKind::Boolean(true)));
        match how.kind {
            JoinKind::Cross => Ok(false),
            JoinKind::Inner if on_true => Ok(false),
            JoinKind::Left if on_true => Ok(true),
            _ => {
                let message = "RIGHT and FULL JOIN involving UNNEST is only supported with condition ON TRUE";
                Err(Fault::at(right.place, "NOT_SUPPORTED", message))
            }
        }
    }

    /// A query that sees the relation left of it.
    fn lateral(&self, left: &Relation, right: &tree::Relation, query: &tree::Query, around: Around) -> Outcome<Relation> {
        let scope = Scope::new(left.fields.clone(), around.outer);
        let found = self.query(query, Around { outer: Some(&scope), ..around })?;
        let subquery = nested(found.plan);
        let plan = match subquery.outer_ref_columns.as_slice() {
            [] => Arc::unwrap_or_clone(subquery.subquery),
            _ => LogicalPlan::Subquery(subquery),
        };
        self.dressed(Relation { plan, fields: found.fields }, right)
    }

    fn joined(&self, left: Relation, right: Relation, how: How, around: Around) -> Outcome<Relation> {
        let mut fields = left.fields.clone();
        fields.extend(right.fields.iter().cloned());
        let join = match how.kind {
            JoinKind::Cross | JoinKind::Inner => JoinType::Inner,
            JoinKind::Left => JoinType::Left,
            JoinKind::Right => JoinType::Right,
            JoinKind::Full => JoinType::Full,
        };
        let builder = LogicalPlanBuilder::new(left.plan.clone());
        match how.criteria {
            JoinCriteria::None => Ok(Relation { plan: builder.cross_join(right.plan)?.build()?, fields }),
            JoinCriteria::On(condition) => {
                let scope = Scope::new(fields.clone(), around.outer);
                let condition = Analysis::new(self, &scope, around.names).condition(condition, "JOIN ON clause")?;
                Ok(Relation { plan: builder.join_on(right.plan, join, [condition])?.build()?, fields })
            }
            JoinCriteria::Using(columns) => self.using([left, right], join, columns, around),
            JoinCriteria::Natural => Err(Fault::not_supported("Natural join not supported")),
        }
    }

    /// Columns of the same name once, first.
    fn using(&self, sides: [Relation; 2], join: JoinType, columns: &[Name], around: Around) -> Outcome<Relation> {
        let [left, right] = sides;
        let (left_scope, right_scope) = (Scope::new(left.fields.clone(), None), Scope::new(right.fields.clone(), None));
        let both = Scope::new(left.fields.iter().chain(&right.fields).cloned().collect(), around.outer);
        let analysis = Analysis::new(self, &both, around.names);
        let (mut conditions, mut merged, mut used) = (Vec::new(), Vec::new(), Vec::new());
        for name in columns {
            let side = |scope: &Scope, word: &str| {
                let found = scope.resolve(std::slice::from_ref(name))?;
                let message = format!("Column '{}' is missing from {word} side of join", name.text);
                found.map(|found| found.field).ok_or_else(|| Fault::at(name.place, "COLUMN_NOT_FOUND", message))
            };
            let (mine, theirs) = (side(&left_scope, "left")?, side(&right_scope, "right")?);
            let value = |field: &Field| Typed::new(column(&field.column), field.kind.clone());
            conditions.push(
                analysis.compare(value(&mine), Comparison::Equal, value(&theirs)).map_err(|fault| fault.or_at(name.place))?.expr,
            );
            used.extend([mine.column.clone(), theirs.column.clone()]);
            merged.push((name, mine, theirs));
        }
        let plan = LogicalPlanBuilder::new(left.plan).join_on(right.plan, join, conditions)?.build()?;
        let mut expressions = Vec::new();
        let mut fields = Vec::new();
        for (name, mine, theirs) in merged {
            let kind = mine.kind.common(&theirs.kind).unwrap_or_else(|| mine.kind.clone());
            let first = coerce(Typed::new(column(&mine.column), mine.kind), &kind)?.expr;
            let second = coerce(Typed::new(column(&theirs.column), theirs.kind), &kind)?.expr;
            let own = self.fresh(&name.text.to_lowercase());
            let value = match join {
                JoinType::Right => second,
                JoinType::Full => datafusion::functions::core::expr_fn::coalesce(vec![first, second]),
                _ => first,
            };
            expressions.push(value.alias(&own));
            fields.push(Field {
                relation: Vec::new(),
                name: Some(name.text.to_lowercase()),
                heading: Some(name.text.clone()),
                kind,
                column: own,
                hidden: false,
            });
        }
        for field in both.fields.into_iter().filter(|field| !used.contains(&field.column)) {
            expressions.push(column(&field.column));
            fields.push(field);
        }
        Ok(Relation { plan: LogicalPlanBuilder::new(plan).project(expressions)?.build()?, fields })
    }
}
