//! Runs labs: sessions, workspaces, provisioning, grading, solving, teardown. Prints nothing.
//!
//! What a lab is stands in `lab`; how a cloud is spoken to in `cloud`.

pub(crate) mod act;
pub(crate) mod banks;
pub(crate) mod content;
pub(crate) mod grade;
pub(crate) mod hints;
pub(crate) mod home;
pub(crate) mod journal;
pub(crate) mod observe;
pub(crate) mod probe;
pub(crate) mod proof;
pub(crate) mod provision;
pub(crate) mod rows;
pub(crate) mod runtimes;
pub(crate) mod session;
pub(crate) mod solve;
pub(crate) mod sql;
pub(crate) mod teardown;
pub(crate) mod workspace;

use crate::cloud::CallError;
use crate::cloud::admin::AdminError;
use crate::cloud::local::LocalError;

/// Why the engine could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EngineError {
    #[error("{0}")]
    Call(#[from] CallError),
    #[error("{0}")]
    Admin(#[from] AdminError),
    #[error("{0}")]
    Local(#[from] LocalError),
    #[error("{0}")]
    Progress(#[from] crate::progress::ProgressError),
    #[error("`{path}`: {source}")]
    File { path: String, source: std::io::Error },
    /// A sentence that says it all.
    #[error("{0}")]
    Told(String),
}

impl EngineError {
    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> EngineError {
        let path = path.display().to_string();
        move |source| EngineError::File { path, source }
    }

    pub(crate) fn told(sentence: impl Into<String>) -> Self {
        EngineError::Told(sentence.into())
    }
}
