//! How much a query has read: what Athena bills.

use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of objects, counted as they are read.
#[derive(Debug, Default)]
pub struct Meter {
    bytes: AtomicU64,
    /// None where it is 0.
    limit: u64,
}

impl Meter {
    /// Of a query that may read so many bytes (workgroups-setting-control-limits-cloudwatch).
    pub fn limited(limit: u64) -> Self {
        Meter { limit, ..Meter::default() }
    }

    /// More was read than the query may.
    pub fn is_exceeded(&self) -> bool {
        self.limit > 0 && self.bytes_read() > self.limit
    }

    pub(crate) fn read(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Bytes of objects that were read up to now.
    pub fn bytes_read(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}
