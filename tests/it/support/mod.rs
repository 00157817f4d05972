//! What the tests stand on: the built program in a home of its own, an emulator, its admin API, Python with boto3, and turns.
//!
//! Requirement sets are made once per machine, where labrun itself would make them, so that no test run fetches them anew.

mod door;
mod emulator;
mod http;
mod judge;
mod processes;
mod program;
pub(crate) mod sdk;
mod sets;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(crate) use door::door;
pub(crate) use emulator::{Emulator, Sandbox};
pub(crate) use judge::{Script, judge};
pub(crate) use processes::with_word;
pub(crate) use program::{Background, Ended, Home};
pub(crate) use sets::{learner, python, runtimes, spark};

/// Whatever an API is asked for comes sooner than this.
pub(crate) const PATIENCE: Duration = Duration::from_secs(300);

/// A program that takes longer than this hangs; the longest proves a lab.
pub(crate) const LONGEST: Duration = Duration::from_secs(1200);

/// A turn for what keeps all cores busy: Spark, whole labs. Held until it is dropped.
pub(crate) fn heavy() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    // One test's failure is no reason for the next to fail.
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks again and again until there is an answer; for what only an API can say.
pub(crate) fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(began.elapsed() < PATIENCE, "gave up waiting until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The repository's root.
pub(crate) fn root() -> &'static std::path::Path {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
}
