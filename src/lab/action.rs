//! What a probe and a solution can do, in the same words: calls, objects, runs, time.
//!
//! Carried out by `engine::act`.

use super::template::Template;
use crate::document::node::{Node, Text};

/// One API call: `call = "glue.GetJob"`, `with = { JobName = "…" }`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    /// `service.Operation`, as written.
    pub name: Text,
    pub service: String,
    pub operation: String,
    pub with: Node,
}

impl Call {
    pub(crate) fn new(name: Text, with: Node) -> Self {
        let (service, operation) = name.value.split_once('.').unwrap_or((&name.value, ""));
        Call { service: service.to_owned(), operation: operation.to_owned(), with, name }
    }

    /// Does the operation leave the cloud as it is? By its verb, as AWS names them.
    pub(crate) fn read_only(&self) -> bool {
        ["Get", "List", "Describe", "Head", "BatchGet", "Filter", "Lookup"].iter().any(|verb| self.operation.starts_with(verb))
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    /// Puts a file of the lab at an `s3://` address.
    Put {
        to: Template,
        file: Template,
    },
    /// Deletes an object, or everything under an address that ends with `/`.
    Delete {
        from: Template,
    },
    Copy {
        from: Template,
        to: Template,
    },
    /// Starts a Glue job and waits until its run has ended.
    Run {
        job: Template,
        arguments: Node,
    },
    /// Moves the sandbox's clock; local only.
    Advance {
        millis: u64,
    },
    Call(Call),
}

/// `90s`, `20m`, `1h`, `1d` in milliseconds.
pub(crate) fn duration(words: &str) -> Option<u64> {
    let digits = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let unit = match &words[digits..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    words[..digits].parse::<u64>().ok()?.checked_mul(unit)
}
