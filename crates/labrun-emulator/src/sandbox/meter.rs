//! The meter: counts of what was used, by the engine that used it. Prices come with a dated table, later.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::Sandbox;
use super::state::{Scope, State, Table};
use super::tx::Caller;

const METER: Table<BTreeMap<String, u64>> = Table::new("_meter", Scope::Global);
const METER_KEY: &str = "_meter\0counts";

#[derive(Default)]
pub(crate) struct Meter {
    counts: Mutex<BTreeMap<String, u64>>,
    changed: AtomicBool,
}

impl Meter {
    /// Adds to a count: `glue.StartJobRun`, `glue.dpu-milliseconds`, …
    pub(crate) fn count(&self, name: &str, amount: u64) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(name) {
            Some(count) => *count += amount,
            None => {
                counts.insert(name.to_owned(), amount);
            }
        }
        self.changed.store(true, Ordering::Relaxed);
    }

    pub(crate) fn counts(&self) -> BTreeMap<String, u64> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn clear(&self) {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(super) fn restore(&self, state: &State) {
        if let Some(row) = state.rows.get(METER_KEY) {
            *self.counts.lock().unwrap_or_else(PoisonError::into_inner) = (*row.get::<BTreeMap<String, u64>>(METER_KEY)).clone();
        }
    }

    /// Writes the counts into the state if they moved; the worker does so every few seconds, closing does once more.
    pub(super) fn save(&self, sandbox: &Arc<Sandbox>) {
        if !self.changed.swap(false, Ordering::Relaxed) {
            return;
        }
        let caller = Arc::new(Caller::service("", ""));
        let counts = self.counts();
        let saved = sandbox.write(&caller, |tx| {
            tx.put(&METER, "counts", counts);
            Ok(())
        });
        if saved.is_err() {
            self.changed.store(true, Ordering::Relaxed);
        }
    }
}
