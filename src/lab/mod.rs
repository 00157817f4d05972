//! What a lab is: the file format and everything that can be decided from it alone.
//!
//! Nothing in here does IO or reads a clock, the environment or randomness: files come in as text, answers of a cloud as
//! JSON, names as arguments. `engine` runs what this module describes.

pub(crate) mod action;
pub(crate) mod expect;
pub(crate) mod file;
pub(crate) mod lint;
pub(crate) mod needs;
pub(crate) mod plan;
pub(crate) mod read;
pub(crate) mod score;
pub(crate) mod solution;
pub(crate) mod template;

#[cfg(test)]
mod tests;
