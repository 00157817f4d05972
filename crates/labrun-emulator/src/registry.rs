//! Services and their operations: one declaration each, and the way from a value tree to a typed handler.
//!
//! At registration every input type is asked which members it reads ([`labrun_wire::value::members_of`]). At each call a member
//! that the handler does not read is refused by name, unless it asks for nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use labrun_wire::model::{Model, Operation, ShapeRef};
use labrun_wire::value::{Members, from_value, members_of, to_value};
use labrun_wire::{AwsError, AwsResult, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::gateway::body::{Download, Upload};
use crate::sandbox::outbox::Task;
use crate::sandbox::{Cx, Tx};

type Reply = AwsResult<(Value, Option<Download>)>;
type Pinned<T> = Pin<Box<dyn Future<Output = T> + Send>>;

type Reader = dyn Fn(&Tx, Value) -> AwsResult<Value> + Send + Sync;
type Writer = dyn Fn(&mut Tx, Value) -> AwsResult<Value> + Send + Sync;
type Streamer = dyn Fn(Cx, Value, Upload) -> Pinned<Reply> + Send + Sync;

enum Handler {
    Read(Box<Reader>),
    Write(Box<Writer>),
    Stream(Box<Streamer>),
}

/// One call of an operation.
pub(crate) struct Call<'a> {
    pub(crate) service: &'a str,
    pub(crate) operation: &'a str,
    pub(crate) input: Value,
}

struct Implemented {
    handler: Handler,
    members: Members,
}

type TaskHandler = Box<dyn Fn(Cx, Task) -> Pinned<()> + Send + Sync>;

/// One service: its operations and tasks.
pub(crate) struct Service {
    name: &'static str,
    operations: BTreeMap<&'static str, Implemented>,
    tasks: HashMap<&'static str, TaskHandler>,
    echoed: &'static [&'static str],
    blobs: Option<fn(&Tx) -> HashSet<String>>,
}

impl Service {
    pub(crate) fn new(name: &'static str) -> Self {
        Service { name, operations: BTreeMap::new(), tasks: HashMap::new(), echoed: &[], blobs: None }
    }

    /// An operation that only reads: it runs on a snapshot, beside all others.
    pub(crate) fn read<I, O>(self, name: &'static str, handler: fn(&Tx, I) -> AwsResult<O>) -> Self
    where
        I: DeserializeOwned + 'static,
        O: Serialize + 'static,
    {
        let erased = move |tx: &Tx, input: Value| output(&handler(tx, typed(input)?)?);
        self.add(name, Handler::Read(Box::new(erased)), members_of::<I>())
    }

    /// An operation that changes something: alone among writers, all or nothing.
    pub(crate) fn op<I, O>(self, name: &'static str, handler: fn(&mut Tx, I) -> AwsResult<O>) -> Self
    where
        I: DeserializeOwned + 'static,
        O: Serialize + 'static,
    {
        let erased = move |tx: &mut Tx, input: Value| output(&handler(tx, typed(input)?)?);
        self.add(name, Handler::Write(Box::new(erased)), members_of::<I>())
    }

    /// An operation whose body streams, in or out, or that waits: it opens its transactions itself, and is no part of others.
    pub(crate) fn stream<I, O, F>(self, name: &'static str, handler: fn(Cx, I, Upload) -> F) -> Self
    where
        I: DeserializeOwned + Send + 'static,
        O: Serialize + 'static,
        F: Future<Output = AwsResult<(O, Option<Download>)>> + Send + 'static,
    {
        let erased = move |cx: Cx, input: Value, body: Upload| -> Pinned<Reply> {
            let input = typed::<I>(input);
            Box::pin(async move {
                let (answer, download) = handler(cx, input?, body).await?;
                Ok((output(&answer)?, download))
            })
        };
        self.add(name, Handler::Stream(Box::new(erased)), members_of::<I>())
    }

    /// A task of the outbox.
    pub(crate) fn task<F>(mut self, name: &'static str, handler: fn(Cx, Task) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.tasks.insert(name, Box::new(move |cx, task| Box::pin(handler(cx, task))));
        self
    }

    /// Members, as `Operation.Member.Path`, that are only stored and returned. The coverage table lists them.
    pub(crate) fn echoed(mut self, members: &'static [&'static str]) -> Self {
        self.echoed = members;
        self
    }

    /// Says which blobs the service's rows refer to.
    pub(crate) fn blobs(mut self, in_use: fn(&Tx) -> HashSet<String>) -> Self {
        self.blobs = Some(in_use);
        self
    }

    fn add(mut self, name: &'static str, handler: Handler, members: Members) -> Self {
        self.operations.insert(name, Implemented { handler, members });
        self
    }
}

fn typed<I: DeserializeOwned>(input: Value) -> AwsResult<I> {
    from_value(input).map_err(|fault| AwsError::new("SerializationException", fault.to_string()).status(400))
}

fn output<O: Serialize>(answer: &O) -> AwsResult<Value> {
    to_value(answer).map_err(|fault| AwsError::internal(fault.to_string()))
}

/// All services of the process.
pub(crate) struct Registry {
    services: HashMap<&'static str, Service>,
}

impl Registry {
    pub(crate) fn new(services: Vec<Service>) -> Self {
        Registry { services: services.into_iter().map(|service| (service.name, service)).collect() }
    }

    /// The handler of an operation, once the input asks for nothing that it does not do.
    fn find(&self, service: &str, operation: &str, input: &Value) -> AwsResult<&Implemented> {
        let found = self.services.get(service).and_then(|service| service.operations.get(operation));
        let found = found.ok_or_else(|| AwsError::not_implemented(format_args!("{service} {operation}")))?;
        if let Some(model) = Model::named(service) {
            let checker = Honored { model, operation };
            checker.check(&found.members, input, "")?;
        }
        Ok(found)
    }

    /// Runs an operation in a context of its own.
    pub(crate) async fn dispatch(&self, cx: &Cx, call: Call<'_>, body: Upload) -> Reply {
        let Call { service, operation, input } = call;
        match &self.find(service, operation, &input)?.handler {
            Handler::Read(handler) => cx.read(|tx| handler(tx, input)).map(|output| (output, None)),
            Handler::Write(handler) => cx.write(|tx| handler(tx, input)).map(|output| (output, None)),
            Handler::Stream(handler) => handler(cx.clone(), input, body).await,
        }
    }

    /// Runs an operation inside a transaction that is under way.
    pub(crate) fn call(&self, tx: &mut Tx, service: &str, operation: &str, input: Value) -> AwsResult<Value> {
        match &self.find(service, operation, &input)?.handler {
            Handler::Read(handler) => handler(tx, input),
            Handler::Write(handler) => handler(tx, input),
            Handler::Stream(_) => Err(AwsError::internal(format!("{service} {operation} streams: call it from a context"))),
        }
    }

    /// The same for operations that only read.
    pub(crate) fn ask(&self, tx: &Tx, service: &str, operation: &str, input: Value) -> AwsResult<Value> {
        match &self.find(service, operation, &input)?.handler {
            Handler::Read(handler) => handler(tx, input),
            _ => Err(AwsError::internal(format!("{service} {operation} does not only read"))),
        }
    }

    pub(crate) fn task(&self, service: &str, name: &str, cx: Cx, task: Task) -> Pinned<()> {
        match self.services.get(service).and_then(|service| service.tasks.get(name)) {
            Some(handler) => handler(cx, task),
            // A task of a newer labrun: it can't be done here, and its service's state says that it never was.
            None => Box::pin(std::future::ready(())),
        }
    }

    pub(crate) fn blobs_in_use(&self, tx: &Tx) -> HashSet<String> {
        self.services.values().filter_map(|service| service.blobs).flat_map(|in_use| in_use(tx)).collect()
    }
}

/// Refuses members that a handler does not read.
struct Honored<'a> {
    model: &'a Model,
    operation: &'a str,
}

impl Honored<'_> {
    fn check(&self, members: &Members, value: &Value, path: &str) -> AwsResult<()> {
        match (members, value) {
            (Members::Named(named), Value::Map(map)) => map.iter().try_for_each(|(name, value)| {
                let below = named.get(name);
                if below == Some(&Members::All) {
                    return Ok(());
                }
                let place = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                match below {
                    Some(below) => self.check(below, value, &place),
                    None if self.model.patch.wire.contains(&place) || self.asks_for_nothing(value, &place) => Ok(()),
                    None => Err(AwsError::not_implemented(format_args!(
                        "the member {place} of {} {} (it was {})",
                        self.model.name,
                        self.operation,
                        value.to_json()
                    ))),
                }
            }),
            (Members::Each(item), Value::List(items)) => items.iter().try_for_each(|value| self.check(item, value, path)),
            (Members::Each(item), Value::Map(map)) => map.values().try_for_each(|value| self.check(item, value, path)),
            _ => Ok(()),
        }
    }

    fn asks_for_nothing(&self, value: &Value, place: &str) -> bool {
        let defaults = self.model.patch.defaults.get(&format!("{}.{place}", self.operation));
        value.is_off() || defaults.is_some_and(|values| values.iter().any(|default| *default == value.to_json()))
    }
}

/// What is built of one service, for SEMANTICS.md.
pub struct Coverage {
    pub service: String,
    pub operations: Vec<String>,
    pub all: usize,
    /// Per operation: members of its input that are refused unless they are off.
    pub refused: BTreeMap<String, Vec<String>>,
    pub echoed: Vec<String>,
    /// Members that a handler reads and the model lacks: misspelt.
    pub unknown: Vec<String>,
}

/// The coverage of all services, by name.
pub fn coverage() -> Vec<Coverage> {
    let registry = Registry::new(crate::services::all());
    let mut found: Vec<Coverage> = registry.services.values().filter_map(Service::coverage).collect();
    found.sort_by(|a, b| a.service.cmp(&b.service));
    found
}

impl Service {
    fn coverage(&self) -> Option<Coverage> {
        let model = Model::named(self.name)?;
        let mut coverage = Coverage {
            service: self.name.to_owned(),
            operations: self.operations.keys().map(|name| (*name).to_owned()).collect(),
            all: model.operations.len(),
            refused: BTreeMap::new(),
            echoed: self.echoed.iter().map(|member| (*member).to_owned()).collect(),
            unknown: Vec::new(),
        };
        for (name, implemented) in &self.operations {
            let Some(Operation { input: Some(input), .. }) = model.operation(name) else {
                if model.operation(name).is_none() {
                    coverage.unknown.push((*name).to_owned());
                }
                continue;
            };
            let mut walk = Walk { model, refused: Vec::new(), unknown: Vec::new() };
            walk.compare(input, &implemented.members, "");
            coverage.unknown.append(&mut walk.unknown);
            if !walk.refused.is_empty() {
                coverage.refused.insert((*name).to_owned(), walk.refused);
            }
        }
        Some(coverage)
    }
}

/// Compares what a handler reads with what the model has.
struct Walk<'m> {
    model: &'m Model,
    refused: Vec<String>,
    unknown: Vec<String>,
}

impl Walk<'_> {
    fn compare(&mut self, reference: &ShapeRef, members: &Members, path: &str) {
        let shape = self.model.shape(reference);
        match members {
            Members::Named(named) => {
                let place = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
                for (name, below) in named {
                    match shape.member(name) {
                        Some(member) => self.compare(member, below, &place(name)),
                        None => self.unknown.push(format!("{}: {}", reference.shape, place(name))),
                    }
                }
                let left = shape.members.iter().filter(|(name, _)| !named.contains_key(name)).map(|(name, _)| place(name));
                self.refused.extend(left.filter(|place| !self.model.patch.wire.contains(place)));
            }
            Members::Each(item) => {
                if let Some(below) = shape.member.as_ref().or(shape.value.as_ref()) {
                    self.compare(below, item, path);
                }
            }
            Members::All => {}
        }
    }
}

/// The registry of all services, made once.
pub(crate) fn all() -> Arc<Registry> {
    Arc::new(Registry::new(crate::services::all()))
}
