//! Trino's queries: the tree, and what reads a text into one.

pub(crate) mod parse;
pub mod tree;

use crate::cursor::Cursor;
use crate::syntax::SyntaxError;
use crate::token::Dialect;
use tree::{Expr, Query};

/// A query that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The tree.
    pub query: Query,
    /// How many `?` are in it.
    pub parameters: usize,
}

/// Reads a query; a semicolon may end it.
pub fn parse(text: &str) -> Result<Parsed, SyntaxError> {
    let mut cursor = Cursor::new(text, Dialect::Trino)?;
    let query = parse::query(&mut cursor)?;
    cursor.end()?;
    Ok(Parsed { query, parameters: cursor.parameters })
}

/// Reads an expression, such as a value of `EXECUTE`.
pub fn parse_expression(text: &str) -> Result<Expr, SyntaxError> {
    let mut cursor = Cursor::new(text, Dialect::Trino)?;
    let expr = parse::expression(&mut cursor)?;
    cursor.end()?;
    Ok(expr)
}

#[cfg(test)]
mod tests;
