//! Taking a job's or a crawler's role, as Glue does.

use labrun_wire::Value;
use labrun_wire::value::Map;

use crate::sandbox::{Caller, Cx, Principal};

/// The role's temporary keys.
pub(super) struct Role {
    pub(super) caller: Caller,
    pub(super) access_key_id: String,
    pub(super) secret_access_key: String,
    pub(super) session_token: String,
}

/// Assumes a role, given by its name or ARN; says so where it can't be.
pub(super) fn assume(cx: &Cx, role: &str, session: &str) -> Result<Role, String> {
    let arn = match role.starts_with("arn:") {
        true => role.to_owned(),
        false => format!("arn:aws:iam::{}:role/{role}", cx.caller().account),
    };
    let input = Map::from([("RoleArn".to_owned(), arn.as_str().into()), ("RoleSessionName".to_owned(), session.into())]);
    let service = cx.with_caller(Caller::service(&cx.caller().account, &cx.caller().region));
    // The wording is that of Glue where a role can't be assumed.
    let refused = |_| format!("Role {arn} should be given assume role permissions for Glue Service.");
    let answer = service.write(|tx| tx.call("sts", "AssumeRole", Value::Map(input))).map_err(refused)?;
    let text = |part: &str, name: &str| {
        answer.get(part).and_then(|part| part.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let access_key_id = text("Credentials", "AccessKeyId");
    Ok(Role {
        caller: Caller {
            principal: Principal {
                arn: text("AssumedRoleUser", "Arn"),
                user_id: text("AssumedRoleUser", "AssumedRoleId"),
                access_key_id: access_key_id.clone(),
            },
            ..(**cx.caller()).clone()
        },
        access_key_id,
        secret_access_key: text("Credentials", "SecretAccessKey"),
        session_token: text("Credentials", "SessionToken"),
    })
}
