//! The kernel's limits per process. What counts for the tree as a whole is watched (`watch.rs`).

use std::fs;

use nix::sys::resource::{Resource, setrlimit};

use super::launch::Limits;

/// Sets the limits of this process and all that it starts. `count_processes` says that the number of processes would be
/// this tree's own; counted over a whole user it would include the browser.
pub(super) fn set(limits: &Limits, count_processes: bool) -> nix::Result<()> {
    setrlimit_to(Resource::RLIMIT_CORE, 0)?;
    setrlimit_to(Resource::RLIMIT_FSIZE, limits.file_bytes)?;
    setrlimit_to(Resource::RLIMIT_NOFILE, limits.open_files)?;
    setrlimit_to(Resource::RLIMIT_DATA, data(limits.memory_bytes))?;
    if count_processes {
        // Supervisor and stage may be counted too.
        setrlimit_to(Resource::RLIMIT_NPROC, limits.processes.saturating_add(2))?;
    }
    Ok(())
}

/// A coarse net below the watcher, which looks a few times a second: one process cannot take all memory in between.
///
/// Measured: under 512 MiB libraries hang or abort, because they set memory aside that they never touch.
fn data(memory: u64) -> u64 {
    const LEAST: u64 = 2 << 30;
    memory.saturating_mul(2).max(LEAST)
}

/// The hard limit too, so that it cannot be raised again; never above what this process was given.
fn setrlimit_to(resource: Resource, value: u64) -> nix::Result<()> {
    let (_, most) = nix::sys::resource::getrlimit(resource)?;
    let value = value.min(most);
    setrlimit(resource, value, value)
}

/// When the machine runs out of memory, runs go first. Raising one's own score needs no right.
pub(super) fn volunteer_for_oom() {
    // Best effort: an old or odd `/proc` changes nothing but the order of victims.
    let _ = fs::write("/proc/self/oom_score_adj", "500");
}
