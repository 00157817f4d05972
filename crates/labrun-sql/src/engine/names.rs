//! The tables that a query names: the catalog is asked for them before the query is planned.

use crate::query::tree::{
    Body, Expr, ExprKind, FrameBound, Function, GroupingElement, JoinCriteria, QualifiedName, Query, Relation,
};
use crate::query::tree::{RelationKind, Select, SelectItem, SortItem, Window};

/// All names of tables, those that `WITH` gives among them.
pub(crate) fn of(query: &Query) -> Vec<&QualifiedName> {
    let mut walk = Walk::default();
    walk.query(query);
    walk.found
}

/// Whether an expression names a column: then it is none that stands for itself.
pub fn names_columns(expr: &Expr) -> bool {
    let mut walk = Walk::default();
    walk.expr(expr);
    walk.columns
}

#[derive(Default)]
struct Walk<'q> {
    found: Vec<&'q QualifiedName>,
    columns: bool,
}

impl<'q> Walk<'q> {
    fn query(&mut self, query: &'q Query) {
        query.with.iter().for_each(|table| self.query(&table.query));
        self.body(&query.body);
        self.sorts(&query.order_by);
    }

    fn body(&mut self, body: &'q Body) {
        match body {
            Body::Select(select) => self.select(select),
            Body::Values(rows, _) => self.all(rows),
            Body::Table(name) => self.found.push(name),
            Body::Query(query) => self.query(query),
            Body::Set(operation) => {
                self.body(&operation.left);
                self.body(&operation.right);
            }
        }
    }

    fn select(&mut self, select: &'q Select) {
        for item in &select.items {
            match item {
                SelectItem::All(_) => {}
                SelectItem::AllOf { of, .. } => self.expr(of),
                SelectItem::Expr { expr, .. } => self.expr(expr),
            }
        }
        select.from.iter().for_each(|relation| self.relation(relation));
        select.filter.iter().chain(&select.having).for_each(|condition| self.expr(condition));
        for element in select.group_by.iter().flat_map(|group_by| &group_by.elements) {
            match element {
                GroupingElement::Set(set) => self.all(set),
                GroupingElement::Rollup(sets) | GroupingElement::Cube(sets) | GroupingElement::Sets(sets) => {
                    sets.iter().for_each(|set| self.all(set));
                }
            }
        }
        select.windows.iter().for_each(|(_, window)| self.window(window));
    }

    fn relation(&mut self, relation: &'q Relation) {
        match &relation.kind {
            RelationKind::Table(name) => self.found.push(name),
            RelationKind::Query(query) | RelationKind::Lateral(query) => self.query(query),
            RelationKind::Unnest { arguments, .. } => self.all(arguments),
            RelationKind::Function { arguments, .. } => arguments.iter().for_each(|(_, value)| self.expr(value)),
            RelationKind::Nested(inner) => self.relation(inner),
            RelationKind::Join(join) => {
                self.relation(&join.left);
                self.relation(&join.right);
                if let JoinCriteria::On(condition) = &join.criteria {
                    self.expr(condition);
                }
            }
        }
    }

    fn sorts(&mut self, items: &'q [SortItem]) {
        items.iter().for_each(|item| self.expr(&item.expr));
    }

    fn window(&mut self, window: &'q Window) {
        self.all(&window.partition_by);
        self.sorts(&window.order_by);
        for bound in window.frame.iter().flat_map(|frame| [&frame.start, &frame.end]) {
            if let FrameBound::Preceding(distance) | FrameBound::Following(distance) = bound {
                self.expr(distance);
            }
        }
    }

    fn all(&mut self, expressions: &'q [Expr]) {
        expressions.iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &'q Expr) {
        match &*expr.kind {
            ExprKind::Field(value, _)
            | ExprKind::Unary(_, value)
            | ExprKind::Cast { value, .. }
            | ExprKind::Extract { value, .. }
            | ExprKind::IsNull { value, .. }
            | ExprKind::Lambda(_, value) => self.expr(value),
            ExprKind::Subscript(left, right)
            | ExprKind::Arithmetic(left, _, right)
            | ExprKind::Comparison(left, _, right)
            | ExprKind::AtTimeZone(left, right)
            | ExprKind::IsDistinct { value: left, other: right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Array(parts) | ExprKind::Row(parts) => self.all(parts),
            ExprKind::Between { value, low, high, .. } => [value, low, high].into_iter().for_each(|part| self.expr(part)),
            ExprKind::InList { value, list, .. } => {
                self.expr(value);
                self.all(list);
            }
            ExprKind::Like { value, pattern, escape, .. } => {
                [value, pattern].into_iter().chain(escape).for_each(|part| self.expr(part))
            }
            ExprKind::Case { operand, branches, otherwise } => {
                operand.iter().chain(otherwise).for_each(|part| self.expr(part));
                branches.iter().for_each(|(when, then)| [when, then].into_iter().for_each(|part| self.expr(part)));
            }
            ExprKind::Exists(query) | ExprKind::Subquery(query) => self.query(query),
            ExprKind::InQuery { value, query, .. } | ExprKind::Quantified { left: value, query, .. } => {
                self.expr(value);
                self.query(query);
            }
            ExprKind::Function(function) => self.function(function),
            ExprKind::Name(_) => self.columns = true,
            _ => {}
        }
    }

    fn function(&mut self, function: &'q Function) {
        self.all(&function.arguments);
        self.sorts(&function.order_by);
        function.filter.iter().for_each(|filter| self.expr(filter));
        function.over.iter().for_each(|window| self.window(window));
    }
}
