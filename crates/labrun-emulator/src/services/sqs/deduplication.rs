//! What a FIFO queue was sent in the last five minutes: a second message with the same id is accepted and not delivered.
//!
//! Source: SQS Developer Guide, Exactly-once processing, and the API Reference's MessageDeduplicationId.

use labrun_wire::Timestamp;
use labrun_wire::checksum::sha256_hex;
use serde::{Deserialize, Serialize};

use super::message::Ordered;
use super::queue::Queue;
use crate::sandbox::{Scope, Table, Tx};

/// By queue, message group where that is the queue's scope, and deduplication id, parted by NUL.
pub(super) const SENT: Table<Sent> = Table::new("sqs.sent", Scope::Regional);

const INTERVAL_MILLIS: i64 = 300_000;

/// How many messages come between two looks for what is over.
const SWEEP_EVERY: i64 = 64;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Sent {
    at: Timestamp,
    pub(super) message: String,
    pub(super) sequence_number: String,
}

impl Sent {
    fn is_over(&self, now: Timestamp) -> bool {
        now >= self.at.plus_millis(INTERVAL_MILLIS)
    }
}

/// "Amazon SQS uses a SHA-256 hash … using the body of the message (but not the attributes of the message)."
pub(super) fn content_id(body: &str) -> String {
    sha256_hex(body.as_bytes())
}

fn row(queue: &Queue, group: &str, id: &str) -> String {
    let per_group = queue.settings.fifo.as_ref().is_some_and(|fifo| fifo.per_group);
    format!("{}\0{}\0{id}", queue.name, if per_group { group } else { "" })
}

/// The message of this id that was sent within the interval.
pub(super) fn earlier(tx: &Tx, queue: &Queue, group: &str, id: &str) -> Option<Sent> {
    let sent = tx.get(&SENT, &row(queue, group, id))?;
    (!sent.is_over(tx.now())).then(|| (*sent).clone())
}

pub(super) fn remember(tx: &mut Tx, queue: &Queue, message: &str, ordered: &Ordered) {
    if queue.next_message % SWEEP_EVERY == 0 {
        forget(tx, queue);
    }
    let row = row(queue, &ordered.group, &ordered.deduplication_id);
    let sent = Sent { at: tx.now(), message: message.to_owned(), sequence_number: ordered.sequence_number.clone() };
    tx.put(&SENT, &row, sent);
}

fn forget(tx: &mut Tx, queue: &Queue) {
    let now = tx.now();
    let all = tx.list(&SENT, &format!("{}\0", queue.name));
    for (row, _) in all.into_iter().filter(|(_, sent)| sent.is_over(now)) {
        tx.delete(&SENT, &row);
    }
}
