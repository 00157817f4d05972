//! How the program ends, in one place.

use std::process::ExitCode;

/// Documented exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: done.
    Done,
    /// 1: not yet: a check is red, lint found faults, something is not installed.
    NotYet,
    /// 2: could not tell: usage, environment, a refused request, a bug.
    CouldNotTell,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => ExitCode::from(0),
            Exit::NotYet => ExitCode::from(1),
            Exit::CouldNotTell => ExitCode::from(2),
        }
    }
}

/// Why a command could not tell: one sentence, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub message: String,
    pub hints: Vec<String>,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Failure { message: message.into(), hints: Vec::new() }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// What commands return.
pub(crate) type Outcome = Result<Exit, Failure>;
