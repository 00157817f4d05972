//! The requirement sets: made by labrun itself, once per machine, where it makes them by default.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use super::{Ended, Home};

/// Where labrun keeps sets if nothing says otherwise.
pub(crate) fn runtimes() -> PathBuf {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(chosen) = variable("LABRUN_RUNTIMES") {
        return chosen;
    }
    if nix::unistd::geteuid().is_root() {
        return PathBuf::from("/var/lib/labrun/runtimes");
    }
    let data = variable("XDG_DATA_HOME").or_else(|| Some(variable("HOME")?.join(".local/share")));
    data.expect("HOME").join("labrun/runtimes")
}

/// The Python of a set.
pub(crate) fn python(set: &Path) -> PathBuf {
    set.join("venv/bin/python")
}

/// The folder of the set with boto3 and the AWS CLI.
pub(crate) fn learner() -> PathBuf {
    static SET: OnceLock<PathBuf> = OnceLock::new();
    SET.get_or_init(|| made("learner")).clone()
}

/// The folder of the set that jobs run on; made before an emulator looks for it.
pub(crate) fn spark() -> PathBuf {
    static SET: OnceLock<PathBuf> = OnceLock::new();
    SET.get_or_init(|| made("spark")).clone()
}

/// Makes a set if it is missing. This may fetch packages, so it gets the whole environment (proxies, mirrors), save labrun's own.
fn made(name: &str) -> PathBuf {
    let home = Home::new();
    let labrun = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_labrun"));
        for (foreign, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LABRUN_")) {
            command.env_remove(foreign);
        }
        command.args(arguments).env("LABRUN_HOME", home.path()).env("LABRUN_RUNTIMES", runtimes());
        command
    };
    let status = labrun(&["runtimes", "install", name]).status().expect("labrun runs");
    assert!(status.success(), "the set {name} could not be made");
    let listed = Ended::of(labrun(&["runtimes", "list", "--format", "json"]));
    let sets: Value = serde_json::from_str(&listed.stdout).unwrap_or_else(|fault| panic!("{fault}: {}", listed.said()));
    let set = sets.as_array().into_iter().flatten().find(|set| set["set"] == name);
    set.and_then(|set| set["folder"].as_str()).map(PathBuf::from).unwrap_or_else(|| panic!("no {name} in {sets}"))
}
