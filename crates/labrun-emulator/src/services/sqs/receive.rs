//! ReceiveMessage: what is there at once, or what comes while the caller waits.
//!
//! A caller waits by the machine's time, between transactions: until something in the sandbox changes (a message, the clock), or
//! the next hidden message comes free.

use std::collections::BTreeMap;
use std::time::Duration;

use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::attributes::{MESSAGE_ATTRIBUTES, asked_for};
use super::content::{self, Attributes};
use super::message::Message;
use super::queue::Queue;
use super::{address, error, pick, receipt};
use crate::gateway::body::{Download, Upload};
use crate::sandbox::Cx;

const LONGEST_WAIT: i64 = 20;
const LONGEST_VISIBILITY: i64 = 43_200;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Receive {
    queue_url: String,
    /// The discontinued name of the next.
    attribute_names: Option<Vec<String>>,
    message_system_attribute_names: Option<Vec<String>>,
    message_attribute_names: Option<Vec<String>>,
    max_number_of_messages: Option<i64>,
    visibility_timeout: Option<i64>,
    wait_time_seconds: Option<i64>,
}

/// Without messages the member is left out: "the call does not return a message list".
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Received {
    messages: Option<Vec<Shown>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    message_id: String,
    receipt_handle: String,
    #[serde(rename = "MD5OfBody")]
    body_digest: String,
    body: String,
    attributes: Option<BTreeMap<&'static str, String>>,
    #[serde(rename = "MD5OfMessageAttributes")]
    attributes_digest: Option<String>,
    message_attributes: Option<Attributes>,
}

/// A checked request.
struct Ask {
    url: String,
    system: Vec<String>,
    attributes: Vec<String>,
    most: usize,
    visibility: Option<i64>,
    wait: Option<i64>,
}

impl Ask {
    fn new(input: Receive) -> AwsResult<Self> {
        let most = input.max_number_of_messages.unwrap_or(1);
        let most = usize::try_from(most).ok().filter(|most| (1..=10).contains(most)).ok_or_else(|| error::max_messages(most))?;
        let within = |value: Option<i64>, name: &str, longest: i64| match value {
            Some(value) if !(0..=longest).contains(&value) => Err(error::range(value, name, longest)),
            _ => Ok(value),
        };
        let mut system = input.message_system_attribute_names.unwrap_or_default();
        system.extend(input.attribute_names.unwrap_or_default());
        Ok(Ask {
            url: input.queue_url,
            system: asked_for(system, MESSAGE_ATTRIBUTES)?,
            attributes: input.message_attribute_names.unwrap_or_default(),
            most,
            visibility: within(input.visibility_timeout, "VisibilityTimeout", LONGEST_VISIBILITY)?,
            wait: within(input.wait_time_seconds, "WaitTimeSeconds", LONGEST_WAIT)?,
        })
    }
}

pub(super) async fn receive(cx: Cx, input: Receive, _: Upload) -> AwsResult<(Received, Option<Download>)> {
    let ask = Ask::new(input)?;
    let queue = cx.read(|tx| address::queue(tx, &ask.url))?;
    let wait = ask.wait.unwrap_or(queue.settings.wait);
    let ends = Instant::now() + Duration::from_secs(u64::try_from(wait).unwrap_or_default());
    let mut changes = cx.sandbox().changes();
    loop {
        // Seen before the look, so that what changes after it is not missed.
        changes.borrow_and_update();
        let (messages, next) = attempt(&cx, &ask)?;
        let left = ends.saturating_duration_since(Instant::now());
        if !messages.is_empty() || left.is_zero() {
            return Ok((Received { messages: Some(messages).filter(|messages| !messages.is_empty()) }, None));
        }
        let nap = next.map_or(left, |next| until(&cx, next).min(left));
        // Whichever comes first: the next look tells.
        drop(tokio::time::timeout(nap, changes.changed()).await);
    }
}

/// How far off a moment is; clocks of sandboxes run as fast as the machine's.
fn until(cx: &Cx, moment: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(moment.millis() - cx.now().millis()).unwrap_or_default().max(1))
}

/// Receives what is free now, or says when the next hidden message comes free. Only where there is something does it write.
fn attempt(cx: &Cx, ask: &Ask) -> AwsResult<(Vec<Shown>, Option<Timestamp>)> {
    let found = cx.read(|tx| Ok(pick::look(tx, &*address::queue(tx, &ask.url)?, ask.most)))?;
    if found.is_nothing() {
        return Ok((Vec::new(), found.next));
    }
    cx.write(|tx| {
        let queue = address::queue(tx, &ask.url)?;
        let found = pick::look(tx, &queue, ask.most);
        let next = found.next;
        let taken = pick::take(tx, &queue, found, ask.visibility.unwrap_or(queue.settings.visibility))?;
        Ok((taken.into_iter().map(|message| shown(&queue, message, ask)).collect(), next))
    })
}

fn shown(queue: &Queue, message: Message, ask: &Ask) -> Shown {
    let attributes = content::asked(&message.attributes, &ask.attributes);
    let system = system_attributes(&message, &ask.system);
    Shown {
        receipt_handle: receipt::handle(queue, &message),
        body_digest: content::body_digest(message.body.as_bytes()),
        message_id: message.id,
        body: message.body,
        attributes: Some(system).filter(|system| !system.is_empty()),
        attributes_digest: content::digest(&attributes),
        message_attributes: Some(attributes).filter(|attributes| !attributes.is_empty()),
    }
}

/// API Reference, ReceiveMessage, MessageSystemAttributeNames.
fn system_attributes(message: &Message, names: &[String]) -> BTreeMap<&'static str, String> {
    let millis = |moment: Timestamp| moment.millis().to_string();
    let ordered = message.ordered.as_ref();
    let all = [
        ("SenderId", Some(message.sender.clone())),
        ("SentTimestamp", Some(millis(message.sent))),
        ("ApproximateReceiveCount", Some(message.receives.to_string())),
        ("ApproximateFirstReceiveTimestamp", message.first_received.map(millis)),
        ("AWSTraceHeader", message.trace_header.clone()),
        ("DeadLetterQueueSourceArn", message.source.clone()),
        ("MessageGroupId", ordered.map(|ordered| ordered.group.clone())),
        ("MessageDeduplicationId", ordered.map(|ordered| ordered.deduplication_id.clone())),
        ("SequenceNumber", ordered.map(|ordered| ordered.sequence_number.clone())),
    ];
    let asked = |name: &str| names.iter().any(|asked| asked == "All" || asked == name);
    all.into_iter().filter(|(name, _)| asked(name)).filter_map(|(name, value)| Some((name, value?))).collect()
}
