//! A lab file with many faults: all are told at once, each with its line, a caret and, where one is near, what was meant.

use std::path::PathBuf;

use super::json;
use crate::support::{Home, root};

/// The lab with changes: each is a text that stands in the file once, and what stands there instead.
fn spoiled(home: &Home, changes: &[(&str, &str)]) -> PathBuf {
    let folder = home.path().join("labs/glue-bookmarks");
    copy(&root().join("labs/glue-bookmarks"), &folder);
    let file = folder.join("lab.toml");
    let mut text = std::fs::read_to_string(&file).expect("the lab");
    for (from, to) in changes {
        assert!(text.contains(from), "{from} is not in the lab any more");
        text = text.replacen(from, to, 1);
    }
    std::fs::write(&file, text).expect("the spoiled lab");
    folder
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

#[test]
fn all_faults_are_told_at_once_each_with_its_caret() {
    let home = Home::bare();
    let faults = [
        ("minutes = 25", "minuts = 25", "did you mean `minutes`?"),
        ("create = \"s3.bucket\"", "create = \"s3.buckt\"", "did you mean `s3.bucket`?"),
        ("call = \"iam.AttachRolePolicy\"", "call = \"iam.AttachRolePolicyy\"", "AttachRolePolicy"),
        (
            "call = \"glue.GetJobRuns\", with = { JobName",
            "call = \"glue.GetJobRuns\", with = { JobNam",
            "did you mean `JobName`?",
        ),
        ("file = \"files/job.py\"", "file = \"files/jobb.py\"", "jobb.py"),
        (
            "bucket = \"{{bucket}}\", key = \"raw/2026-03-02.json\"",
            "bucket = \"{{buckett}}\", key = \"raw/2026-03-02.json\"",
            "bucket",
        ),
    ];
    let changes: Vec<_> = faults.iter().map(|(from, to, _)| (*from, *to)).collect();
    let folder = spoiled(&home, &changes);
    let linted = home.run(&["lint", folder.to_str().expect("text")]);
    let said = &linted.stderr;
    assert!(linted.code == Some(1) && linted.stdout.is_empty(), "{}", linted.said());
    let text = std::fs::read_to_string(folder.join("lab.toml")).expect("the lab");
    for (_, spoilt, hint) in faults {
        let line = text.lines().position(|line| line.contains(spoilt)).expect("its line") + 1;
        let shown = text.lines().nth(line - 1).expect("its line");
        assert!(said.contains(&format!("lab.toml:{line}:")), "{spoilt}: no fault at line {line}\n{said}");
        assert!(said.contains(&format!("{line} | {shown}")), "{spoilt}: the line is not shown\n{said}");
        assert!(said.contains(hint), "{spoilt}: nothing says {hint}\n{said}");
    }
    let carets = said.lines().filter(|line| line.contains('^')).count();
    let errors = said.lines().filter(|line| line.starts_with("error: ")).count();
    assert!(carets == errors && errors >= faults.len(), "{said}");
}

#[test]
fn carets_stand_under_what_is_wrong() {
    let home = Home::bare();
    let folder = spoiled(&home, &[("minutes = 25", "minuts = 25")]);
    let said = home.run(&["lint", folder.to_str().expect("text")]).stderr;
    let lines: Vec<_> = said.lines().collect();
    let at = lines.iter().position(|line| line.contains("| minuts = 25")).unwrap_or_else(|| panic!("{said}"));
    let (column, caret) = (lines[at].find("minuts"), lines[at + 1].find("^^^^^^"));
    assert_eq!(column, caret, "{said}");
}

#[test]
fn a_file_that_is_no_toml_is_one_fault() {
    let home = Home::bare();
    let folder = spoiled(&home, &[("minutes = 25", "minutes = = 25")]);
    let linted = home.run(&["lint", folder.to_str().expect("text")]);
    assert!(
        linted.code == Some(1) && linted.stderr.contains("minutes = = 25") && linted.stderr.contains('^'),
        "{}",
        linted.said()
    );
}

#[test]
fn scripts_read_faults_as_json() {
    let home = Home::bare();
    let folder = spoiled(&home, &[("minutes = 25", "minuts = 25")]);
    let linted = home.run(&["lint", folder.to_str().expect("text"), "--format", "json"]);
    let faults = json(&linted);
    assert_eq!(linted.code, Some(1));
    let fault = faults.as_array().into_iter().flatten().find(|fault| fault["text"] == "minuts = 25");
    let fault = fault.unwrap_or_else(|| panic!("{faults}"));
    assert_eq!((&fault["column"], &fault["width"], &fault["hint"]), (&1.into(), &6.into(), &"did you mean `minutes`?".into()));
}

#[test]
fn a_lab_with_faults_does_not_start() {
    let home = Home::bare();
    let folder = spoiled(&home, &[("minutes = 25", "minuts = 25")]);
    let started = home.run(&["start", folder.to_str().expect("text")]);
    assert!(started.code == Some(2) && started.stderr.contains("minuts"), "{}", started.said());
    assert!(!home.path().join("glue-bookmarks").exists() && !home.path().join("sessions").exists(), "nothing is left");
}
