//! Finds the embedded emulator, or starts it in the background, and stops it.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::admin::{Admin, AdminError};
use super::http::Http;

/// What the running emulator writes about itself.
const FILE: &str = "emulator.json";
const LOG: &str = "emulator.log";
/// A start takes milliseconds; this is for a machine that swaps.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, thiserror::Error)]
pub(crate) enum LocalError {
    #[error("the running emulator is labrun {running}, this program is labrun {ours}")]
    OtherVersion { running: String, ours: &'static str },
    #[error("the emulator ended while starting: {last}")]
    Ended { last: String },
    #[error("the emulator was started but did not answer within {} s", PATIENCE.as_secs())]
    Silent,
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Admin(#[from] AdminError),
}

impl LocalError {
    pub(crate) fn hint(&self, home: &Path) -> String {
        match self {
            LocalError::OtherVersion { .. } => "stop it with `labrun cloud down`; sessions keep their state".to_owned(),
            _ => format!("its log is `{}`", home.join(LOG).display()),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Running {
    pub port: u16,
    token: String,
    version: String,
}

/// The emulator that runs for this home, if it answers.
pub(crate) async fn find(home: &Path) -> Result<Option<(Running, Admin)>, LocalError> {
    let Ok(text) = fs::read_to_string(home.join(FILE)) else { return Ok(None) };
    let Ok(running) = serde_json::from_str::<Running>(&text) else { return Ok(None) };
    let admin = Admin { port: running.port, token: running.token.clone(), http: Http::new() };
    match admin.health().await {
        Ok(_) if running.version != env!("CARGO_PKG_VERSION") => {
            Err(LocalError::OtherVersion { running: running.version, ours: env!("CARGO_PKG_VERSION") })
        }
        Ok(_) => Ok(Some((running, admin))),
        Err(_) => Ok(None),
    }
}

/// The running emulator, started first where there is none. `arguments` are for `cloud serve`.
pub(crate) async fn up(home: &Path, arguments: &[String]) -> Result<Admin, LocalError> {
    if let Some((_, admin)) = find(home).await? {
        return Ok(admin);
    }
    fs::create_dir_all(home)?;
    // Two commands at once start one emulator: the second waits for the lock and then finds it.
    let lock = File::create(home.join("emulator.lock"))?;
    lock.lock()?;
    if let Some((_, admin)) = find(home).await? {
        return Ok(admin);
    }
    start(home, arguments).await
}

async fn start(home: &Path, arguments: &[String]) -> Result<Admin, LocalError> {
    use std::os::unix::process::CommandExt as _;
    let log = File::options().create(true).append(true).open(home.join(LOG))?;
    let mut child = Command::new(std::env::current_exe()?)
        .args(["cloud", "serve"])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .current_dir(home)
        .process_group(0)
        .spawn()?;
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Some((_, admin)) = find(home).await? {
            return Ok(admin);
        }
        if child.try_wait()?.is_some() {
            return Err(LocalError::Ended { last: last_line(&home.join(LOG)) });
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Err(LocalError::Silent)
}

/// Stops the emulator, which keeps its state. `false`: none ran.
pub(crate) async fn down(home: &Path) -> Result<bool, LocalError> {
    let Ok(text) = fs::read_to_string(home.join(FILE)) else { return Ok(false) };
    let Ok(running) = serde_json::from_str::<Running>(&text) else { return Ok(false) };
    let admin = Admin { port: running.port, token: running.token, http: Http::new() };
    // A stale file may name a process that is none of ours: only one that knows our token is stopped.
    if admin.health().await.is_err() {
        return Ok(false);
    }
    admin.stop().await?;
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if !home.join(FILE).exists() && admin.health().await.is_err() {
            return Ok(true);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(LocalError::Silent)
}

fn last_line(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing").to_owned()
}
