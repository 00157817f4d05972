//! What a machine really enforces, in sentences for `labrun doctor` and `labrun cloud status`.

use serde::{Deserialize, Serialize};

use super::launch::Layer;

/// The state of each layer on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enforcement {
    pub layers: Vec<LayerState>,
    /// Version of the Landlock rules in force (files from 1, ports from 4, signals from 6); 0 for none.
    pub landlock_version: u8,
}

/// One layer: whether it holds, and what that means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerState {
    pub layer: Layer,
    pub enforced: bool,
    /// A whole sentence.
    pub says: String,
}

impl Enforcement {
    /// Whether a layer holds.
    #[must_use]
    pub fn enforces(&self, layer: Layer) -> bool {
        self.layers.iter().any(|state| state.layer == layer && state.enforced)
    }

    /// Whether nothing is missing.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.layers.iter().all(|state| state.enforced)
    }

    /// One sentence per layer.
    pub fn sentences(&self) -> impl Iterator<Item = &str> {
        self.layers.iter().map(|state| state.says.as_str())
    }

    /// The sentences of what is missing.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.layers.iter().filter(|state| !state.enforced).map(|state| state.says.as_str())
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use super::{Enforcement, Layer, LayerState};
    use crate::contain::channel::Facts;

    impl Enforcement {
        /// From what was enforced; `failed` has the reasons of what could not be.
        pub(in crate::contain) fn of(facts: &Facts, failed: &[(Layer, String)]) -> Self {
            let why = |layer| {
                let error = failed.iter().find(|(failed, _)| *failed == layer).map(|(_, error)| format!(" ({error})"));
                error.unwrap_or_default()
            };
            Enforcement {
                landlock_version: facts.landlock_abi,
                layers: vec![
                    namespaces(facts, &why(Layer::Namespaces)),
                    root(facts, &why(Layer::Root)),
                    user(facts, &why(Layer::User)),
                    landlock(facts, &why(Layer::Landlock)),
                    seccomp(facts, &why(Layer::Seccomp)),
                    limits(facts),
                    watch(&why(Layer::Watch)),
                ],
            }
        }
    }

    fn state(layer: Layer, enforced: bool, says: impl Into<String>) -> LayerState {
        LayerState { layer, enforced, says: says.into() }
    }

    fn namespaces(facts: &Facts, why: &str) -> LayerState {
        let ports = match (facts.ports, facts.landlock_abi) {
            (true, _) => "Landlock holds it to its own ports and the emulator's",
            (false, 0..4) => "and this kernel cannot hold ports (Landlock does from 6.7 on), so it can reach the network",
            (false, _) => "and a run that may use any port of its own can reach the network",
        };
        let says = if facts.namespaces {
            "A run has a network of its own, in which only the emulator's port is reachable, and sees only its own processes."
                .to_owned()
        } else {
            format!("A run shares the machine's network and process list{why}; {ports}.")
        };
        state(Layer::Namespaces, facts.namespaces, says)
    }

    fn root(facts: &Facts, why: &str) -> LayerState {
        let says = if facts.root {
            "A run has a file system of its own, in which only what it was granted exists.".to_owned()
        } else {
            format!("A run can see that other files exist, and change the mode and times of files that belong to its user{why}.")
        };
        state(Layer::Root, facts.root, says)
    }

    fn user(facts: &Facts, why: &str) -> LayerState {
        let says = match (facts.dropped, facts.uid) {
            (true, uid) => {
                format!("A run belongs to user {uid}, who owns nothing, and has no capability.")
            }
            (false, 0) => format!("A run belongs to root{why}."),
            (false, uid) => format!("A run belongs to you (user {uid}), and has no capability."),
        };
        state(Layer::User, facts.uid != 0, says)
    }

    fn landlock(facts: &Facts, why: &str) -> LayerState {
        let says = match facts.landlock_abi {
            0 if facts.root => format!("Landlock is not available{why}: the private file system alone keeps files apart."),
            0 => format!("Landlock is not available{why}: a run can read whatever its user can read."),
            abi @ 1..6 if !facts.namespaces => format!(
                "Landlock keeps files apart (version {abi}; signals from version 6, kernel 6.12): a run could kill its \
                 supervisor and other processes of its user."
            ),
            abi => format!("Landlock keeps files apart (version {abi})."),
        };
        state(Layer::Landlock, facts.landlock_abi >= if facts.namespaces { 1 } else { 6 }, says)
    }

    fn seccomp(facts: &Facts, why: &str) -> LayerState {
        let says = if facts.seccomp {
            "System calls that get around these walls are refused.".to_owned()
        } else {
            format!("System calls are not filtered{why}: UDP, Unix sockets and kernel interfaces are open to a run.")
        };
        state(Layer::Seccomp, facts.seccomp, says)
    }

    fn limits(facts: &Facts) -> LayerState {
        let says = if facts.process_limit {
            "The kernel limits processes, open files and file sizes of a run."
        } else {
            "The kernel limits open files and file sizes of a run; its processes are only counted a few times a second."
        };
        state(Layer::Limits, facts.process_limit, says)
    }

    fn watch(why: &str) -> LayerState {
        let says = if why.is_empty() {
            "A supervisor watches memory, time, disk and output of a run, and ends all of it.".to_owned()
        } else {
            format!("Runs cannot be started on this machine{why}.")
        };
        state(Layer::Watch, why.is_empty(), says)
    }
}
