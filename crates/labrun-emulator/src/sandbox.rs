//! A sandbox: accounts, state, clock, ids, outbox, trail and meter of one learner's AWS; closed, and one of many in a process.
//!
//! Readers run on a snapshot, writers one at a time. A write's changes and its outbox entries are one SQLite transaction, done
//! before the answer goes out. What a service stores and does is the service's business.

mod advance;
pub(crate) mod blobs;
pub(crate) mod clock;
mod fork;
pub(crate) mod ids;
pub(crate) mod keys;
mod meter;
pub(crate) mod outbox;
mod state;
mod store;
pub(crate) mod trail;
pub(crate) mod tx;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, Weak};

use labrun_wire::{AwsError, AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use tokio::sync::watch;

use crate::emulator::Emulator;
use crate::registry::Registry;
use blobs::Blobs;
use clock::Clock;
pub(crate) use fork::ForkFault;
use ids::Ids;
use keys::KeyIndex;
use meter::Meter;
use outbox::Outbox;
use state::State;
pub(crate) use state::{Scope, Table};
use store::Store;
use trail::Trail;
pub(crate) use tx::{Caller, Cx, Principal, Tx};

/// What a sandbox is, for as long as it lives.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Descriptor {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) account: String,
    pub(crate) region: String,
    /// Keys of the learner (of a fork: of whoever asked for it).
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) user_arn: String,
    /// How much faster than the machine's time the timeouts of children run; 1 unless a lab or a test says otherwise.
    pub(crate) time_scale: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Session,
    Open,
    Fork,
}

pub(crate) struct Sandbox {
    descriptor: Descriptor,
    folder: PathBuf,
    state: RwLock<State>,
    /// Held while a write runs; a fork in memory has no store behind it.
    writer: Mutex<Option<Store>>,
    clock: Clock,
    ids: Ids,
    blobs: Arc<Blobs>,
    outbox: Outbox,
    trail: Trail,
    meter: Meter,
    keys: Arc<KeyIndex>,
    registry: Arc<Registry>,
    forks: AtomicUsize,
    /// Held while the clock is being moved.
    clock_moves: tokio::sync::Mutex<()>,
    parent: Option<Weak<Sandbox>>,
    /// When this process took the sandbox up, by the sandbox's own clock.
    opened: OnceLock<Timestamp>,
    /// Moves with every write.
    changed: watch::Sender<()>,
    emulator: Weak<Emulator>,
}

/// Why a sandbox can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    #[error("the state in {0} can't be read: {1}")]
    Store(PathBuf, rusqlite::Error),
    #[error("the folder {0} can't be made: {1}")]
    Folder(PathBuf, std::io::Error),
    #[error("the state in {0} was written by a newer labrun (format {1}); update labrun, or remove the folder")]
    Newer(PathBuf, i64),
    #[error("the state in {0} can't be written: {1}")]
    Write(PathBuf, Box<AwsError>),
    #[error("the state in {0} says nothing of itself; remove the folder")]
    Nameless(PathBuf),
}

/// What every sandbox of a process shares.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) registry: Arc<Registry>,
    pub(crate) keys: Arc<KeyIndex>,
    pub(crate) emulator: Weak<Emulator>,
}

impl Sandbox {
    /// Makes a new sandbox in an empty folder.
    pub(crate) fn create(folder: &Path, descriptor: Descriptor, shared: Shared) -> Result<Arc<Self>, OpenFault> {
        make_folder(folder)?;
        let store = Store::create(folder, &descriptor)?;
        let sandbox = Arc::new(Self::assemble(folder, descriptor, State::default(), Some(store), shared)?);
        sandbox.mint_learner().map_err(|fault| OpenFault::Write(folder.to_path_buf(), Box::new(fault)))?;
        sandbox.start();
        Ok(sandbox)
    }

    /// Opens a sandbox that an earlier process left. What was running is delivered again, so that its service can end it.
    pub(crate) fn open(folder: &Path, shared: Shared) -> Result<Arc<Self>, OpenFault> {
        let (store, descriptor, state) = Store::open(folder)?;
        let sandbox = Arc::new(Self::assemble(folder, descriptor, state, Some(store), shared)?);
        sandbox.clock.restore(&sandbox.snapshot());
        keys::register_all(&sandbox);
        sandbox.meter.restore(&sandbox.snapshot());
        sandbox.sweep_blobs();
        sandbox.start();
        Ok(sandbox)
    }

    fn assemble(
        folder: &Path,
        descriptor: Descriptor,
        state: State,
        store: Option<Store>,
        shared: Shared,
    ) -> Result<Self, OpenFault> {
        let blobs = folder.join("blobs");
        make_folder(&blobs)?;
        Ok(Sandbox {
            descriptor,
            folder: folder.to_path_buf(),
            state: RwLock::new(state),
            writer: Mutex::new(store),
            clock: Clock::default(),
            ids: Ids::random(),
            blobs: Arc::new(Blobs::new(blobs, None)),
            outbox: Outbox::default(),
            trail: Trail::default(),
            meter: Meter::default(),
            keys: shared.keys,
            registry: shared.registry,
            forks: AtomicUsize::new(0),
            clock_moves: tokio::sync::Mutex::default(),
            parent: None,
            opened: OnceLock::new(),
            changed: watch::Sender::new(()),
            emulator: shared.emulator,
        })
    }

    pub(crate) fn id(&self) -> &str {
        &self.descriptor.id
    }

    pub(crate) fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    /// Where runs of this sandbox may put their folders.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn blobs(&self) -> &Arc<Blobs> {
        &self.blobs
    }

    pub(crate) fn trail(&self) -> &Trail {
        &self.trail
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// When this process took the sandbox up: what began before did so in a process that is gone.
    pub(crate) fn opened(&self) -> Timestamp {
        *self.opened.get_or_init(|| self.now())
    }

    /// Milliseconds that this clock is ahead of the machine's.
    pub(crate) fn offset(&self) -> i64 {
        self.clock.offset()
    }

    pub(crate) fn time_scale(&self) -> f64 {
        self.descriptor.time_scale
    }

    /// Tells of every write that is committed from now on.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// The process, unless it is going down.
    pub(crate) fn emulator(&self) -> Option<Arc<Emulator>> {
        self.emulator.upgrade()
    }

    /// Grows with every acknowledged write, and with every start.
    pub(crate) fn commit(&self) -> u64 {
        self.snapshot().commit
    }

    fn snapshot(&self) -> State {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn lock_writer(&self) -> MutexGuard<'_, Option<Store>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `f` on a snapshot.
    pub(crate) fn read<T>(self: &Arc<Self>, caller: &Arc<Caller>, f: impl FnOnce(&Tx) -> AwsResult<T>) -> AwsResult<T> {
        f(&Tx::new(self, caller, self.snapshot()))
    }

    /// Runs `f` alone among writers; its changes become visible and durable together, or, where it fails, not at all.
    pub(crate) fn write<T>(self: &Arc<Self>, caller: &Arc<Caller>, f: impl FnOnce(&mut Tx) -> AwsResult<T>) -> AwsResult<T> {
        let mut store = self.lock_writer();
        let mut tx = Tx::new(self, caller, self.snapshot());
        let output = f(&mut tx)?;
        self.publish(&mut store, tx)?;
        Ok(output)
    }

    fn publish(self: &Arc<Self>, store: &mut Option<Store>, tx: Tx) -> AwsResult<()> {
        let done = tx.done();
        if done.writes.is_empty() {
            return Ok(());
        }
        if let Some(store) = store {
            store.commit(&done.writes).map_err(|fault| {
                AwsError::internal(format!("labrun could not write its state ({fault}); nothing was changed"))
            })?;
        }
        keys::follow(self, &done.writes);
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = done.state;
        self.changed.send_replace(());
        if done.writes.iter().any(|write| outbox::is_task(&write.key)) {
            self.outbox.wake();
        }
        self.forget_blobs(done.garbage);
        Ok(())
    }

    /// Throws away all state but the learner's own keys, and starts over.
    pub(crate) async fn reset(self: &Arc<Self>) -> AwsResult<()> {
        self.outbox.stop_all().await;
        {
            let mut store = self.lock_writer();
            let commit = self.snapshot().commit + 1;
            if let Some(store) = store.as_mut() {
                store.clear().map_err(|fault| AwsError::internal(format!("labrun could not clear its state: {fault}")))?;
            }
            keys::forget_all(self);
            *self.state.write().unwrap_or_else(PoisonError::into_inner) = State { commit, ..State::default() };
            self.clock.set_offset(0);
            self.meter.clear();
            self.trail.clear();
        }
        self.mint_learner()?;
        self.sweep_blobs();
        Ok(())
    }

    /// Ends everything that runs here; the sandbox answers no more.
    pub(crate) async fn close(self: &Arc<Self>) {
        keys::forget_all(self);
        self.outbox.close().await;
        self.meter.save(self);
        if self.descriptor.kind == Kind::Fork {
            let _gone = std::fs::remove_dir_all(&self.folder);
        }
    }

    /// Rows by table, for the receipt of a removed sandbox.
    pub(crate) fn rows_by_table(&self) -> std::collections::BTreeMap<String, usize> {
        self.snapshot().rows_by_table()
    }

    fn forked(&self) -> bool {
        self.forks.load(Ordering::SeqCst) > 0
    }
}

fn make_folder(folder: &Path) -> Result<(), OpenFault> {
    std::fs::create_dir_all(folder).map_err(|fault| OpenFault::Folder(folder.to_path_buf(), fault))
}

#[cfg(test)]
mod tests;
