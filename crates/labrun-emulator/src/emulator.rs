//! The process: its sandboxes, keys and runs, where they lie on disk, and its life from start to stop.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::engines::spark::Spark;
use crate::gateway::{self, lanes::Lanes};
use crate::registry::{self, Registry};
use crate::runs::Runs;
use crate::sandbox::ids::Ids;
use crate::sandbox::keys::{KeyIndex, MARK};
use crate::sandbox::{Descriptor, ForkFault, Kind, OpenFault, Sandbox, Shared};

/// How the emulator is to run.
#[derive(Clone, Debug)]
pub struct Config {
    /// Holds everything that outlives the process.
    pub home: PathBuf,
    /// The port to try first; the next free one is taken if it is not.
    pub port: u16,
    /// Where Spark is installed.
    pub spark_set: SparkSet,
    /// Files of `runtimes/` that runs need, unpacked.
    pub runtime_files: PathBuf,
    /// The program to run contained processes with: labrun itself.
    pub program: PathBuf,
}

/// Finds the requirement set of Spark, asked anew each time: it may be installed while the emulator runs.
#[derive(Clone)]
pub struct SparkSet(Arc<dyn Fn() -> Option<PathBuf> + Send + Sync>);

impl SparkSet {
    pub fn new(find: impl Fn() -> Option<PathBuf> + Send + Sync + 'static) -> Self {
        SparkSet(Arc::new(find))
    }

    pub(crate) fn find(&self) -> Option<PathBuf> {
        (self.0)()
    }
}

impl std::fmt::Debug for SparkSet {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.debug_tuple("SparkSet").field(&self.find()).finish()
    }
}

pub(crate) struct Emulator {
    config: Config,
    port: u16,
    token: String,
    ids: Ids,
    registry: Arc<Registry>,
    keys: Arc<KeyIndex>,
    runs: Runs,
    lanes: Lanes,
    /// For what outlives the request that asked for it, and must not wait behind others.
    runtime: Handle,
    spark: Spark,
    sandboxes: RwLock<BTreeMap<String, Arc<Sandbox>>>,
    stop: watch::Sender<bool>,
}

/// Why the emulator does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    #[error("no port from {0} on is free: {1}")]
    Port(u16, std::io::Error),
    #[error("{0} can't be written: {1}")]
    Home(PathBuf, std::io::Error),
    #[error("its threads can't be started: {0}")]
    Threads(std::io::Error),
    #[error(transparent)]
    Sandbox(#[from] OpenFault),
}

/// The account of the open sandbox.
const OPEN_ACCOUNT: &str = "000000000000";
const OPEN: &str = "open";

/// How many ports after the first are tried.
const PORTS: u16 = 50;

/// Runs the emulator until it is told to stop (`POST /_labrun/stop`, Ctrl-C, SIGTERM). `ready` is called once it answers.
pub async fn serve(config: Config, ready: impl FnOnce(SocketAddr)) -> Result<(), StartFault> {
    let (listener, port) = bind(config.port).await?;
    let lanes = Lanes::new().map_err(StartFault::Threads)?;
    let emulator = Arc::new(Emulator::new(config, port, lanes));
    emulator.reopen()?;
    emulator.announce()?;
    ready(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let signal = Arc::clone(&emulator);
    tokio::spawn(async move {
        signal_received().await;
        signal.stop();
    });
    gateway::accept(Arc::clone(&emulator), listener).await;
    emulator.close().await;
    Ok(())
}

async fn signal_received() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        // Without a handler the signal ends the process at once, which the state survives.
        Err(_) => return std::future::pending().await,
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

async fn bind(first: u16) -> Result<(TcpListener, u16), StartFault> {
    let mut fault = None;
    let last = if first == 0 { 0 } else { first.saturating_add(PORTS) };
    for port in first..=last {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => {
                let port = listener.local_addr().map_or(port, |address| address.port());
                return Ok((listener, port));
            }
            Err(error) => fault = Some(error),
        }
    }
    Err(StartFault::Port(first, fault.unwrap_or_else(|| std::io::ErrorKind::AddrInUse.into())))
}

impl Emulator {
    fn new(config: Config, port: u16, lanes: Lanes) -> Self {
        let ids = Ids::random();
        let token = ids.secret(40).replace(['+', '/'], "x");
        Emulator {
            config,
            port,
            token,
            ids,
            registry: registry::all(),
            keys: Arc::default(),
            runs: Runs::default(),
            lanes,
            runtime: Handle::current(),
            spark: Spark::new(),
            sandboxes: RwLock::default(),
            stop: watch::Sender::new(false),
        }
    }

    /// Opens every sandbox that an earlier process left.
    fn reopen(self: &Arc<Self>) -> Result<(), StartFault> {
        let folder = self.folder();
        std::fs::create_dir_all(&folder).map_err(|fault| StartFault::Home(folder.clone(), fault))?;
        // Folders of runs that died with an earlier process.
        let _gone = std::fs::remove_dir_all(self.config.home.join("runs"));
        let entries = std::fs::read_dir(&folder).map_err(|fault| StartFault::Home(folder.clone(), fault))?;
        for entry in entries.flatten() {
            let path = entry.path();
            if !path.join("state.db").exists() {
                // A fork lives in memory only: what it left on disk is of no use.
                let _gone = std::fs::remove_dir_all(&path);
                continue;
            }
            let sandbox = Sandbox::open(&path, self.shared())?;
            self.insert(sandbox);
        }
        Ok(())
    }

    /// Says where it is: `emulator.json`, readable by its owner only.
    fn announce(&self) -> Result<(), StartFault> {
        let path = self.config.home.join("emulator.json");
        let text = serde_json::json!({
            "pid": std::process::id(),
            "port": self.port,
            "token": self.token,
            "version": env!("CARGO_PKG_VERSION"),
            "started_ms": crate::sandbox_wall().millis(),
        });
        write_private(&path, &text.to_string()).map_err(|fault| StartFault::Home(path, fault))
    }

    async fn close(&self) {
        let all: Vec<_> = self.all();
        for sandbox in all {
            sandbox.close().await;
        }
        self.spark.cool(|_| true);
        self.lanes.end().await;
        let _gone = std::fs::remove_file(self.config.home.join("emulator.json"));
    }

    fn folder(&self) -> PathBuf {
        self.config.home.join("sandboxes")
    }

    fn shared(self: &Arc<Self>) -> Shared {
        Shared { registry: Arc::clone(&self.registry), keys: Arc::clone(&self.keys), emulator: Arc::downgrade(self) }
    }

    fn insert(&self, sandbox: Arc<Sandbox>) {
        self.sandboxes.write().unwrap_or_else(PoisonError::into_inner).insert(sandbox.id().to_owned(), sandbox);
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn keys(&self) -> &KeyIndex {
        &self.keys
    }

    pub(crate) fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    /// Starts work beside the lanes.
    pub(crate) fn spawn<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.runtime.spawn(work)
    }

    pub(crate) fn runs(&self) -> &Runs {
        &self.runs
    }

    pub(crate) fn spark(&self) -> &Spark {
        &self.spark
    }

    pub(crate) fn request_id(&self) -> String {
        self.ids.uuid()
    }

    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub(crate) async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        // The sender lives as long as the emulator, so this ends only when it is told to.
        drop(stop.wait_for(|stop| *stop).await);
    }

    pub(crate) fn all(&self) -> Vec<Arc<Sandbox>> {
        self.sandboxes.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<Sandbox>> {
        self.sandboxes.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// Makes a sandbox with an account of its own.
    pub(crate) fn create(self: &Arc<Self>, id: &str, region: &str, time_scale: f64) -> Result<Arc<Sandbox>, OpenFault> {
        let account = self.ids.account();
        let descriptor = Descriptor {
            user_arn: format!("arn:aws:iam::{account}:user/learner"),
            account,
            time_scale,
            ..self.describe(id, Kind::Session, region)
        };
        self.make(descriptor)
    }

    fn describe(&self, id: &str, kind: Kind, region: &str) -> Descriptor {
        Descriptor {
            id: id.to_owned(),
            kind,
            account: OPEN_ACCOUNT.to_owned(),
            region: region.to_owned(),
            access_key_id: format!("AKIA{MARK}{}", self.ids.capitals(14)),
            secret_access_key: self.ids.secret(40),
            user_arn: format!("arn:aws:iam::{OPEN_ACCOUNT}:root"),
            time_scale: 1.0,
        }
    }

    fn make(self: &Arc<Self>, descriptor: Descriptor) -> Result<Arc<Sandbox>, OpenFault> {
        let folder = self.folder().join(&descriptor.id);
        let sandbox = Sandbox::create(&folder, descriptor, self.shared())?;
        self.insert(Arc::clone(&sandbox));
        Ok(sandbox)
    }

    /// The open sandbox, made when the first foreign key asks for it.
    pub(crate) fn open_sandbox(self: &Arc<Self>) -> Option<Arc<Sandbox>> {
        if let Some(sandbox) = self.find(OPEN) {
            return Some(sandbox);
        }
        self.make(self.describe(OPEN, Kind::Open, "us-east-1")).ok().or_else(|| self.find(OPEN))
    }

    pub(crate) async fn fork(&self, parent: &Arc<Sandbox>) -> Result<Arc<Sandbox>, ForkFault> {
        let id = format!("{}-fork-{}", parent.id(), self.ids.hex(8));
        let fork = parent.fork(&self.folder().join(&id), id).await?;
        self.insert(Arc::clone(&fork));
        Ok(fork)
    }

    /// Removes a sandbox with everything in it.
    pub(crate) async fn remove(&self, id: &str) -> Option<Arc<Sandbox>> {
        let sandbox = self.sandboxes.write().unwrap_or_else(PoisonError::into_inner).remove(id)?;
        sandbox.close().await;
        let _gone = std::fs::remove_dir_all(sandbox.folder());
        Some(sandbox)
    }
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    // Written beside and renamed, so that a reader never sees half of it.
    let beside = path.with_extension("json.new");
    std::fs::write(&beside, text)?;
    std::fs::set_permissions(&beside, std::fs::Permissions::from_mode(0o600))?;
    std::fs::rename(&beside, path)
}
