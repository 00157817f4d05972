//! Tags of Glue's resources, by ARN.

use std::collections::BTreeMap;

use crate::sandbox::{Scope, Table, Tx};

type Tags = BTreeMap<String, String>;

const TAGS: Table<Tags> = Table::new("glue.tags", Scope::Regional);

/// The tags of a resource.
pub(super) fn of(tx: &Tx, arn: &str) -> Tags {
    tx.get(&TAGS, arn).map(|tags| (*tags).clone()).unwrap_or_default()
}

/// Replaces the tags of a resource; none forgets it.
pub(super) fn set(tx: &mut Tx, arn: &str, tags: Tags) {
    if tags.is_empty() {
        tx.delete(&TAGS, arn);
    } else {
        tx.put(&TAGS, arn, tags);
    }
}
