//! The learner's record on disk: the best that each lab has seen, and a log of every grading. `schema = 1`.

pub(crate) mod answers;

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::lab::score::{Outcome, Score};
use crate::whole;

const FILE: &str = "progress.json";
const LOG: &str = "attempts.jsonl";

/// Why the record can't be read or kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProgressError {
    #[error("`{}`: {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("`{}` cannot be read: {fault}", path.display())]
    Content { path: PathBuf, fault: serde_json::Error },
    #[error("`{}` was written by a newer labrun", path.display())]
    Newer { path: PathBuf },
    /// One line of a log; the others may be whole.
    #[error("`{}`, line {line}, cannot be read ({fault}): a newer labrun wrote it, or it was damaged; take that line out to go on", path.display())]
    Line { path: PathBuf, line: usize, fault: serde_json::Error },
}

impl ProgressError {
    fn file(path: &Path) -> impl FnOnce(std::io::Error) -> ProgressError {
        let path = path.to_path_buf();
        move |source| ProgressError::File { path, source }
    }
}

/// Whose grading is noted, and when.
pub(crate) struct Attempt<'a> {
    pub session: &'a str,
    pub lab: &'a str,
    /// Tasks that `labrun solve` did.
    pub solved: serde_json::Value,
    pub at_ms: u64,
}

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
    /// What is recorded in a folder; nothing yet where there is no file.
    pub(crate) fn open(folder: &Path) -> Result<Progress, ProgressError> {
        let path = folder.join(FILE);
        let Ok(bytes) = fs::read(&path) else { return Ok(Progress { schema: 1, labs: BTreeMap::new() }) };
        match serde_json::from_slice::<Progress>(&bytes) {
            Ok(progress) if progress.schema > 1 => Err(ProgressError::Newer { path }),
            Ok(progress) => Ok(progress),
            Err(fault) => Err(ProgressError::Content { path, fault }),
        }
    }
}

/// Notes a grading: the log gets a line, the record keeps the best.
pub(crate) fn record(folder: &Path, attempt: &Attempt, score: &Score) -> Result<(), ProgressError> {
    fs::create_dir_all(folder).map_err(ProgressError::file(folder))?;
    // Two sessions may be graded at once.
    let lock = File::create(folder.join("lock")).map_err(ProgressError::file(folder))?;
    lock.lock().map_err(ProgressError::file(folder))?;
    let mut progress = Progress::open(folder)?;
    let lab = progress.labs.entry(attempt.lab.to_owned()).or_default();
    lab.best = lab.best.max(score.credit());
    lab.total = score.total();
    lab.checks += 1;
    lab.last_ms = attempt.at_ms;
    let path = folder.join(FILE);
    let text = serde_json::to_vec_pretty(&progress).map_err(|fault| ProgressError::Content { path: path.clone(), fault })?;
    whole::write(&path, &text).map_err(ProgressError::file(&path))?;
    log(folder, attempt, score)
}

/// A check that was red in a grading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RedCheck {
    /// `<lab>/<task>.<check>`, as items name it.
    pub check: String,
    pub at_ms: u64,
}

#[derive(Deserialize)]
struct Graded {
    at_ms: u64,
    session: String,
    lab: String,
    red: Vec<Option<Red>>,
}

#[derive(Deserialize)]
struct Red {
    check: String,
}

/// Checks that stayed red in a second grading of a session, and every later one: the first grading only shows what is to be done.
pub(crate) fn stayed_red(folder: &Path) -> Result<Vec<RedCheck>, ProgressError> {
    let path = folder.join(LOG);
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read.map_err(ProgressError::file(&path))?,
    };
    let mut before: HashSet<(String, String)> = HashSet::new();
    let mut stayed = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let broken = |fault| ProgressError::Line { path: path.clone(), line: number + 1, fault };
        let graded: Graded = serde_json::from_str(line).map_err(broken)?;
        for red in graded.red.into_iter().flatten() {
            let check = format!("{}/{}", graded.lab, red.check);
            if !before.insert((graded.session.clone(), check.clone())) {
                stayed.push(RedCheck { check, at_ms: graded.at_ms });
            }
        }
    }
    Ok(stayed)
}

fn log(folder: &Path, attempt: &Attempt, score: &Score) -> Result<(), ProgressError> {
    let red = |(task, check): (&crate::lab::score::TaskResult, &crate::lab::score::CheckResult)| match &check.outcome {
        Outcome::Failed { because, .. } => {
            let because = because.as_ref().map(|because| because.id.clone());
            Some(json!({ "check": format!("{}.{}", task.id, check.id), "because": because }))
        }
        _ => None,
    };
    let line = json!({
        "schema": 1,
        "at_ms": attempt.at_ms,
        "session": attempt.session,
        "lab": attempt.lab,
        "points": score.points(),
        "total": score.total(),
        "credit": score.credit(),
        "solved": attempt.solved,
        "red": score.checks().filter_map(red).collect::<Vec<_>>(),
    });
    let path = folder.join(LOG);
    let append = || File::options().create(true).append(true).open(&path)?.write_all(format!("{line}\n").as_bytes());
    append().map_err(ProgressError::file(&path))
}
