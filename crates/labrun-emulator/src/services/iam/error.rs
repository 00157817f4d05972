//! IAM's errors, in its words. Codes: IAM API Reference; messages: as the service sends them.

use labrun_wire::AwsError;

pub(super) fn no_role(name: &str) -> AwsError {
    AwsError::new("NoSuchEntity", format!("The role with name {name} cannot be found."))
}

pub(super) fn role_exists(name: &str) -> AwsError {
    AwsError::new("EntityAlreadyExists", format!("Role with name {name} already exists."))
}

pub(super) fn no_inline(name: &str) -> AwsError {
    AwsError::new("NoSuchEntity", format!("The role policy with name {name} cannot be found."))
}

pub(super) fn no_policy(arn: &str) -> AwsError {
    AwsError::new("NoSuchEntity", format!("Policy {arn} was not found."))
}

pub(super) fn not_attachable(arn: &str) -> AwsError {
    AwsError::new("NoSuchEntity", format!("Policy {arn} does not exist or is not attachable."))
}

pub(super) fn no_version(arn: &str, version: &str) -> AwsError {
    AwsError::new("NoSuchEntity", format!("Policy {arn} version {version} does not exist or is not attachable."))
}

pub(super) fn policy_exists(name: &str) -> AwsError {
    AwsError::new("EntityAlreadyExists", format!("A policy called {name} already exists. Duplicate names are not allowed."))
}

pub(super) fn not_an_arn(arn: &str) -> AwsError {
    AwsError::new("InvalidInput", format!("ARN {arn} is not valid."))
}

pub(super) fn still(message: &str) -> AwsError {
    AwsError::new("DeleteConflict", message)
}

/// What hangs together: IAM User Guide, "IAM and AWS STS quotas".
pub(super) fn quota(name: &str, most: usize) -> AwsError {
    AwsError::new("LimitExceeded", format!("Cannot exceed quota for {name}: {most}"))
}

pub(super) fn inline_too_large(role: &str) -> AwsError {
    AwsError::new("LimitExceeded", format!("Maximum policy size of 10240 bytes exceeded for role {role}"))
}

pub(super) fn malformed(message: impl Into<String>) -> AwsError {
    AwsError::new("MalformedPolicyDocument", message)
}

pub(super) fn invalid_input(message: &str) -> AwsError {
    AwsError::new("InvalidInput", message)
}

pub(super) fn invalid_marker() -> AwsError {
    AwsError::new("ValidationError", "Invalid Marker.").status(400)
}

/// AWS-managed policies belong to no account.
pub(super) fn not_yours(principal: &str, operation: &str, arn: &str) -> AwsError {
    let message = format!("User: {principal} is not authorized to perform: iam:{operation} on resource: policy {arn}");
    AwsError::new("AccessDenied", message).status(403)
}
