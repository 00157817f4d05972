//! Where a statement is wrong, and what Athena says of it.

use std::fmt;

/// A place in a text; both count from 1, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

/// Why a statement is refused before a query of it exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The text is not in the grammar: the message opens with its place.
    Grammar,
    /// The grammar has it, and a rule of Athena forbids it.
    Rule,
    /// Athena does not have the statement (unsupported-ddl).
    Unsupported,
    /// Athena has it, this crate does not.
    NotEmulated,
}

/// A refusal at the start of a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct SyntaxError {
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
    /// Without the place.
    pub message: String,
    /// Whose refusal it is.
    pub reason: Reason,
}

impl SyntaxError {
    /// In a box: what passes through many functions that call one another should be small.
    pub(crate) fn new(place: Position, reason: Reason, message: impl Into<String>) -> Box<Self> {
        Box::new(SyntaxError { line: place.line, column: place.column, message: message.into(), reason })
    }

    pub(crate) fn grammar(place: Position, message: impl Into<String>) -> Box<Self> {
        Self::new(place, Reason::Grammar, message)
    }

    /// The first sentence is Athena's; that it names the statement is ours.
    pub(crate) fn unsupported(place: Position, what: &str) -> Box<Self> {
        Self::new(place, Reason::Unsupported, format!("Queries of this type are not supported: {what}"))
    }

    pub(crate) fn not_emulated(place: Position, what: &str) -> Box<Self> {
        Self::new(place, Reason::NotEmulated, format!("labrun does not emulate {what}"))
    }
}

impl From<Box<SyntaxError>> for SyntaxError {
    fn from(fault: Box<SyntaxError>) -> Self {
        *fault
    }
}

/// As Athena writes it: `line 1:8: mismatched input 'x'. Expecting: 'y'`.
impl fmt::Display for SyntaxError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.reason == Reason::Grammar {
            write!(out, "line {}:{}: ", self.line, self.column)?;
        }
        out.write_str(&self.message)
    }
}
