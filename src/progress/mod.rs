//! The learner's record on disk: the best that each lab has seen, and a log of every grading. `schema = 1`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::engine::EngineError;
use crate::engine::home::{Home, write_whole};
use crate::engine::session::{Session, now_ms};
use crate::lab::score::{Outcome, Score};

const FILE: &str = "progress.json";
const LOG: &str = "attempts.jsonl";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Progress {
    schema: u64,
    pub labs: BTreeMap<String, LabProgress>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct LabProgress {
    /// The most points that counted at once.
    pub best: u64,
    pub total: u64,
    /// Gradings so far.
    pub checks: u64,
    pub last_ms: u64,
}

impl Progress {
    /// What is recorded; nothing yet where there is no file.
    pub(crate) fn open(home: &Home) -> Result<Progress, EngineError> {
        let path = home.progress().join(FILE);
        let Ok(bytes) = fs::read(&path) else { return Ok(Progress { schema: 1, labs: BTreeMap::new() }) };
        let progress: Progress = serde_json::from_slice(&bytes)
            .map_err(|error| EngineError::told(format!("`{}` cannot be read: {error}", path.display())))?;
        if progress.schema > 1 {
            return Err(EngineError::told(format!("`{}` was written by a newer labrun", path.display())));
        }
        Ok(progress)
    }
}

/// Notes a grading: the log gets a line, the record keeps the best.
pub(crate) fn record(home: &Home, session: &Session, score: &Score) -> Result<(), EngineError> {
    let folder = home.progress();
    fs::create_dir_all(&folder).map_err(EngineError::file(&folder))?;
    // Two sessions may be graded at once.
    let lock = File::create(folder.join("lock")).map_err(EngineError::file(&folder))?;
    lock.lock().map_err(EngineError::file(&folder))?;
    let mut progress = Progress::open(home)?;
    let lab = progress.labs.entry(session.lab.clone()).or_default();
    lab.best = lab.best.max(score.credit());
    lab.total = score.total();
    lab.checks += 1;
    lab.last_ms = now_ms();
    let text = serde_json::to_vec_pretty(&progress).map_err(|error| EngineError::told(error.to_string()))?;
    write_whole(&home.progress().join(FILE), &text)?;
    log(home, session, score)
}

fn log(home: &Home, session: &Session, score: &Score) -> Result<(), EngineError> {
    let red = |(task, check): (&crate::lab::score::TaskResult, &crate::lab::score::CheckResult)| match &check.outcome {
        Outcome::Failed { because, .. } => {
            let because = because.as_ref().map(|because| because.id.clone());
            Some(json!({ "check": format!("{}.{}", task.id, check.id), "because": because }))
        }
        _ => None,
    };
    let line = json!({
        "schema": 1,
        "at_ms": now_ms(),
        "session": session.id,
        "lab": session.lab,
        "points": score.points(),
        "total": score.total(),
        "credit": score.credit(),
        "solved": session.solved,
        "red": score.checks().filter_map(red).collect::<Vec<_>>(),
    });
    let path = home.progress().join(LOG);
    let append = || File::options().create(true).append(true).open(&path)?.write_all(format!("{line}\n").as_bytes());
    append().map_err(EngineError::file(&path))
}
