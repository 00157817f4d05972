//! Spark: real PySpark in a contained process tree of a run's own, and one warmed stand-by for the next.
//!
//! A stand-by is booted before anybody needs it and holds no secret; it serves one run and dies with it. It is gone after ten idle
//! minutes. Without one a run starts cold. There is one heavy process for each core; further runs wait.

mod driver;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;

use crate::emulator::Emulator;
pub(crate) use driver::{Driver, Event, Order};

/// A stand-by that nobody needed for this long goes.
const IDLE: Duration = Duration::from_secs(600);
/// The worker type that a stand-by is booted for: what nearly every job asks for.
const STANDARD: &str = "G.1X";

/// Why there is no Spark for a run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("The Spark runtime is not installed on this machine. Run `labrun runtimes install`, then start the job again.")]
    Missing,
    #[error("Spark could not be started: {0}")]
    Contain(#[from] crate::contain::ContainError),
    #[error("The folder {0} of the run can't be written: {1}")]
    Folder(PathBuf, std::io::Error),
    #[error("Spark did not take the run: {0}")]
    Hung(std::io::Error),
}

pub(crate) struct Spark {
    cores: Arc<Semaphore>,
    standby: Mutex<Standby>,
}

/// The next run's process, started, perhaps still booting.
#[derive(Default)]
struct Standby {
    booting: Option<JoinHandle<Result<Driver, Fault>>>,
    /// Counts the stand-bys, so that the timer of an earlier one leaves a later one alone.
    generation: u64,
}

impl Spark {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Spark { cores: Arc::new(Semaphore::new(cores)), standby: Mutex::default() }
    }

    /// A process for a run: the stand-by if it fits, else a new one. Waits until a core is free.
    pub(crate) async fn driver(&self, emulator: &Arc<Emulator>, worker_type: &str) -> Result<Driver, Fault> {
        let permit = self.permit().await;
        let mut driver = match self.take_standby(worker_type).await {
            Some(driver) => driver,
            None => Driver::boot(emulator, worker_type).await?,
        };
        driver.hold(permit);
        Ok(driver)
    }

    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        Arc::clone(&self.cores).acquire_owned().await.ok()
    }

    async fn take_standby(&self, worker_type: &str) -> Option<Driver> {
        if worker_type != STANDARD {
            return None;
        }
        let handle = self.lock().booting.take()?;
        let mut driver = handle.await.ok().and_then(Result::ok)?;
        driver.is_alive().then_some(driver)
    }

    /// Boots a stand-by in the background, if there is none and Spark is installed.
    pub(crate) fn warm(&self, emulator: &Arc<Emulator>) {
        if emulator.config().spark_set.find().is_none() {
            return;
        }
        let mut standby = self.lock();
        if standby.booting.is_some() {
            return;
        }
        standby.generation += 1;
        let generation = standby.generation;
        let host = Arc::clone(emulator);
        standby.booting = Some(emulator.spawn(async move { Driver::boot(&host, STANDARD).await }));
        drop(standby);
        let host = Arc::downgrade(emulator);
        emulator.spawn(async move {
            tokio::time::sleep(IDLE).await;
            if let Some(host) = host.upgrade() {
                host.spark().cool(|current| current == generation);
            }
        });
    }

    /// Lets the stand-by go, if it is the one that is meant.
    pub(crate) fn cool(&self, meant: impl Fn(u64) -> bool) {
        let mut standby = self.lock();
        let generation = standby.generation;
        let Some(handle) = standby.booting.take_if(|_| meant(generation)) else { return };
        handle.abort();
        // One that was ready is dropped with its result, and its tree with it.
        tokio::spawn(async move { drop(handle.await) });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Standby> {
        self.standby.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
