//! SendMessage and SendMessageBatch.

use labrun_wire::{AwsError, AwsResult};
use serde::{Deserialize, Serialize};

use super::batch::{self, Entry, Outcome};
use super::content::{self, Attributes};
use super::message::{self, Message, Ordered};
use super::queue::Queue;
use super::{address, deduplication, error};
use crate::sandbox::Tx;

/// API Reference, SendMessage, DelaySeconds.
const LONGEST_DELAY: i64 = 900;

/// API Reference, SendMessageBatch: all messages together.
const LARGEST_BATCH: usize = 1_048_576;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Send {
    queue_url: String,
    message_body: String,
    delay_seconds: Option<i64>,
    message_attributes: Option<Attributes>,
    message_system_attributes: Option<Attributes>,
    message_deduplication_id: Option<String>,
    message_group_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendEntry {
    id: String,
    message_body: String,
    delay_seconds: Option<i64>,
    message_attributes: Option<Attributes>,
    message_system_attributes: Option<Attributes>,
    message_deduplication_id: Option<String>,
    message_group_id: Option<String>,
}

/// What both ways of sending have in common.
struct Draft {
    body: String,
    delay: Option<i64>,
    attributes: Attributes,
    system_attributes: Attributes,
    deduplication_id: Option<String>,
    group: Option<String>,
}

impl From<Send> for Draft {
    fn from(input: Send) -> Self {
        Draft {
            body: input.message_body,
            delay: input.delay_seconds,
            attributes: input.message_attributes.unwrap_or_default(),
            system_attributes: input.message_system_attributes.unwrap_or_default(),
            deduplication_id: input.message_deduplication_id,
            group: input.message_group_id,
        }
    }
}

impl From<SendEntry> for Draft {
    fn from(input: SendEntry) -> Self {
        Draft {
            body: input.message_body,
            delay: input.delay_seconds,
            attributes: input.message_attributes.unwrap_or_default(),
            system_attributes: input.message_system_attributes.unwrap_or_default(),
            deduplication_id: input.message_deduplication_id,
            group: input.message_group_id,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sent {
    message_id: String,
    #[serde(rename = "MD5OfMessageBody")]
    body_digest: String,
    #[serde(rename = "MD5OfMessageAttributes")]
    attributes_digest: Option<String>,
    #[serde(rename = "MD5OfMessageSystemAttributes")]
    system_attributes_digest: Option<String>,
    sequence_number: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SentEntry {
    id: String,
    #[serde(flatten)]
    sent: Sent,
}

pub(super) fn send(tx: &mut Tx, input: Send) -> AwsResult<Sent> {
    let queue = address::queue(tx, &input.queue_url)?;
    accept(tx, &queue, input.into())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendBatch {
    queue_url: String,
    entries: Vec<SendEntry>,
}

impl Entry for SendEntry {
    fn id(&self) -> &str {
        &self.id
    }
}

pub(super) fn send_batch(tx: &mut Tx, input: SendBatch) -> AwsResult<Outcome<SentEntry>> {
    address::queue(tx, &input.queue_url)?;
    batch::check(&input.entries)?;
    let none = Attributes::new();
    let size = |entry: &SendEntry| content::size(&entry.message_body, entry.message_attributes.as_ref().unwrap_or(&none));
    let all: usize = input.entries.iter().map(size).sum();
    if all > LARGEST_BATCH {
        return Err(error::batch_too_long());
    }
    batch::each(input.entries, |entry| {
        // Looked up anew: each message that arrives changes it.
        let queue = address::queue(tx, &input.queue_url)?;
        let id = entry.id.clone();
        Ok(SentEntry { id, sent: accept(tx, &queue, entry.into())? })
    })
}

fn accept(tx: &mut Tx, queue: &Queue, draft: Draft) -> AwsResult<Sent> {
    content::check(&draft.body, &draft.attributes)?;
    let trace_header = content::trace_header(&draft.system_attributes)?;
    let most = queue.settings.largest_message;
    if i64::try_from(content::size(&draft.body, &draft.attributes)).is_ok_and(|size| size > most) {
        return Err(error::message_too_long(most));
    }
    let delay = delay(queue, &draft)?;
    let Some(ordered) = order(queue, &draft)? else {
        let sent = draft.told(tx.ids().uuid(), None);
        let message = Message { trace_header, ..made(tx, draft, &sent.message_id, delay) };
        message::arrive(tx, &queue.name, message)?;
        return Ok(sent);
    };
    if let Some(earlier) = deduplication::earlier(tx, queue, &ordered.group, &ordered.deduplication_id) {
        return Ok(draft.told(earlier.message, Some(earlier.sequence_number)));
    }
    let sent = draft.told(tx.ids().uuid(), Some(ordered.sequence_number.clone()));
    deduplication::remember(tx, queue, &sent.message_id, &ordered);
    let message = Message { ordered: Some(ordered), trace_header, ..made(tx, draft, &sent.message_id, delay) };
    message::arrive(tx, &queue.name, message)?;
    Ok(sent)
}

impl Draft {
    /// What its sender is told: digests of what was sent now, even where it repeats an earlier message.
    fn told(&self, message_id: String, sequence_number: Option<String>) -> Sent {
        Sent {
            message_id,
            body_digest: content::body_digest(self.body.as_bytes()),
            attributes_digest: content::digest(&self.attributes),
            system_attributes_digest: content::digest(&self.system_attributes),
            sequence_number,
        }
    }
}

fn made(tx: &Tx, draft: Draft, id: &str, delay: i64) -> Message {
    let now = tx.now();
    Message {
        number: 0,
        id: id.to_owned(),
        body: draft.body,
        attributes: draft.attributes,
        trace_header: None,
        sender: tx.caller().principal.user_id.clone(),
        sent: now,
        entered: now,
        hidden_until: now.plus_millis(delay * 1000),
        receives: 0,
        receives_here: 0,
        first_received: None,
        received: None,
        ordered: None,
        source: None,
    }
}

/// "When you set FifoQueue, you can't set DelaySeconds per message."
fn delay(queue: &Queue, draft: &Draft) -> AwsResult<i64> {
    match draft.delay {
        None => Ok(queue.settings.delay),
        Some(seconds) if !(0..=LONGEST_DELAY).contains(&seconds) => Err(error::range(seconds, "DelaySeconds", LONGEST_DELAY)),
        Some(0) => Ok(if queue.is_fifo() { queue.settings.delay } else { 0 }),
        Some(seconds) if queue.is_fifo() => Err(error::queue_type(seconds, "DelaySeconds")),
        Some(seconds) => Ok(seconds),
    }
}

/// Group, deduplication id and sequence number of a FIFO queue's message.
fn order(queue: &Queue, draft: &Draft) -> AwsResult<Option<Ordered>> {
    let Some(fifo) = &queue.settings.fifo else { return unordered(draft) };
    let group = draft.group.clone().ok_or_else(|| error::missing("MessageGroupId"))?;
    content::check_identifier(&group, "MessageGroupId")?;
    let deduplication_id = match &draft.deduplication_id {
        Some(id) => id.clone(),
        None if fifo.by_content => deduplication::content_id(&draft.body),
        None => return Err(error::no_deduplication()),
    };
    content::check_identifier(&deduplication_id, "MessageDeduplicationId")?;
    Ok(Some(Ordered { group, deduplication_id, sequence_number: sequence_number(queue) }))
}

fn unordered(draft: &Draft) -> AwsResult<Option<Ordered>> {
    match (&draft.deduplication_id, &draft.group) {
        (Some(id), _) => Err(error::queue_type(id, "MessageDeduplicationId")),
        (None, Some(_)) => Err(AwsError::not_implemented("MessageGroupId in a standard queue (fair queues)")),
        (None, None) => Ok(None),
    }
}

/// "The large, non-consecutive number that Amazon SQS assigns to each message": twenty digits that grow.
fn sequence_number(queue: &Queue) -> String {
    format!("188{:017}", queue.next_message * 256)
}
