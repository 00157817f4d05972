//! Where labrun keeps things, and which variables of the environment it knows.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

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

/// Replaces a file as a whole: after a crash it holds the old or the new content.
pub(crate) fn write_whole(path: &Path, content: &[u8]) -> Result<(), EngineError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(EngineError::file(folder))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(format!(".{name}.{}", std::process::id()));
    let write = || {
        let mut file = private(&draft)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&draft, path)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(EngineError::file(path))
}

/// A new file that only its owner may read: it may hold keys.
fn private(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    File::options().write(true).create(true).truncate(true).mode(0o600).open(path)
}
