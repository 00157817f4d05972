//! Nothing of a run stays: not its daemons, not when it is dropped, not when the emulator is killed.

use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use labrun_emulator::contain::{Exit, Launch, Layer, spawn};
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;

use super::support::{Place, finish, patient, python, run_uid};

/// A named pipe in the run's folder: every process of the run holds its writing end, so its end of file is theirs.
fn witness(launch: &Launch) -> PathBuf {
    let path = launch.folder.join("witness");
    assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
    chown(&path, Some(run_uid()), Some(run_uid())).expect("for the run");
    path
}

fn watch(path: &Path) -> pipe::Receiver {
    pipe::OpenOptions::new().open_receiver(path).expect("the reading end")
}

/// Waits for `count` living processes to say so, then does `then`, then waits until all of them are gone.
async fn seen_to_end(mut pipe: pipe::Receiver, count: usize, then: impl FnOnce()) {
    let mut alive = vec![0; count];
    patient(pipe.read_exact(&mut alive)).await.expect("all processes report");
    then();
    let mut rest = Vec::new();
    patient(pipe.read_to_end(&mut rest)).await.expect("the last holder is gone");
}

/// Daemons that leave session and parent; the program itself ends at once or stays, as said.
fn daemons(stay: bool) -> String {
    format!(
        "
import os, signal
pipe = os.open('witness', os.O_WRONLY)
alive, tell = os.pipe()
for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.write(pipe, b'x')
            os.write(tell, b'x')
            while True: signal.pause()
        os._exit(0)
    os.wait()
    os.read(alive, 1)
{}",
        if stay { "signal.pause()" } else { "" }
    )
}

const RE_FORKING: &str = "
import os, time
pipe = os.open('witness', os.O_WRONLY)
if os.fork() == 0:
    os.setsid()
    os.write(pipe, b'x')
    while True:
        if os.fork() != 0: os._exit(0)
        time.sleep(0.001)
else:
    import signal
    signal.pause()
";

/// With a process namespace the kernel ends the tree, without one the supervisor does.
fn both_ways(place: &Place, script: &str) -> [Launch; 2] {
    let first = python(place, script);
    let second_folder = place.folder("run-2");
    std::fs::copy(first.folder.join("script.py"), second_folder.join("script.py")).expect("the script again");
    let mut second = first.clone().without(Layer::Namespaces);
    second.folder = second_folder;
    second.args[1] = second.folder.join("script.py").display().to_string();
    [first, second]
}

#[tokio::test]
async fn daemons_end_with_the_program() {
    let place = Place::new();
    for launch in both_ways(&place, &daemons(false)) {
        let pipe = watch(&witness(&launch));
        let contained = patient(spawn(launch)).await.expect("starts");
        let outcome = tokio::join!(finish(contained), seen_to_end(pipe, 5, || {})).0;
        assert_eq!((outcome.ended.exit, outcome.ended.reason.clone()), (Exit::Code(0), None), "{outcome:?}");
    }
}

#[tokio::test]
async fn kill_reaches_daemons_and_gives_its_reason() {
    let place = Place::new();
    for launch in both_ways(&place, &daemons(true)) {
        let pipe = watch(&witness(&launch));
        let contained = patient(spawn(launch)).await.expect("starts");
        let killer = contained.run.killer();
        let kill = || {
            killer.kill("The run was stopped by StopJobRun.");
            killer.kill("A later reason.");
        };
        let outcome = tokio::join!(finish(contained), seen_to_end(pipe, 5, kill)).0;
        assert_eq!(outcome.reason(), "The run was stopped by StopJobRun.", "{outcome:?}");
        assert_eq!(outcome.ended.exit, Exit::Signal(9));
    }
}

#[tokio::test]
async fn kill_reaches_a_daemon_that_forks_all_the_time() {
    let place = Place::new();
    for launch in both_ways(&place, RE_FORKING) {
        let pipe = watch(&witness(&launch));
        let contained = patient(spawn(launch)).await.expect("starts");
        let killer = contained.run.killer();
        tokio::join!(finish(contained), seen_to_end(pipe, 1, || killer.kill("Enough.")));
    }
}

#[tokio::test]
async fn dropping_the_run_ends_the_tree() {
    let place = Place::new();
    for launch in both_ways(&place, &daemons(true)) {
        let pipe = watch(&witness(&launch));
        let contained = patient(spawn(launch)).await.expect("starts");
        let _killer = contained.run.killer(); // Does not keep it alive.
        seen_to_end(pipe, 5, || drop(contained)).await;
    }
}

#[tokio::test]
async fn a_run_cannot_end_its_supervisor() {
    let place = Place::new();
    let script = "
import os
for signal in 9, 15, 19:
    try: os.kill(os.getppid(), signal)
    except OSError as error: print(error.strerror)
    try: os.killpg(0, 0)
    except OSError as error: print(error.strerror)
print('still here')
";
    for launch in both_ways(&place, script) {
        let contained = patient(spawn(launch)).await.expect("starts");
        let enforcement = contained.run.enforcement();
        let safe = enforcement.enforces(Layer::Namespaces) || enforcement.landlock_version >= 6;
        let outcome = finish(contained).await;
        let survived = outcome.stdout.ends_with("still here\n") && outcome.ended.exit == Exit::Code(0);
        assert!(survived || !safe, "{outcome:?}");
    }
}

/// Names the folder of the stand-in's run, and says to the test below which of its two parts it plays.
const STAND_IN: &str = "CONTAIN_TEST_STAND_IN";

/// Two parts: the test starts itself again as an emulator with a run, and kills that one.
#[tokio::test]
async fn a_killed_emulator_takes_its_runs_along() {
    if std::env::var_os(STAND_IN).is_some() {
        return stand_in().await;
    }
    let place = Place::new();
    for (launch, namespaces) in both_ways(&place, &daemons(true)).into_iter().zip(["with", "without"]) {
        let pipe = watch(&witness(&launch));
        let mut emulator = Command::new(std::env::current_exe().expect("this binary"))
            .args(["--exact", "contain::killing::a_killed_emulator_takes_its_runs_along", "--nocapture"])
            .env(STAND_IN, format!("{namespaces} {}", launch.folder.display()))
            .stdout(Stdio::null())
            .spawn()
            .expect("a stand-in");
        seen_to_end(pipe, 5, || emulator.kill().expect("alive")).await;
        emulator.wait().expect("our child");
    }
}

async fn stand_in() {
    let order = std::env::var(STAND_IN).expect("set");
    let (namespaces, folder) = order.split_once(' ').expect("two words");
    let mut launch = Launch::new(super::support::PYTHON, folder).launcher(super::support::launcher());
    launch.args = vec!["-I".into(), format!("{folder}/script.py")];
    if namespaces == "without" {
        launch = launch.without(Layer::Namespaces);
    }
    let mut contained = spawn(launch).await.expect("starts");
    contained.run.wait().await; // Killed meanwhile.
}

#[tokio::test]
async fn a_killed_supervisor_takes_the_run_along() {
    let place = Place::new();
    let launch = python(&place, &daemons(true));
    let pipe = watch(&witness(&launch));
    let script = launch.args[1].clone();
    let mut contained = patient(spawn(launch)).await.expect("starts");
    if !contained.run.enforcement().enforces(Layer::Namespaces) {
        // Only the program itself dies then; that there are no namespaces is reported.
        assert!(contained.run.enforcement().missing().any(|says| says.contains("process list")));
        return;
    }
    seen_to_end(pipe, 5, || {
        let supervisor = supervisor_of(&script);
        assert!(Command::new("kill").args(["-9", &supervisor]).status().expect("kill").success());
    })
    .await;
    let ended = patient(contained.run.wait()).await;
    assert!(ended.reason.expect("a reason").contains("supervisor was killed"));
}

/// The child of this process that is an ancestor of the process with the script on its command line.
fn supervisor_of(script: &str) -> String {
    let of = |pid: &str, file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let entries = std::fs::read_dir("/proc").expect("processes").flatten();
    let mut pids = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut pid = pids.find(|pid| of(pid, "cmdline").contains(script)).expect("the program runs");
    let parent = |pid: &str| {
        let status = of(pid, "status");
        status.lines().find_map(|line| Some(line.strip_prefix("PPid:")?.trim().to_owned())).expect("a parent")
    };
    while parent(&pid) != std::process::id().to_string() {
        pid = parent(&pid);
    }
    pid
}
