//! Bytes of objects: immutable files, named once, shared between a sandbox and its forks, gone when nothing refers to them.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use labrun_wire::{AwsError, AwsResult};

use super::Sandbox;
use super::tx::{Caller, Tx};

pub(crate) struct Blobs {
    folder: PathBuf,
    parent: Option<Arc<Blobs>>,
    /// Released, but perhaps still referred to.
    garbage: Mutex<Vec<String>>,
    /// Written, but not committed yet: no sweep may take them.
    fresh: Mutex<HashSet<String>>,
}

/// A blob that is being written. Dropped unfinished, it leaves nothing.
pub(crate) struct Writer {
    id: String,
    file: File,
    path: PathBuf,
    length: u64,
    kept: bool,
    blobs: Arc<Blobs>,
}

fn failed(what: &str, fault: &std::io::Error) -> AwsError {
    AwsError::internal(format!("labrun could not {what} an object's bytes: {fault}"))
}

impl Blobs {
    pub(super) fn new(folder: PathBuf, parent: Option<Arc<Blobs>>) -> Self {
        Blobs { folder, parent, garbage: Mutex::default(), fresh: Mutex::default() }
    }

    pub(crate) fn create(self: &Arc<Self>, id: String) -> AwsResult<Writer> {
        let path = self.folder.join(&id);
        lock(&self.fresh).insert(id.clone());
        let file = File::create_new(&path).map_err(|fault| failed("store", &fault))?;
        Ok(Writer { id, file, path, length: 0, kept: false, blobs: Arc::clone(self) })
    }

    /// Opens a blob for reading from `start`.
    pub(crate) fn open(&self, id: &str, start: u64) -> AwsResult<File> {
        match File::open(self.folder.join(id)) {
            Ok(mut file) => {
                if start > 0 {
                    file.seek(SeekFrom::Start(start)).map_err(|fault| failed("read", &fault))?;
                }
                Ok(file)
            }
            Err(fault) => match &self.parent {
                Some(parent) => parent.open(id, start),
                None => Err(failed("read", &fault)),
            },
        }
    }

    /// Says that a blob's row is committed (or will never be): from now on only references keep it.
    pub(crate) fn settle(&self, id: &str) {
        lock(&self.fresh).remove(id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Writer {
    pub(crate) fn write(&mut self, bytes: &[u8]) -> AwsResult<()> {
        self.length += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|fault| failed("store", &fault))
    }

    /// Keeps what was written. The blob stays while a row refers to it.
    pub(crate) fn finish(mut self) -> Kept {
        self.kept = true;
        Kept { id: self.id.clone(), length: self.length, blobs: Arc::clone(&self.blobs) }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.kept {
            let _gone = std::fs::remove_file(&self.path);
            self.blobs.settle(&self.id);
        }
    }
}

/// A written blob whose row is not committed yet. Once it is dropped, only a row keeps the blob.
pub(crate) struct Kept {
    pub(crate) id: String,
    pub(crate) length: u64,
    blobs: Arc<Blobs>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.blobs.settle(&self.id);
        lock(&self.blobs.garbage).push(self.id.clone());
    }
}

/// Reads a run of bytes whole.
pub(crate) fn read_exactly(file: &mut File, length: usize) -> AwsResult<Vec<u8>> {
    let mut bytes = vec![0; length];
    file.read_exact(&mut bytes).map_err(|fault| failed("read", &fault))?;
    Ok(bytes)
}

/// How many released blobs may wait before they are looked at.
const SWEEP_AT: usize = 256;

impl Sandbox {
    pub(super) fn forget_blobs(self: &Arc<Self>, released: Vec<String>) {
        if released.is_empty() {
            return;
        }
        let waiting = {
            let mut garbage = lock(&self.blobs.garbage);
            garbage.extend(released);
            garbage.len()
        };
        if waiting >= SWEEP_AT {
            self.collect_garbage();
        }
    }

    /// Removes released blobs that nothing refers to. A fork may refer to any, so it waits until all forks are gone.
    pub(crate) fn collect_garbage(self: &Arc<Self>) {
        if self.forked() {
            return;
        }
        let candidates = std::mem::take(&mut *lock(&self.blobs.garbage));
        if candidates.is_empty() {
            return;
        }
        let used = self.blobs_in_use();
        for id in candidates.iter().filter(|id| !used.contains(*id) && !lock(&self.blobs.fresh).contains(*id)) {
            let _gone = std::fs::remove_file(self.blobs.folder.join(id));
        }
    }

    /// Removes every blob that nothing refers to: what a killed process left half-written.
    pub(super) fn sweep_blobs(self: &Arc<Self>) {
        let names = std::fs::read_dir(&self.blobs.folder).into_iter().flatten().flatten();
        let all = names.filter_map(|entry| entry.file_name().into_string().ok());
        lock(&self.blobs.garbage).extend(all);
        self.collect_garbage();
    }

    fn blobs_in_use(self: &Arc<Self>) -> HashSet<String> {
        let caller = Arc::new(Caller::service(&self.descriptor.account, &self.descriptor.region));
        let registry = Arc::clone(&self.registry);
        self.read(&caller, |tx: &Tx| Ok(registry.blobs_in_use(tx))).unwrap_or_default()
    }
}
