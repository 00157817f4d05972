//! Versions of managed policies. Each policy has one here, its default; making more is refused by name.

use labrun_wire::uri::{Slash, encode};
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::paging::Ask;
use super::policy::{self, Policy};
use super::{error, managed};
use crate::sandbox::Tx;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Version {
    document: Option<String>,
    version_id: String,
    is_default_version: bool,
    create_date: Timestamp,
}

impl Version {
    fn of(policy: &Policy) -> Self {
        Version {
            document: None,
            version_id: policy.version.clone(),
            is_default_version: true,
            create_date: policy.updated.whole_second(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Get {
    policy_arn: String,
    version_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    policy_version: Version,
}

pub(super) fn get(tx: &Tx, input: Get) -> AwsResult<One> {
    let policy = policy::existing(tx, &input.policy_arn)?;
    if policy.version != input.version_id {
        managed::check_version(&policy, &input.version_id)?;
        return Err(error::no_version(&input.policy_arn, &input.version_id));
    }
    let document = Some(encode(&policy.document, Slash::Encode));
    Ok(One { policy_version: Version { document, ..Version::of(&policy) } })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    policy_arn: String,
    marker: Option<String>,
    max_items: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    versions: Vec<Version>,
    is_truncated: bool,
    marker: Option<String>,
}

/// A listing leaves out the documents (API Reference, PolicyVersion). Of AWS's policies it shows the default version alone.
pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let policy = policy::existing(tx, &input.policy_arn)?;
    let context = format!("iam.ListPolicyVersions {}", input.policy_arn);
    let ask = Ask { context, marker: input.marker.as_deref(), max_items: input.max_items };
    let page = ask.page([Version::of(&policy)], |version| version.version_id.clone())?;
    Ok(Listed { versions: page.items, is_truncated: page.next.is_some(), marker: page.next })
}
