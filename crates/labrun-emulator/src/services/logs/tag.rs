//! Tags of log groups. Source: CloudWatch Logs API Reference, TagResource.

use std::collections::BTreeMap;

use labrun_wire::{AwsError, AwsResult};
use serde::{Deserialize, Serialize};

use super::error;
use super::group::{self, Nothing};
use crate::sandbox::Tx;

const MOST: usize = 50;

type Tags = BTreeMap<String, String>;

pub(super) fn merged(resource: &str, old: &Tags, new: Tags) -> AwsResult<Tags> {
    if new.keys().any(|key| key.starts_with("aws:")) {
        return Err(error::invalid("Tag keys starting with aws: are reserved for AWS."));
    }
    let mut tags = old.clone();
    tags.extend(new);
    if tags.len() > MOST { Err(error::too_many_tags(resource)) } else { Ok(tags) }
}

/// The log group of an ARN. Destinations, which can be tagged too, are not here.
fn group_of(tx: &Tx, arn: &str) -> AwsResult<String> {
    if let Some(name) = arn.strip_prefix(&group::arn(tx, "")) {
        return Ok(group::named(tx, name)?.name.clone());
    }
    if arn.contains(":destination:") {
        return Err(AwsError::not_implemented("tags of destinations"));
    }
    Err(AwsError::new("ResourceNotFoundException", "The specified resource does not exist."))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Add {
    resource_arn: String,
    tags: Tags,
}

pub(super) fn tag(tx: &mut Tx, input: Add) -> AwsResult<Nothing> {
    let name = group_of(tx, &input.resource_arn)?;
    let tags = merged(&input.resource_arn, &group::named(tx, &name)?.tags, input.tags)?;
    group::change(tx, &name, |group| group.tags = tags)?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Remove {
    resource_arn: String,
    tag_keys: Vec<String>,
}

pub(super) fn untag(tx: &mut Tx, input: Remove) -> AwsResult<Nothing> {
    let name = group_of(tx, &input.resource_arn)?;
    group::change(tx, &name, |group| group.tags.retain(|key, _| !input.tag_keys.contains(key)))?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct List {
    resource_arn: String,
}

#[derive(Serialize)]
pub(super) struct Listed {
    tags: Tags,
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let name = group_of(tx, &input.resource_arn)?;
    Ok(Listed { tags: group::named(tx, &name)?.tags.clone() })
}
