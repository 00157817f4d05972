//! Job definitions. `UpdateJob` resets what it is not sent: that is AWS's rule ("Unspecified configuration is removed or reset to
//! default values"), and part of what learners meet.

use std::sync::Arc;

use labrun_wire::page::{page, position};
use labrun_wire::{AwsError, AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::arguments::{self, Arguments};
use super::capacity::Capacity;
use super::{error, run};
use crate::sandbox::{Scope, Table, Tx};

pub(super) const JOBS: Table<Job> = Table::new("glue.jobs", Scope::Regional);

/// AWS's API reference names two defaults for a job without a version: 6.0 (CreateJob) and 5.1 (JobRun). 6.0 is on Spark 4, which
/// labrun lacks; see docs/adr/0002.
const DEFAULT_VERSION: &str = "5.1";
const VERSIONS: &[&str] = &["4.0", "5.0", "5.1"];
/// Seven days.
const MAX_TIMEOUT: i64 = 10_080;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Job {
    pub(super) name: String,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) definition: Definition,
}

/// What a job is, with all defaults filled in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Definition {
    description: Option<String>,
    log_uri: Option<String>,
    pub(super) role: String,
    pub(super) max_concurrent_runs: i64,
    pub(super) script: String,
    pub(super) python_version: String,
    pub(super) default_arguments: Arguments,
    pub(super) non_overridable: Arguments,
    pub(super) timeout: i64,
    pub(super) capacity: Capacity,
    pub(super) glue_version: String,
}

/// What UpdateJob is sent, and CreateJob beside name and tags.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parts {
    job_mode: Option<String>,
    description: Option<String>,
    log_uri: Option<String>,
    role: Option<String>,
    execution_property: Option<ExecutionProperty>,
    command: Option<Command>,
    default_arguments: Option<Arguments>,
    non_overridable_arguments: Option<Arguments>,
    allocated_capacity: Option<i64>,
    timeout: Option<i64>,
    max_capacity: Option<f64>,
    glue_version: Option<String>,
    number_of_workers: Option<i64>,
    worker_type: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ExecutionProperty {
    max_concurrent_runs: Option<i64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Command {
    name: Option<String>,
    script_location: Option<String>,
    python_version: Option<String>,
}

impl Parts {
    fn definition(self) -> AwsResult<Definition> {
        if let Some(mode) = self.job_mode.filter(|mode| mode != "SCRIPT") {
            return Err(AwsError::not_implemented(format_args!("jobs of the mode {mode}")));
        }
        let role =
            self.role.filter(|role| !role.is_empty()).ok_or_else(|| error::invalid_input("Role should not be null or empty."))?;
        let (script, python_version) = command(self.command)?;
        let default_arguments = self.default_arguments.unwrap_or_default();
        let non_overridable = self.non_overridable_arguments.unwrap_or_default();
        arguments::check(&default_arguments)?;
        arguments::check(&non_overridable)?;
        let glue_version = version(self.glue_version)?;
        let default_timeout = if glue_version == "4.0" { 2880 } else { 480 };
        let max_capacity = self.max_capacity.or(self.allocated_capacity.filter(|dpus| *dpus > 0).map(|dpus| dpus as f64));
        let max_concurrent_runs =
            self.execution_property.and_then(|one| one.max_concurrent_runs).filter(|runs| *runs > 0).unwrap_or(1);
        Ok(Definition {
            description: self.description,
            log_uri: self.log_uri,
            role,
            max_concurrent_runs,
            script,
            python_version,
            default_arguments,
            non_overridable,
            timeout: timeout(self.timeout, default_timeout)?,
            capacity: Capacity::of(self.worker_type, self.number_of_workers, max_capacity)?,
            glue_version,
        })
    }
}

pub(super) fn timeout(asked: Option<i64>, default: i64) -> AwsResult<i64> {
    match asked {
        Some(minutes) if minutes > MAX_TIMEOUT => {
            Err(error::invalid_input(format!("Timeout must be less than or equal to {MAX_TIMEOUT} minutes (7 days).")))
        }
        asked => Ok(asked.unwrap_or(default)),
    }
}

fn command(command: Option<Command>) -> AwsResult<(String, String)> {
    let command = command.ok_or_else(|| error::invalid_input("Command should not be null."))?;
    match command.name.as_deref() {
        None | Some("") => return Err(error::invalid_input("Command name should not be null or empty.")),
        Some("glueetl") => {}
        Some(kind @ ("pythonshell" | "gluestreaming" | "glueray")) => {
            return Err(AwsError::not_implemented(format_args!("{kind} jobs (glueetl runs)")));
        }
        Some(other) => {
            return Err(error::invalid_input(format!("Command name {other} is not valid. It must be glueetl for a Spark job.")));
        }
    }
    let script = command.script_location.unwrap_or_default();
    let valid = script
        .strip_prefix("s3://")
        .and_then(|rest| rest.split_once('/'))
        .is_some_and(|(bucket, key)| !bucket.is_empty() && !key.is_empty());
    if !valid {
        return Err(error::invalid_input(format!("Script location must be an S3 path, s3://bucket/key; it was {script:?}.")));
    }
    match command.python_version.as_deref() {
        None | Some("" | "3") => Ok((script, "3".to_owned())),
        Some(other) => Err(AwsError::not_implemented(format_args!("Python {other} in Spark jobs (3 runs)"))),
    }
}

fn version(asked: Option<String>) -> AwsResult<String> {
    let version = asked.unwrap_or_else(|| DEFAULT_VERSION.to_owned());
    if VERSIONS.contains(&version.as_str()) {
        return Ok(version);
    }
    Err(AwsError::not_implemented(format_args!("GlueVersion {version} ({} run, on Spark 3.5)", VERSIONS.join(", "))))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    name: String,
    job_mode: Option<String>,
    description: Option<String>,
    log_uri: Option<String>,
    role: Option<String>,
    execution_property: Option<ExecutionProperty>,
    command: Option<Command>,
    default_arguments: Option<Arguments>,
    non_overridable_arguments: Option<Arguments>,
    allocated_capacity: Option<i64>,
    timeout: Option<i64>,
    max_capacity: Option<f64>,
    tags: Option<Arguments>,
    glue_version: Option<String>,
    number_of_workers: Option<i64>,
    worker_type: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Created {
    name: String,
}

pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<Created> {
    if tx.has(&JOBS, &input.name) {
        return Err(error::job_exists(&input.name));
    }
    let parts = Parts {
        job_mode: input.job_mode,
        description: input.description,
        log_uri: input.log_uri,
        role: input.role,
        execution_property: input.execution_property,
        command: input.command,
        default_arguments: input.default_arguments,
        non_overridable_arguments: input.non_overridable_arguments,
        allocated_capacity: input.allocated_capacity,
        timeout: input.timeout,
        max_capacity: input.max_capacity,
        glue_version: input.glue_version,
        number_of_workers: input.number_of_workers,
        worker_type: input.worker_type,
    };
    let definition = parts.definition()?;
    let arn = tx.caller().arn("glue", &format!("job/{}", input.name));
    let tags = super::tag::checked(input.tags.unwrap_or_default())?;
    super::tag::set(tx, &arn, tags);
    let now = tx.now();
    tx.put(&JOBS, &input.name, Job { name: input.name.clone(), created: now, modified: now, definition });
    tx.warm_spark();
    Ok(Created { name: input.name })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Update {
    job_name: String,
    job_update: Parts,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct JobName {
    job_name: String,
}

pub(super) fn update(tx: &mut Tx, input: Update) -> AwsResult<JobName> {
    let job = find(tx, &input.job_name)?;
    let updated = Job { modified: tx.now(), definition: input.job_update.definition()?, ..(*job).clone() };
    tx.put(&JOBS, &input.job_name, updated);
    tx.warm_spark();
    Ok(JobName { job_name: input.job_name })
}

pub(super) fn find(tx: &Tx, name: &str) -> AwsResult<Arc<Job>> {
    tx.get(&JOBS, name).ok_or_else(|| error::no_such_job(name))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    job_name: String,
}

/// Deleting a job that is not there is no error (API reference, DeleteJob). Runs under way go on; their records stay readable as
/// long as the sandbox does not hold a job of the same name again.
pub(super) fn delete(tx: &mut Tx, input: Named) -> AwsResult<JobName> {
    tx.delete(&JOBS, &input.job_name);
    let arn = tx.caller().arn("glue", &format!("job/{}", input.job_name));
    super::tag::set(tx, &arn, Arguments::new());
    run::forget(tx, &input.job_name);
    super::bookmark::forget(tx, &input.job_name);
    Ok(JobName { job_name: input.job_name })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shown {
    name: String,
    job_mode: &'static str,
    job_run_queuing_enabled: bool,
    description: Option<String>,
    log_uri: Option<String>,
    role: String,
    created_on: Timestamp,
    last_modified_on: Timestamp,
    execution_property: ExecutionProperty,
    command: Command,
    default_arguments: Option<Arguments>,
    non_overridable_arguments: Option<Arguments>,
    max_retries: i64,
    allocated_capacity: i64,
    timeout: i64,
    max_capacity: f64,
    worker_type: String,
    number_of_workers: i64,
    glue_version: String,
    execution_class: &'static str,
}

impl Shown {
    fn new(job: &Job) -> Self {
        let definition = job.definition.clone();
        let filled = |arguments: Arguments| Some(arguments).filter(|arguments| !arguments.is_empty());
        Shown {
            name: job.name.clone(),
            job_mode: "SCRIPT",
            job_run_queuing_enabled: false,
            description: definition.description,
            log_uri: definition.log_uri,
            role: definition.role,
            created_on: job.created,
            last_modified_on: job.modified,
            execution_property: ExecutionProperty { max_concurrent_runs: Some(definition.max_concurrent_runs) },
            command: Command {
                name: Some("glueetl".to_owned()),
                script_location: Some(definition.script),
                python_version: Some(definition.python_version),
            },
            default_arguments: filled(definition.default_arguments),
            non_overridable_arguments: filled(definition.non_overridable),
            max_retries: 0,
            allocated_capacity: definition.capacity.dpus() as i64,
            timeout: definition.timeout,
            max_capacity: definition.capacity.dpus(),
            worker_type: definition.capacity.worker_type,
            number_of_workers: definition.capacity.workers,
            glue_version: definition.glue_version,
            execution_class: "STANDARD",
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    job: Shown,
}

pub(super) fn get(tx: &Tx, input: Named) -> AwsResult<One> {
    Ok(One { job: Shown::new(&*find(tx, &input.job_name)?) })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    jobs: Vec<Shown>,
    next_token: Option<String>,
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let (jobs, next_token) = select(tx, "glue.GetJobs", input.next_token.as_deref(), input.max_results, |_| true)?;
    Ok(Listed { jobs: jobs.iter().map(|job| Shown::new(job)).collect(), next_token })
}

type Selected = (Vec<Arc<Job>>, Option<String>);

fn select(tx: &Tx, context: &str, token: Option<&str>, size: Option<i64>, wanted: impl Fn(&str) -> bool) -> AwsResult<Selected> {
    let after =
        token.filter(|token| !token.is_empty()).map(|token| position(context, token).ok_or_else(error::bad_token)).transpose()?;
    let mut found = Vec::new();
    tx.each(&JOBS, "", after.as_deref(), |name, job| {
        if wanted(name) {
            found.push(job);
        }
        true
    });
    let size = usize::try_from(size.unwrap_or(100)).unwrap_or(100);
    let taken = page(found.into_iter(), size, context, |job| job.name.clone());
    Ok((taken.items, taken.next))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListNames {
    next_token: Option<String>,
    max_results: Option<i64>,
    tags: Option<Arguments>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Names {
    job_names: Vec<String>,
    next_token: Option<String>,
}

pub(super) fn names(tx: &Tx, input: ListNames) -> AwsResult<Names> {
    let asked = input.tags.unwrap_or_default();
    let context = format!("glue.ListJobs/{asked:?}");
    let tagged = |name: &str| {
        let tags = super::tag::of(tx, &tx.caller().arn("glue", &format!("job/{name}")));
        asked.iter().all(|(key, value)| tags.get(key) == Some(value))
    };
    let (jobs, next_token) = select(tx, &context, input.next_token.as_deref(), input.max_results, tagged)?;
    Ok(Names { job_names: jobs.iter().map(|job| job.name.clone()).collect(), next_token })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Batch {
    job_names: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Found {
    jobs: Vec<Shown>,
    jobs_not_found: Vec<String>,
}

pub(super) fn batch_get(tx: &Tx, input: Batch) -> AwsResult<Found> {
    let mut found = Found { jobs: Vec::new(), jobs_not_found: Vec::new() };
    for name in input.job_names {
        match tx.get(&JOBS, &name) {
            Some(job) => found.jobs.push(Shown::new(&job)),
            None => found.jobs_not_found.push(name),
        }
    }
    Ok(found)
}
