//! Which messages a receiver gets: those that are free, in the order of their groups, less those that failed too often.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use labrun_wire::{AwsResult, Timestamp};

use super::message::{self, MESSAGES, Message, Stage};
use super::queue::Queue;
use super::redrive;
use crate::sandbox::Tx;

/// What a look at a queue finds.
#[derive(Default)]
pub(super) struct Found {
    free: Vec<Arc<Message>>,
    /// Past their retention.
    expired: Vec<Arc<Message>>,
    /// Received too often, and where each goes.
    failed: Vec<(Arc<Message>, Arc<Queue>)>,
    /// When the next hidden message comes free.
    pub(super) next: Option<Timestamp>,
}

impl Found {
    /// Whether a receiver would change anything.
    pub(super) fn is_nothing(&self) -> bool {
        self.free.is_empty() && self.expired.is_empty() && self.failed.is_empty()
    }
}

/// Looks for up to `most` messages.
pub(super) fn look(tx: &Tx, queue: &Queue, most: usize) -> Found {
    let mut found = Found::default();
    let mut groups = Groups::default();
    tx.each(&MESSAGES, &format!("{}\0", queue.name), None, |_, message| {
        match message.stage(queue, tx.now()) {
            Stage::Expired => found.expired.push(message),
            Stage::Delayed(until) | Stage::InFlight(until) => {
                groups.hold(&message);
                found.next = found.next.into_iter().chain([until]).min();
            }
            Stage::Available if groups.is_held(&message) => {}
            Stage::Available => match redrive::target(tx, queue, &message) {
                Some(target) => found.failed.push((message, target)),
                None => found.free.push(groups.note(message)),
            },
        }
        // All of a FIFO queue is looked through: what belongs to the first group may stand last.
        queue.is_fifo() || found.free.len() < most
    });
    groups.sort(&mut found.free);
    found.free.truncate(most);
    found
}

/// The groups of a FIFO queue: whose messages wait for an earlier one, and who came first.
#[derive(Default)]
struct Groups {
    held: HashSet<String>,
    place: HashMap<String, usize>,
}

impl Groups {
    fn hold(&mut self, message: &Message) {
        if let Some(ordered) = &message.ordered {
            self.held.insert(ordered.group.clone());
        }
    }

    fn is_held(&self, message: &Message) -> bool {
        message.ordered.as_ref().is_some_and(|ordered| self.held.contains(&ordered.group))
    }

    fn note(&mut self, message: Arc<Message>) -> Arc<Message> {
        if let Some(ordered) = &message.ordered {
            let next = self.place.len();
            self.place.entry(ordered.group.clone()).or_insert(next);
        }
        message
    }

    /// "Amazon SQS first attempts to return as many messages with the same message group ID as possible."
    fn sort(&self, messages: &mut [Arc<Message>]) {
        messages.sort_by_key(|message| message.ordered.as_ref().and_then(|ordered| self.place.get(&ordered.group)));
    }
}

/// Takes what was found: each message is hidden for `visibility` seconds and knows that it was received.
pub(super) fn take(tx: &mut Tx, queue: &Queue, found: Found, visibility: i64) -> AwsResult<Vec<Message>> {
    let now = tx.now();
    for message in found.expired {
        tx.delete(&MESSAGES, &message::row(&queue.name, message.number));
    }
    for (message, target) in found.failed {
        redrive::bury(tx, queue, &target, &message)?;
    }
    let taken: Vec<Message> = found.free.iter().map(|message| received(message, now, visibility)).collect();
    for message in &taken {
        tx.put(&MESSAGES, &message::row(&queue.name, message.number), message.clone());
    }
    Ok(taken)
}

fn received(message: &Message, now: Timestamp, visibility: i64) -> Message {
    Message {
        hidden_until: now.plus_millis(visibility * 1000),
        receives: message.receives + 1,
        receives_here: message.receives_here + 1,
        first_received: message.first_received.or(Some(now)),
        received: Some(now),
        ..message.clone()
    }
}
