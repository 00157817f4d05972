//! CopyObject and UploadPartCopy: the bytes are shared, not copied; what must be computed anew (an ETag, a checksum) is.

use std::collections::BTreeMap;
use std::sync::Arc;

use labrun_wire::checksum::{Algorithm, Checksum as Running, RunningMd5, hex};
use labrun_wire::uri::decode;
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::object::{self, Checksum, Headers, Object, Sums};
use super::parts::{self, PARTS, Part};
use super::write::{ENCRYPTION, New, replace, store_pieces};
use super::{bucket, condition, error, multipart, segment, tagging};
use crate::gateway::body::{Download, Upload};
use crate::sandbox::Cx;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Copy {
    bucket: String,
    key: String,
    copy_source: String,
    copy_source_if_match: Option<String>,
    copy_source_if_none_match: Option<String>,
    copy_source_if_modified_since: Option<Timestamp>,
    copy_source_if_unmodified_since: Option<Timestamp>,
    if_match: Option<String>,
    if_none_match: Option<String>,
    metadata_directive: Option<String>,
    tagging_directive: Option<String>,
    cache_control: Option<String>,
    content_disposition: Option<String>,
    content_encoding: Option<String>,
    content_language: Option<String>,
    content_type: Option<String>,
    expires: Option<String>,
    metadata: Option<BTreeMap<String, String>>,
    tagging: Option<String>,
    storage_class: Option<String>,
    checksum_algorithm: Option<String>,
    expected_bucket_owner: Option<String>,
    expected_source_bucket_owner: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Copied {
    copy_object_result: Outcome,
    server_side_encryption: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Outcome {
    #[serde(rename = "ETag")]
    etag: String,
    last_modified: Timestamp,
    checksum_type: object::Kind,
    #[serde(flatten)]
    sums: Sums,
}

/// `bucket/key`, `/bucket/key`, with `?versionId=` behind it; percent-encoded.
fn source(text: &str) -> AwsResult<(String, String)> {
    let (path, version) = text.rsplit_once("?versionId=").map_or((text, None), |(path, version)| (path, Some(version)));
    object::check_version(version)?;
    let decoded = decode(path).unwrap_or_default();
    let trimmed = decoded.strip_prefix('/').unwrap_or(&decoded);
    match trimmed.split_once('/') {
        Some((bucket, key)) if !bucket.is_empty() && !key.is_empty() => Ok((bucket.to_owned(), key.to_owned())),
        _ => Err(error::invalid_argument("Invalid copy source object key", "x-amz-copy-source", text)),
    }
}

fn directive(given: Option<&str>, name: &str) -> AwsResult<bool> {
    match given {
        None | Some("COPY") => Ok(false),
        Some("REPLACE") => Ok(true),
        Some(other) => {
            Err(error::invalid_argument(&format!("Unknown {name} directive."), &format!("x-amz-{name}-directive"), other))
        }
    }
}

fn find_source(
    cx: &Cx,
    text: &str,
    owner: Option<&str>,
    conditions: &condition::Read,
) -> AwsResult<(String, String, Arc<Object>)> {
    let (bucket, key) = source(text)?;
    let object = cx.read(|tx| object::owned(tx, &bucket, &key, owner))?;
    conditions.check_source(&object)?;
    Ok((bucket, key, object))
}

pub(super) async fn object(cx: Cx, input: Copy, _: Upload) -> AwsResult<(Copied, Option<Download>)> {
    object::check_key(&input.key)?;
    let conditions = condition::Read {
        if_match: input.copy_source_if_match.clone(),
        if_none_match: input.copy_source_if_none_match.clone(),
        if_modified_since: input.copy_source_if_modified_since,
        if_unmodified_since: input.copy_source_if_unmodified_since,
    };
    let owner = input.expected_source_bucket_owner.as_deref();
    let (from_bucket, from_key, from) = find_source(&cx, &input.copy_source, owner, &conditions)?;
    let replaces = directive(input.metadata_directive.as_deref(), "metadata")?;
    if from_bucket == input.bucket && from_key == input.key && !replaces && input.storage_class.is_none() {
        return Err(error::invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, \
             storage class, website redirect location or encryption attributes.",
        ));
    }
    if from.size > error::MAX_OBJECT {
        return Err(error::invalid_request(
            "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120",
        ));
    }
    let algorithm = algorithm(input.checksum_algorithm.as_deref(), &from)?;
    let (etag, checksum) = digests(&cx, &from, algorithm).await?;
    let made = described(&input, &from, replaces, etag.clone(), checksum.clone())?;
    let modified = cx.write(|tx| {
        bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let row = object::row(&input.bucket, &input.key);
        let existing = tx.get(&object::OBJECTS, &row);
        condition::check_write(existing.as_deref(), input.if_match.as_deref(), input.if_none_match.as_deref(), &input.key)?;
        // The source may be gone by now, and its blobs with it; then the copy comes too late.
        let still = tx.get(&object::OBJECTS, &object::row(&from_bucket, &from_key)).is_some_and(|now| now.etag == from.etag);
        if !still {
            return Err(error::no_such_key(&from_key));
        }
        replace(tx, &row, made.object(tx, from.segments.clone()));
        Ok(tx.now())
    })?;
    let outcome = Outcome {
        etag: object::quoted(&etag),
        last_modified: modified.whole_second(),
        checksum_type: checksum.kind,
        sums: Sums::of(Some(&checksum)),
    };
    Ok((Copied { copy_object_result: outcome, server_side_encryption: ENCRYPTION }, None))
}

fn algorithm(asked: Option<&str>, from: &Object) -> AwsResult<Algorithm> {
    let kept = from.checksum.as_ref().map(|checksum| checksum.algorithm.as_str());
    match asked.or(kept) {
        Some(name) => Algorithm::named(name)
            .ok_or_else(|| labrun_wire::AwsError::not_implemented(format_args!("the checksum algorithm {name}"))),
        None => Ok(Algorithm::Crc64Nvme),
    }
}

/// A copy is one piece: its ETag is the MD5 of its content, whatever its source was.
async fn digests(cx: &Cx, from: &Object, algorithm: Algorithm) -> AwsResult<(String, Checksum)> {
    let full = from.checksum.clone().filter(|sum| sum.kind == object::Kind::FullObject && sum.algorithm == algorithm.name());
    if let Some(checksum) = full.filter(|_| from.parts.is_empty()) {
        return Ok((from.etag.clone(), checksum));
    }
    let (mut md5, mut running) = (RunningMd5::default(), Running::new(algorithm));
    let mut download = Download::of(cx.blobs(), from.pieces(0, from.size))?;
    while let Some(bytes) = download.next().await? {
        md5.update(&bytes);
        running.update(&bytes);
    }
    Ok((hex(&md5.finish()), Checksum::full(algorithm, &running.finish())))
}

fn described(input: &Copy, from: &Object, replaces: bool, etag: String, checksum: Checksum) -> AwsResult<New> {
    let headers = if replaces {
        object::without_framing(Headers {
            cache_control: input.cache_control.clone(),
            content_disposition: input.content_disposition.clone(),
            content_encoding: input.content_encoding.clone(),
            content_language: input.content_language.clone(),
            content_type: input.content_type.clone().or_else(|| Some("binary/octet-stream".to_owned())),
            expires: input.expires.clone(),
        })
    } else {
        from.headers.clone()
    };
    let metadata = if replaces { input.metadata.clone().unwrap_or_default() } else { from.metadata.clone() };
    object::check_metadata(&metadata)?;
    let tags = match directive(input.tagging_directive.as_deref(), "tagging")? {
        true => tagging::from_header(input.tagging.as_deref())?,
        false => from.tags.clone(),
    };
    let storage_class = object::storage_class(input.storage_class.clone())?;
    Ok(New { etag, checksum: Some(checksum), headers, metadata, tags, storage_class })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CopyPart {
    bucket: String,
    key: String,
    upload_id: String,
    part_number: i64,
    copy_source: String,
    copy_source_range: Option<String>,
    copy_source_if_match: Option<String>,
    copy_source_if_none_match: Option<String>,
    copy_source_if_modified_since: Option<Timestamp>,
    copy_source_if_unmodified_since: Option<Timestamp>,
    expected_bucket_owner: Option<String>,
    expected_source_bucket_owner: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CopiedPart {
    copy_part_result: PartOutcome,
    server_side_encryption: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PartOutcome {
    #[serde(rename = "ETag")]
    etag: String,
    last_modified: Timestamp,
    #[serde(flatten)]
    sums: Sums,
}

pub(super) async fn part(cx: Cx, input: CopyPart, _: Upload) -> AwsResult<(CopiedPart, Option<Download>)> {
    parts::check_number(input.part_number)?;
    let conditions = condition::Read {
        if_match: input.copy_source_if_match.clone(),
        if_none_match: input.copy_source_if_none_match.clone(),
        if_modified_since: input.copy_source_if_modified_since,
        if_unmodified_since: input.copy_source_if_unmodified_since,
    };
    let owner = input.expected_source_bucket_owner.as_deref();
    let (_, _, from) = find_source(&cx, &input.copy_source, owner, &conditions)?;
    let upload = cx.read(|tx| multipart::owned(tx, &input.bucket, &input.key, &input.upload_id))?;
    let (start, length) = part_range(input.copy_source_range.as_deref(), from.size)?;
    let algorithm = upload.algorithm().unwrap_or(Algorithm::Crc64Nvme);
    let (held, digests) = store_pieces(&cx, from.pieces(start, length), algorithm).await?;
    let made = Part::new(input.part_number, held.segments(), &digests, cx.now());
    let outcome =
        PartOutcome { etag: object::quoted(&made.etag), last_modified: made.modified, sums: Sums::of(Some(&made.checksum)) };
    cx.write(|tx| {
        bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
        multipart::owned(tx, &input.bucket, &input.key, &input.upload_id)?;
        let row = parts::row(&input.upload_id, input.part_number);
        if let Some(before) = tx.get(&PARTS, &row) {
            tx.release(segment::blobs(&before.segments));
        }
        tx.put(&PARTS, &row, made);
        Ok(())
    })?;
    Ok((CopiedPart { copy_part_result: outcome, server_side_encryption: ENCRYPTION }, None))
}

/// `bytes=first-last`, both given and inside the source (API Reference, UploadPartCopy).
fn part_range(range: Option<&str>, size: u64) -> AwsResult<(u64, u64)> {
    let Some(range) = range else { return Ok((0, size)) };
    let wrong = || {
        let message = "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy";
        error::invalid_argument(message, "x-amz-copy-source-range", range)
    };
    let (first, last) = range.strip_prefix("bytes=").and_then(|spec| spec.split_once('-')).ok_or_else(wrong)?;
    let (first, last): (u64, u64) = (first.parse().map_err(|_| wrong())?, last.parse().map_err(|_| wrong())?);
    if first > last {
        return Err(wrong());
    }
    if last >= size {
        let message = format!("Range specified is not valid for source object of size: {size}");
        return Err(error::invalid_argument(&message, "x-amz-copy-source-range", range));
    }
    Ok((first, last - first + 1))
}
