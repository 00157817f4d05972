//! Which role has which managed policy.

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};

use super::error;
use super::paging::Ask;
use super::policy;
use super::role::{self, Nothing};
use crate::sandbox::Tx;

/// Managed policies per role (IAM User Guide, "IAM and AWS STS quotas").
const MOST: usize = 10;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Pair {
    role_name: String,
    policy_arn: String,
}

/// Attaching again changes nothing.
pub(super) fn attach(tx: &mut Tx, input: Pair) -> AwsResult<Nothing> {
    let role = role::named(tx, &input.role_name)?;
    let policy = policy::find(tx, &input.policy_arn)?.ok_or_else(|| error::not_attachable(&input.policy_arn))?;
    if role.attached.len() >= MOST && !role.attached.contains(&policy.arn) {
        return Err(error::quota("PoliciesPerRole", MOST));
    }
    role::change(tx, &input.role_name, |role| {
        role.attached.insert(policy.arn);
    })?;
    Ok(Nothing {})
}

pub(super) fn detach(tx: &mut Tx, input: Pair) -> AwsResult<Nothing> {
    if !role::named(tx, &input.role_name)?.attached.contains(&input.policy_arn) {
        return Err(error::no_policy(&input.policy_arn));
    }
    role::change(tx, &input.role_name, |role| {
        role.attached.remove(&input.policy_arn);
    })?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfRole {
    role_name: String,
    path_prefix: Option<String>,
    marker: Option<String>,
    max_items: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Attached {
    policy_name: String,
    policy_arn: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Policies {
    attached_policies: Vec<Attached>,
    is_truncated: bool,
    marker: Option<String>,
}

pub(super) fn of_role(tx: &Tx, input: OfRole) -> AwsResult<Policies> {
    let role = role::named(tx, &input.role_name)?;
    let prefix = input.path_prefix.unwrap_or_else(|| "/".to_owned());
    let context = format!("iam.ListAttachedRolePolicies {} {prefix}", input.role_name);
    let ask = Ask { context, marker: input.marker.as_deref(), max_items: input.max_items };
    // An ARN ends in path and name: `…:policy/service-role/AWSGlueServiceRole`.
    let path = |arn: &str| arn.split_once(":policy").map(|(_, path)| path.to_owned()).unwrap_or_default();
    let arns = role.attached.iter().filter(|arn| path(arn).starts_with(&prefix)).cloned();
    let page = ask.page(arns, String::clone)?;
    let attached = page
        .items
        .into_iter()
        .map(|policy_arn| Attached { policy_name: policy_arn.rsplit('/').next().unwrap_or_default().to_owned(), policy_arn });
    Ok(Policies { attached_policies: attached.collect(), is_truncated: page.next.is_some(), marker: page.next })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfPolicy {
    policy_arn: String,
    entity_filter: Option<String>,
    path_prefix: Option<String>,
    marker: Option<String>,
    max_items: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyRole {
    role_name: String,
    role_id: String,
}

#[derive(Serialize)]
struct Nobody {}

/// There are no users and groups here that a policy could be attached to.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entities {
    policy_groups: Vec<Nobody>,
    policy_users: Vec<Nobody>,
    policy_roles: Vec<PolicyRole>,
    is_truncated: bool,
    marker: Option<String>,
}

pub(super) fn of_policy(tx: &Tx, input: OfPolicy) -> AwsResult<Entities> {
    let policy = policy::existing(tx, &input.policy_arn)?;
    let prefix = input.path_prefix.unwrap_or_else(|| "/".to_owned());
    let filter = input.entity_filter.as_deref().unwrap_or("Role");
    let context = format!("iam.ListEntitiesForPolicy {} {filter} {prefix}", policy.arn);
    let ask = Ask { context, marker: input.marker.as_deref(), max_items: input.max_items };
    let wanted = |role: &role::Role| filter == "Role" && role.attached.contains(&policy.arn) && role.path.starts_with(&prefix);
    let page = ask.page(role::all(tx).into_iter().filter(|role| wanted(role)), |role| role.name.to_lowercase())?;
    let roles = page.items.iter().map(|role| PolicyRole { role_name: role.name.clone(), role_id: role.id.clone() });
    Ok(Entities {
        policy_groups: Vec::new(),
        policy_users: Vec::new(),
        policy_roles: roles.collect(),
        is_truncated: page.next.is_some(),
        marker: page.next,
    })
}
