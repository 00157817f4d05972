//! What to run and how tightly: the caller's words. Pure data; nothing here touches the system.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One process tree to start. No `Debug`: the environment may hold a role's keys.
#[derive(Clone, Serialize, Deserialize)]
pub struct Launch {
    /// Absolute path of the program; it must lie below a system folder or one of `read_only`.
    pub program: PathBuf,
    /// Its arguments. Other processes of the machine can read them, so no secrets.
    pub args: Vec<String>,
    /// The whole environment; nothing is inherited.
    pub env: BTreeMap<String, String>,
    /// The run's own folder: working directory, and the only place it may write to. As root its content is given to the
    /// dropped user. `<folder>/.tmp` appears as `/tmp` where there is a private root.
    pub folder: PathBuf,
    /// What the run may read and execute besides the system's own folders (`/usr`, `/lib`, some of `/etc`).
    pub read_only: Vec<PathBuf>,
    /// What it may use up.
    pub limits: Limits,
    /// Whom it may talk to.
    pub network: Network,
    pub(super) layers: Layers,
    #[serde(skip)]
    pub(super) launcher: Option<PathBuf>,
}

impl Launch {
    /// A launch of `program` in `folder` with default limits, an empty environment and no network.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>, folder: impl Into<PathBuf>) -> Self {
        Launch {
            program: program.into(),
            args: Vec::new(),
            env: BTreeMap::new(),
            folder: folder.into(),
            read_only: Vec::new(),
            limits: Limits::default(),
            network: Network::None,
            layers: Layers::default(),
            launcher: None,
        }
    }

    /// Uses another binary for `__contain` than the running one (a test's binary is not a launcher).
    #[must_use]
    pub fn launcher(mut self, binary: impl Into<PathBuf>) -> Self {
        self.launcher = Some(binary.into());
        self
    }

    /// Leaves one layer out, as on a machine that lacks it; so tests can show that the others hold alone.
    #[must_use]
    pub fn without(mut self, layer: Layer) -> Self {
        self.layers.remove(layer);
        self
    }
}

/// What a tree may use up. All are enforced by the supervisor for the tree as a whole, unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Memory of the whole tree, shared pages counted once.
    pub memory_bytes: u64,
    /// Running time from the start; `None` means that [`super::Run::start_clock`] will say.
    pub wall: Option<Duration>,
    /// Processor time of the whole tree since the clock started.
    pub cpu_seconds: u64,
    /// Processes and threads.
    pub processes: u64,
    /// Open files, per process.
    pub open_files: u64,
    /// Size of a single file (`EFBIG` beyond it).
    pub file_bytes: u64,
    /// Size of everything in the run's folder.
    pub folder_bytes: u64,
    /// Bytes written to stdout and stderr together, since the clock started.
    pub output_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            memory_bytes: 2 << 30,
            wall: None,
            cpu_seconds: 3600,
            processes: 512,
            open_files: 1024,
            file_bytes: 1 << 30,
            folder_bytes: 4 << 30,
            output_bytes: 16 << 20,
        }
    }
}

/// Whom the tree may talk to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Network {
    /// Nobody: no socket can be made.
    None,
    /// Itself, and one port of the emulator.
    Loopback {
        /// The port on 127.0.0.1 that reaches the emulator. In a network namespace it is [`super::Contained::listener`];
        /// without namespaces the emulator's own port must be the same.
        expose: u16,
        /// Without namespaces: the first and last port that the tree may use for itself. `None` leaves all ports open
        /// there (Spark takes any), which the report then says.
        own_ports: Option<(u16, u16)>,
    },
}

/// One independent layer of containment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// Own network, process, IPC and host name namespaces.
    Namespaces,
    /// A root file system that holds nothing but what was granted (needs namespaces).
    Root,
    /// A user of no rights (as root), and no capability.
    User,
    /// Landlock: files, signals, abstract sockets; ports where there is no network namespace.
    Landlock,
    /// The list of refused system calls.
    Seccomp,
    /// The kernel's limits per process, and the number of processes.
    Limits,
    /// The supervisor: watches memory, time, disk and output, and ends the whole tree.
    Watch,
}

/// The layers that can be left out, because a machine may lack them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Layers {
    pub(super) namespaces: bool,
    pub(super) root: bool,
    pub(super) landlock: bool,
    pub(super) seccomp: bool,
}

impl Default for Layers {
    fn default() -> Self {
        Layers { namespaces: true, root: true, landlock: true, seccomp: true }
    }
}

impl Layers {
    /// Removes a layer and what cannot be had without it. User, limits and watch are never left out.
    pub(super) fn remove(&mut self, layer: Layer) {
        match layer {
            Layer::Namespaces => (self.namespaces, self.root) = (false, false),
            Layer::Root => self.root = false,
            Layer::Landlock => self.landlock = false,
            Layer::Seccomp => self.seccomp = false,
            Layer::User | Layer::Limits | Layer::Watch => {}
        }
    }

    /// The layers that both have.
    #[cfg(target_os = "linux")]
    pub(super) fn and(self, other: Layers) -> Layers {
        Layers {
            namespaces: self.namespaces && other.namespaces,
            root: self.root && other.root,
            landlock: self.landlock && other.landlock,
            seccomp: self.seccomp && other.seccomp,
        }
    }
}
