//! A plain child process, for systems that have nothing of what Linux offers (macOS): limits of time and output, and the
//! end of its process group. What is not enforced is said by the report, never pretended.

use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::sync::watch;

use super::contained::{ContainError, Contained, Ended, Exit, Killer, Lever, Run};
use super::launch::{Launch, Layer};
use super::pipes::{Budget, Output};
use super::report::{Enforcement, LayerState};
use super::words;

pub(super) async fn spawn(launch: Launch) -> Result<Contained, ContainError> {
    let (control, input) = std::os::unix::net::UnixStream::pair()?;
    let ((stdout, output), (stderr, errors)) = (std::io::pipe()?, std::io::pipe()?);
    let mut command = Command::new(&launch.program);
    command.args(&launch.args).env_clear().envs(&launch.env).current_dir(&launch.folder).process_group(0);
    let child = command.stdin(OwnedFd::from(input)).stdout(output).stderr(errors).spawn();
    drop(command); // Its ends of the streams.
    let child = child.map_err(|error| ContainError::Launch(format!("start {}: {error}", launch.program.display())))?;
    let group = Arc::new(Group::of(&child, launch.limits.wall));
    let killer = Killer { lever: group.clone() };
    let budget = Budget::new(launch.limits.output_bytes, killer.clone());
    let ended = attend(child, group)?;
    let run = Run { killer, ended, output: budget.clone(), enforcement: Arc::new(report(None).await) };
    control.set_nonblocking(true)?;
    Ok(Contained {
        control: tokio::net::UnixStream::from_std(control)?,
        stdout: Output::new(stdout.into(), budget.clone())?,
        stderr: Output::new(stderr.into(), budget)?,
        listener: None,
        run,
    })
}

/// Nothing to try out: this system has none of the layers.
pub(super) async fn report(_launcher: Option<PathBuf>) -> Enforcement {
    let open = [
        (Layer::Namespaces, "A run shares the machine's network and process list."),
        (Layer::Root, "A run sees the machine's whole file system."),
        (Layer::User, "A run belongs to you, and can do with files and processes what you can do."),
        (Layer::Landlock, "Files are not kept apart on this system: a run can read your home folder."),
        (Layer::Seccomp, "System calls are not filtered on this system."),
        (Layer::Limits, "Processes, open files, file sizes, memory, disk and processor time of a run are not limited."),
        (Layer::Watch, "Only time and output are limited; what leaves the run's process group outlives it."),
    ];
    let layers = open.map(|(layer, says)| LayerState { layer, enforced: false, says: says.to_owned() });
    Enforcement { layers: layers.into(), landlock_version: 0 }
}

/// The process group of a run, and when it must end.
struct Group {
    id: Pid,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    over: bool,
    clock: Option<(Instant, Duration)>,
    reason: Option<String>,
}

impl Group {
    fn of(child: &Child, wall: Option<Duration>) -> Self {
        let id = Pid::from_raw(child.id().try_into().unwrap_or(i32::MAX));
        let state = State { clock: wall.map(|wall| (Instant::now(), wall)), ..State::default() };
        Group { id, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Kills the group unless the wait for its leader is over: then the number may belong to somebody else.
    fn stop(&self, state: &mut State, reason: &str) {
        if !state.over {
            state.reason.get_or_insert_with(|| reason.to_owned());
            let _ = killpg(self.id, Signal::SIGKILL); // Gone meanwhile is fine.
        }
    }

    /// One look: whether the leader has ended, else whether its time is up.
    fn look(&self, child: &mut Child) -> Option<Ended> {
        let mut state = self.state();
        match child.try_wait() {
            Ok(Some(status)) => {
                let _ = killpg(self.id, Signal::SIGKILL); // Daemons that stayed in the group.
                state.over = true;
                return Some(ended(status, state.reason.take()));
            }
            Ok(None) => {}
            Err(_) => return Some(Ended::lost()),
        }
        if let Some((started, wall)) = state.clock
            && started.elapsed() >= wall
        {
            self.stop(&mut state, &words::stopped(&format!("took longer than {}", words::time(wall))));
        }
        None
    }
}

impl Lever for Group {
    fn start_clock(&self, wall: Duration) {
        self.state().clock = Some((Instant::now(), wall));
    }

    fn stop_clock(&self) {
        self.state().clock = None;
    }

    fn kill(&self, reason: &str) {
        self.stop(&mut self.state(), reason);
    }

    fn hang_up(&self) {
        self.kill("The run was given up and stopped.");
    }
}

/// A wait with a time limit is not to be had here, so the thread looks every few milliseconds.
fn attend(mut child: Child, group: Arc<Group>) -> std::io::Result<watch::Receiver<Option<Ended>>> {
    let (tell, receiver) = watch::channel(None);
    std::thread::Builder::new().name("contain".to_owned()).spawn(move || {
        let ended = loop {
            match group.look(&mut child) {
                Some(ended) => break ended,
                None => std::thread::sleep(Duration::from_millis(20)),
            }
        };
        let _ = tell.send(Some(ended)); // Nobody may want to know any more.
    })?;
    Ok(receiver)
}

fn ended(status: ExitStatus, reason: Option<String>) -> Ended {
    let exit = status.code().map_or_else(|| Exit::Signal(status.signal().unwrap_or(0)), Exit::Code);
    Ended { exit, reason: reason.or_else(|| words::exit(exit)), peak_memory: 0, cpu: Duration::ZERO }
}
