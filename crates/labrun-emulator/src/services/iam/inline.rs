//! Inline policies of roles.

use labrun_wire::AwsResult;
use labrun_wire::uri::{Slash, encode};
use serde::{Deserialize, Serialize};

use super::paging::Ask;
use super::role::{self, Nothing};
use super::{document, error};
use crate::sandbox::Tx;

/// Characters of all inline policies of a role together, blanks not counted (IAM User Guide, "IAM and AWS STS quotas").
const MOST: usize = 10_240;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Put {
    role_name: String,
    policy_name: String,
    policy_document: String,
}

pub(super) fn put(tx: &mut Tx, input: Put) -> AwsResult<Nothing> {
    let role = role::named(tx, &input.role_name)?;
    document::check_identity(&input.policy_document)?;
    let others = role.inline.iter().filter(|(name, _)| **name != input.policy_name);
    let size: usize = others.map(|(_, text)| document::size(text)).sum();
    if size + document::size(&input.policy_document) > MOST {
        return Err(error::inline_too_large(&input.role_name));
    }
    role::change(tx, &input.role_name, |role| {
        role.inline.insert(input.policy_name, input.policy_document);
    })?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    role_name: String,
    policy_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    role_name: String,
    policy_name: String,
    policy_document: String,
}

pub(super) fn get(tx: &Tx, input: Named) -> AwsResult<One> {
    let role = role::named(tx, &input.role_name)?;
    let text = role.inline.get(&input.policy_name).ok_or_else(|| error::no_inline(&input.policy_name))?;
    let policy_document = encode(text, Slash::Encode);
    Ok(One { role_name: input.role_name, policy_name: input.policy_name, policy_document })
}

pub(super) fn delete(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    if !role::named(tx, &input.role_name)?.inline.contains_key(&input.policy_name) {
        return Err(error::no_inline(&input.policy_name));
    }
    role::change(tx, &input.role_name, |role| {
        role.inline.remove(&input.policy_name);
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
    policy_names: Vec<String>,
    is_truncated: bool,
    marker: Option<String>,
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let role = role::named(tx, &input.role_name)?;
    let context = format!("iam.ListRolePolicies {}", input.role_name);
    let ask = Ask { context, marker: input.marker.as_deref(), max_items: input.max_items };
    let page = ask.page(role.inline.keys().cloned(), String::clone)?;
    Ok(Listed { policy_names: page.items, is_truncated: page.next.is_some(), marker: page.next })
}
