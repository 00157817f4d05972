//! Glue's errors, in its words. Source: Glue API reference, "Exceptions", and public reports of the messages.

use labrun_wire::AwsError;

pub(super) fn invalid_input(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidInputException", message)
}

pub(super) fn job_exists(name: &str) -> AwsError {
    AwsError::new("AlreadyExistsException", format!("Job already exists - {name}"))
}

pub(super) fn no_such_job(name: &str) -> AwsError {
    AwsError::new("EntityNotFoundException", format!("Job with name: {name} not found."))
}

pub(super) fn no_such_run(job: &str, run: &str) -> AwsError {
    AwsError::new("EntityNotFoundException", format!("Job run with job name: {job} and run id: {run} not found."))
}

pub(super) fn no_bookmark(job: &str) -> AwsError {
    AwsError::new("EntityNotFoundException", format!("Continuation for job {job} not found."))
}

pub(super) fn too_many_runs(job: &str) -> AwsError {
    AwsError::new("ConcurrentRunsExceededException", format!("Concurrent runs exceeded for {job}"))
}

pub(super) fn bad_token() -> AwsError {
    invalid_input("Invalid NextToken.")
}
