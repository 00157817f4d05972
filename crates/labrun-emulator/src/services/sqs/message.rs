//! Messages in their queue: where each stands in its life.

use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::content::Attributes;
use super::error;
use super::queue::{self, QUEUES, Queue};
use crate::sandbox::{Scope, Table, Tx};

/// By queue and number, parted by NUL: in the order of arrival.
pub(super) const MESSAGES: Table<Message> = Table::new("sqs.messages", Scope::Regional);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Message {
    /// Its place among what arrived in this queue.
    pub(super) number: i64,
    pub(super) id: String,
    pub(super) body: String,
    pub(super) attributes: Attributes,
    pub(super) trace_header: Option<String>,
    pub(super) sender: String,
    pub(super) sent: Timestamp,
    /// When it came into this queue: later than `sent` in a dead-letter queue.
    pub(super) entered: Timestamp,
    /// By the delay of a standard queue's message, or by having been received.
    pub(super) hidden_until: Timestamp,
    /// In all queues.
    pub(super) receives: i64,
    /// In this queue: what its redrive policy counts.
    pub(super) receives_here: i64,
    pub(super) first_received: Option<Timestamp>,
    /// When it was last received from this queue.
    pub(super) received: Option<Timestamp>,
    pub(super) ordered: Option<Ordered>,
    /// ARN of the queue that it failed in.
    pub(super) source: Option<String>,
}

/// What a FIFO queue's message has besides.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Ordered {
    pub(super) group: String,
    pub(super) deduplication_id: String,
    pub(super) sequence_number: String,
}

/// Where a message stands at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stage {
    /// Past its retention: gone, whether or not its row still is.
    Expired,
    /// Not to be received before its delay is over.
    Delayed(Timestamp),
    /// Received, and hidden from others until then.
    InFlight(Timestamp),
    Available,
}

impl Message {
    pub(super) fn stage(&self, queue: &Queue, now: Timestamp) -> Stage {
        let fifo = queue.is_fifo();
        let since = if fifo { self.entered } else { self.sent };
        if now >= since.plus_millis(queue.settings.retention * 1000) {
            return Stage::Expired;
        }
        let received = self.received.is_some();
        // "For FIFO queues, the per-queue delay setting is retroactive".
        let retroactive = fifo && !received;
        let until = if retroactive { self.entered.plus_millis(queue.settings.delay * 1000) } else { self.hidden_until };
        match now < until {
            true if received => Stage::InFlight(until),
            true => Stage::Delayed(until),
            false => Stage::Available,
        }
    }
}

pub(super) fn row(queue: &str, number: i64) -> String {
    format!("{queue}\0{number:020}")
}

/// Puts a message behind all others of a queue.
pub(super) fn arrive(tx: &mut Tx, queue: &str, message: Message) -> AwsResult<()> {
    let number = tx.get(&QUEUES, queue).ok_or_else(error::no_queue)?.next_message;
    queue::change(tx, queue, |queue| queue.next_message += 1)?;
    tx.put(&MESSAGES, &row(queue, number), Message { number, ..message });
    Ok(())
}

/// How many messages of a queue stand where.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) available: usize,
    pub(super) in_flight: usize,
    pub(super) delayed: usize,
}

impl Counts {
    pub(super) fn of(tx: &Tx, queue: &Queue) -> Self {
        let mut counts = Counts::default();
        tx.each(&MESSAGES, &format!("{}\0", queue.name), None, |_, message| {
            match message.stage(queue, tx.now()) {
                Stage::Available => counts.available += 1,
                Stage::InFlight(_) => counts.in_flight += 1,
                Stage::Delayed(_) => counts.delayed += 1,
                Stage::Expired => {}
            }
            true
        });
        counts
    }
}
