//! What a handler works with: a transaction over tables ([`Tx`]), or, where it streams or waits, a context that opens short ones
//! ([`Cx`]).

use std::sync::Arc;

use labrun_wire::{AwsResult, Timestamp, Value};
use serde::{Deserialize, Serialize};

use super::ids::Ids;
use super::outbox::{self, Task};
use super::state::{Row, State, Stored, Table};
use super::trail::Asked;
use super::{Blobs, Sandbox};
use crate::gateway::body::{Download, Upload};
use crate::registry::Call;

/// Who calls, where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Caller {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) principal: Principal,
    pub(crate) request_id: String,
}

/// The identity behind a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Principal {
    pub(crate) arn: String,
    /// `AIDA…`, `AROA…:session`, or the account for its root.
    pub(crate) user_id: String,
    /// The key that signed; empty for anonymous and for labrun's own calls.
    pub(crate) access_key_id: String,
}

impl Principal {
    pub(crate) fn root(account: &str) -> Self {
        Principal { arn: format!("arn:aws:iam::{account}:root"), user_id: account.to_owned(), access_key_id: String::new() }
    }

    pub(crate) fn anonymous() -> Self {
        Principal { arn: "anonymous".to_owned(), user_id: String::new(), access_key_id: String::new() }
    }
}

impl Caller {
    /// labrun itself, acting for a service of this account.
    pub(crate) fn service(account: &str, region: &str) -> Self {
        Caller {
            account: account.to_owned(),
            region: region.to_owned(),
            principal: Principal::root(account),
            request_id: String::new(),
        }
    }

    /// The ARN of something in this account and region.
    pub(crate) fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.region, self.account)
    }
}

/// A transaction: a snapshot, and the changes on top of it.
pub(crate) struct Tx<'s> {
    sandbox: &'s Arc<Sandbox>,
    caller: Arc<Caller>,
    state: State,
    now: Timestamp,
    writes: Vec<Write>,
    garbage: Vec<String>,
}

/// One changed row: its bytes, or none where it is gone.
pub(super) struct Write {
    pub(super) key: Arc<str>,
    pub(super) value: Option<Vec<u8>>,
}

/// What a finished transaction leaves.
pub(super) struct Done {
    pub(super) state: State,
    pub(super) writes: Vec<Write>,
    pub(super) garbage: Vec<String>,
}

impl<'s> Tx<'s> {
    pub(super) fn new(sandbox: &'s Arc<Sandbox>, caller: &Arc<Caller>, state: State) -> Self {
        let now = sandbox.now();
        Tx { sandbox, caller: Arc::clone(caller), state, now, writes: Vec::new(), garbage: Vec::new() }
    }

    pub(super) fn done(mut self) -> Done {
        // labrun's own bookkeeping is no change of the learner's cloud.
        let changed = self.writes.iter().any(|write| !write.key.starts_with('_'));
        self.state.commit += u64::from(changed);
        Done { state: self.state, writes: self.writes, garbage: self.garbage }
    }

    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The sandbox's time when the transaction began.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) fn ids(&self) -> &Ids {
        &self.sandbox.ids
    }

    pub(crate) fn get<T: Stored>(&self, table: &Table<T>, key: &str) -> Option<Arc<T>> {
        let full = table.prefix(&self.caller) + key;
        self.state.rows.get(full.as_str()).map(|row| row.get(&full))
    }

    pub(crate) fn has<T: Stored>(&self, table: &Table<T>, key: &str) -> bool {
        self.state.rows.contains_key((table.prefix(&self.caller) + key).as_str())
    }

    /// Rows whose key begins with `prefix`, in order.
    pub(crate) fn list<T: Stored>(&self, table: &Table<T>, prefix: &str) -> Vec<(String, Arc<T>)> {
        let mut rows = Vec::new();
        self.each(table, prefix, None, |key, row| {
            rows.push((key.to_owned(), row));
            true
        });
        rows
    }

    /// Visits rows whose key begins with `prefix` and lies after `after`, in order, until `visit` says that it has enough.
    pub(crate) fn each<T: Stored>(
        &self,
        table: &Table<T>,
        prefix: &str,
        after: Option<&str>,
        mut visit: impl FnMut(&str, Arc<T>) -> bool,
    ) {
        let scope = table.prefix(&self.caller);
        let full = format!("{scope}{prefix}");
        let after = after.map(|key| format!("{scope}{key}")).filter(|after| *after >= full);
        for (key, row) in self.state.range(&full, after.as_deref()) {
            if !visit(&key[scope.len()..], row.get(key)) {
                break;
            }
        }
    }

    /// True if some key begins with `prefix`.
    pub(crate) fn any<T: Stored>(&self, table: &Table<T>, prefix: &str) -> bool {
        let full = table.prefix(&self.caller) + prefix;
        self.state.range(&full, None).next().is_some()
    }

    /// # Panics
    /// If the row can't be written as JSON: a fault of its type.
    pub(crate) fn put<T: Stored>(&mut self, table: &Table<T>, key: &str, value: T) {
        let full: Arc<str> = (table.prefix(&self.caller) + key).into();
        let bytes = serde_json::to_vec(&value).unwrap_or_else(|fault| panic!("a row of {} can't be stored: {fault}", table.name));
        self.state.rows.insert(Arc::clone(&full), Arc::new(Row::new(Arc::new(value))));
        self.writes.push(Write { key: full, value: Some(bytes) });
    }

    /// Changes a row that is there; tells whether it was.
    pub(crate) fn update<T: Stored + Clone>(&mut self, table: &Table<T>, key: &str, change: impl FnOnce(&mut T)) -> bool {
        let Some(row) = self.get(table, key) else { return false };
        let mut row = (*row).clone();
        change(&mut row);
        self.put(table, key, row);
        true
    }

    pub(crate) fn delete<T: Stored>(&mut self, table: &Table<T>, key: &str) -> bool {
        let full: Arc<str> = (table.prefix(&self.caller) + key).into();
        let there = self.state.rows.remove(&*full).is_some();
        if there {
            self.writes.push(Write { key: full, value: None });
        }
        there
    }

    /// Deletes every row whose key begins with `prefix`; says how many.
    pub(crate) fn delete_all<T: Stored>(&mut self, table: &Table<T>, prefix: &str) -> usize {
        let keys: Vec<String> = self.list(table, prefix).into_iter().map(|(key, _)| key).collect();
        keys.iter().filter(|key| self.delete(table, key)).count()
    }

    /// Says that these blobs may no longer be needed. They go once nothing refers to them.
    pub(crate) fn release(&mut self, blobs: impl IntoIterator<Item = String>) {
        self.garbage.extend(blobs);
    }

    /// Calls an operation of any service, in this transaction, as this caller.
    pub(crate) fn call(&mut self, service: &str, operation: &str, input: Value) -> AwsResult<Value> {
        let registry = Arc::clone(&self.sandbox.registry);
        registry.call(self, service, operation, input)
    }

    /// Calls an operation that only reads.
    pub(crate) fn ask(&self, service: &str, operation: &str, input: Value) -> AwsResult<Value> {
        self.sandbox.registry.ask(self, service, operation, input)
    }

    /// Puts a task into the outbox, due at once. `label` names it to people ("glue job run jr_…").
    pub(crate) fn later(&mut self, service: &'static str, name: &'static str, label: String, payload: serde_json::Value) {
        outbox::add(self, Task::new(service, name, label, payload), self.now);
    }

    /// Puts a task into the outbox, due at a moment to come.
    pub(crate) fn at(&mut self, due: Timestamp, service: &'static str, name: &'static str, payload: serde_json::Value) {
        outbox::add(self, Task::new(service, name, format!("{service} {name}"), payload), due);
    }

    pub(crate) fn sandbox(&self) -> &Arc<Sandbox> {
        self.sandbox
    }

    /// Lets Spark boot a stand-by: a run may follow soon.
    pub(crate) fn warm_spark(&self) {
        if let Some(emulator) = self.sandbox.emulator() {
            emulator.spark().warm(&emulator);
        }
    }
}

/// The context of a handler or task that streams or waits.
#[derive(Clone)]
pub(crate) struct Cx {
    sandbox: Arc<Sandbox>,
    caller: Arc<Caller>,
}

impl Cx {
    pub(crate) fn new(sandbox: Arc<Sandbox>, caller: Arc<Caller>) -> Self {
        Cx { sandbox, caller }
    }

    pub(crate) fn sandbox(&self) -> &Arc<Sandbox> {
        &self.sandbox
    }

    pub(crate) fn caller(&self) -> &Arc<Caller> {
        &self.caller
    }

    /// The same context for another caller.
    pub(crate) fn with_caller(&self, caller: Caller) -> Self {
        Cx { sandbox: Arc::clone(&self.sandbox), caller: Arc::new(caller) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.sandbox.now()
    }

    pub(crate) fn blobs(&self) -> &Arc<Blobs> {
        self.sandbox.blobs()
    }

    pub(crate) fn read<T>(&self, f: impl FnOnce(&Tx) -> AwsResult<T>) -> AwsResult<T> {
        self.sandbox.read(&self.caller, f)
    }

    pub(crate) fn write<T>(&self, f: impl FnOnce(&mut Tx) -> AwsResult<T>) -> AwsResult<T> {
        self.sandbox.write(&self.caller, f)
    }

    /// Calls any operation of any service as this caller, streamed bodies and all, with an entry in the trail.
    pub(crate) async fn call(
        &self,
        service: &str,
        operation: &str,
        input: Value,
        body: Upload,
    ) -> AwsResult<(Value, Option<Download>)> {
        let asked = Asked::new(service, operation, &input);
        let outcome = self.sandbox.registry.dispatch(self, Call { service, operation, input }, body).await;
        self.sandbox.trail.record(self, asked, outcome.as_ref().err());
        outcome
    }
}
