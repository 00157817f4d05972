//! Athena's errors. Codes: Athena API Reference; `AthenaErrorCode`s and messages as measured on the service
//! (shared/research/athena-sql.md, section 8) where marked; the others are ours.

use labrun_wire::AwsError;

/// The error of a bad request, with the code that says why.
fn refused(code: &str, message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidRequestException", message).with("AthenaErrorCode", code)
}

/// Ours.
pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    refused("INVALID_INPUT", message)
}

/// A statement that no parser takes (measured).
pub(super) fn malformed(message: impl Into<String>) -> AwsError {
    refused("MALFORMED_QUERY", message)
}

/// Measured, but for the id, which the message names.
pub(super) fn no_query(id: &str) -> AwsError {
    refused("QUERY_EXECUTION_NOT_FOUND", format!("QueryExecution {id} was not found"))
}

/// Measured.
pub(super) fn not_finished(state: &str) -> AwsError {
    refused("INVALID_QUERY_EXECUTION_STATE", format!("Query has not yet finished. Current state: {state}"))
}

/// Measured.
pub(super) fn failed(state: &str) -> AwsError {
    refused("INVALID_QUERY_EXECUTION_STATE", format!("Query did not finish successfully. Final query state: {state}"))
}

/// Measured.
pub(super) fn no_results() -> AwsError {
    refused("RESULT_NOT_FOUND", "Could not find results")
}

/// Measured.
pub(super) fn other_parameters() -> AwsError {
    refused(
        "IDEMPOTENT_PARAMETER_MISMATCH",
        "Idempotent parameters do not match. The client request token was used with other parameters.",
    )
}

/// Measured, up to where the sentence was cut off in the source.
pub(super) fn no_output_location() -> AwsError {
    invalid(
        "No output location provided. An output location is required either through the Workgroup result configuration setting or \
         as an API input.",
    )
}

/// Measured.
pub(super) fn bad_output_location() -> AwsError {
    invalid("outputLocation is not a valid S3 path.")
}

/// Ours.
pub(super) fn no_work_group(name: &str) -> AwsError {
    invalid(format!("WorkGroup {name} is not found."))
}

/// Ours.
pub(super) fn not_found(what: &str, name: &str) -> AwsError {
    AwsError::new("ResourceNotFoundException", format!("{what} {name} was not found")).with("ResourceName", name)
}

/// Metadata operations wrap what the catalog says (API Reference, MetadataException); the words are ours.
pub(super) fn metadata(fault: &AwsError) -> AwsError {
    AwsError::new("MetadataException", format!("{} (Service: AmazonDataCatalog; Error Code: {})", fault.message, fault.code))
}
