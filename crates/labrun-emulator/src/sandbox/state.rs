//! The state of a sandbox: one persistent ordered map of rows. A clone is a snapshot and costs nothing.
//!
//! A row is read from disk as bytes and becomes typed at its first use. Tables are names and types; the map knows neither.

use std::any::Any;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

use imbl::OrdMap;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::tx::Caller;

/// Rows by full key: table, scope and key, parted by NUL, so that a listing is a range.
#[derive(Clone, Default)]
pub(crate) struct State {
    pub(super) rows: OrdMap<Arc<str>, Arc<Row>>,
    pub(super) commit: u64,
}

/// What a table's rows can be.
pub(crate) trait Stored: Serialize + DeserializeOwned + Send + Sync + 'static {}
impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> Stored for T {}

pub(crate) struct Row {
    /// As read from disk; a row written by this process has none.
    raw: Option<Box<[u8]>>,
    typed: OnceLock<Arc<dyn Any + Send + Sync>>,
}

impl Row {
    pub(super) fn raw(bytes: Vec<u8>) -> Self {
        Row { raw: Some(bytes.into_boxed_slice()), typed: OnceLock::new() }
    }

    pub(super) fn new<T: Stored>(value: Arc<T>) -> Self {
        let value: Arc<dyn Any + Send + Sync> = value;
        Row { raw: None, typed: OnceLock::from(value) }
    }

    /// # Panics
    /// If the row is of another type: two tables share a name, or the format changed without a new format version.
    pub(super) fn get<T: Stored>(&self, key: &str) -> Arc<T> {
        let any = self.typed.get_or_init(|| {
            let raw = self.raw.as_deref().unwrap_or_default();
            let value: T =
                serde_json::from_slice(raw).unwrap_or_else(|fault| panic!("the stored row {key:?} can't be read: {fault}"));
            Arc::new(value)
        });
        Arc::clone(any).downcast().unwrap_or_else(|_| panic!("the row {key:?} is of another type"))
    }
}

impl State {
    pub(super) fn rows_by_table(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for key in self.rows.keys() {
            let table = key.split('\0').next().unwrap_or_default();
            if !table.starts_with('_') {
                *counts.entry(table.to_owned()).or_default() += 1;
            }
        }
        counts
    }

    /// Rows whose full key begins with `prefix` and lies after `after`, in order.
    pub(super) fn range<'a>(
        &'a self,
        prefix: &'a str,
        after: Option<&str>,
    ) -> impl Iterator<Item = (&'a Arc<str>, &'a Arc<Row>)> {
        let start = after.map_or(Bound::Included(prefix), Bound::Excluded);
        let start = match start {
            Bound::Included(key) => Bound::Included(Arc::<str>::from(key)),
            Bound::Excluded(key) => Bound::Excluded(Arc::<str>::from(key)),
            Bound::Unbounded => Bound::Unbounded,
        };
        self.rows.range((start, Bound::Unbounded)).take_while(move |(key, _)| key.starts_with(prefix))
    }
}

/// How far a table's names reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// One name in all of AWS (S3 buckets).
    Global,
    /// One name in an account (IAM).
    Account,
    /// One name in an account's region (nearly everything).
    Regional,
}

/// A table: its name, the reach of its names, and the type of its rows.
pub(crate) struct Table<T> {
    pub(crate) name: &'static str,
    scope: Scope,
    rows: PhantomData<fn() -> T>,
}

impl<T> Table<T> {
    pub(crate) const fn new(name: &'static str, scope: Scope) -> Self {
        Table { name, scope, rows: PhantomData }
    }

    /// What all keys of this caller's part of the table begin with.
    pub(super) fn prefix(&self, caller: &Caller) -> String {
        match self.scope {
            Scope::Global => format!("{}\0", self.name),
            Scope::Account => format!("{}\0{}\0", self.name, caller.account),
            Scope::Regional => format!("{}\0{}\0{}\0", self.name, caller.account, caller.region),
        }
    }
}
