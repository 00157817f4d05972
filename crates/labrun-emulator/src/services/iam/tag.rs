//! Tags of roles. Source: IAM User Guide, "Tags for IAM resources": keys differ in more than case, at most 50, `aws:` is reserved.

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};

use super::error;
use super::paging::Ask;
use super::role::{self, Nothing};
use crate::sandbox::Tx;

const MOST: usize = 50;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    key: String,
    value: String,
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// The tags that result when `new` ones join those that are there.
pub(super) fn merged(old: &[Tag], new: Vec<Tag>) -> AwsResult<Vec<Tag>> {
    for (at, tag) in new.iter().enumerate() {
        if new[..at].iter().any(|earlier| same(&earlier.key, &tag.key)) {
            let message = "Duplicate tag keys found. Please note that Tag keys are case insensitive.";
            return Err(error::invalid_input(message));
        }
        if tag.key.to_lowercase().starts_with("aws:") {
            return Err(error::invalid_input("Tag keys that start with aws: are reserved for system use."));
        }
    }
    let mut tags = old.to_vec();
    tags.retain(|tag| !new.iter().any(|newer| same(&newer.key, &tag.key)));
    tags.extend(new);
    if tags.len() > MOST {
        return Err(error::quota("TagsPerRole", MOST));
    }
    tags.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(tags)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Add {
    role_name: String,
    tags: Vec<Tag>,
}

pub(super) fn tag(tx: &mut Tx, input: Add) -> AwsResult<Nothing> {
    let tags = merged(&role::named(tx, &input.role_name)?.tags, input.tags)?;
    role::change(tx, &input.role_name, |role| role.tags = tags)?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Remove {
    role_name: String,
    tag_keys: Vec<String>,
}

pub(super) fn untag(tx: &mut Tx, input: Remove) -> AwsResult<Nothing> {
    role::change(tx, &input.role_name, |role| {
        role.tags.retain(|tag| !input.tag_keys.iter().any(|key| same(key, &tag.key)));
    })?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    role_name: String,
    marker: Option<String>,
    max_items: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    tags: Vec<Tag>,
    is_truncated: bool,
    marker: Option<String>,
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let role = role::named(tx, &input.role_name)?;
    let context = format!("iam.ListRoleTags {}", input.role_name);
    let ask = Ask { context, marker: input.marker.as_deref(), max_items: input.max_items };
    let page = ask.page(role.tags.iter().cloned(), |tag| tag.key.clone())?;
    Ok(Listed { tags: page.items, is_truncated: page.next.is_some(), marker: page.next })
}
