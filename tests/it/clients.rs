//! The AWS surface as real clients see it: every file of `tests/clients`, against an emulator of its own.
//!
//! None of them runs Spark; what a Glue job does is `jobs`' business.

use std::collections::BTreeSet;

use crate::support::{Emulator, Script, judge, learner, python, root};

fn run(name: &str) {
    let emulator = Emulator::bare();
    let sandbox = emulator.sandbox("judged");
    judge(&emulator, &sandbox, Script { folder: "clients", name, python: &python(&learner()) });
}

macro_rules! files {
    ($($name:ident)*) => {
        $(#[test] fn $name() { run(stringify!($name)); })*
        /// Files that have a test of their own name.
        const NAMED: &[&str] = &[$(stringify!($name)),*];
    };
}

files!(
    athena athena_data glue_catalog glue_crawlers glue_jobs iam logs open_sandbox s3_boto3 s3_cli s3_listing s3_transfer s3_wire signatures sqs sts
);

/// A new file counts from the moment it is there; a line above gives it a name.
#[test]
fn all_others() {
    let entries = std::fs::read_dir(root().join("tests/clients")).expect("the folder").flatten();
    let files = entries.filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".py")?.to_owned()));
    let files: BTreeSet<String> = files.collect();
    let missing: Vec<_> = NAMED.iter().filter(|name| !files.contains(**name)).collect();
    assert!(missing.is_empty(), "{missing:?} are not there");
    files.iter().filter(|name| !NAMED.contains(&name.as_str())).for_each(|name| run(name));
}
