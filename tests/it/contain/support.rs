//! Places for runs, launches of Python, and what came of them.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use labrun_emulator::contain::{Contained, Ended, Launch, Network, spawn};
use tokio::io::AsyncReadExt;

pub(super) const PYTHON: &str = "/usr/bin/python3";
/// Names the launcher where the test binary was copied away from it.
pub(super) const LAUNCHER: &str = "CONTAIN_TEST_LAUNCHER";
/// Whatever hangs has failed.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn launcher() -> PathBuf {
    std::env::var_os(LAUNCHER).map_or_else(|| env!("CARGO_BIN_EXE_labrun").into(), PathBuf::from)
}

/// The user that a run belongs to.
pub(super) fn run_uid() -> u32 {
    let uid = nix::unistd::getuid();
    if uid.is_root() { 65534 } else { uid.as_raw() }
}

/// A temporary folder; everything in it is removed at the end.
pub(super) struct Place(PathBuf);

impl Place {
    pub(super) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("contain-test-{}-{number}", std::process::id()));
        fs::create_dir(&folder).expect("a fresh folder");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("a readable folder");
        Place(folder)
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A folder that belongs to the run's user, as a learner's own would.
    pub(super) fn folder(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir(&path).expect("a fresh folder");
        own(&path);
        path
    }

    /// A file that belongs to the run's user.
    pub(super) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("a fresh file");
        own(&path);
        path
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).expect("nothing keeps the folder");
    }
}

fn own(path: &Path) {
    chown(path, Some(run_uid()), Some(run_uid())).expect("give to the run's user");
}

/// A launch of a Python script in a fresh run folder of the place.
pub(super) fn python(place: &Place, script: &str) -> Launch {
    let folder = place.folder("run");
    fs::write(folder.join("script.py"), script).expect("the script");
    let mut launch = Launch::new(PYTHON, &folder).launcher(launcher());
    launch.args = vec!["-I".into(), folder.join("script.py").display().to_string()];
    launch.network = Network::Loopback { expose: 4566, own_ports: None };
    launch.env = [("PATH", "/usr/bin:/bin"), ("LANG", "C.UTF-8")].map(|(name, value)| (name.into(), value.into())).into();
    launch.env.insert("TMPDIR".into(), folder.join(".tmp").display().to_string());
    launch
}

/// What came of a run.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) ended: Ended,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Outcome {
    /// The sentence for the learner.
    pub(super) fn reason(&self) -> &str {
        self.ended.reason.as_deref().unwrap_or("")
    }
}

pub(super) async fn run(launch: Launch) -> Outcome {
    finish(patient(spawn(launch)).await.expect("starts")).await
}

/// Reads both streams to their ends and waits.
pub(super) async fn finish(contained: Contained) -> Outcome {
    let Contained { control: _control, mut stdout, mut stderr, listener: _listener, mut run } = contained;
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let all = async { tokio::join!(stdout.read_to_end(&mut out), stderr.read_to_end(&mut err), run.wait()) };
    let (read_out, read_err, ended) = patient(all).await;
    read_out.expect("stdout");
    read_err.expect("stderr");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Outcome { ended, stdout: text(out), stderr: text(err) }
}

pub(super) async fn patient<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(PATIENCE, future).await.expect("within a minute")
}
