//! Invariants that no compiler holds: layering, sizes, words that must not stand in the tree, generated files that must be fresh.
//!
//! Each check says what, where and which rule (ARCHITECTURE.md has them all). All are run, all faults are told.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{coverage, spark_jar};

const MAX_LINES: usize = 700;

/// Runs every check.
pub(crate) fn run() -> Result<(), String> {
    let files = tracked()?;
    let mut faults = Vec::new();
    for file in &files {
        let Ok(text) = fs::read_to_string(crate::root().join(file)) else { continue };
        if file.extension().is_some_and(|ending| ending == "rs") {
            rust(file, &text, &mut faults);
        }
        everywhere(file, &text, &mut faults);
    }
    parity(&files, &mut faults);
    hand_solution(&mut faults)?;
    faults.extend(coverage::stale()?);
    faults.extend(spark_jar::stale()?);
    if faults.is_empty() {
        println!("tidy: {} files, nothing to say", files.len());
        return Ok(());
    }
    Err(faults.join("\n"))
}

fn tracked() -> Result<Vec<PathBuf>, String> {
    let listed = std::process::Command::new("git").args(["ls-files"]).current_dir(crate::root()).output();
    let listed = listed.map_err(|fault| format!("git ls-files: {fault}"))?;
    Ok(String::from_utf8_lossy(&listed.stdout).lines().map(PathBuf::from).collect())
}

fn rust(file: &Path, text: &str, faults: &mut Vec<String>) {
    let name = file.display();
    let mut say = |fault: String| faults.push(format!("{name}: {fault}"));
    let lines = text.lines().count();
    if lines > MAX_LINES {
        say(format!("{lines} lines; {MAX_LINES} are the most (split by noun)"));
    }
    if !text.starts_with("//!") {
        say("opens without `//!`: what is it for, and what does it leave to others?".to_owned());
    }
    let is_test = file.components().any(|part| part.as_os_str() == "tests") || file.ends_with("tests.rs");
    let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    for (word, why) in forbidden(file, is_test) {
        let found = product.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        for (at, _) in found.filter(|(_, line)| line.contains(&word)) {
            say(format!("line {}: `{word}` {why}", at + 1));
        }
    }
    for bad in ["utils.rs", "helpers.rs", "common.rs"] {
        if file.ends_with(bad) {
            say("a file is about one noun".to_owned());
        }
    }
}

/// Words that a file may not have, and why.
fn forbidden(file: &Path, is_test: bool) -> Vec<(String, &'static str)> {
    let mut words = vec![("#[".to_owned() + "ignore", "hides a test"), ("unsafe ".to_owned() + "{", "is forbidden")];
    if is_test || file.starts_with("xtask") {
        return words;
    }
    let mut add = |list: &[&str], why: &'static str| words.extend(list.iter().map(|word| ((*word).to_owned(), why)));
    let pure = ["src/document", "src/lab", "src/quiz", "src/classroom/room.rs"].iter().any(|part| file.starts_with(part));
    if pure {
        add(
            &["std::fs", "std::env", "std::net", "SystemTime", "Instant::now", "fastrand", "tokio::"],
            "does IO or asks the world (invariant 2)",
        );
        add(&["crate::engine", "crate::ui", "crate::cloud", "crate::commands", "crate::progress"], "turns an arrow back");
    }
    if file.starts_with("src/cloud") || file.starts_with("src/progress") {
        add(&["crate::engine", "crate::commands"], "turns an arrow back");
    }
    if file.starts_with("src/engine") {
        add(&["crate::commands"], "turns an arrow back");
    }
    if file.starts_with("src") && !file.starts_with("src/ui") {
        add(&["println!", "eprintln!", "print!("], "only ui/ prints (invariant 6)");
    }
    if file.starts_with("src") && file != Path::new("src/main.rs") {
        add(&["process::exit"], "only main exits (invariant 6)");
    }
    if file.starts_with("crates/labrun-wire") {
        for service in labrun_wire::model::names() {
            words.push((format!("\"{service}\""), "names a service in the wire (invariant 4)"));
        }
    }
    if let Ok(rest) = file.strip_prefix("crates/labrun-emulator/src/services") {
        let own = rest.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned()).unwrap_or_default();
        for service in labrun_wire::model::names().filter(|service| *service != own) {
            words.push((format!("services::{service}::"), "names another service (invariant 3): call it"));
        }
        words.push(("SystemTime".to_owned(), "asks the machine for the time (invariant 5)"));
        words.push(("hyper::".to_owned(), "sees HTTP (invariant 4)"));
    }
    words
}

fn everywhere(file: &Path, text: &str, faults: &mut Vec<String>) {
    if file.ends_with("tidy.rs") || file.ends_with("Cargo.lock") {
        return;
    }
    let words = [
        "/root/",
        "/home/",
        "/work/",
        "pypi.org",
        "pythonhosted.org",
        "static.crates.io",
        "index.crates.io",
        "registry.npmjs",
        "deb.debian.org",
        "repo1.maven",
    ];
    for (at, line) in text.lines().enumerate() {
        for word in words.iter().filter(|word| line.contains(**word)) {
            faults.push(format!("{}: line {}: `{word}` is a path or host of one machine", file.display(), at + 1));
        }
    }
}

/// Labs and solutions have the same ids.
fn parity(files: &[PathBuf], faults: &mut Vec<String>) {
    let ids = |folder: &str| -> BTreeSet<String> {
        let below = files.iter().filter_map(|file| file.strip_prefix(folder).ok());
        let nested = below.filter(|rest| rest.components().count() > 1);
        nested.filter_map(|rest| Some(rest.components().next()?.as_os_str().to_string_lossy().into_owned())).collect()
    };
    for id in ids("labs").symmetric_difference(&ids("solutions")) {
        faults.push(format!("{id} has a lab or a solution, not both"));
    }
}

/// The README shows the lab's solution word for word: what a newcomer pastes is what `labrun test` proves.
fn hand_solution(faults: &mut Vec<String>) -> Result<(), String> {
    let read = |path: &str| fs::read_to_string(crate::root().join(path)).map_err(|fault| format!("{path}: {fault}"));
    let script = read("solutions/glue-bookmarks/solution.sh")?;
    let (_, body) = script.split_once("set -euo pipefail\n").unwrap_or_default();
    if body.trim().is_empty() || !read("README.md")?.contains(body.trim()) {
        faults.push("README.md: its hand solution is not that of solutions/glue-bookmarks/solution.sh".to_owned());
    }
    Ok(())
}
