//! Which columns a name can mean at a place of a query.

use std::cell::RefCell;

use datafusion::logical_expr::LogicalPlan;

use super::Planner;
use super::typed::column;
use crate::fault::{Fault, Outcome};
use crate::query::tree::Name;
use crate::sqltype::SqlType;

/// A column that can be named.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// The relation's parts, in lower case: `[schema, table]`, `[alias]`, none.
    pub(crate) relation: Vec<String>,
    /// In lower case; none for an expression without alias.
    pub(crate) name: Option<String>,
    /// As it is shown.
    pub(crate) heading: Option<String>,
    pub(crate) kind: SqlType,
    /// In the plan.
    pub(crate) column: String,
    /// Not in `*`.
    pub(crate) hidden: bool,
}

/// A source of rows with the names of its columns.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    pub(crate) plan: LogicalPlan,
    pub(crate) fields: Vec<Field>,
}

/// The names of a query, within those of the query around it.
pub(crate) struct Scope<'a> {
    pub(crate) fields: Vec<Field>,
    pub(crate) parent: Option<&'a Scope<'a>>,
    /// Columns of the parent that were used here.
    pub(crate) outer: RefCell<Vec<Field>>,
}

/// A field, and how many queries out it stands.
pub(crate) struct Resolved {
    pub(crate) field: Field,
    pub(crate) depth: usize,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(fields: Vec<Field>, parent: Option<&'a Scope<'a>>) -> Self {
        Scope { fields, parent, outer: RefCell::default() }
    }

    /// By `name`, or by `relation.name`, here or around. `Ok(None)` if nothing has the name.
    pub(crate) fn resolve(&self, parts: &[Name]) -> Outcome<Option<Resolved>> {
        let mut scope = Some(self);
        let mut depth = 0;
        while let Some(here) = scope {
            if let Some(field) = here.own(parts)? {
                self.remember(&field, depth);
                return Ok(Some(Resolved { field, depth }));
            }
            scope = here.parent;
            depth += 1;
        }
        Ok(None)
    }

    /// What is used from outside is an outer column of each query in between.
    fn remember(&self, field: &Field, depth: usize) {
        let mut scope = Some(self);
        for _ in 0..depth {
            if let Some(here) = scope {
                here.outer.borrow_mut().push(field.clone());
                scope = here.parent;
            }
        }
    }

    fn own(&self, parts: &[Name]) -> Outcome<Option<Field>> {
        let Some((last, relation)) = parts.split_last() else { return Ok(None) };
        let name = last.text.to_lowercase();
        let relation: Vec<String> = relation.iter().map(|part| part.text.to_lowercase()).collect();
        let named: Vec<&Field> = self
            .fields
            .iter()
            .filter(|field| field.name.as_deref() == Some(name.as_str()) && field.relation.ends_with(&relation))
            .filter(|field| relation.is_empty() || !field.relation.is_empty())
            .collect();
        // In `ORDER BY` an output comes before the column of the source that it hides.
        let is_output = |field: &&Field| field.column.starts_with("output#");
        let outputs = relation.is_empty() && named.iter().any(is_output);
        let mut found = named.into_iter().filter(|field| !outputs || is_output(field));
        let first = found.next().cloned();
        if found.next().is_some() {
            let shown: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
            let message = format!("Column '{}' is ambiguous", shown.join("."));
            return Err(Fault::at(parts[0].place, "AMBIGUOUS_NAME", message));
        }
        Ok(first)
    }

    /// Whether a relation of this name is here: then what follows the point is one of its columns.
    pub(crate) fn has_relation(&self, parts: &[Name]) -> bool {
        let wanted: Vec<String> = parts.iter().map(|part| part.text.to_lowercase()).collect();
        let here = self.fields.iter().any(|field| !field.relation.is_empty() && field.relation.ends_with(&wanted));
        here || self.parent.is_some_and(|parent| parent.has_relation(parts))
    }
}

impl Relation {
    /// Under another name, with other names of columns if there are any.
    pub(crate) fn renamed(mut self, alias: &Name, columns: &[Name]) -> Outcome<Self> {
        let visible = self.fields.iter().filter(|field| !field.hidden).count();
        if !columns.is_empty() && columns.len() != visible {
            let message =
                format!("Column alias list has {} entries but '{}' has {visible} columns available", columns.len(), alias.text);
            return Err(Fault::at(alias.place, "MISMATCHED_COLUMN_ALIASES", message));
        }
        let mut names = columns.iter();
        for field in &mut self.fields {
            field.relation = vec![alias.text.to_lowercase()];
            if let Some(name) = if field.hidden { None } else { names.next() } {
                field.name = Some(name.text.to_lowercase());
                field.heading = Some(name.text.clone());
            }
        }
        Ok(self)
    }

    /// The same rows under new names in the plan: what stands twice in a plan must not have the names of its twin.
    pub(crate) fn again(&self, planner: &Planner) -> Outcome<Self> {
        let mut fields = self.fields.clone();
        let mut expressions = Vec::new();
        for field in &mut fields {
            let name = planner.fresh(field.name.as_deref().unwrap_or("expr"));
            expressions.push(column(&field.column).alias(&name));
            field.column = name;
        }
        let plan = datafusion::logical_expr::LogicalPlanBuilder::new(self.plan.clone()).project(expressions)?.build()?;
        Ok(Relation { plan, fields })
    }
}
