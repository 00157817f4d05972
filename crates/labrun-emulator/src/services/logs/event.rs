//! Log events as they come in: one row for each PutLogEvents, whatever the number of its events.

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};

use super::stream::{self, STREAMS};
use super::{error, group};
use crate::sandbox::{Scope, Table, Tx};

/// By group, stream and number, parted by NUL.
pub(super) const BATCHES: Table<Batch> = Table::new("logs.batches", Scope::Regional);

const HOUR_MILLIS: i64 = 3_600_000;
const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;

/// API Reference, PutLogEvents: "the sum of all event messages in UTF-8, plus 26 bytes for each log event".
const MOST_BYTES: usize = 1_048_576;
const EVENT_BYTES: usize = 26;

/// Events in the order of their times.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Batch {
    /// Orders batches of a group by their coming.
    pub(super) number: i64,
    pub(super) ingested: i64,
    pub(super) events: Vec<Event>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Event {
    pub(super) timestamp: i64,
    pub(super) message: String,
}

impl Event {
    pub(super) fn bytes(&self) -> usize {
        self.message.len() + EVENT_BYTES
    }
}

impl Batch {
    /// Bytes of the events that are at or after a moment.
    pub(super) fn bytes_from(&self, moment: i64) -> i64 {
        let kept = self.events.iter().filter(|event| event.timestamp >= moment);
        kept.map(|event| i64::try_from(event.bytes()).unwrap_or_default()).sum()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Put {
    log_group_name: String,
    log_stream_name: String,
    log_events: Vec<Event>,
    /// Ignored by AWS too.
    #[serde(rename = "sequenceToken")]
    _sequence_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Accepted {
    next_sequence_token: String,
    rejected_log_events_info: Option<Rejected>,
}

/// Events at both ends of a batch that are not taken: indices into what was sent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rejected {
    too_new_log_event_start_index: Option<usize>,
    too_old_log_event_end_index: Option<usize>,
    expired_log_event_end_index: Option<usize>,
}

/// Events over 14 days old, over 2 hours ahead or past the group's retention are left out and told; the rest is taken.
pub(super) fn put(tx: &mut Tx, input: Put) -> AwsResult<Accepted> {
    let group = group::named(tx, &input.log_group_name)?;
    stream::named(tx, &group.name, &input.log_stream_name)?;
    let mut events = input.log_events;
    check(&events)?;
    let now = tx.now().millis();
    let before = |moment: i64| events.partition_point(|event| event.timestamp < moment);
    let too_old = before(now - 14 * DAY_MILLIS);
    let expired = before(group.keeps_from(tx));
    let too_new = before(now + 2 * HOUR_MILLIS + 1);
    let rejected = Rejected {
        too_new_log_event_start_index: Some(too_new).filter(|at| *at < events.len()),
        too_old_log_event_end_index: Some(too_old).filter(|at| *at > 0),
        expired_log_event_end_index: Some(expired).filter(|at| *at > 0),
    };
    let some = too_new < events.len() || too_old > 0 || expired > 0;
    events.truncate(too_new);
    events.drain(..too_old.max(expired).min(events.len()));
    let next_sequence_token = append(tx, &group, &input.log_stream_name, events)?;
    Ok(Accepted { next_sequence_token, rejected_log_events_info: some.then_some(rejected) })
}

fn check(events: &[Event]) -> AwsResult<()> {
    if events.windows(2).any(|pair| pair[0].timestamp > pair[1].timestamp) {
        return Err(error::invalid("Log events in a single PutLogEvents request must be in chronological order."));
    }
    let bytes: usize = events.iter().map(Event::bytes).sum();
    if bytes > MOST_BYTES {
        return Err(error::invalid(format!("Upload too large: {bytes} bytes exceeds limit of {MOST_BYTES}")));
    }
    Ok(())
}

/// Writes what was accepted; gives the next sequence token.
fn append(tx: &mut Tx, group: &group::Group, stream: &str, events: Vec<Event>) -> AwsResult<String> {
    let row = stream::row(&group.name, stream);
    if let (Some(first), Some(last)) = (events.first(), events.last()) {
        let (first, last) = (first.timestamp, last.timestamp);
        if last - first > DAY_MILLIS {
            let message = "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.";
            return Err(error::invalid(message));
        }
        let batch = Batch { number: group.next_batch, ingested: tx.now().millis(), events };
        let ingested = batch.ingested;
        let bytes = batch.bytes_from(i64::MIN);
        tx.update(&STREAMS, &row, |stream| {
            stream.first_event = Some(stream.first_event.map_or(first, |known| known.min(first)));
            stream.last_event = Some(stream.last_event.map_or(last, |known| known.max(last)));
            stream.last_ingestion = Some(ingested);
            stream.sequence += 1;
            stream.bytes += bytes;
        });
        tx.put(&BATCHES, &format!("{row}\0{:016}", batch.number), batch);
        group::change(tx, &group.name, |group| group.next_batch += 1)?;
    }
    let sequence = stream::named(tx, &group.name, stream)?.sequence;
    Ok(stream::sequence_token(sequence))
}
