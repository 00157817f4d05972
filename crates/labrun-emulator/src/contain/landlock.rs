//! Landlock: what the tree may open, whom it may signal, and its ports where no network namespace holds them.
//!
//! It does not cover stat, chmod and times (the private root does), nor UDP, MPTCP and Unix sockets (seccomp does).

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, LandlockStatus, NetPort, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, path_beneath_rules,
};

use super::launch::{Launch, Network};
use super::root::{DEVICES, system_paths};

/// The newest version whose rules were tried. Older kernels enforce what they know of it.
const TRIED: ABI = ABI::V6;

/// What Landlock holds for this process and all its children from now on.
pub(super) struct Held {
    /// The version that the kernel offers, at most the one we ask for; 0 where there is none.
    pub(super) abi: u8,
    /// Ports are held too.
    pub(super) ports: bool,
}

/// Restricts this process. `own_network` means that a namespace holds the network already.
pub(super) fn restrict(launch: &Launch, own_network: bool) -> Result<Held, RulesetError> {
    let ports = if own_network { None } else { allowed_ports(&launch.network) };
    let mut rules = Ruleset::default().set_compatibility(CompatLevel::BestEffort);
    rules = rules.handle_access(AccessFs::from_all(TRIED))?.scope(Scope::from_all(TRIED))?;
    if ports.is_some() {
        rules = rules.handle_access(AccessNet::from_all(TRIED))?;
    }
    let mut rules = files(rules.create()?, launch)?;
    for range in ports.iter().flatten() {
        for port in range.ports.clone() {
            rules = rules.add_rule(NetPort::new(port, range.access))?;
        }
    }
    let status = rules.restrict_self()?;
    let abi = match status.landlock {
        LandlockStatus::Available { effective_abi, .. } if status.ruleset != RulesetStatus::NotEnforced => number(effective_abi),
        _ => 0,
    };
    Ok(Held { abi, ports: ports.is_some() && abi >= 4 })
}

fn files(rules: RulesetCreated, launch: &Launch) -> Result<RulesetCreated, RulesetError> {
    let read = AccessFs::from_read(TRIED);
    let all = AccessFs::from_all(TRIED);
    let system = system_paths();
    let read_only = system.iter().chain(&launch.read_only).map(PathBuf::as_path).chain([Path::new("/proc")]);
    let rules = rules.add_rules(path_beneath_rules(read_only, read))?.add_rules(path_beneath_rules(DEVICES, read))?;
    let rules = rules.add_rules(path_beneath_rules(["/dev/null"], all))?;
    let rules = if launch.layers.root { private_root(rules)? } else { rules };
    match PathFd::new(&launch.folder) {
        Ok(folder) => rules.add_rule(PathBeneath::new(folder, all)),
        Err(_) => Ok(rules), // Gone: the program's start will say so.
    }
}

/// Where the root was made for this run: its own `/tmp` and `/dev/shm` (else they belong to everybody), and the names of
/// all that was granted, so that `ls /` works.
fn private_root(rules: RulesetCreated) -> Result<RulesetCreated, RulesetError> {
    let rules = rules.add_rules(path_beneath_rules(["/dev/shm", "/tmp"], AccessFs::from_all(TRIED)))?;
    rules.add_rules(path_beneath_rules(["/"], AccessFs::ReadDir))
}

/// Ports and what may be done with them.
#[derive(Debug, PartialEq, Eq)]
struct Ports {
    ports: RangeInclusive<u16>,
    access: landlock::BitFlags<AccessNet>,
}

/// `None` leaves all ports alone.
fn allowed_ports(network: &Network) -> Option<Vec<Ports>> {
    match network {
        Network::None => Some(Vec::new()),
        Network::Loopback { own_ports: None, .. } => None,
        Network::Loopback { expose, own_ports: Some((first, last)) } => Some(vec![
            Ports { ports: *expose..=*expose, access: AccessNet::ConnectTcp.into() },
            Ports { ports: *first..=*last, access: AccessNet::from_all(TRIED) },
        ]),
    }
}

fn number(abi: ABI) -> u8 {
    let known = [ABI::V1, ABI::V2, ABI::V3, ABI::V4, ABI::V5, ABI::V6];
    known.into_iter().zip(1..).filter(|(version, _)| *version <= abi).last().map_or(0, |(_, number)| number)
}
