//! Tags of workgroups. Source: Athena API Reference, TagResource.

use std::collections::BTreeMap;

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};

use super::error;
use super::work_group::{self, GROUPS, Nothing};
use crate::sandbox::Tx;

const MOST: usize = 50;

#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    key: Option<String>,
    value: Option<String>,
}

pub(super) fn merged(mut tags: BTreeMap<String, String>, new: Vec<Tag>) -> AwsResult<BTreeMap<String, String>> {
    for tag in new {
        let key = tag.key.ok_or_else(|| error::invalid("A tag needs a key."))?;
        if key.to_lowercase().starts_with("aws:") {
            return Err(error::invalid("Tag keys beginning with aws: are reserved for AWS."));
        }
        tags.insert(key, tag.value.unwrap_or_default());
    }
    if tags.len() > MOST { Err(error::invalid(format!("A resource has at most {MOST} tags."))) } else { Ok(tags) }
}

/// The workgroup of an ARN. Data catalogs and capacity reservations, which can be tagged too, are not made here.
fn named(tx: &Tx, arn: &str) -> AwsResult<work_group::WorkGroup> {
    let name = arn.strip_prefix(&work_group::arn(tx, "")).ok_or_else(|| error::not_found("Resource", arn))?;
    let group = work_group::find(tx, name).map_err(|_| error::not_found("Resource", arn))?;
    Ok((*group).clone())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Add {
    #[serde(rename = "ResourceARN")]
    resource: String,
    tags: Vec<Tag>,
}

pub(super) fn tag(tx: &mut Tx, input: Add) -> AwsResult<Nothing> {
    let mut group = named(tx, &input.resource)?;
    group.tags = merged(group.tags, input.tags)?;
    let name = group.name.clone();
    tx.put(&GROUPS, &name, group);
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Remove {
    #[serde(rename = "ResourceARN")]
    resource: String,
    tag_keys: Vec<String>,
}

pub(super) fn untag(tx: &mut Tx, input: Remove) -> AwsResult<Nothing> {
    let mut group = named(tx, &input.resource)?;
    group.tags.retain(|key, _| !input.tag_keys.contains(key));
    let name = group.name.clone();
    tx.put(&GROUPS, &name, group);
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    #[serde(rename = "ResourceARN")]
    resource: String,
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    tags: Vec<Tag>,
    next_token: Option<String>,
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let group = named(tx, &input.resource)?;
    let context = "athena.ListTagsForResource";
    let after = work_group::after(context, input.next_token.as_deref())?;
    let left = group.tags.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after));
    let page = labrun_wire::page::page(left, work_group::size(input.max_results, 75), context, |(key, _)| key.clone());
    let tag = |(key, value)| Tag { key: Some(key), value: Some(value) };
    Ok(Listed { tags: page.items.into_iter().map(tag).collect(), next_token: page.next })
}
