//! FilterLogEvents: all streams of a group, or some, in one order of time, searched by a pattern.

use labrun_wire::AwsResult;
use labrun_wire::page::{position, token};
use serde::{Deserialize, Serialize};

use super::event::BATCHES;
use super::group::Group;
use super::pattern::Pattern;
use super::read::{MOST, take};
use super::stream::STREAMS;
use super::timeline::{Direction, Found, Place, Source, Timeline, Window};
use super::{error, group, stream};
use crate::sandbox::Tx;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Filter {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_names: Option<Vec<String>>,
    log_stream_name_prefix: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    filter_pattern: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
    start_from_head: Option<bool>,
    /// "As of June 17, 2019, this parameter is ignored and the value is assumed to be true."
    #[serde(rename = "interleaved")]
    _interleaved: Option<bool>,
    /// No group here masks anything.
    #[serde(rename = "unmask")]
    _unmask: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Filtered {
    events: Vec<Shown>,
    /// "As of May 15, 2020, this parameter is no longer supported. This parameter returns an empty list."
    searched_log_streams: Vec<String>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    log_stream_name: String,
    timestamp: i64,
    message: String,
    ingestion_time: i64,
    event_id: String,
}

/// The end is inclusive here, and exclusive in GetLogEvents (API Reference).
pub(super) fn filter(tx: &Tx, input: Filter) -> AwsResult<Filtered> {
    let group = group::of(tx, input.log_group_name.as_deref(), input.log_group_identifier.as_deref())?;
    let names = streams(tx, &group, &input)?;
    let pattern = Pattern::parse(input.filter_pattern.as_deref().unwrap_or_default())?;
    let Filter { start_time, end_time, filter_pattern, .. } = &input;
    let context = format!("logs.FilterLogEvents {} {names:?} {start_time:?} {end_time:?} {filter_pattern:?}", group.name);
    let given = input.next_token.as_deref().map(|token| read(token, &context).ok_or_else(error::invalid_token)).transpose()?;
    let head = if input.start_from_head == Some(false) { Direction::Backward } else { Direction::Forward };
    let direction = given.map_or(head, |(direction, _)| direction);
    let window = Window {
        direction,
        from: given.map(|(_, place)| (place, false)),
        start: start_time.unwrap_or_default().max(group.keeps_from(tx)),
        end: end_time.unwrap_or(i64::MAX).saturating_add(1),
    };
    let sources = sources(tx, &group, &names);
    let mut timeline = Timeline::new(&sources, window).filter(|found| pattern.matches(&found.event.message)).peekable();
    let page = take(timeline.by_ref(), group::size(input.limit, MOST));
    let next = page.last().filter(|_| timeline.peek().is_some()).map(|last| write(direction, last.place, &context));
    let events = page.iter().map(|found| shown(&group, found)).collect();
    Ok(Filtered { events, searched_log_streams: Vec::new(), next_token: next })
}

fn shown(group: &Group, found: &Found<'_, String>) -> Shown {
    Shown {
        log_stream_name: found.of.clone(),
        timestamp: found.event.timestamp,
        message: found.event.message.clone(),
        ingestion_time: found.batch.ingested,
        event_id: found.place.digits(&group.name),
    }
}

/// Names of the streams that are asked for; none where all are.
fn streams(tx: &Tx, group: &Group, input: &Filter) -> AwsResult<Option<Vec<String>>> {
    match (&input.log_stream_names, &input.log_stream_name_prefix) {
        (Some(_), Some(_)) => Err(error::invalid("LogStream name and LogStream name prefix are mutually exclusive parameters.")),
        (Some(names), None) => {
            for name in names {
                stream::named(tx, &group.name, name)?;
            }
            Ok(Some(names.clone()))
        }
        (None, Some(prefix)) => {
            let found = tx.list(&STREAMS, &stream::row(&group.name, prefix));
            Ok(Some(found.into_iter().map(|(_, stream)| stream.name.clone()).collect()))
        }
        (None, None) => Ok(None),
    }
}

fn sources(tx: &Tx, group: &Group, names: &Option<Vec<String>>) -> Vec<Source<String>> {
    let prefixes: Vec<String> = match names {
        Some(names) => names.iter().map(|name| format!("{}\0", stream::row(&group.name, name))).collect(),
        None => vec![format!("{}\0", group.name)],
    };
    let rows = prefixes.iter().flat_map(|prefix| tx.list(&BATCHES, prefix));
    // A key is group, stream and number.
    rows.map(|(key, batch)| (batch, key.split('\0').nth(1).unwrap_or_default().to_owned())).collect()
}

fn write(direction: Direction, place: Place, context: &str) -> String {
    let letter = if direction == Direction::Forward { 'f' } else { 'b' };
    token(context, &format!("{letter}{}", place.digits(context)))
}

/// The direction is the token's, whatever the request says.
fn read(token: &str, context: &str) -> Option<(Direction, Place)> {
    let position = position(context, token)?;
    let (letter, digits) = position.split_at_checked(1)?;
    let direction = if letter == "f" { Direction::Forward } else { Direction::Backward };
    Some((direction, Place::from_digits(digits, context)?))
}
