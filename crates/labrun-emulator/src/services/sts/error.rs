//! STS's errors, in its words. Codes: STS API Reference; messages: as the service sends them.

use labrun_wire::AwsError;

/// Also where the role does not exist: STS does not tell who has which roles.
pub(super) fn not_authorized(principal: &str, role_arn: &str) -> AwsError {
    let message = format!("User: {principal} is not authorized to perform: sts:AssumeRole on resource: {role_arn}");
    AwsError::new("AccessDenied", message).status(403)
}

pub(super) fn not_an_arn(arn: &str) -> AwsError {
    AwsError::new("ValidationError", format!("{arn} is invalid")).status(400)
}

pub(super) fn too_long() -> AwsError {
    let message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    AwsError::new("ValidationError", message).status(400)
}

pub(super) fn too_long_chained() -> AwsError {
    let message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
    AwsError::new("ValidationError", message).status(400)
}
