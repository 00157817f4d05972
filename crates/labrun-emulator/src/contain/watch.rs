//! Looks at a tree a few times a second: memory, processor time, wall time, number of processes, size of the folder.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::unistd::{Pid, SysconfVar, sysconf};

use super::launch::Limits;
use super::tree::{Tree, awaited_ticks};
use super::words;

/// How often to look, and how often when memory is more than half used up.
const USUAL: Duration = Duration::from_millis(250);
const CLOSE: Duration = Duration::from_millis(50);
/// A large tree takes long to look at, and a folder with many files to add up: at most one part in so many of the time
/// goes into it.
const LOOK_SHARE: u32 = 10;
const FOLDER_SHARE: u32 = 20;

/// Watches all descendants of one process.
pub(super) struct Watch {
    root: Pid,
    limits: Limits,
    folder: PathBuf,
    clock: Option<Clock>,
    cpu_before: u64,
    cpu_seen: u64,
    peak: u64,
    next_look: Instant,
    next_folder: Instant,
}

struct Clock {
    started: Instant,
    wall: Duration,
}

impl Watch {
    pub(super) fn new(root: Pid, limits: Limits, folder: PathBuf) -> Self {
        let now = Instant::now();
        let clock = limits.wall.map(|wall| Clock { started: now, wall });
        Watch { root, limits, folder, clock, cpu_before: 0, cpu_seen: 0, peak: 0, next_look: now + CLOSE, next_folder: now }
    }

    /// Wall and processor time count from now.
    pub(super) fn start_clock(&mut self, wall: Duration) {
        self.clock = Some(Clock { started: Instant::now(), wall });
        self.count_cpu(&Tree::below(self.root));
        self.cpu_before = self.cpu_seen;
    }

    pub(super) fn stop_clock(&mut self) {
        self.clock = None;
    }

    /// The tree is about to be killed: the kernel does not tell what the processes of a killed namespace have used.
    pub(super) fn last_count(&mut self) {
        self.count_cpu(&Tree::below(self.root));
        self.clock = None;
    }

    /// The most processor time seen in use.
    pub(super) fn cpu_time(&self) -> Duration {
        Duration::from_millis(self.cpu_seen * 1000 / ticks_per_second())
    }

    /// How long nothing needs to be looked at.
    pub(super) fn rest(&self) -> Duration {
        let wall = self.clock.as_ref().map(|clock| clock.started + clock.wall);
        let next = wall.map_or(self.next_look, |wall| wall.min(self.next_look));
        next.saturating_duration_since(Instant::now())
    }

    /// The most memory seen in use.
    pub(super) fn peak(&self) -> u64 {
        self.peak
    }

    /// The sentence for a limit that is passed.
    pub(super) fn look(&mut self) -> Option<String> {
        let now = Instant::now();
        if let Some(clock) = &self.clock
            && now >= clock.started + clock.wall
        {
            return Some(words::stopped(&format!("took longer than {}", words::time(clock.wall))));
        }
        if now < self.next_look {
            return None;
        }
        let tree = Tree::below(self.root);
        let resident = tree.resident();
        let passed = self.memory(&tree, resident).or_else(|| self.cpu(&tree));
        let passed = passed.or_else(|| self.processes(&tree)).or_else(|| self.folder(now));
        let usual = if resident > self.limits.memory_bytes / 2 { CLOSE } else { USUAL };
        self.next_look = now + usual.max(now.elapsed() * LOOK_SHARE);
        passed
    }

    /// The exact sum is dear (3 ms for 160 MB, measured), the sum that counts shared pages twice is cheap and never less:
    /// so the exact one is read only when the cheap one could mean a new peak.
    fn memory(&mut self, tree: &Tree, resident: u64) -> Option<String> {
        if resident <= self.peak {
            return None;
        }
        let grown_little = resident < self.peak + self.peak / 16 && resident <= self.limits.memory_bytes;
        if !grown_little {
            self.peak = self.peak.max(tree.proportional());
        }
        let limit = self.limits.memory_bytes;
        (self.peak > limit).then(|| words::stopped(&format!("used more than {} of memory", words::size(limit))))
    }

    fn cpu(&mut self, tree: &Tree) -> Option<String> {
        self.count_cpu(tree);
        let used = self.cpu_seen.saturating_sub(self.cpu_before);
        let limit = self.limits.cpu_seconds;
        let passed = used > limit.saturating_mul(ticks_per_second());
        let limit = words::time(Duration::from_secs(limit));
        passed.then(|| words::stopped(&format!("used more than {limit} of processor time")))
    }

    /// Never less than before: a process that nobody waited for takes its count along.
    fn count_cpu(&mut self, tree: &Tree) {
        self.cpu_seen = self.cpu_seen.max(tree.cpu_ticks() + awaited_ticks(self.root));
    }

    fn processes(&self, tree: &Tree) -> Option<String> {
        let limit = self.limits.processes;
        (tree.tasks > limit).then(|| words::stopped(&format!("had more than {limit} processes and threads at once")))
    }

    fn folder(&mut self, now: Instant) -> Option<String> {
        if now < self.next_folder {
            return None;
        }
        let used = folder_size(&self.folder);
        self.next_folder = now + now.elapsed() * FOLDER_SHARE;
        let limit = self.limits.folder_bytes;
        (used > limit).then(|| words::stopped(&format!("kept more than {} in its folder", words::size(limit))))
    }
}

fn ticks_per_second() -> u64 {
    sysconf(SysconfVar::CLK_TCK).ok().flatten().and_then(|ticks| ticks.try_into().ok()).unwrap_or(100)
}

/// Bytes on disk of everything in a folder; links are not followed. What vanishes while we look counts nothing.
pub(super) fn folder_size(folder: &Path) -> u64 {
    let mut bytes = 0;
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Ok(found) = entry.metadata() else {
                continue;
            };
            bytes += found.blocks() * 512;
            if found.is_dir() {
                open.push(entry.path());
            }
        }
    }
    bytes
}
