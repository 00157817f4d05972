//! The processes of a tree, as `/proc` shows them to the supervisor.

use std::fs;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::contained::Exit;

/// What `/proc` says about a tree at one moment.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) pids: Vec<Pid>,
    /// Processes and threads.
    pub(super) tasks: u64,
}

impl Tree {
    /// All descendants of a process, without itself.
    pub(super) fn below(root: Pid) -> Tree {
        let mut tree = Tree::default();
        let mut open = vec![root];
        while let Some(pid) = open.pop() {
            let (tasks, children) = tasks_of(pid);
            if pid != root {
                tree.pids.push(pid);
                tree.tasks += tasks;
            }
            open.extend(children);
        }
        tree
    }

    /// Bytes of memory in use, where pages shared between processes count for each: never less than the true sum.
    pub(super) fn resident(&self) -> u64 {
        self.pids.iter().filter_map(|pid| resident(*pid)).sum()
    }

    /// Bytes of memory in use, shared pages counted once. Slow: the kernel walks every page table.
    pub(super) fn proportional(&self) -> u64 {
        self.pids.iter().filter_map(|pid| proportional(*pid).or_else(|| resident(*pid))).sum()
    }

    /// Clock ticks of processor time, including what ended children have used.
    pub(super) fn cpu_ticks(&self) -> u64 {
        self.pids.iter().filter_map(|pid| cpu_ticks(*pid)).sum()
    }
}

fn tasks_of(pid: Pid) -> (u64, Vec<Pid>) {
    let Ok(tasks) = fs::read_dir(format!("/proc/{pid}/task")) else {
        return (0, Vec::new());
    };
    let mut count = 0;
    let mut children = Vec::new();
    for task in tasks.flatten() {
        count += 1;
        let list = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        children.extend(list.split_whitespace().filter_map(|pid| pid.parse().ok()).map(Pid::from_raw));
    }
    (count, children)
}

/// The second number of `statm` is resident pages.
fn resident(pid: Pid) -> Option<u64> {
    let statm = fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
    let pages: u64 = statm.split(' ').nth(1)?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}

fn proportional(pid: Pid) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? << 10)
}

/// Fields 14 to 17 of `stat`: user and system time of itself and of children it has waited for. The name, in brackets,
/// may hold anything, so counting starts behind the last bracket.
fn cpu_ticks(pid: Pid) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    Some(fields.split_whitespace().skip(11).take(4).filter_map(|field| field.parse::<u64>().ok()).sum())
}

/// Clock ticks that the ended and awaited children of one process have used: fields 16 and 17.
pub(super) fn awaited_ticks(pid: Pid) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
    fields.skip(13).take(2).filter_map(|field| field.parse::<u64>().ok()).sum()
}

/// Reaps what has ended: the exit of `main` if it was among it, and whether no child is left.
pub(super) fn reap(main: Pid) -> (Option<Exit>, bool) {
    let mut exit = None;
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Err(Errno::ECHILD) => return (exit, true),
            Ok(WaitStatus::StillAlive) | Err(_) => return (exit, false),
            Ok(status) => match ended(status) {
                Some((pid, how)) if pid == main => exit = Some(how),
                _ => {}
            },
        }
    }
}

/// Kills everything below this process until the kernel says that no child is left; the exit of `main` if it came by.
///
/// This process must be a subreaper, so that orphans become its children: then "no child" proves "no descendant".
pub(super) fn sweep(main: Pid) -> Option<Exit> {
    let mut exit = None;
    loop {
        for pid in Tree::below(Pid::this()).pids {
            let _ = kill(pid, Signal::SIGKILL); // Gone meanwhile is fine.
        }
        let (gone, none_left) = reap(main);
        exit = gone.or(exit);
        if none_left {
            return exit;
        }
        // Not a blocking wait: a child that forked just before it died may have left one that was not listed above.
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

/// Who ended, and how.
pub(super) fn ended(status: WaitStatus) -> Option<(Pid, Exit)> {
    match status {
        WaitStatus::Exited(pid, code) => Some((pid, Exit::Code(code))),
        WaitStatus::Signaled(pid, signal, _) => Some((pid, Exit::Signal(signal as i32))),
        _ => None,
    }
}
