//! GetObject and HeadObject: conditions, ranges, parts, and the headers that go with the bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use labrun_wire::{AwsResult, Timestamp, time};
use serde::{Deserialize, Serialize};

use super::condition;
use super::error;
use super::object::{self, Kind, Object, Sums};
use crate::gateway::body::{Download, Upload};
use crate::sandbox::Cx;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Get {
    bucket: String,
    key: String,
    range: Option<String>,
    part_number: Option<i64>,
    version_id: Option<String>,
    if_match: Option<String>,
    if_none_match: Option<String>,
    if_modified_since: Option<Timestamp>,
    if_unmodified_since: Option<Timestamp>,
    checksum_mode: Option<String>,
    expected_bucket_owner: Option<String>,
    response_cache_control: Option<String>,
    response_content_disposition: Option<String>,
    response_content_encoding: Option<String>,
    response_content_language: Option<String>,
    response_content_type: Option<String>,
    response_expires: Option<Timestamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Got {
    accept_ranges: &'static str,
    content_length: u64,
    content_range: Option<String>,
    #[serde(rename = "ETag")]
    etag: String,
    last_modified: Timestamp,
    cache_control: Option<String>,
    content_disposition: Option<String>,
    content_encoding: Option<String>,
    content_language: Option<String>,
    content_type: Option<String>,
    expires: Option<String>,
    metadata: BTreeMap<String, String>,
    parts_count: Option<usize>,
    tag_count: Option<usize>,
    storage_class: Option<String>,
    server_side_encryption: &'static str,
    checksum_type: Option<Kind>,
    #[serde(flatten)]
    sums: Sums,
}

pub(super) async fn get(cx: Cx, input: Get, _: Upload) -> AwsResult<(Got, Option<Download>)> {
    // Between the row and its blob the object may be replaced and its bytes swept: then the new one is read.
    let (mut object, mut got, mut span) = look(&cx, &input)?;
    for _ in 0..3 {
        match Download::of(cx.blobs(), object.pieces(span.start, span.length)) {
            Ok(download) => return Ok((got, Some(download))),
            Err(fault) => {
                let (again, headers, new_span) = look(&cx, &input)?;
                if again.etag == object.etag && again.modified == object.modified {
                    return Err(fault);
                }
                (object, got, span) = (again, headers, new_span);
            }
        }
    }
    Err(labrun_wire::AwsError::new("SlowDown", "Please reduce your request rate.").status(503))
}

pub(super) async fn head(cx: Cx, input: Get, _: Upload) -> AwsResult<(Got, Option<Download>)> {
    let (_, got, _) = look(&cx, &input)?;
    Ok((got, None))
}

/// A run of an object's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: u64,
    length: u64,
}

fn look(cx: &Cx, input: &Get) -> AwsResult<(Arc<Object>, Got, Span)> {
    object::check_version(input.version_id.as_deref())?;
    let object = cx.read(|tx| object::owned(tx, &input.bucket, &input.key, input.expected_bucket_owner.as_deref()))?;
    let conditions = condition::Read {
        if_match: input.if_match.clone(),
        if_none_match: input.if_none_match.clone(),
        if_modified_since: input.if_modified_since,
        if_unmodified_since: input.if_unmodified_since,
    };
    conditions.check(&object)?;
    let part = input.part_number.map(|number| part_span(&object, number, input.range.as_deref())).transpose()?;
    let range = match part {
        Some(span) => Some(span),
        None => input.range.as_deref().map(|range| range_span(range, object.size)).transpose()?.flatten(),
    };
    let span = range.unwrap_or(Span { start: 0, length: object.size });
    let got = headers(input, &object, range, span);
    Ok((object, got, span))
}

fn headers(input: &Get, object: &Object, range: Option<Span>, span: Span) -> Got {
    let kept = &object.headers;
    let or = |asked: &Option<String>, kept: &Option<String>| asked.clone().or_else(|| kept.clone());
    let content_range = range
        .filter(|span| span.length > 0)
        .map(|span| format!("bytes {}-{}/{}", span.start, span.start + span.length - 1, object.size));
    let wants_checksum = input.checksum_mode.as_deref() == Some("ENABLED") && span.length == object.size;
    let checksum = object.checksum.as_ref().filter(|_| wants_checksum);
    let expires = input.response_expires.map(time::http_date).or_else(|| kept.expires.clone());
    Got {
        accept_ranges: "bytes",
        content_length: span.length,
        content_range,
        etag: object.quoted(),
        last_modified: object.modified.whole_second(),
        cache_control: or(&input.response_cache_control, &kept.cache_control),
        content_disposition: or(&input.response_content_disposition, &kept.content_disposition),
        content_encoding: or(&input.response_content_encoding, &kept.content_encoding),
        content_language: or(&input.response_content_language, &kept.content_language),
        content_type: or(&input.response_content_type, &kept.content_type),
        expires,
        metadata: object.metadata.clone(),
        parts_count: input.part_number.map(|_| object.parts.len()).filter(|count| *count > 0),
        tag_count: Some(object.tags.len()).filter(|count| *count > 0),
        storage_class: object.storage_class.clone(),
        server_side_encryption: super::write::ENCRYPTION,
        checksum_type: checksum.map(|checksum| checksum.kind),
        sums: Sums::of(checksum),
    }
}

/// One part of a multipart object; part 1 of any other object is the whole.
fn part_span(object: &Object, number: i64, range: Option<&str>) -> AwsResult<Span> {
    if range.is_some() {
        return Err(error::invalid_request("Cannot specify both Range header and partNumber query parameter"));
    }
    let whole = [object.size];
    let parts = if object.parts.is_empty() { &whole[..] } else { &object.parts[..] };
    let at = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    match at.and_then(|at| parts.get(at).map(|length| (at, *length))) {
        Some((at, length)) => Ok(Span { start: parts[..at].iter().sum(), length }),
        None => {
            let message = "The requested partnumber is not satisfiable";
            Err(labrun_wire::AwsError::new("InvalidPartNumber", message).status(416))
        }
    }
}

/// A range S3 can't read, or several ranges at once, are no range at all: the whole object is the answer (RFC 9110 §14.2).
fn range_span(range: &str, size: u64) -> AwsResult<Option<Span>> {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|spec| spec.split_once('-')) else { return Ok(None) };
    let number = |text: &str| (!text.is_empty()).then(|| text.parse::<u64>());
    let (start, end) = match (number(first), number(last)) {
        (Some(Ok(start)), None) => (start, size.saturating_sub(1)),
        (Some(Ok(start)), Some(Ok(end))) if start <= end => (start, end.min(size.saturating_sub(1))),
        (None, Some(Ok(suffix))) => {
            if suffix == 0 {
                return Err(error::invalid_range(range, size));
            }
            (size.saturating_sub(suffix), size.saturating_sub(1))
        }
        _ => return Ok(None),
    };
    if start >= size {
        return Err(error::invalid_range(range, size));
    }
    Ok(Some(Span { start, length: end - start + 1 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(range: &str) -> Option<(u64, u64)> {
        range_span(range, 10).unwrap().map(|span| (span.start, span.length))
    }

    #[test]
    fn ranges_as_http_has_them() {
        assert_eq!(span("bytes=0-3"), Some((0, 4)));
        assert_eq!(span("bytes=5-"), Some((5, 5)));
        assert_eq!(span("bytes=-3"), Some((7, 3)));
        assert_eq!(span("bytes=-99"), Some((0, 10)));
        assert_eq!(span("bytes=8-99"), Some((8, 2)));
    }

    #[test]
    fn what_is_no_single_range_is_ignored() {
        for range in ["bytes=3-1", "bytes=a-b", "bytes=0-1,3-4", "lines=0-1", "bytes=-"] {
            assert_eq!(span(range), None, "{range}");
        }
    }

    #[test]
    fn a_range_beyond_the_end_is_refused() {
        assert_eq!(range_span("bytes=10-", 10).unwrap_err().code, "InvalidRange");
        assert_eq!(range_span("bytes=-0", 10).unwrap_err().code, "InvalidRange");
        assert_eq!(range_span("bytes=0-", 0).unwrap_err().code, "InvalidRange");
    }
}
