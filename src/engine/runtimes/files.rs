//! The embedded files of `runtimes/`, written where runs can read them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use include_dir::{Dir, include_dir};
use sha2::{Digest as _, Sha256};

use crate::engine::EngineError;
use crate::engine::home::Home;

static RUNTIMES: Dir = include_dir!("$CARGO_MANIFEST_DIR/runtimes");

/// Writes the files once per content, into `<home>/runtime-files/<hash>/`; returns that folder.
pub(crate) fn unpack(home: &Home) -> Result<PathBuf, EngineError> {
    let mut files = Vec::new();
    collect(&RUNTIMES, &mut files);
    files.sort_by_key(|(path, _)| *path);
    let mut hash = Sha256::new();
    for (path, content) in &files {
        hash.update(path);
        hash.update(content.len().to_le_bytes());
        hash.update(content);
    }
    let hash: String = hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let folder = home.root.join("runtime-files").join(hash);
    if folder.join(super::COMPLETE).is_file() {
        return Ok(folder);
    }
    for (path, content) in files {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(&folder);
        fs::create_dir_all(parent).map_err(EngineError::file(parent))?;
        fs::write(&path, content).map_err(EngineError::file(&path))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).map_err(EngineError::file(&path))?;
    }
    readable(&folder)?;
    let mark = folder.join(super::COMPLETE);
    fs::write(&mark, "").map_err(EngineError::file(&mark))?;
    Ok(folder)
}

/// Sources of the jar and tests stay in the repository; so does what Python leaves behind.
fn collect(dir: &'static Dir<'static>, found: &mut Vec<(&'static str, &'static [u8])>) {
    const LEFT_OUT: [&str; 4] = ["spark/src", "tests", "__pycache__", "spark/build.py"];
    let left_out = |path: &str| LEFT_OUT.iter().any(|name| path == *name || path.ends_with(&format!("/{name}")));
    for file in dir.files() {
        if let Some(path) = file.path().to_str().filter(|path| !left_out(path) && !path.ends_with(".pyc")) {
            found.push((path, file.contents()));
        }
    }
    for dir in dir.dirs().filter(|dir| dir.path().to_str().is_some_and(|path| !left_out(path))) {
        collect(dir, found);
    }
}

/// Lets the user that runs are dropped to go through the folders.
fn readable(folder: &std::path::Path) -> Result<(), EngineError> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).map_err(EngineError::file(folder))?;
    for entry in fs::read_dir(folder).map_err(EngineError::file(folder))?.flatten() {
        if entry.path().is_dir() {
            readable(&entry.path())?;
        }
    }
    Ok(())
}
