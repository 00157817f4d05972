//! Finds a Python that a set can be made with.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Set;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Python {
    pub path: PathBuf,
    /// `3.11`
    pub version: String,
    /// Can it make virtual environments with pip in them?
    pub has_venv: bool,
}

/// The first fitting Python: LABRUN_PYTHON, then PATH, then the system's. The error says what was found instead.
pub(crate) fn find(set: &Set) -> Result<Python, String> {
    if let Some(wish) = std::env::var_os("LABRUN_PYTHON") {
        let python = look(Path::new(&wish)).ok_or_else(|| format!("LABRUN_PYTHON `{}` is no Python", wish.display()))?;
        return fits(set, &python).map(|()| python);
    }
    let mut unfit = None;
    for path in candidates(set) {
        let Some(python) = look(&path) else { continue };
        match fits(set, &python) {
            Ok(()) => return Ok(python),
            Err(reason) => unfit = unfit.or(Some(reason)),
        }
    }
    let (first, last) = set.minors;
    Err(unfit.unwrap_or_else(|| format!("no Python 3.{first} to 3.{last} was found")))
}

fn candidates(set: &Set) -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/bin"), PathBuf::from("/usr/local/bin")]);
    let names: Vec<String> = std::iter::once("python3".to_owned())
        .chain((set.minors.0..=set.minors.1).rev().map(|minor| format!("python3.{minor}")))
        .collect();
    folders
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)).collect::<Vec<_>>())
        .filter(|path| path.exists())
        .collect()
}

fn look(path: &Path) -> Option<Python> {
    const SAY: &str = "import sys, importlib.util as u\n\
        print('%d.%d' % sys.version_info[:2], sys.executable, int(bool(u.find_spec('venv') and u.find_spec('ensurepip'))), sep='\\n')";
    let said = Command::new(path).args(["-I", "-c", SAY]).output().ok()?;
    let text = String::from_utf8(said.stdout).ok()?;
    let mut lines = text.lines();
    let (version, path, venv) = (lines.next()?, lines.next()?, lines.next()?);
    Some(Python { path: PathBuf::from(path), version: version.to_owned(), has_venv: venv == "1" })
}

fn fits(set: &Set, python: &Python) -> Result<(), String> {
    let minor: u32 = python.version.trim_start_matches("3.").parse().unwrap_or_default();
    let (first, last) = set.minors;
    if !(first..=last).contains(&minor) {
        return Err(format!("`{}` is Python {}; this set needs 3.{first} to 3.{last}", python.path.display(), python.version));
    }
    if nix::unistd::geteuid().is_root() && !open_to_all(&python.path) {
        return Err(format!("`{}` lies where only root can go; jobs run as another user", python.path.display()));
    }
    if !python.has_venv && super::install::uv().is_none() {
        return Err(format!("`{}` has no venv module (Debian and Ubuntu: the package python3-venv)", python.path.display()));
    }
    Ok(())
}

/// Can every user reach this program?
fn open_to_all(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(path) = path.canonicalize() else { return false };
    let open = |path: &Path| path.metadata().is_ok_and(|meta| meta.permissions().mode() & 0o001 != 0);
    path.ancestors().all(open)
}
