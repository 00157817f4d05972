//! The grammar of policy documents, as far as IAM refuses a document for it; what a policy allows is evaluated elsewhere.
//!
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language"; the messages are the service's.

use labrun_wire::AwsResult;
use serde_json::{Map, Value};

use super::error::malformed;
use super::role;
use crate::sandbox::Tx;

/// Characters of a document that count: all but white space.
pub(super) fn size(text: &str) -> usize {
    text.chars().filter(|letter| !letter.is_whitespace()).count()
}

/// Characters of a trust policy (IAM User Guide, "IAM and AWS STS quotas").
const MOST_OF_TRUST: usize = 2048;

const ELEMENTS: [&str; 3] = ["Version", "Id", "Statement"];
const PARTS: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/// A policy that says what its holder may do.
pub(super) fn check_identity(text: &str) -> AwsResult<()> {
    let syntax = || malformed("Syntax errors in policy.");
    let document: Value = serde_json::from_str(text).map_err(|_| syntax())?;
    let document = document.as_object().ok_or_else(syntax)?;
    if document.get("Version").and_then(Value::as_str) != Some("2012-10-17") {
        return Err(malformed("Policy document must be version 2012-10-17 or greater."));
    }
    if document.keys().any(|key| !ELEMENTS.contains(&key.as_str())) {
        return Err(syntax());
    }
    let statements = statements(document).ok_or_else(syntax)?;
    check_sids(&statements)?;
    statements.iter().try_for_each(|statement| {
        if statement.keys().any(|key| !PARTS.contains(&key.as_str())) || !has_effect(statement) {
            return Err(syntax());
        }
        if has(statement, "Principal") || has(statement, "NotPrincipal") {
            return Err(malformed("Policy document should not specify a principal."));
        }
        check_actions(statement)?;
        check_resources(statement)
    })
}

/// A role's policy of who may assume it.
pub(super) fn check_trust(tx: &Tx, text: &str) -> AwsResult<()> {
    let document: Value = serde_json::from_str(text).map_err(|_| malformed("This policy contains invalid Json"))?;
    let syntax = || malformed("Syntax errors in policy.");
    let document = document.as_object().ok_or_else(syntax)?;
    if let Some(version) = document.get("Version") {
        // Without one a document is of version 2008-10-17, which trust policies may be ("IAM JSON policy elements: Version").
        if version != "2012-10-17" && version != "2008-10-17" {
            return Err(syntax());
        }
    }
    let statements = statements(document).ok_or_else(|| malformed("Missing required field Statement"))?;
    check_sids(&statements)?;
    for statement in statements {
        for field in ["Resource", "NotResource"] {
            if has(statement, field) {
                return Err(malformed(format!("Has prohibited field {field}")));
            }
        }
        for field in ["Effect", "Principal", "Action"] {
            if !has(statement, field) && !has(statement, &format!("Not{field}")) {
                return Err(malformed(format!("Missing required field {field}")));
            }
        }
        if statement.keys().any(|key| !PARTS.contains(&key.as_str())) || !has_effect(statement) {
            return Err(syntax());
        }
        let actions = texts(statement.get("Action").or_else(|| statement.get("NotAction"))).ok_or_else(syntax)?;
        if !actions.iter().all(|action| action.to_lowercase().starts_with("sts:")) {
            return Err(malformed("AssumeRole policy may only specify STS AssumeRole actions."));
        }
        check_principals(tx, statement)?;
    }
    if size(text) > MOST_OF_TRUST {
        return Err(super::error::quota("ACLSizePerRole", MOST_OF_TRUST));
    }
    Ok(())
}

type Statement = Map<String, Value>;

/// The statements: one object, or a list of at least one.
fn statements(document: &Statement) -> Option<Vec<&Statement>> {
    match document.get("Statement")? {
        Value::Object(one) => Some(vec![one]),
        Value::Array(many) if !many.is_empty() => many.iter().map(Value::as_object).collect(),
        _ => None,
    }
}

fn has(statement: &Statement, part: &str) -> bool {
    statement.contains_key(part)
}

fn has_effect(statement: &Statement) -> bool {
    matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny"))
        && statement.get("Condition").is_none_or(Value::is_object)
}

/// A text or a list of texts.
fn texts(value: Option<&Value>) -> Option<Vec<&str>> {
    match value? {
        Value::String(one) => Some(vec![one]),
        Value::Array(many) => many.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

fn check_sids(statements: &[&Statement]) -> AwsResult<()> {
    let mut seen = Vec::new();
    for statement in statements {
        let Some(sid) = statement.get("Sid") else { continue };
        let sid = sid.as_str().ok_or_else(|| malformed("Syntax errors in policy."))?;
        if !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let message = "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression \
                 [0-9A-Za-z]*";
            return Err(malformed(message));
        }
        if !sid.is_empty() && seen.contains(&sid) {
            return Err(malformed("Statement IDs (SID) in a single policy must be unique."));
        }
        seen.push(sid);
    }
    Ok(())
}

fn check_actions(statement: &Statement) -> AwsResult<()> {
    let missing = || malformed("Policy statement must contain actions.");
    let value = statement.get("Action").or_else(|| statement.get("NotAction")).ok_or_else(missing)?;
    let actions = texts(Some(value)).ok_or_else(|| malformed("Syntax errors in policy."))?;
    if actions.is_empty() {
        return Err(missing());
    }
    actions.iter().try_for_each(|action| match action.matches(':').count() {
        _ if *action == "*" => Ok(()),
        0 => Err(malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")),
        1 => Ok(()),
        _ => Err(malformed("Actions/Condition can contain only one colon.")),
    })
}

fn check_resources(statement: &Statement) -> AwsResult<()> {
    let missing = || malformed("Policy statement must contain resources.");
    let value = statement.get("Resource").or_else(|| statement.get("NotResource")).ok_or_else(missing)?;
    let resources = texts(Some(value)).ok_or_else(|| malformed("Syntax errors in policy."))?;
    if resources.is_empty() {
        return Err(missing());
    }
    resources.iter().try_for_each(|resource| {
        let is_arn = *resource == "*" || (resource.starts_with("arn:") && resource.matches(':').count() >= 5);
        if is_arn { Ok(()) } else { Err(malformed(format!("Resource {resource} must be in ARN format or \"*\"."))) }
    })
}

fn check_principals(tx: &Tx, statement: &Statement) -> AwsResult<()> {
    let syntax = || malformed("Syntax errors in policy.");
    let principals = statement.get("Principal").or_else(|| statement.get("NotPrincipal")).ok_or_else(syntax)?;
    if principals == "*" {
        return Ok(());
    }
    for (kind, named) in principals.as_object().ok_or_else(syntax)? {
        for name in texts(Some(named)).ok_or_else(syntax)? {
            let known = match kind.as_str() {
                "Service" => name.ends_with(".amazonaws.com") && !name.contains('*'),
                "AWS" => is_principal(tx, name),
                "Federated" | "CanonicalUser" => !name.is_empty(),
                _ => return Err(syntax()),
            };
            if !known {
                let message = format!("Invalid principal in policy: \"{}\":\"{name}\"", kind.to_uppercase());
                return Err(malformed(message));
            }
        }
    }
    Ok(())
}

/// An account, everyone, or an ARN. Of this account's roles it must be one that is there; other accounts can't be looked into.
fn is_principal(tx: &Tx, name: &str) -> bool {
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if name == "*" || is_account(name) {
        return true;
    }
    let own = format!("arn:aws:iam::{}:role/", tx.caller().account);
    if name.starts_with(&own) {
        return role::all(tx).iter().any(|role| role.arn == name);
    }
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    let [_, _, service, _, account, resource] = parts[..] else { return false };
    let kinds = ["root", "user/", "role/", "assumed-role/", "federated-user/"];
    name.starts_with("arn:aws:")
        && matches!(service, "iam" | "sts")
        && is_account(account)
        && kinds.iter().any(|kind| resource.starts_with(kind))
        && !resource.contains('*')
}
