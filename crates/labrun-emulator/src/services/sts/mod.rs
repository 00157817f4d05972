//! AWS STS: who am I, and temporary keys of a role.
//!
//! Trust policies are not evaluated yet: any principal of the role's account, its root too, may assume it. Session policies,
//! session tags, external ids, MFA, source identities, federation and session tokens of users are refused by name.

mod assume;
mod error;

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};

use crate::registry::Service;
use crate::sandbox::Tx;

pub(super) fn service() -> Service {
    Service::new("sts").read("GetCallerIdentity", identity).op("AssumeRole", assume::role)
}

#[derive(Deserialize)]
struct Nothing {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Identity {
    user_id: String,
    account: String,
    arn: String,
}

/// Needs no permission (API Reference, GetCallerIdentity).
fn identity(tx: &Tx, _: Nothing) -> AwsResult<Identity> {
    let caller = tx.caller();
    let principal = &caller.principal;
    Ok(Identity { user_id: principal.user_id.clone(), account: caller.account.clone(), arn: principal.arn.clone() })
}
