//! What a session has created, written before it is created: one JSON line per event, synced to the disk.
//!
//! After a crash the last line may be torn; it is then as if it had not been written, and so was nothing created.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::EngineError;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "event")]
enum Event {
    /// The setup of this number is about to be created.
    Intend { setup: usize },
    /// It is there; what its answer made known.
    Made { setup: usize, bind: BTreeMap<String, Value> },
}

/// How far each setup has come.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Journal {
    path: PathBuf,
    intended: Vec<usize>,
    made: BTreeMap<usize, BTreeMap<String, Value>>,
}

impl Journal {
    /// Reads what is there; a missing file is an empty journal.
    pub(crate) fn open(path: &Path) -> Journal {
        let text = fs::read_to_string(path).unwrap_or_default();
        let mut journal = Journal { path: path.to_owned(), ..Journal::default() };
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).for_each(|event| journal.note(event));
        journal
    }

    /// To be called before the setup is created.
    pub(crate) fn intend(&mut self, setup: usize) -> Result<(), EngineError> {
        self.write(Event::Intend { setup })
    }

    pub(crate) fn made(&mut self, setup: usize, bind: BTreeMap<String, Value>) -> Result<(), EngineError> {
        self.write(Event::Made { setup, bind })
    }

    /// What a finished setup made known.
    pub(crate) fn result(&self, setup: usize) -> Option<&BTreeMap<String, Value>> {
        self.made.get(&setup)
    }

    /// Was its creation begun, perhaps without coming to an end?
    pub(crate) fn was_intended(&self, setup: usize) -> bool {
        self.intended.contains(&setup)
    }

    /// What may exist, latest first.
    pub(crate) fn backwards(&self) -> impl Iterator<Item = usize> {
        let mut setups = self.intended.clone();
        setups.sort_unstable();
        setups.dedup();
        setups.into_iter().rev()
    }

    fn write(&mut self, event: Event) -> Result<(), EngineError> {
        let line = serde_json::to_string(&event).map_err(|error| EngineError::told(error.to_string()))?;
        let append = || {
            let mut file = File::options().create(true).append(true).open(&self.path)?;
            // A torn line of an earlier crash must not swallow this one.
            file.write_all(format!("\n{line}\n").as_bytes())?;
            file.sync_data()
        };
        append().map_err(EngineError::file(&self.path))?;
        self.note(event);
        Ok(())
    }

    fn note(&mut self, event: Event) {
        match event {
            Event::Intend { setup } => self.intended.push(setup),
            Event::Made { setup, bind } => {
                self.made.insert(setup, bind);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_line_is_as_if_never_written_and_swallows_nothing() {
        let path = std::env::temp_dir().join(format!("labrun-journal-{}", std::process::id()));
        let _old = fs::remove_file(&path);
        let mut journal = Journal::open(&path);
        journal.intend(0).unwrap();
        journal.made(0, BTreeMap::from([("arn".to_owned(), Value::from("a"))])).unwrap();
        journal.intend(1).unwrap();
        File::options().append(true).open(&path).unwrap().write_all(b"{\"event\":\"made\",\"set").unwrap();
        let mut again = Journal::open(&path);
        assert!(again.was_intended(1));
        assert_eq!(again.result(1), None);
        assert_eq!(again.result(0).map(|bind| bind["arn"].clone()), Some(Value::from("a")));
        again.intend(2).unwrap();
        assert_eq!(Journal::open(&path).backwards().collect::<Vec<_>>(), [2, 1, 0]);
        fs::remove_file(&path).unwrap();
    }
}
