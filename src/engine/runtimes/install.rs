//! Makes a requirement set, telling how far it is.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::{COMPLETE, Python, Set, files, python};
use crate::engine::EngineError;
use crate::engine::home::Home;

/// How far an install is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress<'p> {
    pub phase: &'p str,
    /// What has reached the disk.
    pub megabytes: u64,
}

/// `uv`, if it is on PATH.
pub(super) fn uv() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("uv")).find(|uv| uv.is_file())
}

/// Makes the set, unless it is there; returns its folder. Nothing half-made is ever taken for whole.
pub(crate) async fn install(set: &Set, home: &Home, tell: &mut dyn FnMut(Progress<'_>)) -> Result<PathBuf, EngineError> {
    if let Some(folder) = set.ready(home) {
        return Ok(folder);
    }
    let python = python::find(set).map_err(EngineError::told)?;
    let folder = set.folder(home, &python.version);
    fs::create_dir_all(&home.runtimes).map_err(EngineError::file(&home.runtimes))?;
    let lock = home.runtimes.join(format!("{}.lock", set.name));
    let lock = File::create(&lock).map_err(EngineError::file(&lock))?;
    lock.lock().map_err(EngineError::file(&home.runtimes))?;
    if let Some(folder) = set.ready(home) {
        return Ok(folder);
    }
    remove(&folder)?;
    make_folder(&folder)?;
    let made = make(set, home, (&python, &folder), tell).await;
    if made.is_err() {
        remove(&folder)?;
    }
    made?;
    let mark = folder.join(COMPLETE);
    fs::write(&mark, format!("{}\n", python.version)).map_err(EngineError::file(&mark))?;
    Ok(folder)
}

async fn make(set: &Set, home: &Home, place: (&Python, &Path), tell: &mut dyn FnMut(Progress<'_>)) -> Result<(), EngineError> {
    let (python, folder) = place;
    let uv = uv();
    let venv = folder.join("venv");
    let mut shop = Shop { folder, tell };
    match &uv {
        Some(uv) => {
            shop.run("environment", command(uv).args(["venv", "--quiet", "--python"]).arg(&python.path).arg(&venv)).await?
        }
        None => shop.run("environment", command(&python.path).args(["-m", "venv"]).arg(&venv)).await?,
    }
    if let Some(build) = set.build {
        let list = list(folder, "build.lock", build)?;
        shop.run("build tools", pip(uv.as_deref(), &venv).arg("-r").arg(list)).await?;
    }
    let list = list(folder, "requirements.lock", set.lock)?;
    shop.run("packages", pip(uv.as_deref(), &venv).arg("--no-build-isolation").arg("-r").arg(list)).await?;
    if set.name == "spark" {
        let files = files::unpack(home)?;
        let paths = std::env::join_paths([files.join("spark/python"), files.join("awsglue")]);
        let paths = paths.map_err(|error| EngineError::told(error.to_string()))?;
        let mut archive = command(&venv.join("bin/python"));
        archive.args(["-m", "labrun_spark.install"]).arg(folder.join("spark.jsa")).env("PYTHONPATH", paths);
        shop.run("class archive", archive.env("PYTHONDONTWRITEBYTECODE", "1")).await?;
    }
    Ok(())
}

/// A command under an umask that lets the user that runs are dropped to read what it makes.
fn command(program: &Path) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "umask 022; exec \"$@\"", "sh"]).arg(program);
    command
}

fn pip(uv: Option<&Path>, venv: &Path) -> Command {
    let python = venv.join("bin/python");
    match uv {
        Some(uv) => {
            let mut command = command(uv);
            command.args(["pip", "install", "--quiet", "--require-hashes", "--python"]).arg(python).env("UV_LINK_MODE", "copy");
            command
        }
        None => {
            let mut command = command(&python);
            command.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"]);
            command
        }
    }
}

/// Runs the commands of one install, in its folder.
struct Shop<'s> {
    folder: &'s Path,
    tell: &'s mut dyn FnMut(Progress<'_>),
}

impl Shop<'_> {
    /// Runs to the end, telling the phase and what has reached the disk; the error is the last thing that was said.
    async fn run(&mut self, phase: &str, command: &mut Command) -> Result<(), EngineError> {
        let scratch = self.folder.join("tmp");
        fs::create_dir_all(&scratch).map_err(EngineError::file(&scratch))?;
        let log = self.folder.join("install.log");
        let file = File::create(&log).map_err(EngineError::file(&log))?;
        let errors = file.try_clone().map_err(EngineError::file(&log))?;
        command.stdin(Stdio::null()).stdout(file).stderr(errors).env("TMPDIR", &scratch).kill_on_drop(true);
        let mut child = command.spawn().map_err(EngineError::file(self.folder))?;
        let status = loop {
            (self.tell)(Progress { phase, megabytes: weight(self.folder) >> 20 });
            match tokio::time::timeout(Duration::from_millis(500), child.wait()).await {
                Ok(status) => break status.map_err(EngineError::file(self.folder))?,
                Err(_) => continue,
            }
        };
        let said = fs::read_to_string(&log).unwrap_or_default();
        let _gone = fs::remove_dir_all(&scratch);
        if status.success() {
            return Ok(());
        }
        Err(EngineError::told(format!("{phase}: {}", reason(&said))))
    }
}

fn list(folder: &Path, name: &str, text: &str) -> Result<PathBuf, EngineError> {
    let path = folder.join(name);
    fs::write(&path, text).map_err(EngineError::file(&path))?;
    Ok(path)
}

fn make_folder(folder: &Path) -> Result<(), EngineError> {
    fs::create_dir_all(folder).map_err(EngineError::file(folder))?;
    for folder in [folder, folder.parent().unwrap_or(folder)] {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).map_err(EngineError::file(folder))?;
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<(), EngineError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(EngineError::file(folder)(error)),
        _ => Ok(()),
    }
}

/// Bytes under a folder.
fn weight(folder: &Path) -> u64 {
    let weigh = |entry: fs::DirEntry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => weight(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    };
    fs::read_dir(folder).into_iter().flatten().flatten().map(weigh).sum()
}

/// What an installer's log says went wrong: that the index is out of reach, where it is, else its last line.
fn reason(said: &str) -> String {
    const OUT_OF_REACH: [&str; 5] =
        ["NewConnectionError", "Connection refused", "name resolution", "dns error", "Network is unreachable"];
    let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing").trim();
    if OUT_OF_REACH.iter().any(|sign| said.contains(sign)) {
        return format!("the package index cannot be reached ({last})");
    }
    last.to_owned()
}
