//! The table of attempts: what a run can do with all layers, and with each combination of layers left out.
//!
//! The same probe also runs uncontained, as the same user. What it can do there and a layer forbids must be refused; what
//! no present layer forbids must still work. So a layer that silently stopped working, or forbids too much, shows.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use labrun_emulator::contain::{Enforcement, Launch, Layer, Network, spawn};
use serde_json::json;

use super::support::{PYTHON, Place, finish, launcher, patient, run_uid};

/// What is enforced for one run, as its own report says.
#[derive(Clone, Copy, Debug)]
struct Held {
    namespaces: bool,
    root: bool,
    /// Files.
    landlock: bool,
    /// Signals and abstract sockets (Landlock version 6).
    scopes: bool,
    /// Ports without a namespace (Landlock version 4).
    ports: bool,
    seccomp: bool,
}

impl Held {
    fn of(enforcement: &Enforcement) -> Self {
        let landlock = enforcement.landlock_version;
        Held {
            namespaces: enforcement.enforces(Layer::Namespaces),
            root: enforcement.enforces(Layer::Root),
            landlock: landlock >= 1,
            scopes: landlock >= 6,
            ports: landlock >= 4 && !enforcement.enforces(Layer::Namespaces),
            seccomp: enforcement.enforces(Layer::Seccomp),
        }
    }

    /// Whether an attempt should succeed, if this machine allows it at all.
    fn allows(self, attempt: &str) -> bool {
        let Held { namespaces, root, landlock, scopes, ports, seccomp } = self;
        match attempt {
            "read_granted" | "write_folder" | "write_temporary" | "tcp_emulator" | "tcp_own" | "localhost_resolves"
            | "socket_pair" | "shell" | "threads" | "memory_file" => true,
            "list_home" | "list_real_home" | "read_outside" | "write_outside" | "write_granted" | "link_outside" => {
                !landlock && !root
            }
            "stat_outside" | "chmod_outside" | "times_outside" | "chmod_granted" | "see_outside" => !root,
            "write_tmp" | "multiprocessing_lock" => root || !landlock,
            "tcp_other" | "tcp_other_mapped" => !namespaces && !ports,
            "tcp_bind_foreign" => !ports,
            "mptcp_other" | "fast_open_other" | "fast_open_by_sendmsg" => !namespaces && !seccomp,
            "udp" | "udp_with_flags" | "netlink" | "vsock" => !seccomp,
            "unix_path" => !seccomp && !root,
            "unix_abstract" => !seccomp && !namespaces && !scopes,
            "signal_outside" | "signal_outside_by_pidfd" => !namespaces && !scopes,
            "environ_outside" | "memory_outside" => !namespaces && !landlock,
            "trace_outside" | "read_memory_outside" => !seccomp && !landlock && !namespaces,
            "new_user_namespace"
            | "clone_user_namespace"
            | "clone3_user_namespace"
            | "io_uring"
            | "keyring"
            | "shared_memory"
            | "user_fault"
            | "performance_events"
            | "trace_self" => !seccomp,
            "read_shadow"
            | "see_former_root"
            | "read_through_proc_root"
            | "write_usr"
            | "device_node"
            | "raw"
            | "packet"
            | "become_root"
            | "raise_limit"
            | "spare_from_oom"
            | "mount"
            | "kernel_log"
            | "file_handles"
            | "x32_calls"
            | "environ_of_supervisor"
            | "memory_of_supervisor" => false,
            other => panic!("the table has no line for {other}"),
        }
    }
}

/// Worthless as a test if these fail without any containment.
const OPEN_ANYWHERE: [&str; 18] = [
    "list_home",
    "read_outside",
    "stat_outside",
    "write_outside",
    "chmod_outside",
    "times_outside",
    "write_granted",
    "tcp_other",
    "tcp_other_mapped",
    "tcp_bind_foreign",
    "fast_open_other",
    "fast_open_by_sendmsg",
    "udp",
    "netlink",
    "unix_path",
    "unix_abstract",
    "signal_outside",
    "environ_outside",
];

/// The world outside a run, with something to reach in each direction.
struct Outside {
    place: Place,
    aim: serde_json::Value,
    emulator: u16,
    own: u16,
    victim: Child,
    _emulator_port: TcpListener,
    _other_port: (TcpListener, UdpSocket),
    _unix: (UnixListener, UnixListener),
}

impl Outside {
    fn new() -> Self {
        let place = Place::new();
        let home = place.folder("home");
        let secret = place.file("home/secret", "s3cret");
        let granted = place.folder("granted");
        place.file("granted/file", "for all");
        let unix_path = place.path("home/socket");
        let unix = UnixListener::bind(&unix_path).expect("a socket by path");
        std::os::unix::fs::chown(&unix_path, Some(run_uid()), None).expect("the run's user may connect");
        let name = format!("contain-{}", home.display());
        let abstract_name = SocketAddr::from_abstract_name(&name).expect("a short name");
        let abstract_socket = UnixListener::bind_addr(&abstract_name).expect("an abstract socket");
        let [emulator, other, own, free] = [0; 4].map(|_| TcpListener::bind("127.0.0.1:0").expect("a free port"));
        let port = |socket: &TcpListener| socket.local_addr().expect("bound").port();
        let udp = UdpSocket::bind(("127.0.0.1", port(&other))).expect("the same port for UDP");
        let victim = Command::new(PYTHON)
            .args(["-I", "-c", "import sys; print(flush=True); sys.stdin.read()"])
            .env("MARK", "s3cret")
            .uid(run_uid())
            .gid(run_uid())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("another process of the same user");
        let aim = json!({
            "home": home, "real_home": std::env::var_os("HOME").map_or("/root".into(), |home| home.display().to_string()),
            "secret": secret, "granted": granted, "unix": unix_path, "abstract": name, "pid": victim.id(),
            "emulator": port(&emulator), "port": port(&other), "own": port(&own), "free": port(&free),
        });
        Outside {
            aim,
            emulator: port(&emulator),
            own: port(&own),
            victim,
            _emulator_port: emulator,
            _other_port: (other, udp),
            _unix: (unix, abstract_socket),
            place,
        }
    }

    /// The probe's arguments, for a run in this folder.
    fn arguments(&self, folder: &std::path::Path) -> Vec<String> {
        std::fs::write(folder.join("probe.py"), include_str!("probe.py")).expect("the probe");
        let mut aim = self.aim.clone();
        aim["folder"] = json!(folder);
        vec!["-I".into(), folder.join("probe.py").display().to_string(), aim.to_string()]
    }

    /// What the run's user can do without any containment.
    fn uncontained(&self) -> BTreeSet<String> {
        let folder = self.place.folder("uncontained");
        let mut command = Command::new(PYTHON);
        command.args(self.arguments(&folder)).current_dir(&folder).uid(run_uid()).gid(run_uid());
        let output = command.env("TMPDIR", &folder).output().expect("the probe runs");
        allowed(&String::from_utf8(output.stdout).expect("text"), &String::from_utf8_lossy(&output.stderr)).0
    }

    fn launch(&self, name: &str) -> Launch {
        let folder = self.place.folder(name);
        let mut launch = Launch::new(PYTHON, &folder).launcher(launcher());
        launch.args = self.arguments(&folder);
        launch.env = [("PATH".to_owned(), "/usr/bin:/bin".to_owned())].into();
        launch.env.insert("TMPDIR".into(), folder.join(".tmp").display().to_string());
        launch.read_only = vec![self.place.path("granted")];
        launch.network = Network::Loopback { expose: self.emulator, own_ports: Some((self.own, self.own)) };
        launch
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        self.victim.kill().expect("our own child");
        self.victim.wait().expect("our own child");
    }
}

/// The attempts that were allowed, and the errors of the others.
fn allowed(stdout: &str, stderr: &str) -> (BTreeSet<String>, BTreeMap<String, String>) {
    let outcomes: BTreeMap<String, Option<String>> =
        serde_json::from_str(stdout).unwrap_or_else(|error| panic!("{error}: {stdout}\n{stderr}"));
    assert!(outcomes.len() > 50, "the probe makes all its attempts: {outcomes:?}");
    let errors = outcomes.iter().filter_map(|(name, error)| Some((name.clone(), error.clone()?))).collect();
    (outcomes.into_iter().filter(|(_, error)| error.is_none()).map(|(name, _)| name).collect(), errors)
}

/// Runs the probe contained and compares with the table.
async fn compare(outside: &Outside, open: &BTreeSet<String>, without: &[Layer]) {
    let name = format!("run-{without:?}").replace(|c: char| !c.is_alphanumeric(), "-");
    let launch = without.iter().fold(outside.launch(&name), |launch, layer| launch.without(*layer));
    let contained = patient(spawn(launch)).await.expect("starts");
    let held = Held::of(contained.run.enforcement());
    let outcome = finish(contained).await;
    let (found, errors) = allowed(&outcome.stdout, &outcome.stderr);
    let expected: BTreeSet<String> = errors.keys().chain(&found).filter(|name| held.allows(name)).cloned().collect();
    // What only containment gives: a folder for temporary files of the run's own.
    let expected: BTreeSet<String> = expected.into_iter().filter(|name| open.contains(name)).collect();
    let too_much: Vec<_> = found.difference(&expected).collect();
    let too_little: Vec<_> = expected.difference(&found).map(|name| (name, &errors[name])).collect();
    assert!(
        too_much.is_empty() && too_little.is_empty(),
        "without {without:?}: allowed but should not be: {too_much:?}; refused but should work: {too_little:?}; {held:?}"
    );
}

#[tokio::test]
async fn every_combination_of_layers_allows_what_the_table_says() {
    let outside = Outside::new();
    let open = outside.uncontained();
    for attempt in OPEN_ANYWHERE {
        assert!(open.contains(attempt), "{attempt} does not even work uncontained: {open:?}");
    }
    for outer in [&[][..], &[Layer::Root], &[Layer::Namespaces]] {
        for inner in [&[][..], &[Layer::Landlock], &[Layer::Seccomp], &[Layer::Landlock, Layer::Seccomp]] {
            compare(&outside, &open, &[outer, inner].concat()).await;
        }
    }
}

#[tokio::test]
async fn with_all_layers_only_harmless_attempts_succeed() {
    let outside = Outside::new();
    let contained = patient(spawn(outside.launch("run"))).await.expect("starts");
    let missing: Vec<String> = contained.run.enforcement().missing().map(str::to_owned).collect();
    let outcome = finish(contained).await;
    let (found, errors) = allowed(&outcome.stdout, &outcome.stderr);
    let harmless = [
        "localhost_resolves",
        "memory_file",
        "multiprocessing_lock",
        "read_granted",
        "shell",
        "socket_pair",
        "tcp_bind_foreign",
        "tcp_emulator",
        "tcp_own",
        "threads",
        "write_folder",
        "write_temporary",
        "write_tmp",
    ];
    let harmless: BTreeSet<String> = harmless.map(str::to_owned).into();
    // A machine that cannot do it all must at least say so.
    assert!(found == harmless || !missing.is_empty(), "allowed: {found:?}; refused: {errors:?}");
}

#[tokio::test]
async fn the_report_says_of_every_layer_whether_it_holds() {
    let report = labrun_emulator::contain::report_of(&launcher()).await;
    assert_eq!(report.layers.len(), 7);
    assert!(report.enforces(Layer::User) && report.enforces(Layer::Watch), "{report:?}");
    let user = report.layers.iter().find(|state| state.layer == Layer::User).expect("a line for the user");
    let says = if nix::unistd::getuid().is_root() { "belongs to user 65534" } else { "belongs to you" };
    assert!(user.says.contains(says), "{}", user.says);
    assert!(report.sentences().all(|says| says.ends_with('.')), "{report:?}");
}

#[tokio::test]
async fn what_was_left_out_is_reported_missing() {
    let outside = Outside::new();
    let launch = outside.launch("run").without(Layer::Namespaces).without(Layer::Landlock).without(Layer::Seccomp);
    let contained = patient(spawn(launch)).await.expect("starts");
    for layer in [Layer::Namespaces, Layer::Root, Layer::Landlock, Layer::Seccomp, Layer::Limits] {
        assert!(!contained.run.enforcement().enforces(layer), "{layer:?}");
    }
    assert_eq!(contained.run.enforcement().missing().count(), 5);
}
