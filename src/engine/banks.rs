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

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::quiz::bank::Asks;
    use crate::quiz::mark;

    /// A row of `docs/key-review.tsv`: every item was answered once more without sight of its key.
    struct Review<'r> {
        hash: &'r str,
        answer: &'r str,
        page: &'r str,
        verdict: &'r str,
    }

    fn reviews(text: &str) -> HashMap<&str, Review<'_>> {
        let row = |line| {
            let [item, hash, answer, page, verdict] = str::split(line, '\t').collect::<Vec<_>>()[..] else {
                panic!("five cells: {line}");
            };
            (item, Review { hash, answer, page, verdict })
        };
        text.lines().filter(|line| !line.starts_with('#')).map(row).collect()
    }

    #[test]
    fn every_item_was_answered_blind_as_it_stands() {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/key-review.tsv")).expect("the reviews");
        let mut reviews = reviews(&text);
        for item in library().items() {
            let review = reviews.remove(item.id()).unwrap_or_else(|| panic!("{} ({}) has no row", item.id(), item.hash()));
            assert_eq!(review.hash, item.hash(), "{} was changed after its review", item.id());
            let letter = |pick: &usize| char::from(b'A' + u8::try_from(*pick).expect("few options"));
            let key: String = mark::key(&item.asks).0.iter().map(letter).collect();
            assert_eq!(review.answer, key, "{}: the blind answer is another", item.id());
            assert!(review.page.starts_with("https://docs.aws.amazon.com/"), "{}", item.id());
            assert!(["agreed", "agreed-page-unread", "reworded"].contains(&review.verdict), "{}: {}", item.id(), review.verdict);
        }
        assert!(reviews.is_empty(), "rows without an item: {:?}", reviews.keys());
    }

    #[test]
    fn the_banks_are_as_large_as_promised() {
        let library = library();
        let items = library.items();
        let of = |task: &str| items.iter().filter(|item| item.skill.value.starts_with(task)).count();
        assert!(of("3.1.") >= 240 && of("3.2.") + of("3.3.") + of("3.4.") >= 60);
        for skill in crate::quiz::blueprint::skills_of("3.1") {
            assert!(items.iter().filter(|item| item.skill.value == skill.id).count() >= 20, "{}", skill.id);
        }
        for topic in crate::quiz::blueprint::TOPICS {
            let about = items.iter().filter(|item| item.topics.iter().any(|named| named.value == topic.id)).count();
            assert!(about >= topic.least, "{}: {about}", topic.id);
        }
        assert!(items.iter().any(|item| matches!(item.asks, Asks::Order(_))) && items.iter().any(|item| item.case.is_some()));
    }
}
