//! How deep what was read is. Trees are read, compared and dropped by recursion, so none may be deeper than a stack.

use std::mem;

use super::{Cursor, Parsed};
use crate::syntax::{Position, SyntaxError};

/// Expressions and queries inside of one another. A level takes up to 10 KB of stack where nothing is optimized, and threads have 2 MB.
const DEEPEST: usize = 120;

/// Nodes on the way from a tree's root to its last leaf: a chain such as `a + b + c` is as high as it is long.
const HIGHEST: usize = 2_500;

#[derive(Default)]
pub(super) struct Depth {
    /// Of the place that is read.
    inside: usize,
    /// Of the highest tree that was read in this one.
    height: usize,
}

/// What was known before a part was read.
pub(crate) struct Mark(usize);

// In pairs of functions, not as one that takes a function: each frame that is saved allows for deeper queries.
impl Cursor<'_> {
    /// One level deeper. After a fault nothing is read any more, so only what succeeds has to leave.
    pub(crate) fn enter(&mut self) -> Parsed<Mark> {
        self.depth.inside += 1;
        if self.depth.inside > DEEPEST { Err(too_large()) } else { Ok(self.part()) }
    }

    pub(crate) fn leave(&mut self, mark: Mark) -> Parsed<()> {
        self.depth.inside -= 1;
        self.link()?;
        self.whole(mark);
        Ok(())
    }

    /// A part of a node begins: the node is as high as its highest part.
    pub(crate) fn part(&mut self) -> Mark {
        Mark(mem::take(&mut self.depth.height))
    }

    pub(crate) fn whole(&mut self, mark: Mark) {
        self.depth.height = self.depth.height.max(mark.0);
    }

    /// What was read comes under one more node.
    pub(crate) fn link(&mut self) -> Parsed<()> {
        self.depth.height += 1;
        if self.depth.height > HIGHEST { Err(too_large()) } else { Ok(()) }
    }

    pub(crate) fn nested<T>(&mut self, inside: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let mark = self.enter()?;
        let found = inside(self)?;
        self.leave(mark)?;
        Ok(found)
    }

    pub(crate) fn beside<T>(&mut self, inside: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let mark = self.part();
        let found = inside(self)?;
        self.whole(mark);
        Ok(found)
    }
}

/// Trino's message, at its place.
fn too_large() -> Box<SyntaxError> {
    SyntaxError::grammar(Position { line: 1, column: 1 }, "statement is too large (stack overflow while parsing)")
}
