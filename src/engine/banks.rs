//! Question banks: those in the binary, or a file on disk while it is being written.

use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::document::diagnostic::{Diagnostic, closest};
use crate::quiz::bank::Bank;
use crate::quiz::library::Library;
use crate::quiz::read;

static BANKS: Dir = include_dir!("$CARGO_MANIFEST_DIR/quizzes");

/// A bank as it was read.
#[derive(Debug)]
pub(crate) struct Read {
    /// How messages call the file.
    pub file: String,
    pub source: String,
    pub bank: Bank,
    pub faults: Vec<Diagnostic>,
}

/// All banks of the binary, by name.
pub(crate) fn all() -> Vec<Read> {
    let mut files: Vec<_> = BANKS.files().filter(|file| file.path().extension().is_some_and(|ending| ending == "toml")).collect();
    files.sort_by_key(|file| file.path());
    let text = |file: &&include_dir::File<'static>| file.contents_utf8().unwrap_or_default().to_owned();
    files.iter().map(|file| read(format!("quizzes/{}", file.path().display()), text(file))).collect()
}

/// What learners are asked from.
pub(crate) fn library() -> Library {
    Library::new(all().into_iter().map(|read| read.bank).collect())
}

/// The bank of an id, or of a file. The error is one sentence and perhaps a hint.
pub(crate) fn find(name: &str) -> Result<Read, (String, Option<String>)> {
    if name.ends_with(".toml") {
        let source = std::fs::read_to_string(Path::new(name)).map_err(|error| (format!("`{name}`: {error}"), None))?;
        return Ok(read(name.to_owned(), source));
    }
    let mut all = all();
    if let Some(at) = all.iter().position(|read| read.bank.id.value == name) {
        return Ok(all.swap_remove(at));
    }
    let ids: Vec<&str> = all.iter().map(|read| read.bank.id.value.as_str()).collect();
    let hint = match closest(name, ids.iter().copied()) {
        Some(id) => format!("did you mean `{id}`?"),
        None => format!("there are {}; a bank that is not in this program yet is named by its file", ids.join(", ")),
    };
    Err((format!("there is no bank `{name}`"), Some(hint)))
}

fn read(file: String, source: String) -> Read {
    let (bank, faults) = read::bank(&file, &source);
    Read { file, source, bank, faults }
}
