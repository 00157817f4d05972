//! Sentences for learners: sizes, durations, why a run was stopped, what a signal means.

use std::time::Duration;

use super::contained::Exit;

const UNITS: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("bytes", 1)];

/// `4 GiB`, `1.5 MiB`, `300 bytes`.
pub(super) fn size(bytes: u64) -> String {
    let (unit, one) = UNITS.into_iter().find(|(_, one)| bytes >= *one).unwrap_or(("bytes", 1));
    let tenths = bytes.saturating_mul(10) / one;
    match tenths % 10 {
        0 => format!("{} {unit}", tenths / 10),
        rest => format!("{}.{rest} {unit}", tenths / 10),
    }
}

/// `10 minutes`, `1 second`, `250 milliseconds`.
pub(super) fn time(duration: Duration) -> String {
    let ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    match ms {
        0 => plural(0, "second"),
        _ if ms.is_multiple_of(60_000) => plural(ms / 60_000, "minute"),
        _ if ms.is_multiple_of(1000) => plural(ms / 1000, "second"),
        _ => plural(ms, "millisecond"),
    }
}

fn plural(count: u64, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// The sentence for a passed limit: `The run <did more than was allowed> and was stopped.`
pub(super) fn stopped(what: &str) -> String {
    format!("The run {what} and was stopped.")
}

/// What an exit by signal means, for a tree that nobody stopped on purpose.
pub(super) fn exit(exit: Exit) -> Option<String> {
    let Exit::Signal(number) = exit else {
        return None;
    };
    let sentence = match nix::sys::signal::Signal::try_from(number) {
        Ok(nix::sys::signal::Signal::SIGSEGV) => "The run crashed: it touched memory that is not its own (SIGSEGV).".to_owned(),
        Ok(nix::sys::signal::Signal::SIGBUS) => "The run crashed: it touched memory that is gone (SIGBUS).".to_owned(),
        Ok(nix::sys::signal::Signal::SIGABRT) => {
            "The run aborted itself (SIGABRT); a native library that can get no more memory does so.".to_owned()
        }
        Ok(nix::sys::signal::Signal::SIGKILL) => {
            "The run was killed (SIGKILL), by itself or because the machine was out of memory.".to_owned()
        }
        Ok(nix::sys::signal::Signal::SIGXFSZ) => "The run wrote a larger file than it may and was stopped (SIGXFSZ).".to_owned(),
        Ok(nix::sys::signal::Signal::SIGSYS) => "The run made a system call that is not allowed (SIGSYS).".to_owned(),
        Ok(signal) => format!("The run ended by signal {}.", signal.as_str()),
        Err(_) => format!("The run ended by signal {number}."),
    };
    Some(sentence)
}
