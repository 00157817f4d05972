//! A sandbox's clock: the machine's time plus an offset that only ever grows.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use labrun_wire::Timestamp;

use super::state::{Scope, State, Table};

/// The offset, kept over restarts.
pub(super) const OFFSET: Table<i64> = Table::new("_clock", Scope::Global);
const OFFSET_KEY: &str = "_clock\0offset";

#[derive(Default)]
pub(super) struct Clock {
    offset: AtomicI64,
}

/// The machine's time.
pub(crate) fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

impl Clock {
    pub(super) fn now(&self) -> Timestamp {
        wall().plus_millis(self.offset())
    }

    pub(super) fn offset(&self) -> i64 {
        self.offset.load(Ordering::SeqCst)
    }

    pub(super) fn set_offset(&self, offset: i64) {
        self.offset.store(offset, Ordering::SeqCst);
    }

    pub(super) fn restore(&self, state: &State) {
        if let Some(row) = state.rows.get(OFFSET_KEY) {
            self.set_offset(*row.get::<i64>(OFFSET_KEY));
        }
    }
}
