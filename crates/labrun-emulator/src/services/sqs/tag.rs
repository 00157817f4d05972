//! Tags of queues. Source: SQS Developer Guide, "Quotas related to queues": more than 50 are not recommended, and not refused.

use std::collections::BTreeMap;

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};

use super::queue::{self, Nothing};
use super::{address, error};
use crate::sandbox::Tx;

type Tags = BTreeMap<String, String>;

const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;

pub(super) fn checked(tags: Tags) -> AwsResult<Tags> {
    for (key, value) in &tags {
        if key.to_lowercase().starts_with("aws:") {
            return Err(error::tag("Tag keys starting with aws: are reserved for AWS."));
        }
        if key.is_empty() || key.chars().count() > LONGEST_KEY || value.chars().count() > LONGEST_VALUE {
            return Err(error::tag("Tag keys must be between 1 and 128 characters in length, tag values at most 256."));
        }
    }
    Ok(tags)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Add {
    queue_url: String,
    tags: Tags,
}

pub(super) fn tag(tx: &mut Tx, input: Add) -> AwsResult<Nothing> {
    let queue = address::queue(tx, &input.queue_url)?;
    let tags = checked(input.tags)?;
    queue::change(tx, &queue.name, |queue| queue.tags.extend(tags))?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Remove {
    queue_url: String,
    tag_keys: Vec<String>,
}

pub(super) fn untag(tx: &mut Tx, input: Remove) -> AwsResult<Nothing> {
    let queue = address::queue(tx, &input.queue_url)?;
    queue::change(tx, &queue.name, |queue| queue.tags.retain(|key, _| !input.tag_keys.contains(key)))?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    queue_url: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    tags: Option<Tags>,
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let queue = address::queue(tx, &input.queue_url)?;
    Ok(Listed { tags: Some(queue.tags.clone()).filter(|tags| !tags.is_empty()) })
}
