//! Walks a JMESPath expression along the models and notes every name that isn't there.

use std::ops::Range;

use jmespath::ast::Ast;

use super::scope::{Place, Scope};
use super::{Api, Fault};
use crate::lab::needs::place;
use crate::lab::template::{compile, has_function};

/// A wrong name and its place in the expression.
#[derive(Debug)]
pub(super) struct Flaw {
    pub part: Range<usize>,
    pub fault: Fault,
}

/// What the expression yields, and its wrong names; or where and why it cannot be parsed.
pub(super) fn walk(source: &str, scope: &Scope, api: &dyn Api) -> Result<(Place, Vec<Flaw>), (usize, String)> {
    let ast = compile(source)?;
    let mut walker = Walker { source, scope, api, flaws: Vec::new() };
    let place = walker.visit(&ast, &scope.start());
    Ok((place, walker.flaws))
}

struct Walker<'w> {
    source: &'w str,
    scope: &'w Scope,
    api: &'w dyn Api,
    flaws: Vec<Flaw>,
}

impl Walker<'_> {
    /// `here` is `None` where the names of the scope are at hand.
    fn visit(&mut self, ast: &Ast, here: &Option<Place>) -> Place {
        match ast {
            Ast::Field { offset, name } => self.field(*offset, name, here),
            Ast::Subexpr { lhs, rhs, offset } => {
                if matches!(**lhs, Ast::Not { .. }) {
                    let fault = Fault::new("`!a.b` means `(!a).b` in JMESPath").hint("write `!(a.b)`");
                    self.flaws.push(Flaw { part: *offset..*offset + 1, fault });
                }
                let left = self.visit(lhs, here);
                self.visit(rhs, &Some(left))
            }
            Ast::Projection { lhs, rhs, .. } => {
                let item = self.visit(lhs, here).item();
                Place::List(Box::new(self.visit(rhs, &Some(item))))
            }
            Ast::Flatten { node, .. } => match self.visit(node, here) {
                Place::List(inner) if matches!(*inner, Place::List(_)) => *inner,
                list => list,
            },
            Ast::Index { .. } => here.as_ref().map_or(Place::Unknown, Place::item),
            Ast::Identity { .. } | Ast::Slice { .. } => here.clone().unwrap_or(Place::Unknown),
            Ast::Condition { predicate: first, then: second, .. } | Ast::And { lhs: first, rhs: second, .. } => {
                self.visit(first, here);
                self.visit(second, here)
            }
            Ast::Or { lhs, rhs, .. } => {
                let left = self.visit(lhs, here);
                self.visit(rhs, here);
                left
            }
            Ast::Comparison { lhs, rhs, .. } => {
                self.visit(lhs, here);
                self.visit(rhs, here);
                Place::Unknown
            }
            Ast::Not { node, .. } | Ast::ObjectValues { node, .. } => {
                self.visit(node, here);
                Place::Unknown
            }
            Ast::Function { offset, name, args } => self.function(*offset, name, args, here),
            Ast::MultiList { elements, .. } => {
                elements.iter().for_each(|element| drop(self.visit(element, here)));
                Place::Unknown
            }
            Ast::MultiHash { elements, .. } => {
                elements.iter().for_each(|pair| drop(self.visit(&pair.value, here)));
                Place::Unknown
            }
            Ast::Expref { .. } | Ast::Literal { .. } => Place::Unknown,
        }
    }

    fn field(&mut self, offset: usize, name: &str, here: &Option<Place>) -> Place {
        let Some(here) = here else {
            return self.scope.get(name).cloned().unwrap_or_else(|| {
                let fault = Fault::new(format!("nothing is known as `{name}` here")).label("unknown");
                self.flaw(offset, name, fault.did_you_mean(name, self.scope.names()));
                Place::Unknown
            });
        };
        here.member(name, self.api).unwrap_or_else(|names| {
            let fault = Fault::new(format!("{} has no member `{name}`", here.what())).label("not in the model");
            self.flaw(offset, name, fault.did_you_mean(name, names.iter().map(String::as_str)));
            Place::Unknown
        })
    }

    fn function(&mut self, offset: usize, name: &str, args: &[Ast], here: &Option<Place>) -> Place {
        if !has_function(name) {
            self.flaw(offset, name, Fault::new(format!("JMESPath has no function `{name}`")).label("unknown"));
        }
        let places: Vec<Place> = args.iter().map(|arg| self.visit(arg, here)).collect();
        match name {
            "unique" | "minus" | "sort" | "sort_by" | "reverse" | "not_null" => {
                places.into_iter().next().unwrap_or(Place::Unknown)
            }
            "max_by" | "min_by" => places.first().map_or(Place::Unknown, Place::item),
            _ => Place::Unknown,
        }
    }

    fn flaw(&mut self, offset: usize, name: &str, fault: Fault) {
        self.flaws.push(Flaw { part: place(self.source, offset, name), fault });
    }
}
