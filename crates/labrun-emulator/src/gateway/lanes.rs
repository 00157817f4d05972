//! The threads that connections are served on, one for each core, each with a runtime of its own.
//!
//! A connection stays on its thread. On a runtime of all threads every event of a socket also wakes a second thread, to look for work
//! that it could take over: on two cores that is a tenth of what a small PUT costs, on more cores more.

use std::net::TcpStream;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use super::converse;
use crate::emulator::Emulator;

pub(crate) struct Lanes(Mutex<Vec<Lane>>);

/// Ends when it is dropped.
struct Lane {
    runtime: Handle,
    thread: JoinHandle<()>,
    _end: oneshot::Sender<()>,
    /// Held by every connection of the lane: so many there are.
    load: Arc<()>,
}

impl Lanes {
    pub(crate) fn new() -> std::io::Result<Self> {
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let lanes = (0..cores).map(|_| Lane::new()).collect::<std::io::Result<_>>()?;
        Ok(Lanes(Mutex::new(lanes)))
    }

    /// Serves a connection where there are the fewest.
    pub(super) fn serve(&self, emulator: Arc<Emulator>, connection: TcpStream) {
        let lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(lane) = lanes.iter().min_by_key(|lane| Arc::strong_count(&lane.load)) else { return };
        let load = Arc::clone(&lane.load);
        lane.runtime.spawn(async move {
            // Made here, because a socket's events come to the runtime that it was made in.
            if let Ok(connection) = tokio::net::TcpStream::from_std(connection) {
                converse(emulator, connection).await;
            }
            drop(load);
        });
    }

    /// Ends them all, and with them what they serve; an answer that is being written still goes out.
    pub(crate) async fn end(&self) {
        let lanes = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let threads: Vec<_> = lanes.into_iter().map(|lane| lane.thread).collect();
        let ended = tokio::task::spawn_blocking(|| threads.into_iter().for_each(|thread| drop(thread.join())));
        drop(ended.await);
    }
}

impl Lane {
    fn new() -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (end, ended) = oneshot::channel::<()>();
        let thread = thread::Builder::new().name("lane".to_owned()).spawn(move || drop(runtime.block_on(ended)))?;
        Ok(Lane { runtime: handle, thread, _end: end, load: Arc::default() })
    }
}
