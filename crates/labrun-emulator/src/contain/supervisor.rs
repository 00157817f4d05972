//! The supervisor of one tree: makes the namespaces, starts the stage, watches, and leaves nothing alive.
//!
//! It is the only process of the tree that keeps its rights, and runs none of the learner's code.

use std::fs;
use std::io::{self, Write};
use std::net::TcpListener;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::{DirBuilderExt, lchown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use nix::sys::prctl::{set_child_subreaper, set_dumpable};
use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, getuid, setsid};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{PidfdFlags, pidfd_open};

use super::channel::{self, Facts, Failure, OrFail, Order, Report, Word, receive, send};
use super::contained::{Ended, Exit};
use super::launch::{Launch, Layer, Network};
use super::stage::{self, NOBODY};
use super::watch::Watch;
use super::{namespace, network, root, tree, words};

/// Entry of `__contain`: does what the order on fd 0 says.
pub(super) fn main() -> ExitCode {
    close_inherited();
    let order = io::stdin().as_fd().try_clone_to_owned().and_then(|fd| {
        let channel = UnixStream::from(fd);
        Ok((receive::<Order>(&channel)?, channel))
    });
    match order {
        Ok((Some((Order::Supervise(launch), fds)), channel)) => supervise(&channel, launch, fds, false),
        Ok((Some((Order::SuperviseTry(launch), fds)), channel)) => supervise(&channel, launch, fds, true),
        Ok((Some((Order::Stage(launch), fds)), channel)) => stage::run(channel, &launch, fds, false),
        Ok((Some((Order::Try(launch), fds)), channel)) => stage::run(channel, &launch, fds, true),
        Ok((None, _)) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "__contain is started by labrun itself, with an order on fd 0: {error}");
            ExitCode::from(2)
        }
    }
}

/// Descriptors that the emulator itself inherited without close-on-exec would otherwise reach learner code.
fn close_inherited() {
    let open = fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    let open: Vec<i32> = open.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    for fd in open.into_iter().filter(|fd| *fd > 2) {
        let _ = nix::unistd::close(fd); // The listing's own descriptor is closed already.
    }
}

fn supervise(channel: &UnixStream, launch: Launch, fds: Vec<OwnedFd>, trial: bool) -> ExitCode {
    let (tree, listener) = match begin(launch, fds, trial) {
        Ok(begun) => begun,
        Err(failure) => {
            tree::sweep(Pid::from_raw(0));
            let _ = send(channel, &Report::Failed(failure), &[]);
            return ExitCode::FAILURE;
        }
    };
    let listener_fd: Vec<BorrowedFd<'_>> = listener.iter().map(AsFd::as_fd).collect();
    // An emulator that is gone shows as a hang-up right after.
    let _ = send(channel, &Report::Ready(tree.facts.clone()), &listener_fd);
    drop(listener);
    let ended = tree.attend(channel);
    let _ = send(channel, &Report::Ended(ended), &[]);
    ExitCode::SUCCESS
}

/// Everything up to the running program.
fn begin(launch: Launch, fds: Vec<OwnedFd>, trial: bool) -> Result<(Running, Option<TcpListener>), Failure> {
    // Out of the terminal's reach: a Ctrl-C at the emulator is the emulator's.
    setsid().or_fail(Layer::Watch, "own session")?;
    set_child_subreaper(true).or_fail(Layer::Watch, "take in orphans")?;
    prepare(&launch.folder).or_fail(None, "prepare the run's folder")?;
    let listener = enter_namespaces(&launch)?;
    // After the maps of the user namespace are written: a run of the same user must not look into this process.
    set_dumpable(false).or_fail(Layer::Watch, "hide the supervisor's memory")?;
    let (stage, main) = start_stage(&launch, &fds, trial).or_fail(Layer::Watch, "start the stage")?;
    drop(fds);
    let facts = hear_out(&stage, trial)?;
    let watched = if launch.layers.namespaces { main } else { Pid::this() };
    let watch = Watch::new(watched, launch.limits, launch.folder);
    let pidfd = rustix::process::Pid::from_raw(main.as_raw()).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
    Ok((Running { stage, main, pidfd, watch, facts, reason: None }, listener))
}

/// The folder with its `.tmp`; as root, all of it given to the user that the run will be.
fn prepare(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder.join(root::TMP))?;
    if !getuid().is_root() {
        return Ok(());
    }
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if fs::symlink_metadata(&path)?.is_dir() {
            open.extend(fs::read_dir(&path)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?);
        }
        lchown(&path, Some(NOBODY), Some(NOBODY))?;
    }
    Ok(())
}

/// Namespaces, and in the network one the listening socket that leads to the emulator.
fn enter_namespaces(launch: &Launch) -> Result<Option<TcpListener>, Failure> {
    if !launch.layers.namespaces {
        return Ok(None);
    }
    namespace::enter()?;
    let Network::Loopback { expose, .. } = launch.network else {
        return Ok(None);
    };
    network::loopback_up().or_fail(Layer::Namespaces, "bring loopback up")?;
    Ok(Some(network::listen(expose).or_fail(Layer::Namespaces, "listen for the run")?))
}

/// Starts the stage and gives it its order and the program's descriptors.
fn start_stage(launch: &Launch, fds: &[OwnedFd], trial: bool) -> io::Result<(UnixStream, Pid)> {
    let (ours, theirs) = UnixStream::pair()?;
    // The link leads to the running binary even when the file was replaced meanwhile.
    let mut command = Command::new("/proc/self/exe");
    command.arg0("labrun").arg("__contain").env_clear().stdin(OwnedFd::from(theirs)).stdout(Stdio::null());
    let child = command.spawn()?;
    let order = if trial { Order::Try(launch.clone()) } else { Order::Stage(launch.clone()) };
    let fds: Vec<BorrowedFd<'_>> = fds.iter().map(AsFd::as_fd).collect();
    send(&ours, &order, &fds)?;
    Ok((ours, Pid::from_raw(i32::try_from(child.id()).map_err(io::Error::other)?)))
}

/// Listens to the stage until the program runs.
fn hear_out(stage: &UnixStream, trial: bool) -> Result<Facts, Failure> {
    let hear = || receive::<Word>(stage).or_fail(Layer::Watch, "hear from the stage");
    let unexpected = || Failure { layer: Some(Layer::Watch), error: "the stage ended before the program".to_owned() };
    let facts = match hear()? {
        Some((Word::Restricted(facts), _)) => facts,
        Some((Word::Failed(failure), _)) => return Err(failure),
        _ => return Err(unexpected()),
    };
    if trial {
        return Ok(facts);
    }
    match hear()? {
        Some((Word::Failed(failure), _)) => Err(failure),
        // By exec the channel closes.
        None if !facts.namespaces => Ok(facts),
        Some((Word::Started, _)) => Ok(facts),
        _ => Err(unexpected()),
    }
}

/// A tree whose program runs.
struct Running {
    stage: UnixStream,
    /// The stage; without a process namespace it has become the program.
    main: Pid,
    /// Readable when `main` ends. Kernels before 5.3 have none: then we look more often.
    pidfd: Option<OwnedFd>,
    watch: Watch,
    facts: Facts,
    reason: Option<String>,
}

/// How long an exit may go unnoticed without a pidfd.
const NO_PIDFD: Duration = Duration::from_millis(20);

impl Running {
    /// Until nothing of the tree is left.
    fn attend(mut self, channel: &UnixStream) -> Ended {
        let mut emulator = Some(channel);
        let exit = loop {
            if let Some(channel) = emulator
                && self.rest(Some(channel))
                && !self.obey(channel)
            {
                emulator = None;
            } else if emulator.is_none() {
                self.rest(None);
            }
            if let (Some(exit), _) = tree::reap(self.main) {
                break exit;
            }
            if let Some(reason) = self.watch.look() {
                self.stop(reason);
            }
        };
        tree::sweep(self.main);
        self.ended(exit)
    }

    /// Sleeps until something may have happened; answers whether the emulator has spoken.
    fn rest(&self, channel: Option<&UnixStream>) -> bool {
        let rest = if self.pidfd.is_some() { self.watch.rest() } else { self.watch.rest().min(NO_PIDFD) };
        let rest = Timespec::try_from(rest).unwrap_or(Timespec { tv_sec: 0, tv_nsec: 0 });
        let mut fds: Vec<PollFd<'_>> = Vec::with_capacity(2);
        fds.extend(channel.map(|channel| PollFd::new(channel, PollFlags::IN)));
        fds.extend(self.pidfd.as_ref().map(|pidfd| PollFd::new(pidfd, PollFlags::IN)));
        // An interrupted poll is a short rest.
        poll(&mut fds, Some(&rest)).is_ok() && channel.is_some() && !fds[0].revents().is_empty()
    }

    /// Takes one command; `false` when the emulator is gone, and the tree is stopped then.
    fn obey(&mut self, channel: &UnixStream) -> bool {
        match receive::<channel::Command>(channel) {
            Ok(Some((channel::Command::StartClock(wall), _))) => self.watch.start_clock(wall),
            Ok(Some((channel::Command::StopClock, _))) => self.watch.stop_clock(),
            Ok(Some((channel::Command::Kill(reason), _))) => self.stop(reason),
            Ok(None) | Err(_) => {
                self.stop("The run was given up and stopped.".to_owned());
                return false;
            }
        }
        true
    }

    /// Kills the program; `sweep` takes the rest. The first reason counts.
    fn stop(&mut self, reason: String) {
        self.reason.get_or_insert(reason);
        self.watch.last_count();
        let _ = kill(self.main, Signal::SIGKILL); // Ended by itself meanwhile is fine.
    }

    fn ended(self, exit: Exit) -> Ended {
        // Without a word, process 1 itself was killed, and with it everything.
        let _ = self.stage.set_nonblocking(true);
        let exit = match receive::<Word>(&self.stage) {
            Ok(Some((Word::Exited(exit), _))) => exit,
            _ => exit,
        };
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok();
        let largest = usage.map_or(0, |usage| u64::try_from(usage.max_rss()).unwrap_or(0) << 10);
        Ended {
            exit,
            reason: self.reason.or_else(|| words::exit(exit)),
            peak_memory: self.watch.peak().max(largest),
            cpu: usage.as_ref().map_or(Duration::ZERO, cpu).max(self.watch.cpu_time()),
        }
    }
}

fn cpu(usage: &Usage) -> Duration {
    let micros = [usage.user_time(), usage.system_time()].map(|time| time.tv_sec() * 1_000_000 + time.tv_usec());
    Duration::from_micros(micros.iter().sum::<i64>().try_into().unwrap_or(0))
}
