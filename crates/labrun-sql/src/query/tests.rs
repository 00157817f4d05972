//! Queries by the dozen, as what they are read, and what is refused, where and with which words. Sources: Trino's grammar and the tests
//! of its messages; Athena's pages select, reserved-words.

mod accepted;
mod limits;
mod places;
mod print;
mod refused;

use super::*;

/// Without places: what two texts of the same tree have in common.
fn shape(query: &Query) -> String {
    let text = format!("{query:?}");
    let mut parts = text.split("Position {");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.split_once('}').map_or("", |(_, rest)| rest))
}
