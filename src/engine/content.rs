//! Labs and solutions: those in the binary, or a lab's folder on disk while it is being written.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use super::runtimes;
use crate::cloud::models::Models;
use crate::document::diagnostic::{Diagnostic, Faults, closest};
use crate::lab::file::Lab;
use crate::lab::lint::{self, Surroundings};
use crate::lab::read;
use crate::lab::solution::{self, Mutant, Step};

static LABS: Dir = include_dir!("$CARGO_MANIFEST_DIR/labs");
static SOLUTIONS: Dir = include_dir!("$CARGO_MANIFEST_DIR/solutions");

/// A folder of files, wherever it is.
#[derive(Debug, Clone)]
pub(crate) enum Folder {
    Embedded { dir: &'static Dir<'static>, root: PathBuf },
    Disk(PathBuf),
    Missing,
}

/// A lab with what belongs to it.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    pub lab: Lab,
    pub faults: Vec<Diagnostic>,
    /// How messages call the lab's folder.
    pub place: String,
    pub source: String,
    pub files: Folder,
    pub solution: Folder,
}

impl Folder {
    pub(crate) fn read(&self, path: &str) -> Option<Vec<u8>> {
        match self {
            Folder::Embedded { dir, root } => dir.get_file(root.join(path)).map(|file| file.contents().to_vec()),
            Folder::Disk(root) => std::fs::read(root.join(path)).ok(),
            Folder::Missing => None,
        }
    }

    pub(crate) fn text(&self, path: &str) -> Option<String> {
        String::from_utf8(self.read(path)?).ok()
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        match self {
            Folder::Embedded { dir, root } => dir.get_file(root.join(path)).is_some(),
            Folder::Disk(root) => root.join(path).is_file(),
            Folder::Missing => false,
        }
    }

    pub(crate) fn folder(&self, path: &str) -> Folder {
        match self {
            Folder::Embedded { dir, root } => Folder::Embedded { dir, root: root.join(path) },
            Folder::Disk(root) => Folder::Disk(root.join(path)),
            Folder::Missing => Folder::Missing,
        }
    }

    /// Every file below, relative to this folder, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        match self {
            Folder::Embedded { dir, root } => match dir.get_dir(root) {
                Some(dir) => embedded_files(dir, root, &mut found),
                None => return found,
            },
            Folder::Disk(root) => disk_files(root, root, &mut found),
            Folder::Missing => {}
        }
        found.sort();
        found
    }
}

/// Ids of the labs in the binary, sorted.
pub(crate) fn ids() -> Vec<&'static str> {
    let mut ids: Vec<_> = LABS.dirs().filter_map(|dir| dir.path().to_str()).collect();
    ids.sort_unstable();
    ids
}

/// The lab of an id, or of a folder on disk that holds a `lab.toml`. The error is one sentence and perhaps a hint.
pub(crate) fn find(name: &str) -> Result<Content, (String, Option<String>)> {
    let on_disk = Path::new(name);
    if name.contains('/') || on_disk.join("lab.toml").is_file() {
        return disk(on_disk).ok_or_else(|| (format!("there is no `lab.toml` in `{name}`"), None));
    }
    let Some(source) = LABS.get_file(format!("{name}/lab.toml")).and_then(|file| file.contents_utf8()) else {
        let hint = closest(name, ids()).map(|id| format!("did you mean `{id}`?"));
        return Err((
            format!("there is no lab `{name}`"),
            hint.or(Some(
                "`labrun list` shows them all; a lab that is not in this program yet is named by its folder".to_owned(),
            )),
        ));
    };
    let files = Folder::Embedded { dir: &LABS, root: PathBuf::from(name) };
    let solution = Folder::Embedded { dir: &SOLUTIONS, root: PathBuf::from(name) };
    Ok(content(format!("labs/{name}"), source.to_owned(), files, solution))
}

fn disk(folder: &Path) -> Option<Content> {
    let source = std::fs::read_to_string(folder.join("lab.toml")).ok()?;
    let folder = std::fs::canonicalize(folder).ok()?;
    let solution = folder.parent()?.parent()?.join("solutions").join(folder.file_name()?);
    let solution = if solution.is_dir() { Folder::Disk(solution) } else { Folder::Missing };
    let place = std::env::current_dir().ok().and_then(|cwd| folder.strip_prefix(cwd).ok().map(Path::to_owned));
    let place = place.unwrap_or_else(|| folder.clone()).display().to_string();
    Some(content(place, source, Folder::Disk(folder), solution))
}

fn content(place: String, source: String, files: Folder, solution: Folder) -> Content {
    let (lab, faults) = read::lab(&format!("{place}/lab.toml"), &source);
    Content { lab, faults, place, source, files, solution }
}

impl Content {
    /// A file that a solution, a probe or the setup names: the solution's own before the lab's.
    pub(crate) fn file(&self, over: &[&Folder], path: &str) -> Option<Vec<u8>> {
        over.iter().find_map(|folder| folder.read(path)).or_else(|| self.files.read(path))
    }

    pub(crate) fn steps(&self) -> Vec<Step> {
        let source = self.solution.text("steps.toml").unwrap_or_default();
        solution::steps("steps.toml", &source).0
    }

    /// Names of the wrong solutions.
    pub(crate) fn mutants(&self) -> Vec<String> {
        let names = self.solution.folder("mutants").files().into_iter();
        names.filter_map(|file| file.strip_suffix("/mutant.toml").map(str::to_owned)).collect()
    }

    pub(crate) fn mutant(&self, name: &str) -> Mutant {
        let source = self.solution.text(&format!("mutants/{name}/mutant.toml")).unwrap_or_default();
        solution::mutant(name, &source).0
    }

    /// Every fault of the lab, its solution and its mutants.
    pub(crate) fn lint(&self) -> Vec<Diagnostic> {
        let mut found = self.faults.clone();
        let folder = Path::new(&self.place).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let has_file = |file: &str| self.files.has(file);
        let around = Surroundings { api: &Models, folder: &folder, has_file: &has_file, sets: &runtimes::NAMES };
        let name = format!("{}/lab.toml", self.place);
        let faults = Faults::new(&name, &self.source);
        lint::lab(&self.lab, &faults, &around);
        found.extend(faults.finish());
        found.sort_by_key(|fault| (fault.line, fault.column));
        found.extend(self.lint_solution(&around));
        found
    }

    fn lint_solution(&self, around: &Surroundings<'_>) -> Vec<Diagnostic> {
        let place = format!("solutions/{}", around.folder);
        let (name, source) = (format!("{place}/steps.toml"), self.solution.text("steps.toml").unwrap_or_default());
        let (steps, mut found) = solution::steps(&name, &source);
        let has_file = |file: &str| self.solution.has(file) || self.files.has(file);
        let around = Surroundings { has_file: &has_file, ..*around };
        let faults = Faults::new(&name, &source);
        lint::steps(&self.lab, &steps, &faults, &around);
        found.extend(faults.finish());
        for mutant in self.mutants() {
            found.extend(self.lint_mutant(&mutant, &place, &steps, &around));
        }
        found
    }

    fn lint_mutant(&self, mutant: &str, place: &str, steps: &[Step], around: &Surroundings<'_>) -> Vec<Diagnostic> {
        let name = format!("{place}/mutants/{mutant}/mutant.toml");
        let own = self.solution.folder(&format!("mutants/{mutant}"));
        let source = own.text("mutant.toml").unwrap_or_default();
        let (read, mut found) = solution::mutant(&name, &source);
        let has_file = |file: &str| own.has(file) || self.solution.has(file);
        let around = Surroundings { has_file: &has_file, ..*around };
        let faults = Faults::new(&name, &source);
        lint::mutant(&self.lab, steps, &read, (&faults, &around));
        found.extend(faults.finish());
        found
    }
}

fn embedded_files(dir: &Dir<'_>, root: &Path, found: &mut Vec<String>) {
    let relative = |path: &Path| path.strip_prefix(root).ok().and_then(Path::to_str).map(str::to_owned);
    found.extend(dir.files().filter_map(|file| relative(file.path())));
    dir.dirs().for_each(|dir| embedded_files(dir, root, found));
}

fn disk_files(folder: &Path, root: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            disk_files(&path, root, found);
        } else if let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) {
            found.push(name.to_owned());
        }
    }
}
