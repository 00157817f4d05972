//! Managed policies: the account's own, in a table, and AWS's, which are files ([`managed`]). Further versions are not here.

use std::collections::HashMap;

use labrun_wire::{AwsError, AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::paging::Ask;
use super::role::{self, Nothing};
use super::tag::{self, Tag};
use super::{document, error, managed};
use crate::sandbox::{Scope, Table, Tx};

/// By name in small letters.
const POLICIES: Table<Policy> = Table::new("iam.policies", Scope::Account);

/// Characters without blanks (IAM User Guide, "IAM and AWS STS quotas").
const MOST: usize = 6144;

/// One policy, the account's or AWS's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Policy {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) id: String,
    pub(super) arn: String,
    /// Its default version, the only one here.
    pub(super) version: String,
    pub(super) document: String,
    pub(super) description: Option<String>,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) tags: Vec<Tag>,
}

/// The policy that an ARN names; none if there is none.
pub(super) fn find(tx: &Tx, arn: &str) -> AwsResult<Option<Policy>> {
    let rest = arn.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split_once(":policy/"));
    let (account, path) = rest.ok_or_else(|| error::not_an_arn(arn))?;
    let name = path.rsplit('/').next().unwrap_or(path);
    if account == "aws" {
        return managed::find(arn, name);
    }
    let found = (account == tx.caller().account).then(|| tx.get(&POLICIES, &name.to_lowercase())).flatten();
    Ok(found.filter(|policy| policy.arn == arn).map(|policy| (*policy).clone()))
}

pub(super) fn existing(tx: &Tx, arn: &str) -> AwsResult<Policy> {
    find(tx, arn)?.ok_or_else(|| error::no_policy(arn))
}

/// A policy as answers show it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    policy_name: String,
    policy_id: String,
    arn: String,
    path: String,
    default_version_id: String,
    attachment_count: i64,
    permissions_boundary_usage_count: i64,
    is_attachable: bool,
    description: Option<String>,
    create_date: Timestamp,
    update_date: Timestamp,
    tags: Option<Vec<Tag>>,
}

impl Policy {
    fn shown(&self, attached: i64) -> Shown {
        Shown {
            policy_name: self.name.clone(),
            policy_id: self.id.clone(),
            arn: self.arn.clone(),
            path: self.path.clone(),
            default_version_id: self.version.clone(),
            attachment_count: attached,
            permissions_boundary_usage_count: 0,
            is_attachable: true,
            description: self.description.clone(),
            create_date: self.created.whole_second(),
            update_date: self.updated.whole_second(),
            tags: Some(self.tags.clone()),
        }
    }
}

/// How many roles have each policy.
fn attachments(tx: &Tx) -> HashMap<String, i64> {
    let mut counts = HashMap::new();
    for role in role::all(tx) {
        for arn in &role.attached {
            *counts.entry(arn.clone()).or_default() += 1;
        }
    }
    counts
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    policy_name: String,
    path: Option<String>,
    policy_document: String,
    description: Option<String>,
    tags: Option<Vec<Tag>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    policy: Shown,
}

pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<One> {
    let name = input.policy_name;
    if tx.has(&POLICIES, &name.to_lowercase()) {
        return Err(error::policy_exists(&name));
    }
    document::check_identity(&input.policy_document)?;
    if document::size(&input.policy_document) > MOST {
        return Err(error::quota("PolicySize", MOST));
    }
    let path = input.path.unwrap_or_else(|| "/".to_owned());
    let policy = Policy {
        id: format!("ANPA{}", tx.ids().capitals(17)),
        arn: format!("arn:aws:iam::{}:policy{path}{name}", tx.caller().account),
        path,
        version: "v1".to_owned(),
        document: input.policy_document,
        description: input.description,
        created: tx.now(),
        updated: tx.now(),
        tags: tag::merged(&[], input.tags.unwrap_or_default())?,
        name: name.clone(),
    };
    // The answer has no description (API Reference, Policy: only GetPolicy's has).
    let shown = Shown { description: None, ..policy.shown(0) };
    tx.put(&POLICIES, &name.to_lowercase(), policy);
    Ok(One { policy: shown })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    policy_arn: String,
}

pub(super) fn get(tx: &Tx, input: Named) -> AwsResult<One> {
    let policy = existing(tx, &input.policy_arn)?;
    let attached = attachments(tx).get(&policy.arn).copied().unwrap_or_default();
    Ok(One { policy: policy.shown(attached) })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    scope: Option<String>,
    only_attached: Option<bool>,
    path_prefix: Option<String>,
    marker: Option<String>,
    max_items: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    policies: Vec<Shown>,
    is_truncated: bool,
    marker: Option<String>,
}

/// A listing leaves out descriptions and tags (API Reference, ListPolicies). Of AWS's policies it shows those that are here.
pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let scope = input.scope.as_deref().unwrap_or("All");
    let only_attached = input.only_attached.unwrap_or_default();
    let prefix = input.path_prefix.unwrap_or_else(|| "/".to_owned());
    let context = format!("iam.ListPolicies {scope} {only_attached} {prefix}");
    let ask = Ask { context, marker: input.marker.as_deref(), max_items: input.max_items };
    let mut policies = Vec::new();
    if scope != "AWS" {
        policies.extend(tx.list(&POLICIES, "").into_iter().map(|(_, policy)| (*policy).clone()));
    }
    if scope != "Local" {
        policies.extend(managed::all());
    }
    policies.sort_by(|one, other| one.arn.cmp(&other.arn));
    let counts = attachments(tx);
    let count = |policy: &Policy| counts.get(&policy.arn).copied().unwrap_or_default();
    let wanted = |policy: &Policy| policy.path.starts_with(&prefix) && (!only_attached || count(policy) > 0);
    let page = ask.page(policies.into_iter().filter(wanted), |policy| policy.arn.clone())?;
    let shown = page.items.iter().map(|policy| Shown { description: None, tags: None, ..policy.shown(count(policy)) });
    Ok(Listed { policies: shown.collect(), is_truncated: page.next.is_some(), marker: page.next })
}

pub(super) fn delete(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    let policy = existing(tx, &input.policy_arn)?;
    if policy.arn.starts_with("arn:aws:iam::aws:") {
        return Err(refused(tx, "DeletePolicy", &policy.arn));
    }
    if attachments(tx).contains_key(&policy.arn) {
        return Err(error::still("Cannot delete a policy attached to entities."));
    }
    tx.delete(&POLICIES, &policy.name.to_lowercase());
    Ok(Nothing {})
}

fn refused(tx: &Tx, operation: &str, arn: &str) -> AwsError {
    error::not_yours(&tx.caller().principal.arn, operation, arn)
}
