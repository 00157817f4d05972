//! The little Java jar of the Spark runtime: built from its sources, checked in with them, and never older.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Builds the jar with `javac` against the jars of the installed Spark set.
pub(crate) fn build() -> Result<(), String> {
    let jars = installed_jars()?;
    let status = Command::new("python3").arg(folder().join("build.py")).arg("--jars").arg(jars).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("build.py ended with {status}")),
        Err(fault) => Err(format!("python3 could not be started: {fault}")),
    }
}

/// A fault if the jar was not built from the sources beside it.
pub(crate) fn stale() -> Result<Vec<String>, String> {
    let checked = Command::new("python3").arg(folder().join("build.py")).arg("--check").output();
    let checked = checked.map_err(|fault| format!("python3 could not be started: {fault}"))?;
    let said = String::from_utf8_lossy(&checked.stderr).trim().to_owned();
    Ok(if checked.status.success() { Vec::new() } else { vec![said] })
}

fn folder() -> PathBuf {
    crate::root().join("runtimes/spark")
}

/// pyspark's jars in the newest Spark set below `$LABRUN_RUNTIMES`.
fn installed_jars() -> Result<PathBuf, String> {
    let missing =
        "name the folder of requirement sets in LABRUN_RUNTIMES (`labrun runtimes list` shows it), with the spark set installed";
    let runtimes = std::env::var("LABRUN_RUNTIMES").map_err(|_| missing.to_owned())?;
    let sets = fs::read_dir(&runtimes).map_err(|fault| format!("{runtimes}: {fault}"))?;
    let of_set = |set: PathBuf| {
        let python = fs::read_dir(set.join("venv/lib")).ok()?.flatten().next()?.path();
        Some(python.join("site-packages/pyspark/jars")).filter(|jars| jars.exists())
    };
    sets.flatten().filter_map(|entry| of_set(entry.path())).next().ok_or_else(|| missing.to_owned())
}
