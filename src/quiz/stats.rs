//! How items fare in a record.

use std::collections::BTreeMap;

use super::history::Attempt;

#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub(crate) struct ItemStats {
    pub item: String,
    pub attempts: usize,
    /// The average credit, from 0 to 1.
    pub facility: f64,
    pub first_right: bool,
    pub last_right: bool,
}

/// One row for each item that was answered, the hardest first.
pub(crate) fn stats(attempts: &[Attempt]) -> Vec<ItemStats> {
    let mut by_item: BTreeMap<&str, Vec<&Attempt>> = BTreeMap::new();
    attempts.iter().for_each(|attempt| by_item.entry(&attempt.item).or_default().push(attempt));
    let row = |(item, attempts): (&str, Vec<&Attempt>)| ItemStats {
        item: item.to_owned(),
        attempts: attempts.len(),
        facility: attempts.iter().map(|attempt| attempt.credit.0).sum::<f64>() / attempts.len() as f64,
        first_right: attempts.first().is_some_and(|attempt| attempt.credit.full()),
        last_right: attempts.last().is_some_and(|attempt| attempt.credit.full()),
    };
    let mut rows: Vec<ItemStats> = by_item.into_iter().map(row).collect();
    rows.sort_by(|one, other| one.facility.total_cmp(&other.facility));
    rows
}
