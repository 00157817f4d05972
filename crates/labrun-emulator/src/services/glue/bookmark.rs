//! Job bookmarks: what a job remembers between runs. Source: Glue Developer Guide, "Tracking processed data using job bookmarks".
//!
//! What the state means is the business of `runtimes/awsglue`; here it is kept: one entry a job, and each run's state by its number,
//! so that a job can be reset to a run and `pause` can read from and to one.

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};

use super::error;
use super::run::{self, Run};
use crate::sandbox::{Scope, Table, Tx};

const CURRENT: Table<Entry> = Table::new("glue.bookmarks", Scope::Regional);
/// States by job and run number.
const HISTORY: Table<serde_json::Value> = Table::new("glue.bookmark-history", Scope::Regional);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    version: i64,
    run: u64,
    attempt: i64,
    previous: Option<String>,
    run_id: Option<String>,
    state: Option<serde_json::Value>,
}

/// Files a state under the run that commits it.
pub(super) fn commit(tx: &mut Tx, run: &Run, state: serde_json::Value) {
    let before = tx.get(&CURRENT, &run.job);
    let entry = Entry {
        version: before.as_ref().map_or(1, |entry| entry.version + 1),
        run: run.number,
        attempt: run.attempt,
        previous: before.and_then(|entry| entry.run_id.clone()),
        run_id: Some(run.id.clone()),
        state: Some(state.clone()),
    };
    tx.put(&CURRENT, &run.job, entry);
    tx.put(&HISTORY, &run::row(&run.job, run.number), state);
}

/// What the job remembers now.
pub(super) fn state(tx: &Tx, job: &str) -> Option<serde_json::Value> {
    tx.get(&CURRENT, job).and_then(|entry| entry.state.clone())
}

/// What it remembered when a run had ended: that run's state, or the last one before it.
pub(super) fn state_at(tx: &Tx, job: &str, run_id: &str) -> AwsResult<Option<serde_json::Value>> {
    let run = run::find(tx, job, run_id)?;
    let states = tx.list(&HISTORY, &format!("{job}\0"));
    let last = run.row();
    Ok(states.into_iter().rfind(|(row, _)| *row <= last).map(|(_, state)| (*state).clone()))
}

pub(super) fn forget(tx: &mut Tx, job: &str) {
    tx.delete(&CURRENT, job);
    tx.delete_all(&HISTORY, &format!("{job}\0"));
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    job_name: String,
    run_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shown {
    job_bookmark_entry: ShownEntry,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownEntry {
    job_name: String,
    version: i64,
    run: u64,
    attempt: i64,
    previous_run_id: Option<String>,
    run_id: Option<String>,
    job_bookmark: String,
}

fn shown(job: &str, entry: &Entry) -> Shown {
    let state = entry.state.as_ref().map_or_else(|| "{}".to_owned(), serde_json::Value::to_string);
    Shown {
        job_bookmark_entry: ShownEntry {
            job_name: job.to_owned(),
            version: entry.version,
            run: entry.run,
            attempt: entry.attempt,
            previous_run_id: entry.previous.clone(),
            run_id: entry.run_id.clone(),
            job_bookmark: state,
        },
    }
}

pub(super) fn get(tx: &Tx, input: Named) -> AwsResult<Shown> {
    let entry = tx.get(&CURRENT, &input.job_name).ok_or_else(|| error::no_bookmark(&input.job_name))?;
    let Some(id) = &input.run_id else { return Ok(shown(&input.job_name, &entry)) };
    let run = run::find(tx, &input.job_name, id)?;
    let state = tx.get(&HISTORY, &run.row()).ok_or_else(|| error::no_bookmark(&input.job_name))?;
    let at = Entry {
        run: run.number,
        attempt: run.attempt,
        run_id: Some(run.id.clone()),
        state: Some((*state).clone()),
        ..(*entry).clone()
    };
    Ok(shown(&input.job_name, &at))
}

/// Without a run: the job forgets everything. With one: it remembers what it did when that run had ended.
pub(super) fn reset(tx: &mut Tx, input: Named) -> AwsResult<Shown> {
    let entry = tx.get(&CURRENT, &input.job_name).ok_or_else(|| error::no_bookmark(&input.job_name))?;
    let state = match &input.run_id {
        Some(id) => state_at(tx, &input.job_name, id)?,
        None => None,
    };
    let version = entry.version + 1;
    let reset = match &input.run_id {
        Some(id) => Entry { version, run_id: Some(id.clone()), state, ..(*entry).clone() },
        None => Entry { version, run: 0, attempt: 0, previous: None, run_id: None, state },
    };
    tx.put(&CURRENT, &input.job_name, reset.clone());
    Ok(shown(&input.job_name, &reset))
}
