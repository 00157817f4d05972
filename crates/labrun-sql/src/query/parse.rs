//! Reads queries by recursive descent. The rules and their names are those of Trino's grammar, and so is what a message says could have
//! stood at a place: it is what was asked for there. A word that opens a rule is taken only where the rule can follow, because most words
//! are names too.

mod call;
mod expression;
mod form;
mod group;
mod json;
mod literal;
mod lookahead;
mod name;
mod predicate;
mod primary;
mod query;
mod relation;
mod select;
mod types;
mod window;

pub(crate) use expression::expression;
pub(crate) use query::query;
