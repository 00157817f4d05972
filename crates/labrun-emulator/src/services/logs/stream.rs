//! Log streams of a group.

use std::sync::Arc;

use labrun_wire::AwsResult;
use labrun_wire::page::page;
use serde::{Deserialize, Serialize};

use super::error;
use super::event::BATCHES;
use super::group::{self, Nothing};
use crate::sandbox::{Scope, Table, Tx};

/// By group and stream, parted by NUL.
pub(super) const STREAMS: Table<Stream> = Table::new("logs.streams", Scope::Regional);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Stream {
    pub(super) name: String,
    created: i64,
    pub(super) first_event: Option<i64>,
    pub(super) last_event: Option<i64>,
    pub(super) last_ingestion: Option<i64>,
    pub(super) sequence: i64,
    pub(super) bytes: i64,
}

pub(super) fn row(group: &str, stream: &str) -> String {
    format!("{group}\0{stream}")
}

pub(super) fn named(tx: &Tx, group: &str, stream: &str) -> AwsResult<Arc<Stream>> {
    tx.get(&STREAMS, &row(group, stream)).ok_or_else(error::no_stream)
}

/// A sequence token: AWS still gives them, and no longer looks at them.
pub(super) fn sequence_token(sequence: i64) -> String {
    format!("49{sequence:054}")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Named {
    log_group_name: String,
    log_stream_name: String,
}

pub(super) fn create(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    group::named(tx, &input.log_group_name)?;
    let row = row(&input.log_group_name, &input.log_stream_name);
    if tx.has(&STREAMS, &row) {
        return Err(error::stream_exists());
    }
    let stream = Stream {
        name: input.log_stream_name,
        created: tx.now().millis(),
        first_event: None,
        last_event: None,
        last_ingestion: None,
        sequence: 0,
        bytes: 0,
    };
    tx.put(&STREAMS, &row, stream);
    Ok(Nothing {})
}

pub(super) fn delete(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    group::named(tx, &input.log_group_name)?;
    named(tx, &input.log_group_name, &input.log_stream_name)?;
    let row = row(&input.log_group_name, &input.log_stream_name);
    tx.delete_all(&BATCHES, &format!("{row}\0"));
    tx.delete(&STREAMS, &row);
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Describe {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name_prefix: Option<String>,
    order_by: Option<String>,
    descending: Option<bool>,
    next_token: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Described {
    log_streams: Vec<Shown>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    log_stream_name: String,
    creation_time: i64,
    first_event_timestamp: Option<i64>,
    last_event_timestamp: Option<i64>,
    last_ingestion_time: Option<i64>,
    upload_sequence_token: Option<String>,
    arn: String,
    /// Always zero since 2019 (API Reference, LogStream).
    stored_bytes: i64,
}

fn shown(stream: &Stream, group_arn: &str) -> Shown {
    Shown {
        log_stream_name: stream.name.clone(),
        creation_time: stream.created,
        first_event_timestamp: stream.first_event,
        last_event_timestamp: stream.last_event,
        last_ingestion_time: stream.last_ingestion,
        upload_sequence_token: stream.last_ingestion.map(|_| sequence_token(stream.sequence)),
        arn: format!("{group_arn}:log-stream:{}", stream.name),
        stored_bytes: 0,
    }
}

pub(super) fn describe(tx: &Tx, input: Describe) -> AwsResult<Described> {
    let group = group::of(tx, input.log_group_name.as_deref(), input.log_group_identifier.as_deref())?;
    let by_time = input.order_by.as_deref() == Some("LastEventTime");
    let descending = input.descending.unwrap_or_default();
    let prefix = input.log_stream_name_prefix.unwrap_or_default();
    if by_time && !prefix.is_empty() {
        return Err(error::invalid("Cannot order by LastEventTime with a logStreamNamePrefix."));
    }
    let place = |stream: &Stream| match by_time {
        true => format!("{:020} {}", stream.last_event.unwrap_or_default(), stream.name),
        false => stream.name.clone(),
    };
    let mut streams = tx.list(&STREAMS, &row(&group.name, &prefix));
    streams.sort_by_cached_key(|(_, stream)| place(stream));
    if descending {
        streams.reverse();
    }
    let context = format!("logs.DescribeLogStreams {} {prefix} {by_time} {descending}", group.name);
    let after = group::after(&context, input.next_token.as_deref())?;
    let passed = |stream: &Stream| {
        after.as_ref().is_some_and(|after| if descending { place(stream) >= *after } else { place(stream) <= *after })
    };
    let rest = streams.into_iter().map(|(_, stream)| stream).skip_while(|stream| passed(stream));
    let page = page(rest, group::size(input.limit, group::PAGE), &context, |stream| place(stream));
    let arn = group::arn(tx, &group.name);
    Ok(Described { log_streams: page.items.iter().map(|stream| shown(stream, &arn)).collect(), next_token: page.next })
}
