//! Job runs: started, shown, listed, stopped. What happens in between is `execute`'s.

use std::sync::Arc;

use labrun_wire::page::{page, position};
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::arguments::{self, Arguments};
use super::capacity::Capacity;
use super::{error, job};
use crate::sandbox::{Scope, Table, Tx};

/// Runs by job and number.
pub(super) const RUNS: Table<Run> = Table::new("glue.runs", Scope::Regional);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Run {
    pub(super) id: String,
    pub(super) job: String,
    /// Counts the job's runs.
    pub(super) number: u64,
    pub(super) attempt: i64,
    pub(super) previous: Option<String>,
    pub(super) state: State,
    pub(super) started: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) completed: Option<Timestamp>,
    /// What StartJobRun was given.
    pub(super) given: Arguments,
    /// What the script gets.
    pub(super) arguments: Arguments,
    pub(super) role: String,
    pub(super) script: String,
    pub(super) timeout: i64,
    pub(super) capacity: Capacity,
    pub(super) glue_version: String,
    pub(super) error: Option<String>,
    /// Time in RUNNING.
    pub(super) seconds: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum State {
    Starting,
    Running,
    Stopping,
    Stopped,
    Succeeded,
    Failed,
    Timeout,
}

impl State {
    pub(super) fn is_final(self) -> bool {
        !matches!(self, State::Starting | State::Running | State::Stopping)
    }
}

pub(super) fn row(job: &str, number: u64) -> String {
    format!("{job}\0{number:010}")
}

impl Run {
    pub(super) fn row(&self) -> String {
        row(&self.job, self.number)
    }

    pub(super) fn bookmark_option(&self) -> &str {
        self.arguments.get("--job-bookmark-option").map_or("job-bookmark-disable", String::as_str)
    }
}

/// All runs of a job, oldest first.
fn of_job(tx: &Tx, job: &str) -> Vec<Arc<Run>> {
    tx.list(&RUNS, &format!("{job}\0")).into_iter().map(|(_, run)| run).collect()
}

pub(super) fn find(tx: &Tx, job: &str, id: &str) -> AwsResult<Arc<Run>> {
    of_job(tx, job).into_iter().find(|run| run.id == id).ok_or_else(|| error::no_such_run(job, id))
}

/// Forgets the finished runs of a job that is gone; one under way keeps its record until it ends.
pub(super) fn forget(tx: &mut Tx, job: &str) {
    for run in of_job(tx, job).iter().filter(|run| run.state.is_final()) {
        tx.delete(&RUNS, &run.row());
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Start {
    job_name: String,
    job_run_id: Option<String>,
    arguments: Option<Arguments>,
    allocated_capacity: Option<i64>,
    timeout: Option<i64>,
    max_capacity: Option<f64>,
    worker_type: Option<String>,
    number_of_workers: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Started {
    job_run_id: String,
}

/// Records the run and returns; the outbox starts it.
pub(super) fn start(tx: &mut Tx, input: Start) -> AwsResult<Started> {
    let job = job::find(tx, &input.job_name)?;
    let definition = &job.definition;
    let runs = of_job(tx, &input.job_name);
    let live = runs.iter().filter(|run| !run.state.is_final()).count();
    if i64::try_from(live).unwrap_or(i64::MAX) >= definition.max_concurrent_runs {
        return Err(error::too_many_runs(&input.job_name));
    }
    let given = input.arguments.unwrap_or_default();
    arguments::check(&given)?;
    let retried = input.job_run_id.as_ref().map(|id| find(tx, &input.job_name, id)).transpose()?;
    let says_capacity = input.worker_type.is_some() || input.number_of_workers.is_some() || input.max_capacity.is_some();
    let capacity = if says_capacity {
        let worker_type =
            input.worker_type.or_else(|| Some(definition.capacity.worker_type.clone()).filter(|_| input.max_capacity.is_none()));
        Capacity::of(worker_type, input.number_of_workers, input.max_capacity)?
    } else if let Some(dpus) = input.allocated_capacity.filter(|dpus| *dpus > 0) {
        Capacity::of(None, None, Some(dpus as f64))?
    } else {
        definition.capacity.clone()
    };
    let now = tx.now();
    let run = Run {
        id: format!("jr_{}", tx.ids().hex(64)),
        job: input.job_name.clone(),
        number: runs.last().map_or(1, |run| run.number + 1),
        attempt: retried.as_ref().map_or(0, |run| run.attempt + 1),
        previous: retried.map(|run| run.id.clone()),
        state: State::Starting,
        started: now,
        modified: now,
        completed: None,
        arguments: arguments::merge(&definition.default_arguments, &given, &definition.non_overridable),
        given,
        role: definition.role.clone(),
        script: definition.script.clone(),
        timeout: job::timeout(input.timeout, definition.timeout)?,
        capacity,
        glue_version: definition.glue_version.clone(),
        error: None,
        seconds: 0,
    };
    let payload = serde_json::json!({"job": run.job, "number": run.number});
    tx.later("glue", "Execute", format!("glue job run {} of {}", run.id, run.job), payload);
    let started = Started { job_run_id: run.id.clone() };
    tx.put(&RUNS, &run.row(), run);
    Ok(started)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shown {
    id: String,
    attempt: i64,
    previous_run_id: Option<String>,
    job_name: String,
    job_mode: &'static str,
    job_run_queuing_enabled: bool,
    started_on: Timestamp,
    last_modified_on: Timestamp,
    completed_on: Option<Timestamp>,
    job_run_state: State,
    arguments: Option<Arguments>,
    error_message: Option<String>,
    predecessor_runs: Vec<String>,
    allocated_capacity: i64,
    execution_time: i64,
    timeout: i64,
    max_capacity: f64,
    worker_type: String,
    number_of_workers: i64,
    log_group_name: &'static str,
    glue_version: String,
    #[serde(rename = "DPUSeconds")]
    dpu_seconds: Option<f64>,
    execution_class: &'static str,
}

impl Shown {
    fn new(run: &Run) -> Self {
        let dpus = run.capacity.dpus();
        Shown {
            id: run.id.clone(),
            attempt: run.attempt,
            previous_run_id: run.previous.clone(),
            job_name: run.job.clone(),
            job_mode: "SCRIPT",
            job_run_queuing_enabled: false,
            started_on: run.started,
            last_modified_on: run.modified,
            completed_on: run.completed,
            job_run_state: run.state,
            arguments: Some(run.given.clone()).filter(|arguments| !arguments.is_empty()),
            error_message: run.error.clone(),
            predecessor_runs: Vec::new(),
            allocated_capacity: dpus as i64,
            execution_time: run.seconds,
            timeout: run.timeout,
            max_capacity: dpus,
            worker_type: run.capacity.worker_type.clone(),
            number_of_workers: run.capacity.workers,
            log_group_name: super::log::PREFIX,
            glue_version: run.glue_version.clone(),
            dpu_seconds: run.completed.map(|_| dpus * run.seconds as f64),
            execution_class: "STANDARD",
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Get {
    job_name: String,
    run_id: String,
    predecessors_included: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Got {
    job_run: Shown,
}

/// Predecessors are runs of triggers, which are not built: the list is empty either way.
pub(super) fn get(tx: &Tx, input: Get) -> AwsResult<Got> {
    let _none_either_way = input.predecessors_included;
    Ok(Got { job_run: Shown::new(&*find(tx, &input.job_name, &input.run_id)?) })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    job_name: String,
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    job_runs: Vec<Shown>,
    next_token: Option<String>,
}

/// Newest first.
pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    job::find(tx, &input.job_name)?;
    let context = format!("glue.GetJobRuns/{}", input.job_name);
    let before = match input.next_token.as_deref().filter(|token| !token.is_empty()) {
        Some(token) => position(&context, token).and_then(|number| number.parse().ok()).ok_or_else(error::bad_token)?,
        None => u64::MAX,
    };
    let runs = of_job(tx, &input.job_name).into_iter().rev().filter(|run| run.number < before);
    let size = usize::try_from(input.max_results.unwrap_or(200)).unwrap_or(200);
    let taken = page(runs, size, &context, |run| run.number.to_string());
    Ok(Listed { job_runs: taken.items.iter().map(|run| Shown::new(run)).collect(), next_token: taken.next })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Stop {
    job_name: String,
    job_run_ids: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Stops {
    successful_submissions: Vec<Submission>,
    errors: Vec<NotStopped>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Submission {
    job_name: String,
    job_run_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NotStopped {
    job_name: String,
    job_run_id: String,
    error_detail: Detail,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Detail {
    error_code: String,
    error_message: String,
}

/// Marks the runs STOPPING; `execute` sees it and ends them.
pub(super) fn batch_stop(tx: &mut Tx, input: Stop) -> AwsResult<Stops> {
    let mut stops = Stops { successful_submissions: Vec::new(), errors: Vec::new() };
    for id in input.job_run_ids {
        let outcome = find(tx, &input.job_name, &id).and_then(|run| match run.state.is_final() {
            true => Err(labrun_wire::AwsError::new(
                "JobRunInTerminalStateException",
                format!("Job run {id} is already in a terminal state."),
            )),
            false => Ok(run),
        });
        let job_name = input.job_name.clone();
        match outcome {
            Ok(run) => {
                let now = tx.now();
                tx.update(&RUNS, &run.row(), |run| (run.state, run.modified) = (State::Stopping, now));
                stops.successful_submissions.push(Submission { job_name, job_run_id: id });
            }
            Err(fault) => {
                let error_detail = Detail { error_code: fault.code, error_message: fault.message };
                stops.errors.push(NotStopped { job_name, job_run_id: id, error_detail });
            }
        }
    }
    Ok(stops)
}
