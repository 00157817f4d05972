//! One Spark process tree: booted, given a run, listened to, ended. The protocol is that of `runtimes/spark` (`labrun_spark`): JSON
//! lines on a socket that is the process's fd 0.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::TcpListener;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinHandle;

use super::Fault;
use crate::contain::{self, Exit, Killer, Launch, Limits, Network, Output};
use crate::emulator::Emulator;
use crate::gateway;

/// What the driver says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Ready,
    /// The learner's code begins.
    Started,
    Finished {
        error: Option<String>,
    },
}

/// What it is to do.
pub(crate) struct Order {
    pub(crate) script: Vec<u8>,
    pub(crate) script_name: String,
    /// The run, as the protocol has it, without the script's path.
    pub(crate) line: serde_json::Value,
}

pub(crate) struct Driver {
    events: Lines<BufReader<OwnedReadHalf>>,
    orders: OwnedWriteHalf,
    output: Option<(Output, Output)>,
    run: contain::Run,
    folder: PathBuf,
    /// Serves the tree's own network namespace.
    door: Option<JoinHandle<()>>,
    permit: Option<OwnedSemaphorePermit>,
}

/// How long a finished driver may take to go by itself.
const FAREWELL: Duration = Duration::from_secs(10);

impl Driver {
    /// Starts the process. It boots Spark on its own; a run given to it meanwhile is taken when it is ready, and one given before it
    /// has warmed up spares it that.
    pub(super) async fn boot(emulator: &Arc<Emulator>, worker_type: &str) -> Result<Driver, Fault> {
        let config = emulator.config();
        let set = config.spark_set.find().ok_or(Fault::Missing)?;
        let folder = config.home.join("runs").join(emulator.request_id());
        std::fs::create_dir_all(&folder).map_err(|fault| Fault::Folder(folder.clone(), fault))?;
        let launch = launch(emulator, &set, &folder, worker_type);
        let started = contain::spawn(launch).await?;
        let (events, orders) = started.control.into_split();
        let door = match started.listener {
            Some(listener) => Some(open_door(emulator, listener).map_err(|fault| Fault::Folder(folder.clone(), fault))?),
            None => None,
        };
        Ok(Driver {
            events: BufReader::new(events).lines(),
            orders,
            output: Some((started.stdout, started.stderr)),
            run: started.run,
            folder,
            door,
            permit: None,
        })
    }

    /// A stand-by may have died while nobody looked.
    pub(super) fn is_alive(&mut self) -> bool {
        self.run.wait().now_or_never().is_none()
    }

    /// Keeps a core for as long as the driver lives.
    pub(super) fn hold(&mut self, permit: Option<OwnedSemaphorePermit>) {
        self.permit = permit;
    }

    /// stdout and stderr of the whole tree. Once only.
    ///
    /// # Panics
    /// If they were taken before.
    pub(crate) fn take_output(&mut self) -> (Output, Output) {
        self.output.take().unwrap_or_else(|| panic!("a driver's output is taken once"))
    }

    /// Hands over the run.
    pub(crate) async fn give(&mut self, order: Order) -> Result<(), Fault> {
        let script = self.folder.join(&order.script_name);
        std::fs::write(&script, &order.script).map_err(|fault| Fault::Folder(self.folder.clone(), fault))?;
        let mut line = order.line;
        line["script"] = script.to_string_lossy().into_owned().into();
        self.run.start_clock(DEAD_MANS_LIMIT);
        let bytes = format!("{line}\n");
        self.orders.write_all(bytes.as_bytes()).await.map_err(Fault::Hung)
    }

    /// The next event; none once the driver has closed its end.
    pub(crate) async fn event(&mut self) -> Option<Event> {
        loop {
            let line = self.events.next_line().await.ok().flatten()?;
            let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            match said["event"].as_str() {
                Some("ready") => return Some(Event::Ready),
                Some("started") => return Some(Event::Started),
                Some("finished") => {
                    let failed = said["status"] != "SUCCEEDED";
                    let message = said["error_message"].as_str().unwrap_or("The script failed.").to_owned();
                    return Some(Event::Finished { error: failed.then_some(message) });
                }
                _ => {}
            }
        }
    }

    pub(crate) fn kill(&self, reason: &str) {
        self.run.kill(reason);
    }

    /// Waits until nothing of the tree is left; says how it ended.
    pub(crate) async fn end(&mut self) -> String {
        let killer: Killer = self.run.killer();
        let ended = match tokio::time::timeout(FAREWELL, self.run.wait()).await {
            Ok(ended) => ended,
            Err(_) => {
                killer.kill("The run's processes did not end by themselves.");
                self.run.wait().await
            }
        };
        match (ended.reason, ended.exit) {
            (Some(reason), _) => reason,
            (None, Exit::Code(code)) => format!("Command failed with exit code {code}."),
            (None, Exit::Signal(signal)) => format!("Command was ended by signal {signal}."),
        }
    }
}

/// The emulator keeps the job's own timeout; this one only bounds a tree whose emulator forgot it.
const DEAD_MANS_LIMIT: Duration = Duration::from_secs(8 * 24 * 3600);

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(door) = &self.door {
            door.abort();
        }
        let folder = std::mem::take(&mut self.folder);
        let _gone = std::fs::remove_dir_all(folder);
    }
}

fn open_door(emulator: &Arc<Emulator>, listener: std::net::TcpListener) -> std::io::Result<JoinHandle<()>> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    Ok(tokio::spawn(gateway::accept(Arc::clone(emulator), listener)))
}

/// Heap of the JVM by worker type, MB; the engine's own limit, so that learners meet Spark's own errors.
fn heap_mb(worker_type: &str) -> u64 {
    match worker_type {
        "G.2X" | "R.1X" => 2048,
        "G.4X" | "R.2X" => 4096,
        "G.8X" | "R.4X" => 8192,
        "G.12X" | "G.16X" | "R.8X" => 12_288,
        _ => 1024,
    }
}

fn launch(emulator: &Arc<Emulator>, set: &Path, folder: &Path, worker_type: &str) -> Launch {
    let config = emulator.config();
    let python = set.join("venv/bin/python");
    let mut launch = Launch::new(python, folder).launcher(&config.program);
    launch.args = ["-m", "labrun_spark", "--worker-type", worker_type].map(str::to_owned).to_vec();
    launch.env = environment(config.runtime_files.as_path(), folder);
    launch.read_only = vec![set.to_path_buf(), config.runtime_files.clone()];
    launch.limits = Limits {
        memory_bytes: (heap_mb(worker_type) + 2048) << 20,
        wall: None,
        cpu_seconds: 7 * 24 * 3600,
        processes: 1024,
        open_files: 4096,
        file_bytes: 64 << 30,
        folder_bytes: 64 << 30,
        output_bytes: 256 << 20,
    };
    launch.network = Network::Loopback { expose: emulator.port(), own_ports: None };
    launch
}

/// Made from nothing: what Python, Java and Spark need, and not a word of the user's own.
fn environment(files: &Path, folder: &Path) -> BTreeMap<String, String> {
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let python_path = [text(files.join("spark/python")), text(files.join("awsglue"))].join(":");
    let fixed = [
        ("PATH", "/usr/local/bin:/usr/bin:/bin".to_owned()),
        ("HOME", text(folder.to_path_buf())),
        ("TMPDIR", text(folder.join("tmp"))),
        ("LANG", "C.UTF-8".to_owned()),
        ("TZ", "UTC".to_owned()),
        ("PYTHONPATH", python_path),
        ("PYTHONDONTWRITEBYTECODE", "1".to_owned()),
        ("PYTHONUNBUFFERED", "1".to_owned()),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
    ];
    fixed.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
