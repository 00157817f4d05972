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

pub(super) fn no_database(name: &str) -> AwsError {
    AwsError::new("EntityNotFoundException", format!("Database {name} not found."))
}

pub(super) fn database_exists() -> AwsError {
    AwsError::new("AlreadyExistsException", "Database already exists.")
}

/// What GetTable says.
pub(super) fn no_entity() -> AwsError {
    AwsError::new("EntityNotFoundException", "Entity Not Found")
}

/// What all others say.
pub(super) fn no_table(name: &str) -> AwsError {
    AwsError::new("EntityNotFoundException", format!("Table {name} not found."))
}

pub(super) fn table_exists() -> AwsError {
    AwsError::new("AlreadyExistsException", "Table already exists.")
}

pub(super) fn no_version() -> AwsError {
    AwsError::new("EntityNotFoundException", "Version not found.")
}

pub(super) fn concurrent_update() -> AwsError {
    AwsError::new("ConcurrentModificationException", "Update table failed due to concurrent modifications.")
}

pub(super) fn no_partition() -> AwsError {
    AwsError::new("EntityNotFoundException", "Cannot find partition.")
}

pub(super) fn partition_exists() -> AwsError {
    AwsError::new("AlreadyExistsException", "Partition already exists.")
}

pub(super) fn wrong_values() -> AwsError {
    invalid_input("The number of partition keys do not match the number of partition values")
}

pub(super) fn invalid_expression() -> AwsError {
    invalid_input("Invalid partition expression!")
}

/// A partition's own value is not of its key's type.
pub(super) fn wrong_type(value: &str, kind: &str) -> AwsError {
    let article = if kind.starts_with('i') { "an" } else { "a" };
    AwsError::new("InvalidStateException", format!("For input string: \"{value}\" is not {article} {kind}."))
}

/// Another account's catalog, without a policy of that account that lets anyone in.
pub(super) fn not_shared(principal: &str, operation: &str, arn: &str) -> AwsError {
    let message = format!(
        "User: {principal} is not authorized to perform: glue:{operation} on resource: {arn} because no resource-based policy \
         allows the glue:{operation} action"
    );
    AwsError::new("AccessDeniedException", message)
}

pub(super) fn no_tagged(arn: &str) -> AwsError {
    AwsError::new("EntityNotFoundException", format!("Resource {arn} not found."))
}

pub(super) fn crawler_exists(name: &str) -> AwsError {
    AwsError::new("AlreadyExistsException", format!("Crawler with name {name} already exists"))
}

pub(super) fn no_such_crawler(name: &str) -> AwsError {
    AwsError::new("EntityNotFoundException", format!("Crawler with name {name} does not exist"))
}

pub(super) fn crawler_running(name: &str) -> AwsError {
    AwsError::new("CrawlerRunningException", format!("Crawler with name {name} has already started"))
}

pub(super) fn crawler_not_running(name: &str) -> AwsError {
    AwsError::new("CrawlerNotRunningException", format!("Crawler with name {name} isn't running"))
}

pub(super) fn crawler_stopping(name: &str) -> AwsError {
    AwsError::new("CrawlerStoppingException", format!("Crawler with name {name} is stopping"))
}

// The words for schedules and classifiers are ours.

pub(super) fn no_schedule(name: &str) -> AwsError {
    AwsError::new("NoScheduleException", format!("Crawler with name {name} has no schedule"))
}

pub(super) fn schedule_running(name: &str) -> AwsError {
    AwsError::new("SchedulerRunningException", format!("The schedule of the crawler {name} is already running"))
}

pub(super) fn schedule_not_running(name: &str) -> AwsError {
    AwsError::new("SchedulerNotRunningException", format!("The schedule of the crawler {name} is not running"))
}

pub(super) fn classifier_exists(name: &str) -> AwsError {
    AwsError::new("AlreadyExistsException", format!("Classifier with name {name} already exists"))
}

pub(super) fn no_such_classifier(name: &str) -> AwsError {
    AwsError::new("EntityNotFoundException", format!("Classifier with name {name} does not exist"))
}
