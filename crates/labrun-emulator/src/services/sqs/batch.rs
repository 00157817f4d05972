//! Batches: up to ten entries, each with an id of its own and an outcome of its own.

use std::collections::HashSet;

use labrun_wire::model::Model;
use labrun_wire::{AwsError, AwsResult};
use serde::Serialize;

use super::error;

const MOST: usize = 10;
const LONGEST_ID: usize = 80;

pub(super) trait Entry {
    fn id(&self) -> &str;
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Outcome<T> {
    successful: Vec<T>,
    failed: Vec<Failed>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Failed {
    id: String,
    sender_fault: bool,
    code: String,
    message: String,
}

/// An entry of which nothing is to be told but that it went well.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Done {
    pub(super) id: String,
}

/// What fails a batch as a whole.
pub(super) fn check(entries: &[impl Entry]) -> AwsResult<()> {
    if entries.is_empty() {
        return Err(error::empty_batch());
    }
    if entries.len() > MOST {
        return Err(error::too_many_entries(entries.len()));
    }
    let mut seen = HashSet::new();
    for id in entries.iter().map(Entry::id) {
        let letters = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if !letters || id.is_empty() || id.len() > LONGEST_ID {
            return Err(error::entry_id());
        }
        if !seen.insert(id) {
            return Err(error::ids_not_distinct());
        }
    }
    Ok(())
}

/// Does each entry in order. One that fails has changed nothing, and the others stand.
pub(super) fn each<E: Entry, T>(entries: Vec<E>, mut act: impl FnMut(E) -> AwsResult<T>) -> AwsResult<Outcome<T>> {
    let mut outcome = Outcome { successful: Vec::new(), failed: Vec::new() };
    for entry in entries {
        let id = entry.id().to_owned();
        match act(entry) {
            Ok(done) => outcome.successful.push(done),
            // What is not built, and a fault of ours, is no matter of one entry.
            Err(error) if error.status.is_some_and(|status| status >= 500) => return Err(error),
            Err(error) => outcome.failed.push(failed(id, error)),
        }
    }
    Ok(outcome)
}

/// The codes in here are the query protocol's, as in the header of an error that is answered alone.
fn failed(id: String, error: AwsError) -> Failed {
    let code = Model::named("sqs").map_or(error.code.as_str(), |model| model.query_code(&error.code)).to_owned();
    Failed { id, sender_fault: true, code, message: error.message }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Entry for &str {
        fn id(&self) -> &str {
            self
        }
    }

    #[test]
    fn ids_are_short_plain_and_distinct() {
        assert!(check(&["a", "B-2_c"]).is_ok());
        assert_eq!(check(&[] as &[&str]).unwrap_err().code, "EmptyBatchRequest");
        assert_eq!(check(&["a", "a"]).unwrap_err().code, "BatchEntryIdsNotDistinct");
        for odd in ["", "a b", "a.b", "é", "a".repeat(81).as_str()] {
            assert_eq!(check(&[odd]).unwrap_err().code, "InvalidBatchEntryId", "{odd}");
        }
        let ids: Vec<String> = (0..11).map(|id| id.to_string()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        assert!(check(&ids[..10]).is_ok());
        assert_eq!(check(&ids).unwrap_err().code, "TooManyEntriesInBatchRequest");
    }

    #[test]
    fn what_is_not_built_fails_the_whole() {
        let refused = each(vec!["a"], |_| Err::<(), _>(AwsError::not_implemented("it")));
        assert!(refused.is_err());
        let outcome = each(vec!["a", "b"], |id| if id == "a" { Err(error::missing("X")) } else { Ok(id) }).unwrap();
        assert_eq!((outcome.successful, outcome.failed[0].code.as_str()), (vec!["b"], "MissingParameter"));
    }
}
