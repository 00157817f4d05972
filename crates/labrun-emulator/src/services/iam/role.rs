//! Roles: made, read, listed, changed, removed. What hangs on one (inline policies, attachments, tags) is part of its row.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use labrun_wire::uri::{Slash, encode};
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::paging::Ask;
use super::tag::{self, Tag};
use super::{document, error};
use crate::sandbox::{Scope, Table, Tx};

/// By name in small letters: names are unique whatever their case (IAM User Guide, "IAM identifiers").
const ROLES: Table<Role> = Table::new("iam.roles", Scope::Account);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Role {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) id: String,
    pub(super) arn: String,
    created: Timestamp,
    trust: String,
    description: Option<String>,
    max_session_seconds: i64,
    pub(super) tags: Vec<Tag>,
    /// Inline policies by name.
    pub(super) inline: BTreeMap<String, String>,
    /// ARNs of attached policies.
    pub(super) attached: BTreeSet<String>,
}

fn row(name: &str) -> String {
    name.to_lowercase()
}

/// The role of this very name.
pub(super) fn named(tx: &Tx, name: &str) -> AwsResult<Arc<Role>> {
    tx.get(&ROLES, &row(name)).filter(|role| role.name == name).ok_or_else(|| error::no_role(name))
}

/// Changes a role that is there.
pub(super) fn change(tx: &mut Tx, name: &str, change: impl FnOnce(&mut Role)) -> AwsResult<()> {
    named(tx, name)?;
    tx.update(&ROLES, &row(name), change);
    Ok(())
}

/// All roles, by name.
pub(super) fn all(tx: &Tx) -> Vec<Arc<Role>> {
    tx.list(&ROLES, "").into_iter().map(|(_, role)| role).collect()
}

/// A role as answers show it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    path: String,
    role_name: String,
    role_id: String,
    arn: String,
    create_date: Timestamp,
    assume_role_policy_document: String,
    description: Option<String>,
    max_session_duration: Option<i64>,
    tags: Option<Vec<Tag>>,
}

impl Role {
    fn shown(&self) -> Shown {
        Shown {
            path: self.path.clone(),
            role_name: self.name.clone(),
            role_id: self.id.clone(),
            arn: self.arn.clone(),
            create_date: self.created.whole_second(),
            assume_role_policy_document: encode(&self.trust, Slash::Encode),
            description: self.description.clone(),
            max_session_duration: Some(self.max_session_seconds),
            tags: Some(self.tags.clone()).filter(|tags| !tags.is_empty()),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    path: Option<String>,
    role_name: String,
    assume_role_policy_document: String,
    description: Option<String>,
    max_session_duration: Option<i64>,
    tags: Option<Vec<Tag>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    role: Shown,
}

#[derive(Serialize)]
pub(super) struct Nothing {}

/// MaxSessionDuration is an hour unless said otherwise (API Reference, CreateRole).
pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<One> {
    let name = input.role_name;
    if tx.has(&ROLES, &row(&name)) {
        return Err(error::role_exists(&name));
    }
    document::check_trust(tx, &input.assume_role_policy_document)?;
    let path = input.path.unwrap_or_else(|| "/".to_owned());
    let role = Role {
        id: format!("AROA{}", tx.ids().capitals(17)),
        arn: format!("arn:aws:iam::{}:role{path}{name}", tx.caller().account),
        path,
        created: tx.now(),
        trust: input.assume_role_policy_document,
        description: input.description,
        max_session_seconds: input.max_session_duration.unwrap_or(3600),
        tags: tag::merged(&[], input.tags.unwrap_or_default())?,
        inline: BTreeMap::new(),
        attached: BTreeSet::new(),
        name: name.clone(),
    };
    let shown = Shown { max_session_duration: None, description: None, ..role.shown() };
    tx.put(&ROLES, &row(&name), role);
    Ok(One { role: shown })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    role_name: String,
}

pub(super) fn get(tx: &Tx, input: Named) -> AwsResult<One> {
    Ok(One { role: named(tx, &input.role_name)?.shown() })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    path_prefix: Option<String>,
    marker: Option<String>,
    max_items: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    roles: Vec<Shown>,
    is_truncated: bool,
    marker: Option<String>,
}

/// A listing leaves out tags (API Reference, ListRoles).
pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let prefix = input.path_prefix.unwrap_or_else(|| "/".to_owned());
    let context = format!("iam.ListRoles {prefix}");
    let ask = Ask { context, marker: input.marker.as_deref(), max_items: input.max_items };
    let roles = all(tx).into_iter().filter(|role| role.path.starts_with(&prefix));
    let page = ask.page(roles, |role| row(&role.name))?;
    let roles = page.items.iter().map(|role| Shown { tags: None, ..role.shown() }).collect();
    Ok(Listed { roles, is_truncated: page.next.is_some(), marker: page.next })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Update {
    role_name: String,
    description: Option<String>,
    max_session_duration: Option<i64>,
}

/// What is not sent stays as it is.
pub(super) fn update(tx: &mut Tx, input: Update) -> AwsResult<Nothing> {
    change(tx, &input.role_name, |role| {
        if input.description.is_some() {
            role.description = input.description;
        }
        if let Some(seconds) = input.max_session_duration {
            role.max_session_seconds = seconds;
        }
    })?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Describe {
    role_name: String,
    description: String,
}

pub(super) fn update_description(tx: &mut Tx, input: Describe) -> AwsResult<One> {
    change(tx, &input.role_name, |role| role.description = Some(input.description))?;
    Ok(One { role: named(tx, &input.role_name)?.shown() })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Trust {
    role_name: String,
    policy_document: String,
}

pub(super) fn update_trust(tx: &mut Tx, input: Trust) -> AwsResult<Nothing> {
    named(tx, &input.role_name)?;
    document::check_trust(tx, &input.policy_document)?;
    change(tx, &input.role_name, |role| role.trust = input.policy_document)?;
    Ok(Nothing {})
}

/// Whatever hangs on a role must go first (API Reference, DeleteRole).
pub(super) fn delete(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    let role = named(tx, &input.role_name)?;
    if !role.attached.is_empty() {
        return Err(error::still("Cannot delete entity, must detach all policies first."));
    }
    if !role.inline.is_empty() {
        return Err(error::still("Cannot delete entity, must delete policies first."));
    }
    tx.delete(&ROLES, &row(&input.role_name));
    Ok(Nothing {})
}
