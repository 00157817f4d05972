//! Requirement sets: locked lists of Python packages, each made into a virtual environment once per machine.
//!
//! A set lies in `<runtimes>/<set>-<hash of lock and Python>/`: `venv/`, what its install makes besides, and `.complete`, written
//! last. `uv` makes it where it is on PATH, else `venv` and `pip`; hashes are checked either way.

mod files;
mod install;
mod python;

use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use super::home::Home;
pub(crate) use files::unpack;
pub(crate) use install::{Progress, install};
pub(crate) use python::{Python, find as find_python};

/// Names of the sets that a lab may need.
pub(crate) const NAMES: [&str; 2] = ["spark", "learner"];

/// The last thing written into a set's folder.
const COMPLETE: &str = ".complete";

/// One set, as locked in this program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Set {
    pub name: &'static str,
    pub what: &'static str,
    /// Python's minor versions that its packages exist for, first and last.
    pub minors: (u32, u32),
    /// What its folder weighs when made; for the progress bar and for those who ask.
    pub megabytes: u64,
    lock: &'static str,
    /// Packages that others are built with, installed first.
    build: Option<&'static str>,
}

static SETS: [Set; 2] = [
    Set {
        name: "spark",
        what: "PySpark 3.5 with a Java 17, pandas, pyarrow: runs Glue jobs",
        minors: (9, 12),
        megabytes: 910,
        lock: include_str!("../../runtimes/spark.lock"),
        build: Some(include_str!("../../runtimes/build.lock")),
    },
    Set {
        name: "learner",
        what: "the AWS CLI and boto3: what `labrun shell` puts on PATH",
        minors: (9, 14),
        megabytes: 100,
        lock: include_str!("../../runtimes/learner.lock"),
        build: None,
    },
];

pub(crate) fn sets() -> &'static [Set] {
    &SETS
}

pub(crate) fn named(name: &str) -> Option<&'static Set> {
    SETS.iter().find(|set| set.name == name)
}

impl Set {
    /// Where the set lies for a Python, `3.11` say.
    pub(crate) fn folder(&self, home: &Home, version: &str) -> PathBuf {
        let mut hash = Sha256::new();
        hash.update(self.lock);
        hash.update(self.build.unwrap_or_default());
        hash.update(version);
        let hash: String = hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        home.runtimes.join(format!("{}-{hash}", self.name))
    }

    /// The folder of the set if it is complete, whatever Python made it.
    pub(crate) fn ready(&self, home: &Home) -> Option<PathBuf> {
        let folders = (self.minors.0..=self.minors.1).rev().map(|minor| self.folder(home, &format!("3.{minor}")));
        folders.into_iter().find(|folder| folder.join(COMPLETE).is_file())
    }
}
