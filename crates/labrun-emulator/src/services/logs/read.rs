//! GetLogEvents: one stream, forwards or backwards, with tokens that go on in either direction.

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};

use super::event::BATCHES;
use super::timeline::{Direction, Found, Place, Source, Timeline, Window};
use super::{error, group, stream};
use crate::sandbox::Tx;

/// A page has at most this many events, and about this many bytes (API Reference, GetLogEvents).
pub(super) const MOST: i64 = 10_000;
pub(super) const MOST_BYTES: usize = 1_048_576;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Get {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name: String,
    start_time: Option<i64>,
    end_time: Option<i64>,
    next_token: Option<String>,
    limit: Option<i64>,
    start_from_head: Option<bool>,
    /// No group here masks anything.
    #[serde(rename = "unmask")]
    _unmask: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Got {
    events: Vec<Shown>,
    next_forward_token: String,
    next_backward_token: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    timestamp: i64,
    message: String,
    ingestion_time: i64,
}

/// A gap between events: just after or just before one.
#[derive(Clone, Copy)]
struct Gap {
    place: Place,
    after: bool,
}

impl Gap {
    fn token(self, letter: char, context: &str) -> String {
        format!("{letter}/{}{}/s", self.place.digits(context), u8::from(self.after))
    }

    /// Reads a token: the way to go on, and from where.
    fn read(token: &str, context: &str) -> Option<(Direction, Gap)> {
        let (letter, rest) = token.split_once('/')?;
        let digits = rest.strip_suffix("/s")?;
        let (digits, after) = digits.split_at_checked(digits.len().checked_sub(1)?)?;
        let direction = match letter {
            "f" => Direction::Forward,
            "b" => Direction::Backward,
            _ => return None,
        };
        let after = match after {
            "0" => false,
            "1" => true,
            _ => return None,
        };
        Some((direction, Gap { place: Place::from_digits(digits, context)?, after }))
    }
}

/// A page is in the order of time, whichever end it is from. At the end of the stream the token that came goes back.
pub(super) fn get(tx: &Tx, input: Get) -> AwsResult<Got> {
    let group = group::of(tx, input.log_group_name.as_deref(), input.log_group_identifier.as_deref())?;
    let stream = stream::named(tx, &group.name, &input.log_stream_name)?;
    let row = stream::row(&group.name, &stream.name);
    let context = format!("logs.GetLogEvents {row}");
    let given =
        input.next_token.as_deref().map(|token| Gap::read(token, &context).ok_or_else(error::invalid_token)).transpose()?;
    let head = if input.start_from_head == Some(true) { Direction::Forward } else { Direction::Backward };
    let direction = given.map_or(head, |(direction, _)| direction);
    let own = |gap: Gap| gap.after == (direction == Direction::Backward);
    let window = Window {
        direction,
        from: given.map(|(_, gap)| (gap.place, own(gap))),
        start: input.start_time.unwrap_or_default().max(group.keeps_from(tx)),
        end: input.end_time.unwrap_or(i64::MAX),
    };
    let sources: Vec<Source<()>> = tx.list(&BATCHES, &format!("{row}\0")).into_iter().map(|(_, batch)| (batch, ())).collect();
    let mut page = take(Timeline::new(&sources, window), group::size(input.limit, MOST));
    if direction == Direction::Backward {
        page.reverse();
    }
    let here = given.map_or(Gap { place: Place::START, after: false }, |(_, gap)| gap);
    let forward = page.last().map_or(here, |last| Gap { place: last.place, after: true });
    let backward = page.first().map_or(here, |first| Gap { place: first.place, after: false });
    let events = page.iter().map(|found| Shown {
        timestamp: found.event.timestamp,
        message: found.event.message.clone(),
        ingestion_time: found.batch.ingested,
    });
    Ok(Got {
        events: events.collect(),
        next_forward_token: forward.token('f', &context),
        next_backward_token: backward.token('b', &context),
    })
}

/// A page of a timeline: so many events, or as many bytes as one answer holds.
pub(super) fn take<'s, T>(timeline: impl Iterator<Item = Found<'s, T>>, most: usize) -> Vec<Found<'s, T>> {
    let mut bytes = 0;
    let mut page = Vec::new();
    for found in timeline.take(most) {
        bytes += found.event.bytes();
        if bytes > MOST_BYTES && !page.is_empty() {
            break;
        }
        page.push(found);
    }
    page
}
