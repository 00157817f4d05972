//! The stage: a process that gives up every right it has, one layer after the other, and then starts the program.
//!
//! In a process namespace it is process 1: it stays, reaps orphans, and when it ends the kernel kills all that is left.
//! Elsewhere it becomes the program by exec, and the supervisor reaps.

use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::prctl::{set_dumpable, set_pdeathsig};
use nix::sys::signal::Signal;
use nix::sys::wait::waitpid;
use nix::unistd::{Gid, Pid, Uid, getuid, setgroups, setresgid, setresuid, setsid};

use super::channel::{Facts, Failure, OrFail, Word, send};
use super::contained::Exit;
use super::launch::{Launch, Layer};
use super::{landlock, limits, namespace, root, seccomp, tree};

/// The user of no rights that runs belong to when the emulator is root.
pub(super) const NOBODY: u32 = 65534;

/// Becomes the program, or stops short of it where only a trial is wanted.
pub(super) fn run(channel: UnixStream, launch: &Launch, fds: Vec<OwnedFd>, trial: bool) -> ExitCode {
    let done = restrict(&channel, launch).and_then(|facts| {
        send(&channel, &Word::Restricted(facts), &[]).or_fail(None, "answer the supervisor")?;
        if trial { Ok(()) } else { start(&channel, launch, fds) }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // If the supervisor is gone too there is nobody to tell.
            let _ = send(&channel, &Word::Failed(failure), &[]);
            ExitCode::FAILURE
        }
    }
}

/// All layers, from the outermost in. The order matters: mounts need rights, dropping the user loses them, writing to
/// `/proc` is refused by Landlock, and seccomp comes last because it refuses what the others use.
fn restrict(channel: &UnixStream, launch: &Launch) -> Result<Facts, Failure> {
    let layers = launch.layers;
    die_with_supervisor(channel)?;
    // So that a signal to the program's own process group never means the supervisor.
    setsid().or_fail(Layer::Watch, "own session")?;
    if layers.root {
        root::enter(launch)?;
    }
    limits::volunteer_for_oom();
    let (dropped, alone) = drop_user(layers.namespaces)?;
    die_with_supervisor(channel)?;
    let process_limit = alone && namespace::counts_processes();
    limits::set(&launch.limits, process_limit).or_fail(Layer::Limits, "set limits")?;
    std::env::set_current_dir(&launch.folder).or_fail(None, "enter the run's folder")?;
    // Not readable or traceable by the program, which runs as the same user.
    set_dumpable(false).or_fail(Layer::User, "hide the stage's memory")?;
    let mut facts = Facts {
        uid: getuid().as_raw(),
        dropped,
        namespaces: layers.namespaces,
        root: layers.root,
        process_limit,
        ..Facts::default()
    };
    nix::sys::prctl::set_no_new_privs().or_fail(Layer::User, "refuse new privileges")?;
    if layers.landlock {
        let held = landlock::restrict(launch, layers.namespaces).or_fail(Layer::Landlock, "Landlock")?;
        (facts.landlock_abi, facts.ports) = (held.abi, held.ports);
    }
    if layers.seccomp {
        seccomp::restrict(&launch.network).or_fail(Layer::Seccomp, "system call filter")?;
        facts.seccomp = true;
    }
    Ok(facts)
}

/// Asks the kernel to kill this process when its parent dies, and makes sure that it has not died already.
///
/// The kernel forgets this when the user changes, so it is asked again. The parent has one thread, so "parent" is safe:
/// the death of the thread that forked would count.
fn die_with_supervisor(channel: &UnixStream) -> Result<(), Failure> {
    set_pdeathsig(Signal::SIGKILL).or_fail(Layer::Watch, "die with the supervisor")?;
    let mut fds = [PollFd::new(channel.as_fd(), PollFlags::POLLHUP)];
    poll(&mut fds, PollTimeout::ZERO).or_fail(Layer::Watch, "look after the supervisor")?;
    let gone = fds[0].revents().is_some_and(|events| events.contains(PollFlags::POLLHUP));
    if gone { Err(Failure { layer: None, error: "the supervisor is gone".to_owned() }) } else { Ok(()) }
}

/// Leaves root's user, and every capability. Answers whether the user was dropped, and whether this tree is alone in a
/// user namespace, where a count of processes means this tree.
fn drop_user(namespaces: bool) -> Result<(bool, bool), Failure> {
    let dropped = getuid().is_root();
    let mut alone = namespaces;
    if dropped {
        let (uid, gid) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
        setgroups(&[]).or_fail(Layer::User, "leave all groups")?;
        setresgid(gid, gid, gid).or_fail(Layer::User, "change the group")?;
        setresuid(uid, uid, uid).or_fail(Layer::User, "change the user")?;
        // Its maps can be written only by a process that may be looked into; that ends right after.
        set_dumpable(true).or_fail(Layer::User, "change the user")?;
        alone = namespaces && namespace::own_user().is_ok();
    }
    namespace::drop_capabilities().or_fail(Layer::User, "give up capabilities")?;
    Ok((dropped, alone))
}

fn start(channel: &UnixStream, launch: &Launch, fds: Vec<OwnedFd>) -> Result<(), Failure> {
    let what = format!("start {}", launch.program.display());
    let [input, output, errors]: [OwnedFd; 3] =
        fds.try_into().map_err(|_| Failure { layer: None, error: "expected three descriptors".to_owned() })?;
    let mut command = Command::new(&launch.program);
    command.args(&launch.args).env_clear().envs(&launch.env).stdin(input).stdout(output).stderr(errors);
    if !launch.layers.namespaces {
        return Err(command.exec()).or_fail(None, &what); // Comes back only when it failed.
    }
    let child = command.spawn().or_fail(None, &what)?;
    drop(command); // Its ends of the streams: the program must be the only holder.
    send(channel, &Word::Started, &[]).or_fail(None, "answer the supervisor")?;
    let main = Pid::from_raw(i32::try_from(child.id()).unwrap_or(i32::MAX));
    let exit = reap_until(main).or_fail(None, "wait for the program")?;
    send(channel, &Word::Exited(exit), &[]).or_fail(None, "answer the supervisor")
}

/// Process 1 is the parent of every orphan: takes them in until the program itself has ended.
fn reap_until(main: Pid) -> nix::Result<Exit> {
    loop {
        match waitpid(None, None).map(tree::ended) {
            Ok(Some((pid, exit))) if pid == main => return Ok(exit),
            Ok(_) | Err(nix::errno::Errno::EINTR) => {}
            Err(error) => return Err(error),
        }
    }
}
