//! Amazon CloudWatch Logs: groups with retention and tags, streams, and events: put, read by stream, searched by group.
//!
//! `aws logs tail` (and `--follow`) is FilterLogEvents again and again, with a later start and the event ids already shown.
//! Not here: metric and subscription filters, Insights, live tail, encryption, data protection, JSON, space-delimited and regular
//! expression patterns. They are refused by name.

mod error;
mod event;
mod filter;
mod group;
mod pattern;
mod read;
mod stream;
mod tag;
mod timeline;

use crate::registry::Service;

pub(super) fn service() -> Service {
    Service::new("logs")
        .op("CreateLogGroup", group::create)
        .read("DescribeLogGroups", group::describe)
        .op("DeleteLogGroup", group::delete)
        .op("PutRetentionPolicy", group::put_retention)
        .op("DeleteRetentionPolicy", group::delete_retention)
        .op("CreateLogStream", stream::create)
        .read("DescribeLogStreams", stream::describe)
        .op("DeleteLogStream", stream::delete)
        .op("PutLogEvents", event::put)
        .read("GetLogEvents", read::get)
        .read("FilterLogEvents", filter::filter)
        .op("TagResource", tag::tag)
        .op("UntagResource", tag::untag)
        .read("ListTagsForResource", tag::list)
}
