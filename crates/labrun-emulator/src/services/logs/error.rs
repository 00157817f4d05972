//! CloudWatch Logs' errors, in its words. Codes: CloudWatch Logs API Reference; messages: as the service sends them.

use labrun_wire::AwsError;

pub(super) fn no_group() -> AwsError {
    AwsError::new("ResourceNotFoundException", "The specified log group does not exist.")
}

pub(super) fn no_stream() -> AwsError {
    AwsError::new("ResourceNotFoundException", "The specified log stream does not exist.")
}

pub(super) fn group_exists() -> AwsError {
    AwsError::new("ResourceAlreadyExistsException", "The specified log group already exists")
}

pub(super) fn stream_exists() -> AwsError {
    AwsError::new("ResourceAlreadyExistsException", "The specified log stream already exists")
}

pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterException", message)
}

pub(super) fn invalid_token() -> AwsError {
    invalid("The specified nextToken is invalid.")
}

pub(super) fn too_many_tags(resource: &str) -> AwsError {
    AwsError::new("TooManyTagsException", "A resource can have no more than 50 tags.").with("resourceName", resource)
}
