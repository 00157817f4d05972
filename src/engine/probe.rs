//! Carries out a check's probe in a fork of the sandbox, which is dropped afterwards whatever happened.
//!
//! What a probe has found holds until the sandbox's commit number moves; it is kept beside the session.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::EngineError;
use super::act::Actor;
use super::content::Content;
use super::home::write_whole;
use super::observe::Observer;
use crate::cloud::CallError;
use crate::cloud::admin::{Admin, Sandbox};
use crate::lab::file::ProbeStep;
use crate::lab::score::Outcome;
use crate::lab::template::Context;

/// What the probe's steps made known, by their names.
pub(super) async fn run(
    steps: &[ProbeStep],
    content: &Content,
    sandbox: (&Admin, &str),
    context: &Context,
) -> Result<Context, EngineError> {
    let (admin, id) = sandbox;
    let fork = admin.fork(id).await?;
    let found = in_fork(steps, content, (admin, &fork), context).await;
    let dropped = admin.remove(&fork.id).await;
    let found = found?;
    dropped?;
    Ok(found)
}

async fn in_fork(
    steps: &[ProbeStep],
    content: &Content,
    fork: (&Admin, &Sandbox),
    context: &Context,
) -> Result<Context, EngineError> {
    let (admin, sandbox) = fork;
    let cloud = admin.cloud(sandbox);
    let observer = Observer::new(&cloud).await;
    let actor = Actor { cloud: &cloud, sdk: observer.sdk(), admin, sandbox: &sandbox.id, content, over: &[] };
    let mut found = Context::new();
    for step in steps {
        match step {
            ProbeStep::See(sight) => {
                let seen = observer.look(&sight.look, context).await?;
                found.insert(sight.name.value.clone(), seen);
            }
            ProbeStep::Act { action, bind } => {
                let came = refused_run(actor.act(action, context).await)?;
                observer.forget();
                if let Some(name) = bind {
                    found.insert(name.value.clone(), came);
                }
            }
        }
    }
    Ok(found)
}

/// A run that AWS refuses to start is a finding: it reads as one that has not succeeded.
fn refused_run(came: Result<Value, EngineError>) -> Result<Value, EngineError> {
    match came {
        Err(EngineError::Call(CallError::Refused { code, message, operation, .. })) if operation == "StartJobRun" => {
            Ok(json!({ "JobRunState": "REFUSED", "ErrorMessage": format!("{code}: {message}") }))
        }
        other => other,
    }
}

/// Results of probes, each with the state that it was found in.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    #[serde(skip)]
    path: Option<PathBuf>,
    probes: BTreeMap<String, Finding>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Finding {
    commit: u64,
    lab: String,
    outcome: Outcome,
}

impl Kept {
    /// What is kept in a file; a file that cannot be read keeps nothing.
    pub(crate) fn open(path: &Path) -> Kept {
        let kept = fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Kept { path: Some(path.to_owned()), ..kept.unwrap_or_default() }
    }

    pub(super) fn get(&self, check: &str, commit: u64, content: &Content) -> Option<Outcome> {
        let finding = self.probes.get(check)?;
        (finding.commit == commit && finding.lab == fingerprint(content)).then(|| finding.outcome.clone())
    }

    pub(super) fn keep(&mut self, check: &str, commit: u64, content: &Content, outcome: &Outcome) -> Result<(), EngineError> {
        let finding = Finding { commit, lab: fingerprint(content), outcome: outcome.clone() };
        self.probes.insert(check.to_owned(), finding);
        let Some(path) = &self.path else { return Ok(()) };
        let bytes = serde_json::to_vec(self).map_err(|error| EngineError::told(error.to_string()))?;
        write_whole(path, &bytes)
    }
}

/// Of the lab's file: an edited check is probed anew.
fn fingerprint(content: &Content) -> String {
    Sha256::digest(content.source.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
