//! Judges in Python: files of `unittest` that speak to an emulator through boto3, the AWS CLI or a raw socket.
//!
//! They get everything in variables: `LABRUN_TEST_ENDPOINT`, `_KEY`, `_SECRET`, `_ACCOUNT`; `_PID` and `_TOKEN` of the emulator; and
//! `LABRUN_TEST_AWS`, the CLI. The session's own `AWS_*` variables are set too, as `labrun env` would set them.

use std::path::Path;

use super::{Emulator, Ended, Sandbox, learner, root};

/// A file of tests: `folder/name.py` below `tests/`, and the Python that runs it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Script<'s> {
    pub(crate) folder: &'s str,
    pub(crate) name: &'s str,
    pub(crate) python: &'s Path,
}

/// Runs a file of tests against a sandbox; fails with all that it said.
pub(crate) fn judge(emulator: &Emulator, sandbox: &Sandbox, script: Script) {
    let venv = learner().join("venv/bin");
    let mut command = emulator.home.command(script.python);
    command.args(["-B", "-m", "unittest", "-v", script.name]).current_dir(root().join("tests").join(script.folder));
    command.env("PATH", format!("{}:/usr/bin:/bin", venv.display())).env_remove("LABRUN_HOME").env_remove("LABRUN_RUNTIMES");
    for (name, value) in environment(emulator, sandbox, &venv) {
        command.env(name, value);
    }
    let ended = Ended::of(command);
    assert!(ended.code == Some(0) && ran_some(&ended.stderr), "{}: {}", script.name, ended.said());
}

fn environment(emulator: &Emulator, sandbox: &Sandbox, venv: &Path) -> Vec<(&'static str, String)> {
    vec![
        ("PYTHONPATH", root().join("tests/clients").display().to_string()),
        ("LABRUN_TEST_ENDPOINT", emulator.endpoint()),
        ("LABRUN_TEST_KEY", sandbox.key.clone()),
        ("LABRUN_TEST_SECRET", sandbox.secret.clone()),
        ("LABRUN_TEST_ACCOUNT", sandbox.account.clone()),
        ("LABRUN_TEST_SANDBOX", sandbox.id.clone()),
        ("LABRUN_TEST_PID", emulator.pid().to_string()),
        ("LABRUN_TEST_TOKEN", emulator.token().to_owned()),
        ("LABRUN_TEST_AWS", venv.join("aws").display().to_string()),
        ("AWS_ACCESS_KEY_ID", sandbox.key.clone()),
        ("AWS_SECRET_ACCESS_KEY", sandbox.secret.clone()),
        ("AWS_DEFAULT_REGION", "us-east-1".to_owned()),
        ("AWS_ENDPOINT_URL", emulator.endpoint()),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ("AWS_PAGER", String::new()),
    ]
}

/// A file without tests would pass whatever it says.
fn ran_some(said: &str) -> bool {
    let count = said.lines().find_map(|line| line.strip_prefix("Ran ")?.split(' ').next()?.parse::<u32>().ok());
    count.is_some_and(|count| count > 0) && !said.contains("skipped=")
}
