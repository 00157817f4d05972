//! Where labrun keeps things, and which variables of the environment it knows.

use std::path::{Path, PathBuf};

use labrun_wire::Timestamp;
use labrun_wire::time::Civil;

use super::EngineError;

/// Every `LABRUN_` variable that means something; any other is a typing error and refused.
pub(crate) const VARIABLES: [(&str, &str); 3] = [
    ("LABRUN_HOME", "where sessions, sandboxes and progress are kept"),
    ("LABRUN_RUNTIMES", "where requirement sets are made"),
    ("LABRUN_PYTHON", "the Python that requirement sets are made with"),
];

#[derive(Debug, Clone)]
pub(crate) struct Home {
    pub root: PathBuf,
    pub runtimes: PathBuf,
}

impl Home {
    /// From `LABRUN_HOME` and `LABRUN_RUNTIMES`, else where such data belongs on this system.
    pub(crate) fn from_environment() -> Result<Home, EngineError> {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let root = match variable("LABRUN_HOME") {
            Some(root) => std::path::absolute(root).map_err(|error| EngineError::told(error.to_string()))?,
            None if nix::unistd::geteuid().is_root() => PathBuf::from("/var/lib/labrun"),
            None => match (variable("XDG_DATA_HOME"), variable("HOME")) {
                (Some(data), _) if data.is_absolute() => data.join("labrun"),
                (_, Some(home)) => home.join(".local/share/labrun"),
                _ => return Err(EngineError::told("neither LABRUN_HOME nor HOME says where to keep things")),
            },
        };
        let runtimes = match variable("LABRUN_RUNTIMES") {
            Some(runtimes) => std::path::absolute(runtimes).map_err(|error| EngineError::told(error.to_string()))?,
            None => root.join("runtimes"),
        };
        Ok(Home { root, runtimes })
    }

    pub(crate) fn sessions(&self) -> PathBuf {
        self.root.join("sessions")
    }

    pub(crate) fn progress(&self) -> PathBuf {
        self.root.join("progress")
    }
}

/// Replaces a file as a whole.
pub(crate) fn write_whole(path: &Path, content: &[u8]) -> Result<(), EngineError> {
    crate::whole::write(path, content).map_err(EngineError::file(path))
}

/// Today's date in UTC, `YYYY-MM-DD`.
pub(crate) fn today() -> String {
    let now = i64::try_from(super::session::now_ms()).unwrap_or(i64::MAX);
    let Civil { year, month, day, .. } = Timestamp::from_millis(now).into();
    format!("{year:04}-{month:02}-{day:02}")
}
