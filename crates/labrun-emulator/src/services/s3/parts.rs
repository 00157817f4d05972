//! Parts of multipart uploads: put, listed.

use labrun_wire::body::Digests;
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::bucket::{self, Owner};
use super::object::{self, Checksum, Kind, Sums};
use super::segment::{self, Segment};
use super::write::{ENCRYPTION, store};
use super::{error, multipart};
use crate::gateway::body::{Download, Upload};
use crate::sandbox::{Cx, Scope, Table, Tx};

/// Parts by upload and number.
pub(super) const PARTS: Table<Part> = Table::new("s3.parts", Scope::Global);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) number: i64,
    pub(super) segments: Vec<Segment>,
    pub(super) size: u64,
    pub(super) etag: String,
    pub(super) modified: Timestamp,
    pub(super) checksum: Checksum,
}

impl Part {
    pub(super) fn new(number: i64, segments: Vec<Segment>, digests: &Digests, now: Timestamp) -> Self {
        Part {
            number,
            segments,
            size: digests.length,
            etag: labrun_wire::checksum::hex(&digests.md5),
            modified: now.whole_second(),
            checksum: object::checksum_of(digests),
        }
    }
}

pub(super) fn row(upload: &str, number: i64) -> String {
    format!("{upload}\0{number:05}")
}

pub(super) fn check_number(number: i64) -> AwsResult<()> {
    if (1..=10_000).contains(&number) {
        return Ok(());
    }
    let message = "Part number must be an integer between 1 and 10000, inclusive";
    Err(error::invalid_argument(message, "partNumber", &number.to_string()))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Put {
    bucket: String,
    key: String,
    upload_id: String,
    part_number: i64,
    expected_bucket_owner: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Stored {
    #[serde(rename = "ETag")]
    etag: String,
    server_side_encryption: &'static str,
    #[serde(flatten)]
    sums: Sums,
}

pub(super) async fn upload(cx: Cx, input: Put, body: Upload) -> AwsResult<(Stored, Option<Download>)> {
    check_number(input.part_number)?;
    let upload = cx.read(|tx| {
        bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
        multipart::owned(tx, &input.bucket, &input.key, &input.upload_id)
    })?;
    let (held, digests) = store(&cx, body).await?;
    if let Some(expected) = upload.algorithm().filter(|algorithm| *algorithm != digests.algorithm) {
        let given = if digests.chosen { digests.algorithm.name().to_ascii_lowercase() } else { "null".to_owned() };
        let message = format!(
            "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {given}",
            expected.name().to_ascii_lowercase()
        );
        return Err(error::invalid_request(&message));
    }
    let part = Part::new(input.part_number, held.segments(), &digests, cx.now());
    let stored =
        Stored { etag: object::quoted(&part.etag), server_side_encryption: ENCRYPTION, sums: Sums::of(Some(&part.checksum)) };
    cx.write(|tx| {
        multipart::owned(tx, &input.bucket, &input.key, &input.upload_id)?;
        let row = row(&input.upload_id, input.part_number);
        if let Some(before) = tx.get(&PARTS, &row) {
            tx.release(segment::blobs(&before.segments));
        }
        tx.put(&PARTS, &row, part);
        Ok(())
    })?;
    Ok((stored, None))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    bucket: String,
    key: String,
    upload_id: String,
    max_parts: Option<i64>,
    part_number_marker: Option<i64>,
    expected_bucket_owner: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    bucket: String,
    key: String,
    upload_id: String,
    part_number_marker: i64,
    next_part_number_marker: Option<i64>,
    max_parts: usize,
    is_truncated: bool,
    parts: Vec<Entry>,
    initiator: Owner,
    owner: Owner,
    storage_class: String,
    checksum_algorithm: Option<String>,
    checksum_type: Option<Kind>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    part_number: i64,
    last_modified: Timestamp,
    #[serde(rename = "ETag")]
    etag: String,
    size: u64,
    #[serde(flatten)]
    sums: Sums,
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let upload = multipart::owned(tx, &input.bucket, &input.key, &input.upload_id)?;
    let after = input.part_number_marker.unwrap_or(0);
    let size = usize::try_from(input.max_parts.unwrap_or(1000).clamp(0, 1000)).unwrap_or_default();
    let all = tx.list(&PARTS, &format!("{}\0", input.upload_id));
    let left: Vec<_> = all.into_iter().map(|(_, part)| part).filter(|part| part.number > after).collect();
    let is_truncated = left.len() > size;
    let taken = &left[..left.len().min(size)];
    let shows = upload.algorithm().is_some();
    let owner = bucket::owner(&tx.caller().account);
    let entry = |part: &std::sync::Arc<Part>| Entry {
        part_number: part.number,
        last_modified: part.modified,
        etag: object::quoted(&part.etag),
        size: part.size,
        sums: Sums::of(Some(&part.checksum).filter(|_| shows)),
    };
    Ok(Listed {
        next_part_number_marker: taken.last().map(|part| part.number),
        parts: taken.iter().map(entry).collect(),
        bucket: input.bucket,
        key: input.key,
        upload_id: input.upload_id,
        part_number_marker: after,
        max_parts: size,
        is_truncated,
        initiator: owner.clone(),
        owner,
        storage_class: upload.storage_class.clone().unwrap_or_else(|| "STANDARD".to_owned()),
        checksum_algorithm: upload.algorithm.clone(),
        checksum_type: upload.algorithm.as_ref().map(|_| upload.checksum_kind),
    })
}
