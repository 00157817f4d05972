//! Sessions of a role: keys with an end, made for it. What the role is, IAM says.

use std::collections::BTreeMap;

use labrun_wire::{AwsResult, Timestamp, Value};
use serde::{Deserialize, Serialize};

use super::error;
use crate::sandbox::{Principal, Tx, keys};

const HOUR: i64 = 3600;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Assume {
    role_arn: String,
    role_session_name: String,
    duration_seconds: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Assumed {
    credentials: Credentials,
    assumed_role_user: AssumedRoleUser,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Credentials {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    expiration: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AssumedRoleUser {
    assumed_role_id: String,
    arn: String,
}

/// A session lasts an hour unless asked otherwise, at most what the role allows, and an hour where a role's session asks for it
/// (API Reference, AssumeRole; IAM User Guide, "Roles terms and concepts", role chaining).
pub(super) fn role(tx: &mut Tx, input: Assume) -> AwsResult<Assumed> {
    let caller = tx.caller().clone();
    let found = find(tx, &input.role_arn)?;
    let seconds = input.duration_seconds.unwrap_or(HOUR);
    if seconds > found.max_session_seconds {
        return Err(error::too_long());
    }
    let chained = caller.principal.arn.contains(":assumed-role/");
    if chained && seconds > HOUR {
        return Err(error::too_long_chained());
    }
    let session = &input.role_session_name;
    let principal = Principal {
        arn: format!("arn:aws:sts::{}:assumed-role/{}/{session}", caller.account, found.name),
        user_id: format!("{}:{session}", found.id),
        access_key_id: String::new(),
    };
    let expires = tx.now().plus_millis(seconds * 1000).whole_second();
    let key = keys::mint(tx, &caller.account, principal, Some(expires));
    Ok(Assumed {
        credentials: Credentials {
            access_key_id: key.id,
            secret_access_key: key.secret,
            session_token: key.session_token,
            expiration: expires,
        },
        assumed_role_user: AssumedRoleUser { assumed_role_id: key.principal.user_id, arn: key.principal.arn },
    })
}

struct Role {
    name: String,
    id: String,
    max_session_seconds: i64,
}

/// The role of this ARN. One that is not there, or is another account's, is answered like one that may not be assumed.
fn find(tx: &Tx, arn: &str) -> AwsResult<Role> {
    let rest = arn.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split_once(":role/"));
    let (account, path) = rest.ok_or_else(|| error::not_an_arn(arn))?;
    let denied = || error::not_authorized(&tx.caller().principal.arn, arn);
    let name = path.rsplit('/').next().unwrap_or(path);
    if account != tx.caller().account {
        return Err(denied());
    }
    let input = Value::Map(BTreeMap::from([("RoleName".to_owned(), Value::from(name))]));
    let answer = tx.ask("iam", "GetRole", input).map_err(|_| denied())?;
    let role = answer.get("Role").filter(|role| role.get("Arn").and_then(Value::as_str) == Some(arn)).ok_or_else(denied)?;
    let text = |member: &str| role.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
    let max_session_seconds = match role.get("MaxSessionDuration") {
        Some(Value::Integer(seconds)) => *seconds,
        _ => HOUR,
    };
    Ok(Role { name: text("RoleName"), id: text("RoleId"), max_session_seconds })
}
