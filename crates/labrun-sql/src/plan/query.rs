//! A query: what it calls `WITH`, what gives its rows, their order and their number.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::logical_expr::LogicalPlan;
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, SortExpr, Union};

use super::Planner;
use super::coerce::{coerce, common};
use super::expr::Analysis;
use super::scope::{Field, Relation, Scope};
use super::typed::{Typed, column};
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::query::tree::{Body, CommonTable, ExprKind, Limit, Query, SortItem};
use crate::sqltype::SqlType;
use crate::syntax::Position;

/// What `WITH` calls queries, here and around.
#[derive(Clone, Default)]
pub(crate) struct Names {
    tables: BTreeMap<String, Relation>,
}

impl Names {
    pub(crate) fn get(&self, name: &str) -> Option<&Relation> {
        self.tables.get(name)
    }
}

/// What a part of a query stands in: the names that `WITH` gives, and the query around.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) names: &'a Names,
    pub(crate) outer: Option<&'a Scope<'a>>,
}

impl Planner<'_> {
    /// The rows of a query; its fields have no relation.
    pub(crate) fn query(&self, query: &Query, around: Around) -> Outcome<Relation> {
        let names = self.with(&query.with, around)?;
        let around = Around { names: &names, outer: around.outer };
        let sorted = matches!(query.body, Body::Select(_)).then_some(query.order_by.as_slice());
        let relation = match (&query.body, sorted) {
            (Body::Select(select), Some(order_by)) => self.select(select, order_by, around)?,
            (body, _) => {
                let relation = self.body(body, around)?;
                self.sort(relation, &query.order_by, around.outer)?
            }
        };
        self.limit(relation, query)
    }

    fn with(&self, tables: &[CommonTable], around: Around) -> Outcome<Names> {
        let mut names = around.names.clone();
        let mut own: Vec<String> = Vec::new();
        for table in tables {
            let name = table.name.text.to_lowercase();
            if own.contains(&name) {
                let message = format!("WITH query name '{}' specified more than once", table.name.text);
                return Err(Fault::at(table.name.place, "DUPLICATE_NAMED_QUERY", message));
            }
            let relation = self.query(&table.query, Around { names: &names, outer: around.outer })?;
            names.tables.insert(name.clone(), relation.renamed(&table.name, &table.columns)?);
            own.push(name);
        }
        Ok(names)
    }

    pub(crate) fn body(&self, body: &Body, around: Around) -> Outcome<Relation> {
        match body {
            Body::Select(select) => self.select(select, &[], around),
            Body::Values(rows, place) => self.values(rows, *place, around),
            Body::Table(name) => {
                let mut relation = self.named(name, around.names)?;
                relation.fields.retain(|field| !field.hidden);
                relation.fields.iter_mut().for_each(|field| field.relation.clear());
                self.only_fields(relation)
            }
            Body::Query(query) => self.query(query, around),
            Body::Set(operation) => self.set(operation, around),
        }
    }

    /// The plan gives the fields and nothing else.
    pub(crate) fn only_fields(&self, relation: Relation) -> Outcome<Relation> {
        let expressions: Vec<Expr> = relation.fields.iter().map(|field| column(&field.column)).collect();
        let plan = LogicalPlanBuilder::new(relation.plan).project(expressions)?.build()?;
        Ok(Relation { plan, fields: relation.fields })
    }

    fn values(&self, rows: &[crate::query::tree::Expr], place: Position, around: Around) -> Outcome<Relation> {
        let scope = Scope::new(Vec::new(), around.outer);
        let analysis = Analysis::new(self, &scope, around.names);
        let mut table: Vec<Vec<Typed>> = Vec::new();
        for row in rows {
            let cells = match &*row.kind {
                ExprKind::Row(cells) => cells.iter().map(|cell| analysis.expr(cell)).collect::<Outcome<_>>()?,
                _ => vec![analysis.expr(row)?],
            };
            table.push(cells);
        }
        let width = table.first().map_or(0, Vec::len);
        if let Some(other) = table.iter().find(|row| row.len() != width) {
            let message = format!("Values rows have mismatched sizes: {width} vs {}", other.len());
            return Err(Fault::at(place, "TYPE_MISMATCH", message));
        }
        let kinds = (0..width).map(|at| {
            let column: Vec<SqlType> = table.iter().map(|row| row[at].kind.clone()).collect();
            common(&column).ok_or_else(|| {
                Fault::at(
                    place,
                    "TYPE_MISMATCH",
                    format!("Values rows have mismatched types: {} vs {}", column[0], column[column.len() - 1]),
                )
            })
        });
        let kinds = kinds.collect::<Outcome<Vec<_>>>()?;
        let branches = table.into_iter().map(|row| {
            let expressions = row
                .into_iter()
                .zip(&kinds)
                .enumerate()
                .map(|(at, (cell, kind))| Ok(coerce(cell, kind)?.expr.alias(format!("v{at}"))));
            Ok(LogicalPlanBuilder::empty(true).project(expressions.collect::<Outcome<Vec<_>>>()?)?.build()?)
        });
        let plan = union_all(branches.collect::<Outcome<Vec<_>>>()?)?;
        let fields = kinds.into_iter().enumerate().map(|(at, kind)| unnamed(format!("v{at}"), kind)).collect();
        Relation { plan, fields }.again(self)
    }

    /// By columns of the result only.
    fn sort(&self, relation: Relation, order_by: &[SortItem], outer: Option<&Scope>) -> Outcome<Relation> {
        if order_by.is_empty() {
            return Ok(relation);
        }
        let scope = Scope::new(relation.fields.clone(), outer);
        let names = Names::default();
        let analysis = Analysis::new(self, &scope, &names);
        let keys = order_by.iter().map(|item| {
            let key = match ordinal(&item.expr, relation.fields.len())? {
                Some(at) => Typed::new(column(&relation.fields[at].column), relation.fields[at].kind.clone()),
                None => analysis.expr(&item.expr)?,
            };
            sort_key(key, item)
        });
        let plan = LogicalPlanBuilder::new(relation.plan).sort(keys.collect::<Outcome<Vec<_>>>()?)?.build()?;
        Ok(Relation { plan, fields: relation.fields })
    }

    fn limit(&self, relation: Relation, query: &Query) -> Outcome<Relation> {
        if query.offset.is_none() && query.limit.is_none() {
            return Ok(relation);
        }
        let skip = query.offset.as_ref().map_or(Ok(0), |count| self.row_count(count, "OFFSET"))?;
        let fetch = match &query.limit {
            Some(Limit { with_ties: true, count }) => {
                return Err(Fault::not_emulated("FETCH FIRST .. WITH TIES").or_at(count.place));
            }
            Some(Limit { count, .. }) => Some(self.row_count(count, "LIMIT")?),
            None => None,
        };
        let plan = LogicalPlanBuilder::new(relation.plan).limit(skip, fetch)?.build()?;
        Ok(Relation { plan, fields: relation.fields })
    }

    fn row_count(&self, count: &crate::query::tree::Expr, word: &str) -> Outcome<usize> {
        let scope = Scope::new(Vec::new(), None);
        let names = Names::default();
        match Analysis::new(self, &scope, &names).expr(count)?.constant() {
            Some(Datum::Integer(rows)) if rows >= 0 => usize::try_from(rows)
                .map_err(|_| Fault::at(count.place, "INVALID_LIMIT_CLAUSE", format!("Invalid {word} row count: {rows}"))),
            _ => Err(Fault::at(count.place, "INVALID_LIMIT_CLAUSE", format!("Invalid {word} row count"))),
        }
    }
}

/// All rows of all, which have the same columns.
pub(crate) fn union_all(mut plans: Vec<LogicalPlan>) -> Outcome<LogicalPlan> {
    if plans.len() == 1 {
        return Ok(plans.remove(0));
    }
    let plans = plans.into_iter().map(Arc::new).collect();
    Ok(LogicalPlan::Union(Union::try_new_with_loose_types(plans)?))
}

pub(crate) fn unnamed(column: String, kind: SqlType) -> Field {
    Field { relation: Vec::new(), name: None, heading: None, kind, column, hidden: false }
}

/// `ORDER BY 2`, `GROUP BY 2`: the place of an output column, from 0.
pub(crate) fn ordinal(expr: &crate::query::tree::Expr, width: usize) -> Outcome<Option<usize>> {
    let ExprKind::Integer(digits) = &*expr.kind else { return Ok(None) };
    match digits.parse::<usize>() {
        Ok(at) if (1..=width).contains(&at) => Ok(Some(at - 1)),
        _ => Err(Fault::at(expr.place, "INVALID_COLUMN_REFERENCE", format!("ORDER BY position {digits} is not in select list"))),
    }
}

/// A key of an order, by what its type is ordered by.
pub(crate) fn sort_key(key: Typed, item: &SortItem) -> Outcome<SortExpr> {
    if !key.kind.is_orderable() {
        let message = format!("Type {} is not orderable, and therefore cannot be used in ORDER BY", key.kind);
        return Err(Fault::at(item.expr.place, "TYPE_MISMATCH", message));
    }
    Ok(super::coerce::comparable(key).sort(!item.descending, item.nulls_first))
}
