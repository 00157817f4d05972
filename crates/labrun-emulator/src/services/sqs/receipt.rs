//! Receipt handles: what a receiver shows to delete a message or to keep it longer.
//!
//! A handle is of one queue, one message and one receiving. An older one of the same message is known and does nothing.

use std::sync::Arc;

use labrun_wire::page::{position, token};
use labrun_wire::{AwsError, AwsResult};
use serde::Deserialize;

use super::batch::{self, Done, Entry, Outcome};
use super::message::{self, MESSAGES, Message, Stage};
use super::queue::{Nothing, Queue};
use super::{address, error};
use crate::sandbox::Tx;

/// What AWS's handles begin with.
const MARK: &str = "AQEB";

/// "The maximum is 12 hours from the time that Amazon SQS receives the ReceiveMessage request."
const LONGEST_VISIBILITY: i64 = 43_200;

fn context(queue: &Queue) -> String {
    format!("sqs.receipt {} {}", queue.name, queue.id)
}

pub(super) fn handle(queue: &Queue, message: &Message) -> String {
    format!("{MARK}{}", token(&context(queue), &format!("{} {}", message.number, message.receives_here)))
}

/// What a handle stands for.
struct Receipt {
    /// The message, unless it is gone.
    message: Option<Arc<Message>>,
    /// Whether it was received again since.
    outdated: bool,
}

fn read(tx: &Tx, queue: &Queue, handle: &str) -> AwsResult<Receipt> {
    let place = || {
        let place = position(&context(queue), handle.strip_prefix(MARK)?)?;
        let (number, receiving) = place.split_once(' ')?;
        Some((number.parse::<i64>().ok()?, receiving.parse::<i64>().ok()?))
    };
    let (number, receiving) = place().ok_or_else(error::handle_invalid)?;
    let message = tx.get(&MESSAGES, &message::row(&queue.name, number));
    let message = message.filter(|message| message.stage(queue, tx.now()) != Stage::Expired);
    let outdated = message.as_ref().is_some_and(|message| message.receives_here != receiving);
    Ok(Receipt { message, outdated })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Delete {
    queue_url: String,
    receipt_handle: String,
}

pub(super) fn delete(tx: &mut Tx, input: Delete) -> AwsResult<Nothing> {
    let queue = address::queue(tx, &input.queue_url)?;
    remove(tx, &queue, &input.receipt_handle)?;
    Ok(Nothing {})
}

/// "If you use an old ReceiptHandle, the request will succeed, but the message might not be deleted": here it never is. A FIFO
/// queue refuses a handle once its message can be received again.
fn remove(tx: &mut Tx, queue: &Queue, handle: &str) -> AwsResult<()> {
    let receipt = read(tx, queue, handle)?;
    let Some(message) = receipt.message else { return Ok(()) };
    let free = !matches!(message.stage(queue, tx.now()), Stage::InFlight(_));
    if queue.is_fifo() && (receipt.outdated || free) {
        return Err(error::handle_expired(handle));
    }
    if !receipt.outdated {
        tx.delete(&MESSAGES, &message::row(&queue.name, message.number));
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteBatch {
    queue_url: String,
    entries: Vec<DeleteEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteEntry {
    id: String,
    receipt_handle: String,
}

impl Entry for DeleteEntry {
    fn id(&self) -> &str {
        &self.id
    }
}

pub(super) fn delete_batch(tx: &mut Tx, input: DeleteBatch) -> AwsResult<Outcome<Done>> {
    let queue = address::queue(tx, &input.queue_url)?;
    batch::check(&input.entries)?;
    batch::each(input.entries, |entry| {
        remove(tx, &queue, &entry.receipt_handle)?;
        Ok(Done { id: entry.id })
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Change {
    queue_url: String,
    receipt_handle: String,
    visibility_timeout: i64,
}

pub(super) fn change(tx: &mut Tx, input: Change) -> AwsResult<Nothing> {
    let queue = address::queue(tx, &input.queue_url)?;
    hide(tx, &queue, &input.receipt_handle, input.visibility_timeout)?;
    Ok(Nothing {})
}

/// Hides a message that is in flight for so many seconds from now on; for none, it can be received at once.
fn hide(tx: &mut Tx, queue: &Queue, handle: &str, seconds: i64) -> AwsResult<()> {
    if !(0..=LONGEST_VISIBILITY).contains(&seconds) {
        return Err(error::range(seconds, "VisibilityTimeout", LONGEST_VISIBILITY));
    }
    let receipt = read(tx, queue, handle)?;
    let message = receipt.message.filter(|_| !receipt.outdated).ok_or_else(|| error::not_changeable(handle))?;
    let Stage::InFlight(_) = message.stage(queue, tx.now()) else { return Err(not_in_flight(queue, handle)) };
    let until = tx.now().plus_millis(seconds * 1000);
    if message.received.is_some_and(|at| until > at.plus_millis(LONGEST_VISIBILITY * 1000)) {
        return Err(error::total_visibility(seconds));
    }
    tx.update(&MESSAGES, &message::row(&queue.name, message.number), |message| message.hidden_until = until);
    Ok(())
}

fn not_in_flight(queue: &Queue, handle: &str) -> AwsError {
    if queue.is_fifo() { error::handle_expired(handle) } else { error::not_in_flight() }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ChangeBatch {
    queue_url: String,
    entries: Vec<ChangeEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ChangeEntry {
    id: String,
    receipt_handle: String,
    visibility_timeout: Option<i64>,
}

impl Entry for ChangeEntry {
    fn id(&self) -> &str {
        &self.id
    }
}

pub(super) fn change_batch(tx: &mut Tx, input: ChangeBatch) -> AwsResult<Outcome<Done>> {
    let queue = address::queue(tx, &input.queue_url)?;
    batch::check(&input.entries)?;
    batch::each(input.entries, |entry| {
        let seconds = entry.visibility_timeout.ok_or_else(|| error::missing("VisibilityTimeout"))?;
        hide(tx, &queue, &entry.receipt_handle, seconds)?;
        Ok(Done { id: entry.id })
    })
}
