//! Runs learner code: a process tree that may touch its own folder and one port of the emulator, and nothing else.
//!
//! [`spawn`] re-executes our own binary as `labrun __contain` ([`main`]), which becomes the tree's *supervisor*. It makes
//! the namespaces, starts the *stage* (a second re-exec) that gives up every right and then starts the program, watches
//! memory, time and disk, and ends the whole tree when the emulator says so, goes away, or a limit is passed.
//!
//! ```text
//! emulator --channel--> supervisor --channel--> stage (process 1 of its namespace) --> program and its children
//!    \------- control (fd 0), stdout, stderr, connections of the listener ---------------/
//! ```
//!
//! Each layer (namespaces, private root, Landlock, seccomp, dropped user, limits) stands alone, so a machine that lacks
//! one still has the others; [`report`] says which ones this machine really has. What runs, and with which limits, is the
//! caller's business. Systems other than Linux get a plain child process, and the report says so.

mod contained;
mod launch;
mod pipes;
#[cfg(any(not(target_os = "linux"), test))]
mod plain;
mod report;
mod words;

#[cfg(target_os = "linux")]
mod channel;
#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod limits;
#[cfg(target_os = "linux")]
mod namespace;
#[cfg(target_os = "linux")]
mod network;
#[cfg(target_os = "linux")]
mod root;
#[cfg(target_os = "linux")]
mod seccomp;
#[cfg(target_os = "linux")]
mod spawn;
#[cfg(target_os = "linux")]
mod stage;
#[cfg(target_os = "linux")]
mod supervisor;
#[cfg(target_os = "linux")]
mod tree;
#[cfg(target_os = "linux")]
mod watch;

#[cfg(all(test, target_os = "linux"))]
mod tests;

pub use contained::{ContainError, Contained, Ended, Exit, Killer, Output, Run};
pub use launch::{Launch, Layer, Limits, Network};
pub use report::{Enforcement, LayerState};

#[cfg(not(target_os = "linux"))]
use plain as system;
#[cfg(target_os = "linux")]
use spawn as system;

/// Starts a contained process tree; returns once the program runs, or with the reason why it does not.
///
/// Must be called inside a tokio runtime. The wall limit starts with [`Run::start_clock`] unless `limits.wall` is set.
pub async fn spawn(launch: Launch) -> Result<Contained, ContainError> {
    system::spawn(launch).await
}

/// What this machine really enforces, found out by a trial run (once per process).
pub async fn report() -> Enforcement {
    system::report(None).await
}

/// As [`report`], for a program that is not the launcher itself: `launcher` is a binary whose `__contain` calls [`main`].
pub async fn report_of(launcher: &std::path::Path) -> Enforcement {
    system::report(Some(launcher.to_owned())).await
}

/// The hidden subcommand `__contain`: supervisor or stage, as the order on fd 0 says.
///
/// The binary must call it first thing, while the process has a single thread: a user namespace cannot be made later.
#[must_use]
pub fn main() -> std::process::ExitCode {
    #[cfg(target_os = "linux")]
    return supervisor::main();
    #[cfg(not(target_os = "linux"))]
    std::process::ExitCode::from(2) // Nothing here ever starts it.
}
