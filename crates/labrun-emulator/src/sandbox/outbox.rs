//! What follows from a change: tasks, committed with it, delivered at least once, in order of (due time, sequence).
//!
//! A task that was running when the emulator died is delivered again and told so; its service then ends it as AWS would.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use labrun_wire::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};

use super::Sandbox;
use super::state::{Scope, Table};
use super::tx::{Caller, Cx, Tx};

const OUTBOX: Table<Task> = Table::new("_outbox", Scope::Global);

/// Whether a row is a task: only then has the worker something to look at.
pub(super) fn is_task(key: &str) -> bool {
    key.starts_with("_outbox\0")
}

/// One thing to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Task {
    service: String,
    name: String,
    /// What people call it.
    label: String,
    pub(crate) payload: serde_json::Value,
    caller: Option<Caller>,
    due: Timestamp,
    /// How often it was handed to its service.
    delivered: u32,
}

impl Task {
    pub(super) fn new(service: &str, name: &str, label: String, payload: serde_json::Value) -> Self {
        Task {
            service: service.to_owned(),
            name: name.to_owned(),
            label,
            payload,
            caller: None,
            due: Timestamp::default(),
            delivered: 0,
        }
    }

    /// True if an earlier delivery did not come to its end.
    pub(crate) fn redelivered(&self) -> bool {
        self.delivered > 1
    }

    pub(super) fn due(&self) -> Timestamp {
        self.due
    }

    pub(super) fn label(&self) -> &str {
        &self.label
    }
}

/// Adds a task to a transaction, due at `due`, as the transaction's caller.
pub(super) fn add(tx: &mut Tx, task: Task, due: Timestamp) {
    let sequence = tx.sandbox().outbox.next_sequence();
    let caller = tx.caller().clone();
    let key = format!("{:020}\0{sequence:020}", due.millis().max(0));
    tx.put(&OUTBOX, &key, Task { caller: Some(caller), due, ..task });
}

/// The worker's side of a sandbox's outbox.
pub(super) struct Outbox {
    running: Mutex<HashMap<String, Running>>,
    wake: Notify,
    /// Moves each time a task ends.
    ended: watch::Sender<u64>,
    /// While `advance` runs, it alone takes tasks.
    held: AtomicBool,
    closed: AtomicBool,
    sequence: std::sync::atomic::AtomicU64,
}

struct Running {
    label: String,
    handle: tokio::task::AbortHandle,
}

impl Default for Outbox {
    fn default() -> Self {
        Outbox {
            running: Mutex::default(),
            wake: Notify::new(),
            ended: watch::Sender::new(0),
            held: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            // Wall time, so that numbers grow over restarts too.
            sequence: u64::try_from(super::clock::wall().millis()).unwrap_or_default().saturating_mul(1000).into(),
        }
    }
}

impl Outbox {
    fn next_sequence(&self) -> u64 {
        self.sequence.fetch_add(1, Ordering::SeqCst)
    }

    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    pub(super) fn hold(&self, held: bool) {
        self.held.store(held, Ordering::SeqCst);
        self.wake();
    }

    fn running(&self) -> std::sync::MutexGuard<'_, HashMap<String, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn is_idle(&self) -> bool {
        self.running().is_empty()
    }

    /// Waits until nothing runs.
    pub(super) async fn quiet(&self) {
        let mut ended = self.ended.subscribe();
        while !self.running().is_empty() {
            if ended.changed().await.is_err() {
                return;
            }
        }
    }

    /// Ends what runs, without a word to its service: the state it works on is about to go.
    pub(super) async fn stop_all(&self) {
        for (_, task) in self.running().drain() {
            task.handle.abort();
        }
        self.ended.send_modify(|count| *count += 1);
        tokio::task::yield_now().await;
    }

    pub(super) async fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.wake();
        self.stop_all().await;
    }
}

/// How often the worker looks up from waiting: to save the meter and to sweep blobs.
const HOUSEKEEPING: Duration = Duration::from_secs(5);

impl Sandbox {
    /// Starts the worker. It ends when the sandbox closes.
    pub(super) fn start(self: &Arc<Self>) {
        self.opened();
        let sandbox = Arc::clone(self);
        self.spawn(async move {
            while !sandbox.outbox.closed.load(Ordering::SeqCst) {
                sandbox.take_due();
                let wait = sandbox.until_next().unwrap_or(HOUSEKEEPING).min(HOUSEKEEPING);
                if tokio::time::timeout(wait, sandbox.outbox.wake.notified()).await.is_err() {
                    sandbox.meter.save(&sandbox);
                    sandbox.collect_garbage();
                }
            }
        });
    }

    /// Starts work that outlives the request that asked for it.
    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) -> tokio::task::AbortHandle {
        let started = match self.emulator() {
            Some(emulator) => emulator.spawn(work),
            None => tokio::spawn(work),
        };
        started.abort_handle()
    }

    /// Pending tasks in order, those that run left out.
    pub(super) fn pending(self: &Arc<Self>) -> Vec<(String, Arc<Task>)> {
        let caller = Arc::new(Caller::service("", ""));
        let all = self.read(&caller, |tx| Ok(tx.list(&OUTBOX, ""))).unwrap_or_default();
        let running = self.outbox.running();
        all.into_iter().filter(|(key, _)| !running.contains_key(key)).collect()
    }

    fn take_due(self: &Arc<Self>) {
        if self.outbox.held.load(Ordering::SeqCst) {
            return;
        }
        let now = self.now();
        for (key, task) in self.pending().into_iter().filter(|(_, task)| task.due <= now) {
            self.deliver(key, &task);
        }
    }

    fn until_next(self: &Arc<Self>) -> Option<Duration> {
        let (_, next) = self.pending().into_iter().next()?;
        let millis = next.due.millis() - self.now().millis();
        Some(Duration::from_millis(u64::try_from(millis).unwrap_or_default().max(1)))
    }

    /// Hands a task to its service, in a task of its own.
    pub(super) fn deliver(self: &Arc<Self>, key: String, task: &Arc<Task>) {
        let caller = task.caller.clone().unwrap_or_else(|| Caller::service(&self.descriptor.account, &self.descriptor.region));
        let cx = Cx::new(Arc::clone(self), Arc::new(caller));
        let mut task = (**task).clone();
        task.delivered += 1;
        let marked = cx.write(|tx| {
            tx.put(&OUTBOX, &key, task.clone());
            Ok(())
        });
        if marked.is_err() {
            return;
        }
        let label = task.label.clone();
        let sandbox = Arc::clone(self);
        let run_key = key.clone();
        // The lock is held over the spawn, so that a task that ends at once finds its own entry.
        let mut running = self.outbox.running();
        let handle = self.spawn(async move { sandbox.run(run_key, cx, task).await });
        running.insert(key, Running { label, handle });
    }

    async fn run(self: Arc<Self>, key: String, cx: Cx, task: Task) {
        let mut task = task;
        loop {
            let work = self.registry.task(&task.service, &task.name, cx.clone(), task.clone());
            let done = AssertUnwindSafe(work).catch_unwind().await.is_ok();
            // A service that panics is told of it once, by a second delivery; then the task is dropped.
            if done || task.redelivered() {
                break;
            }
            task.delivered += 1;
        }
        let forgotten = cx.write(|tx| {
            tx.delete(&OUTBOX, &key);
            Ok(())
        });
        // If that could not be written, the next start delivers it again, as the outbox promises.
        drop(forgotten);
        self.outbox.running().remove(&key);
        self.outbox.ended.send_modify(|count| *count += 1);
        self.outbox.wake();
    }

    /// What runs or is due, by name.
    pub(crate) fn busy(self: &Arc<Self>) -> Vec<String> {
        let now = self.now();
        let mut labels: Vec<String> = self.outbox.running().values().map(|task| task.label.clone()).collect();
        labels.extend(self.pending().iter().filter(|(_, task)| task.due <= now).map(|(_, task)| task.label.clone()));
        labels.sort();
        labels
    }

    /// Waits until a task ends or the time is over.
    pub(super) async fn task_ended(&self, limit: Duration) {
        let mut ended = self.outbox.ended.subscribe();
        drop(tokio::time::timeout(limit, ended.changed()).await);
    }
}
