//! Namespaces of a tree: network, processes, IPC, host name; as an ordinary user inside a user namespace of its own.
//!
//! The mount namespace belongs to the stage (`root.rs`), because the supervisor must keep seeing the machine's `/proc`.

use std::fs;
use std::io;

use nix::sched::{CloneFlags, unshare};
use nix::unistd::{getgid, getuid, sethostname};
use rustix::thread::{
    CapabilitySet, CapabilitySets, capabilities, clear_ambient_capability_set, configure_capability_in_ambient_set,
    set_capabilities,
};

use super::channel::{Failure, OrFail};
use super::launch::Layer;

/// Moves this process into new namespaces; its next child is process 1 of the new process namespace.
pub(super) fn enter() -> Result<(), Failure> {
    if !getuid().is_root() {
        own_user().or_fail(Layer::Namespaces, "own user namespace")?;
        // Without this the exec of the stage would drop what it needs for its mounts.
        pass_on(CapabilitySet::SYS_ADMIN).or_fail(Layer::Namespaces, "pass on a capability")?;
    }
    let others = CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWPID | CloneFlags::CLONE_NEWIPC | CloneFlags::CLONE_NEWUTS;
    unshare(others).or_fail(Layer::Namespaces, "own network, process and IPC namespaces")?;
    // A name that resolves without any lookup: Java asks for the address of its own host.
    sethostname("localhost").or_fail(Layer::Namespaces, "name the host")
}

/// Makes a user namespace that knows only this user, under its own number.
///
/// Not number 0: so every exec drops the capabilities that the namespace gave, and a program sees an ordinary user.
pub(super) fn own_user() -> io::Result<()> {
    let (uid, gid) = (getuid(), getgid());
    unshare(CloneFlags::CLONE_NEWUSER)?;
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{uid} {uid} 1"))?;
    fs::write("/proc/self/gid_map", format!("{gid} {gid} 1"))
}

/// Lets one capability survive the next exec.
fn pass_on(capability: CapabilitySet) -> io::Result<()> {
    let mut sets = capabilities(None)?;
    sets.inheritable |= capability;
    set_capabilities(None, sets)?;
    Ok(configure_capability_in_ambient_set(capability, true)?)
}

/// Gives up every capability of this process, for good: no exec brings one back under `no_new_privs`.
pub(super) fn drop_capabilities() -> io::Result<()> {
    clear_ambient_capability_set()?;
    let none = CapabilitySet::empty();
    Ok(set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })?)
}

/// Whether the kernel counts a user's processes per user namespace (since 5.14), so that a limit means this tree alone.
pub(super) fn counts_processes() -> bool {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut numbers = release.split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
    (numbers.next(), numbers.next()) >= (Some(5), Some(14))
}
