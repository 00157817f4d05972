//! The built program, run in a home of its own with an environment made from nothing.

use std::ffi::OsStr;
use std::fs::Permissions;
use std::io::Read;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;

use tempfile::TempDir;

use super::LONGEST;

/// A temporary `LABRUN_HOME` that every user can go through: jobs run as another one.
pub(crate) struct Home {
    folder: TempDir,
    runtimes: PathBuf,
}

impl Home {
    /// With the machine's requirement sets.
    pub(crate) fn new() -> Self {
        Home::with_runtimes(super::runtimes())
    }

    /// Without any set: nothing of Spark starts here.
    pub(crate) fn bare() -> Self {
        Home::with_runtimes(PathBuf::new())
    }

    pub(super) fn with_runtimes(runtimes: PathBuf) -> Self {
        let open = Permissions::from_mode(0o755);
        let folder = tempfile::Builder::new().prefix("labrun-it-").permissions(open).tempdir().expect("a temporary folder");
        let runtimes = if runtimes.as_os_str().is_empty() { folder.path().join("no-runtimes") } else { runtimes };
        Home { folder, runtimes }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// `labrun` with these arguments, in the home as working folder.
    pub(crate) fn labrun<I: IntoIterator<Item: AsRef<OsStr>>>(&self, arguments: I) -> Command {
        let mut command = self.command(Path::new(env!("CARGO_BIN_EXE_labrun")));
        command.args(arguments);
        command
    }

    /// Any program, with the environment of this home and nothing of ours.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", self.path())
            .env("LANG", "C.UTF-8")
            .env("LABRUN_HOME", self.path())
            .env("LABRUN_RUNTIMES", &self.runtimes)
            .current_dir(self.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs `labrun` to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.labrun(arguments))
    }

    /// Leaves the folder to be looked at where something failed in it.
    pub(super) fn keep_log(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap_or_default()
    }
}

/// What came of a program.
#[derive(Debug)]
pub(crate) struct Ended {
    /// None: ended by a signal.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Runs a command to its end; one that hangs is killed and fails the test.
    pub(crate) fn of(mut command: Command) -> Ended {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|fault| panic!("{command:?}: {fault}"));
        let stdout = drain(child.stdout.take().expect("piped"));
        let stderr = drain(child.stderr.take().expect("piped"));
        let stdout = to_end(&stdout, &mut child, &command);
        let stderr = to_end(&stderr, &mut child, &command);
        let status = child.wait().expect("our child");
        Ended { code: status.code(), stdout, stderr }
    }

    /// Both streams, for the words of a failed assertion.
    pub(crate) fn said(&self) -> String {
        format!("exit {:?}\n{}\n{}", self.code, self.stdout, self.stderr)
    }
}

fn drain(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = pipe.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        // A receiver that has given up needs no answer.
        let _unheard = sender.send(read.map(|_| text).unwrap_or_else(|fault| fault.to_string()));
    });
    receiver
}

fn to_end(pipe: &mpsc::Receiver<String>, child: &mut Child, command: &Command) -> String {
    pipe.recv_timeout(LONGEST).unwrap_or_else(|_| {
        child.kill().expect("alive");
        let said = pipe.recv_timeout(LONGEST).unwrap_or_default();
        panic!("{command:?} hung; it said\n{said}");
    })
}

/// A home whose verbs start an emulator by themselves; it is stopped at the end, whatever happens.
pub(crate) struct Background {
    pub(crate) home: Home,
}

impl Background {
    pub(crate) fn of(home: Home) -> Self {
        Background { home }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let down = self.home.run(&["cloud", "down"]);
        // A test that fails has said enough.
        assert!(down.code == Some(0) || thread::panicking(), "{}", down.said());
    }
}
