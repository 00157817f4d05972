//! Objects as readers ask for them: every byte that is handed out is counted, and none is read that was not asked for.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

use super::location::Location;
use super::meter::Meter;
use crate::fault::{Fault, Outcome};
use crate::source::{Object, Objects};

/// Buckets, with the meter of one query.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    objects: Arc<dyn Objects>,
    pub(crate) meter: Arc<Meter>,
}

impl Store {
    pub(crate) fn new(objects: Arc<dyn Objects>, meter: Arc<Meter>) -> Self {
        Store { objects, meter }
    }

    /// A part of an object, counted.
    pub(crate) async fn part(&self, bucket: &str, key: &str, range: Range<u64>) -> Outcome<Bytes> {
        let bytes = self.objects.read(bucket, key, range).await?;
        self.meter.read(bytes.len());
        if self.meter.is_exceeded() {
            return Err(Fault::new("EXCEEDED_SCAN_LIMIT", "Bytes scanned limit was exceeded"));
        }
        Ok(bytes)
    }

    /// What a table has at a place: not what hides (`_` or `.` first), nor empty objects.
    pub(crate) async fn list(&self, location: &Location) -> Outcome<Vec<Object>> {
        let mut found = self.objects.list(&location.bucket, &location.prefix).await?;
        found.retain(|object| object.size > 0 && is_visible(&object.key[location.prefix.len().min(object.key.len())..]));
        Ok(found)
    }
}

/// No part of the path hides it (other-notable-limitations).
fn is_visible(path: &str) -> bool {
    !path.ends_with('/') && path.split('/').all(|part| !part.starts_with(['_', '.']))
}
