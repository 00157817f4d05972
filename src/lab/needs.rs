//! Which names an expression, a template or a whole check starts from.

use std::collections::HashSet;
use std::ops::Range;

use jmespath::ast::Ast;

use super::action::Action;
use super::file::{Check, Expect, Look, ProbeStep};
use super::template::{Expression, Template, compile};
use crate::document::node::{Kind, Node};

/// The names that an expression starts from, each with its place in it.
pub(crate) fn roots(expression: &Expression) -> Vec<(String, Range<usize>)> {
    let mut found = roots_of(&expression.blanked());
    for (source, part) in expression.template.values() {
        let inner = roots_of(source).into_iter();
        found.extend(inner.map(|(name, at)| (name, part.start + at.start..part.start + at.end)));
    }
    found
}

/// Every name that a check needs to be graded; its own sights and lets among them.
pub(crate) fn of_check(check: &Check) -> HashSet<String> {
    let mut names = Names::default();
    check.see.iter().for_each(|sight| names.look(&sight.look));
    for step in &check.probe {
        match step {
            ProbeStep::See(sight) => names.look(&sight.look),
            ProbeStep::Act { action, .. } => names.action(action),
        }
    }
    check.lets.iter().for_each(|(_, expression)| names.expression(expression));
    match &check.expect {
        Expect::Holds(expression) => names.expression(expression),
        Expect::Yields(pairs) => {
            for (expression, value) in pairs {
                names.expression(expression);
                names.values(value);
            }
        }
    }
    names.found
}

#[derive(Default)]
struct Names {
    found: HashSet<String>,
}

impl Names {
    fn look(&mut self, look: &Look) {
        match look {
            Look::Call(call) => self.values(&call.with),
            Look::Rows { from, .. } | Look::Text { from } => self.template(from),
            Look::Find { call, items, fits } => {
                self.values(&call.with);
                self.template(&items.template);
                fits.iter().for_each(|fits| self.template(&fits.template));
            }
        }
    }

    fn action(&mut self, action: &Action) {
        match action {
            Action::Put { to, file } => [to, file].iter().for_each(|template| self.template(template)),
            Action::Delete { from } => self.template(from),
            Action::Copy { from, to } => [from, to].iter().for_each(|template| self.template(template)),
            Action::Run { job, arguments } => {
                self.template(job);
                self.values(arguments);
            }
            Action::Advance { .. } => {}
            Action::Call(call) => self.values(&call.with),
        }
    }

    fn expression(&mut self, expression: &Expression) {
        self.found.extend(roots(expression).into_iter().map(|(name, _)| name));
    }

    fn template(&mut self, template: &Template) {
        for (source, _) in template.values() {
            self.found.extend(roots_of(source).into_iter().map(|(name, _)| name));
        }
    }

    fn values(&mut self, node: &Node) {
        match &node.kind {
            Kind::Text(text) => self.template(&Template::parse(text.clone()).0),
            Kind::List(items) => items.iter().for_each(|item| self.values(item)),
            Kind::Table(entries) => entries.iter().for_each(|(_, value)| self.values(value)),
            Kind::Number(_) | Kind::Flag(_) => {}
        }
    }
}

fn roots_of(source: &str) -> Vec<(String, Range<usize>)> {
    let Ok(ast) = compile(source) else { return Vec::new() };
    let mut found = Vec::new();
    collect(&ast, &mut found);
    found
        .into_iter()
        .map(|(name, at)| {
            let place = place(source, at, &name);
            (name, place)
        })
        .collect()
}

/// Where a name stands: the parser's offsets are only near it.
pub(super) fn place(source: &str, near: usize, name: &str) -> Range<usize> {
    let before = near.saturating_sub(name.len() + 2);
    let from = source.get(before..).map_or(0, |_| before);
    let at = source[from..].find(name).map_or(near, |at| at + from);
    at..at + name.len()
}

fn collect(ast: &Ast, found: &mut Vec<(String, usize)>) {
    match ast {
        Ast::Field { offset, name } => found.push((name.clone(), *offset)),
        Ast::Subexpr { lhs, .. } | Ast::Projection { lhs, .. } => collect(lhs, found),
        Ast::Flatten { node, .. } | Ast::Not { node, .. } | Ast::ObjectValues { node, .. } => collect(node, found),
        Ast::And { lhs, rhs, .. } | Ast::Or { lhs, rhs, .. } | Ast::Comparison { lhs, rhs, .. } => {
            collect(lhs, found);
            collect(rhs, found);
        }
        Ast::Function { args, .. } => args.iter().for_each(|arg| collect(arg, found)),
        Ast::MultiList { elements, .. } => elements.iter().for_each(|element| collect(element, found)),
        Ast::MultiHash { elements, .. } => elements.iter().for_each(|pair| collect(&pair.value, found)),
        // What stands below a list or a literal starts from there, not from a name.
        Ast::Condition { .. }
        | Ast::Index { .. }
        | Ast::Identity { .. }
        | Ast::Slice { .. }
        | Ast::Expref { .. }
        | Ast::Literal { .. } => {}
    }
}
