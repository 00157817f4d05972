//! What queries read from and write to, as this crate asks for it; who calls it brings both.

use std::fmt::Debug;
use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value;

use crate::fault::Outcome;

/// Databases, tables and partitions, with Glue's member names.
#[async_trait]
pub trait Catalog: Send + Sync + Debug {
    /// Whether there is a database of this name.
    async fn has_database(&self, name: &str) -> Outcome<bool>;

    /// A table or view, as `GetTable` gives it.
    async fn table(&self, database: &str, name: &str) -> Outcome<Option<Value>>;

    /// Partitions, as `GetPartitions` gives them for its `Expression`; all without one.
    async fn partitions(&self, database: &str, table: &str, expression: Option<&str>) -> Outcome<Vec<Value>>;
}

/// An object of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its whole key.
    pub key: String,
    /// In bytes.
    pub size: u64,
    /// Milliseconds since 1970.
    pub modified: i64,
}

/// Buckets and their objects.
#[async_trait]
pub trait Objects: Send + Sync + Debug {
    /// All objects under a prefix, by key.
    async fn list(&self, bucket: &str, prefix: &str) -> Outcome<Vec<Object>>;

    /// A part of an object; `range` lies inside of it.
    async fn read(&self, bucket: &str, key: &str, range: Range<u64>) -> Outcome<Bytes>;

    /// A new object, or the old one anew.
    async fn write(&self, bucket: &str, key: &str, content: Bytes) -> Outcome<()>;
}
