//! Forks: a copy of a sandbox that can be worked on and dropped, while the original goes on untouched.
//!
//! A fork keeps accounts, ARNs, names and the clock's offset, shares the blobs, and lives in memory only. It answers to keys that
//! were minted for it; all others still reach the parent.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use super::blobs::Blobs;
use super::clock::Clock;
use super::ids::Ids;
use super::meter::Meter;
use super::outbox::Outbox;
use super::trail::Trail;
use super::{Descriptor, Kind, OpenFault, Sandbox, make_folder};

/// How long a fork waits for the sandbox to come to rest.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why there is no fork.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ForkFault {
    #[error("the sandbox is still busy after two minutes: {}", .0.join(", "))]
    Busy(Vec<String>),
    #[error(transparent)]
    Open(#[from] OpenFault),
}

impl Sandbox {
    /// Waits until nothing runs or is due, then copies the sandbox into `folder` under a new id.
    pub(crate) async fn fork(self: &Arc<Self>, folder: &Path, id: String) -> Result<Arc<Sandbox>, ForkFault> {
        self.rest().await?;
        let descriptor = Descriptor {
            id,
            kind: Kind::Fork,
            access_key_id: format!("AKIA{}{}", super::keys::MARK, self.ids.capitals(14)),
            secret_access_key: self.ids.secret(40),
            ..self.descriptor.clone()
        };
        let blobs = folder.join("blobs");
        make_folder(&blobs)?;
        self.forks.fetch_add(1, Ordering::SeqCst);
        // No write may come between the copy of the state and that of the clock.
        let writer = self.lock_writer();
        let clock = Clock::default();
        clock.set_offset(self.offset());
        let fork = Arc::new(Sandbox {
            descriptor,
            folder: folder.to_path_buf(),
            state: RwLock::new(self.snapshot()),
            writer: Mutex::new(None),
            clock,
            ids: Ids::random(),
            blobs: Arc::new(Blobs::new(blobs, Some(Arc::clone(&self.blobs)))),
            outbox: Outbox::default(),
            trail: Trail::default(),
            meter: Meter::default(),
            keys: Arc::clone(&self.keys),
            registry: Arc::clone(&self.registry),
            forks: AtomicUsize::new(0),
            clock_moves: tokio::sync::Mutex::default(),
            parent: Some(Arc::downgrade(self)),
            opened: std::sync::OnceLock::new(),
            changed: tokio::sync::watch::Sender::new(()),
            emulator: self.emulator.clone(),
        });
        drop(writer);
        fork.mint_learner().map_err(|fault| OpenFault::Write(folder.to_path_buf(), Box::new(fault)))?;
        fork.start();
        Ok(fork)
    }

    async fn rest(self: &Arc<Self>) -> Result<(), ForkFault> {
        let begun = Instant::now();
        loop {
            let busy = self.busy();
            if busy.is_empty() {
                return Ok(());
            }
            if begun.elapsed() > PATIENCE {
                return Err(ForkFault::Busy(busy));
            }
            self.task_ended(Duration::from_millis(250)).await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(parent) = self.parent.as_ref().and_then(std::sync::Weak::upgrade) {
            parent.forks.fetch_sub(1, Ordering::SeqCst);
        }
    }
}
