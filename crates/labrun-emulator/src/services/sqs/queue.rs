//! Queues: made, found, listed, emptied, removed.

use std::collections::BTreeMap;
use std::sync::Arc;

use labrun_wire::page::{page, position};
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::deduplication::SENT;
use super::message::MESSAGES;
use super::settings::Settings;
use super::{address, error, redrive, tag};
use crate::sandbox::{Scope, Table, Tx};

pub(super) const QUEUES: Table<Queue> = Table::new("sqs.queues", Scope::Regional);

/// When the last queue of a name was deleted.
const DELETED: Table<Timestamp> = Table::new("sqs.deleted", Scope::Regional);

/// How long a name stays taken after its queue is deleted, and a queue is being purged.
const MINUTE_MILLIS: i64 = 60_000;

/// API Reference, ListQueues: "a maximum of 1,000 results".
const MOST_LISTED: i64 = 1000;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Queue {
    pub(super) name: String,
    /// Tells a queue from an earlier one of its name: receipt handles don't outlive their queue.
    pub(super) id: String,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) settings: Settings,
    pub(super) tags: BTreeMap<String, String>,
    /// The number of the next message that arrives.
    pub(super) next_message: i64,
    purged: Option<Timestamp>,
}

impl Queue {
    pub(super) fn is_fifo(&self) -> bool {
        self.settings.fifo.is_some()
    }
}

pub(super) fn change(tx: &mut Tx, name: &str, change: impl FnOnce(&mut Queue)) -> AwsResult<()> {
    if tx.update(&QUEUES, name, change) { Ok(()) } else { Err(error::no_queue()) }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    queue_name: String,
    attributes: Option<BTreeMap<String, String>>,
    /// The one member of this API that begins small.
    #[serde(rename = "tags")]
    tags: Option<BTreeMap<String, String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Located {
    queue_url: String,
}

/// Gives the queue that is there, if nothing that is asked for differs from it (API Reference, QueueNameExists).
pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<Located> {
    let name = input.queue_name;
    let mut attributes = input.attributes.unwrap_or_default();
    let fifo = Settings::take_type(&mut attributes)?;
    check_name(&name, fifo)?;
    let queue_url = address::url(tx, &name)?;
    if let Some(queue) = tx.get(&QUEUES, &name) {
        if let Some(other) = queue.settings.first_difference(&attributes)? {
            return Err(error::queue_exists(&other));
        }
        return Ok(Located { queue_url });
    }
    if tx.get(&DELETED, &name).is_some_and(|at| tx.now() < at.plus_millis(MINUTE_MILLIS)) {
        return Err(error::deleted_recently());
    }
    let settings = Settings::new(fifo).changed(&attributes)?;
    redrive::check(tx, &name, &settings)?;
    let tags = tag::checked(input.tags.unwrap_or_default())?;
    let (id, created) = (tx.ids().hex(16), tx.now());
    let queue = Queue { name: name.clone(), id, created, modified: created, settings, tags, next_message: 0, purged: None };
    tx.delete(&DELETED, &name);
    tx.put(&QUEUES, &name, queue);
    Ok(Located { queue_url })
}

/// API Reference, CreateQueue, QueueName.
fn check_name(name: &str, fifo: bool) -> AwsResult<()> {
    let stem = if fifo { name.strip_suffix(".fifo").ok_or_else(error::fifo_queue_name)? } else { name };
    let fits = stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if fits && !stem.is_empty() && name.len() <= 80 {
        return Ok(());
    }
    Err(if fifo { error::fifo_queue_name() } else { error::queue_name() })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Locate {
    queue_name: String,
    #[serde(rename = "QueueOwnerAWSAccountId")]
    owner: Option<String>,
}

pub(super) fn locate(tx: &Tx, input: Locate) -> AwsResult<Located> {
    if input.owner.is_some_and(|owner| owner != tx.caller().account) {
        return Err(error::no_access());
    }
    if !tx.has(&QUEUES, &input.queue_name) {
        return Err(error::no_queue());
    }
    Ok(Located { queue_url: address::url(tx, &input.queue_name)? })
}

#[derive(Serialize)]
pub(super) struct Nothing {}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    queue_url: String,
}

pub(super) fn delete(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    let name = address::queue(tx, &input.queue_url)?.name.clone();
    tx.delete_all(&MESSAGES, &format!("{name}\0"));
    tx.delete_all(&SENT, &format!("{name}\0"));
    tx.delete(&QUEUES, &name);
    tx.put(&DELETED, &name, tx.now());
    Ok(Nothing {})
}

/// Messages go at once. What was sent is remembered: "Amazon SQS continues to keep track of the message deduplication ID even
/// after the message is received and deleted".
pub(super) fn purge(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    let queue = address::queue(tx, &input.queue_url)?;
    let now = tx.now();
    if queue.purged.is_some_and(|at| now < at.plus_millis(MINUTE_MILLIS)) {
        return Err(error::purge_in_progress(&queue.name));
    }
    tx.delete_all(&MESSAGES, &format!("{}\0", queue.name));
    change(tx, &queue.name, |queue| queue.purged = Some(now))?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    queue_name_prefix: Option<String>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

/// Without queues the member is left out, as AWS's answers leave out what they have nothing to say about.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    queue_urls: Option<Vec<String>>,
    next_token: Option<String>,
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let prefix = input.queue_name_prefix.unwrap_or_default();
    let queues = tx.list(&QUEUES, &prefix).into_iter().map(|(_, queue)| queue);
    let context = format!("sqs.ListQueues {prefix}");
    let (urls, next_token) = Ask { context, token: input.next_token, most: input.max_results }.page(tx, queues)?;
    Ok(Listed { queue_urls: Some(urls).filter(|urls| !urls.is_empty()), next_token })
}

/// What a client asks of a listing of queues, and everything that selects them.
pub(super) struct Ask {
    pub(super) context: String,
    pub(super) token: Option<String>,
    pub(super) most: Option<i64>,
}

impl Ask {
    /// One page of URLs of queues that are in the order of their names. "You must set MaxResults to receive a value for NextToken."
    pub(super) fn page(self, tx: &Tx, queues: impl Iterator<Item = Arc<Queue>>) -> AwsResult<(Vec<String>, Option<String>)> {
        if let Some(most) = self.most.filter(|most| !(1..=MOST_LISTED).contains(most)) {
            return Err(error::max_results(most));
        }
        let after = self.token.map(|token| position(&self.context, &token).ok_or_else(error::next_token)).transpose()?;
        let size = usize::try_from(self.most.unwrap_or(MOST_LISTED)).unwrap_or(1);
        let rest = queues.skip_while(|queue| after.as_ref().is_some_and(|after| queue.name <= *after));
        let page = page(rest, size, &self.context, |queue| queue.name.clone());
        let urls = page.items.iter().map(|queue| address::url(tx, &queue.name)).collect::<AwsResult<_>>()?;
        Ok((urls, page.next.filter(|_| self.most.is_some())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_their_type() {
        assert!(check_name("a-b_C9", false).is_ok() && check_name("a.fifo", true).is_ok());
        assert!(check_name(&"a".repeat(80), false).is_ok());
        assert!(check_name(&format!("{}.fifo", "a".repeat(75)), true).is_ok());
        for (name, fifo) in [("", false), ("a.fifo", false), ("a b", false), ("a", true), (".fifo", true), ("é", false)] {
            assert!(check_name(name, fifo).is_err(), "{name}");
        }
        assert!(check_name(&"a".repeat(81), false).is_err());
        assert!(check_name(&format!("{}.fifo", "a".repeat(76)), true).is_err());
    }
}
