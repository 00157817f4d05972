//! The emulator's side of a running tree: its streams, how to stop it, how it ended.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::net::UnixStream;
use tokio::sync::watch;

use super::pipes::Budget;
pub use super::pipes::Output;
use super::report::Enforcement;

/// A running tree. The parts are public so that a caller can take them apart; the tree lives as long as `run`.
pub struct Contained {
    /// The other end of the program's fd 0, both ways.
    pub control: UnixStream,
    pub stdout: Output,
    pub stderr: Output,
    /// Listens on the exposed port of 127.0.0.1 inside the tree's network namespace; `None` where there is no such
    /// namespace (the tree then reaches the emulator's own port) or no network was asked for.
    pub listener: Option<TcpListener>,
    /// Stops it and tells how it ended. Dropping it kills the tree.
    pub run: Run,
}

/// Holds a tree: dropped, the tree dies.
pub struct Run {
    pub(super) killer: Killer,
    pub(super) ended: watch::Receiver<Option<Ended>>,
    pub(super) output: Arc<Budget>,
    pub(super) enforcement: Arc<Enforcement>,
}

impl Run {
    /// Work begins: wall time, processor time and output count from here. Replaces an earlier clock.
    pub fn start_clock(&self, wall: Duration) {
        self.output.refill();
        self.killer.lever.start_clock(wall);
    }

    /// Work is done and the tree waits for more: the wall limit is off until the next start.
    pub fn stop_clock(&self) {
        self.killer.lever.stop_clock();
    }

    /// A handle that can stop the tree from anywhere, and does not keep it alive.
    #[must_use]
    pub fn killer(&self) -> Killer {
        self.killer.clone()
    }

    /// Stops the whole tree; `reason` is what [`Ended::reason`] will say.
    pub fn kill(&self, reason: &str) {
        self.killer.kill(reason);
    }

    /// Waits until nothing of the tree is left. May be called again, and cancelled.
    pub async fn wait(&mut self) -> Ended {
        match self.ended.wait_for(Option::is_some).await {
            Ok(ended) => ended.clone().unwrap_or_else(Ended::lost),
            Err(_) => Ended::lost(),
        }
    }

    /// What is enforced for this tree on this machine.
    #[must_use]
    pub fn enforcement(&self) -> &Enforcement {
        &self.enforcement
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.killer.lever.hang_up();
    }
}

/// Stops a tree from anywhere.
#[derive(Clone)]
pub struct Killer {
    pub(super) lever: Arc<dyn Lever>,
}

impl Killer {
    /// Stops the whole tree; the first reason given is the one that is told.
    pub fn kill(&self, reason: &str) {
        self.lever.kill(reason);
    }
}

/// How a tree is steered: over the supervisor's channel on Linux, by signals elsewhere.
pub(super) trait Lever: Send + Sync {
    fn start_clock(&self, wall: Duration);
    fn stop_clock(&self);
    fn kill(&self, reason: &str);
    fn hang_up(&self);
}

/// How a tree ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub exit: Exit,
    /// A sentence for the learner: why it was stopped, or what the signal means. `None` for an ordinary exit.
    pub reason: Option<String>,
    /// The most memory that was seen in use, in bytes.
    pub peak_memory: u64,
    /// Processor time of the whole tree.
    pub cpu: Duration,
}

impl Ended {
    /// The supervisor went away without a word: killed from outside, and the kernel ended the tree with it.
    pub(super) fn lost() -> Self {
        Ended {
            exit: Exit::Signal(9),
            reason: Some("The run's supervisor was killed from outside, and the run with it.".to_owned()),
            peak_memory: 0,
            cpu: Duration::ZERO,
        }
    }
}

/// Exit of the program itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    Code(i32),
    Signal(i32),
}

/// Why a tree could not be started.
#[derive(Debug, thiserror::Error)]
pub enum ContainError {
    /// The machine refused a process, a pipe or a socket.
    #[error("the run's processes could not be started: {0}")]
    System(#[from] std::io::Error),
    /// The launch asks for something that is not there.
    #[error("{0}")]
    Launch(String),
    /// A layer that works on this machine failed for this launch.
    #[error("the run could not be contained ({layer:?}): {error}")]
    Layer { layer: super::Layer, error: String },
    /// `__contain` did not answer as it should.
    #[error("the run's supervisor did not answer: {0}")]
    Supervisor(String),
}
