//! Trino's queries: the tree, and what reads a text into one.

pub mod tree;
