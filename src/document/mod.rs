//! Content files as documents: TOML in which every value knows its place, read table by table, with every fault noted.
//!
//! Labs and question banks are read with it. It does no IO: text comes in, values and faults go out.

pub(crate) mod diagnostic;
pub(crate) mod node;
pub(crate) mod table;
