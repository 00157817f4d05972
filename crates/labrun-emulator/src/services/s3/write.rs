//! PutObject: the body becomes a blob while it streams in; the row follows once all of it was right.

use std::collections::BTreeMap;

use labrun_wire::AwsResult;
use labrun_wire::body::Digests;
use labrun_wire::checksum::{Algorithm, Checksum, RunningMd5, checksum, hex, md5};
use serde::{Deserialize, Serialize};

use super::condition::check_write;
use super::object::{self, Headers, Object, Sums};
use super::segment::{self, Held, Incoming, Segment};
use super::{bucket, error, tagging};
use crate::gateway::body::{Download, Piece, Upload};
use crate::sandbox::{Cx, Tx};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Put {
    bucket: String,
    key: String,
    cache_control: Option<String>,
    content_disposition: Option<String>,
    content_encoding: Option<String>,
    content_language: Option<String>,
    content_type: Option<String>,
    expires: Option<String>,
    metadata: Option<BTreeMap<String, String>>,
    tagging: Option<String>,
    storage_class: Option<String>,
    if_match: Option<String>,
    if_none_match: Option<String>,
    expected_bucket_owner: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Stored {
    #[serde(rename = "ETag")]
    etag: String,
    checksum_type: object::Kind,
    server_side_encryption: &'static str,
    #[serde(flatten)]
    sums: Sums,
}

/// What S3 does with every object unless told otherwise (User Guide, "Default encryption").
pub(super) const ENCRYPTION: &str = "AES256";

pub(super) async fn put(cx: Cx, input: Put, body: Upload) -> AwsResult<(Stored, Option<Download>)> {
    object::check_key(&input.key)?;
    cx.read(|tx| bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref()).map(drop))?;
    let tags = tagging::from_header(input.tagging.as_deref())?;
    let metadata = input.metadata.clone().unwrap_or_default();
    object::check_metadata(&metadata)?;
    let storage_class = object::storage_class(input.storage_class.clone())?;
    let (held, digests) = store(&cx, body).await?;
    let headers = object::without_framing(Headers {
        cache_control: input.cache_control,
        content_disposition: input.content_disposition,
        content_encoding: input.content_encoding,
        content_language: input.content_language,
        content_type: input.content_type.or_else(|| Some("binary/octet-stream".to_owned())),
        expires: input.expires,
    });
    let checksum = object::checksum_of(&digests);
    let etag = hex(&digests.md5);
    let stored = Stored {
        etag: object::quoted(&etag),
        checksum_type: checksum.kind,
        server_side_encryption: ENCRYPTION,
        sums: Sums::of(Some(&checksum)),
    };
    let made = New { etag, checksum: Some(checksum), headers, metadata, tags, storage_class };
    cx.write(|tx| {
        bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let row = object::row(&input.bucket, &input.key);
        let existing = tx.get(&object::OBJECTS, &row);
        check_write(existing.as_deref(), input.if_match.as_deref(), input.if_none_match.as_deref(), &input.key)?;
        replace(tx, &row, made.object(tx, held.segments()));
        Ok(())
    })?;
    Ok((stored, None))
}

/// An object to be, without its bytes.
pub(super) struct New {
    pub(super) etag: String,
    pub(super) checksum: Option<object::Checksum>,
    pub(super) headers: Headers,
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) storage_class: Option<String>,
}

impl New {
    pub(super) fn object(self, tx: &Tx, segments: Vec<Segment>) -> Object {
        Object {
            size: segments.iter().map(Segment::length).sum(),
            segments,
            etag: self.etag,
            modified: tx.now(),
            headers: self.headers,
            metadata: self.metadata,
            tags: self.tags,
            storage_class: self.storage_class,
            checksum: self.checksum,
            parts: Vec::new(),
        }
    }
}

/// Puts an object in its place and lets the bytes of the one before go.
pub(super) fn replace(tx: &mut Tx, row: &str, object: Object) {
    if let Some(before) = tx.get(&object::OBJECTS, row) {
        tx.release(segment::blobs(&before.segments));
    }
    tx.put(&object::OBJECTS, row, object);
}

/// Writes a body into a segment, in constant memory.
pub(super) async fn store(cx: &Cx, mut body: Upload) -> AwsResult<(Held, Digests)> {
    let mut incoming = Incoming::new();
    let mut length = 0;
    while let Some(bytes) = body.next().await? {
        length += bytes.len() as u64;
        if length > error::MAX_OBJECT {
            return Err(error::too_large(length));
        }
        incoming.push(cx, &bytes)?;
    }
    let digests = body.finish()?.unwrap_or_else(empty_digests);
    Ok((incoming.finish(), digests))
}

/// Writes bytes that are stored already into a segment of their own.
pub(super) async fn store_pieces(cx: &Cx, pieces: Vec<Piece>, algorithm: Algorithm) -> AwsResult<(Held, Digests)> {
    let mut incoming = Incoming::new();
    let (mut md5, mut checksum) = (RunningMd5::default(), Checksum::new(algorithm));
    let mut download = Download::of(cx.blobs(), pieces)?;
    let length = download.length;
    while let Some(bytes) = download.next().await? {
        md5.update(&bytes);
        checksum.update(&bytes);
        incoming.push(cx, &bytes)?;
    }
    Ok((incoming.finish(), Digests { length, md5: md5.finish(), algorithm, checksum: checksum.finish(), chosen: false }))
}

/// Of a call that labrun makes itself, without a body.
fn empty_digests() -> Digests {
    let algorithm = Algorithm::Crc64Nvme;
    Digests { length: 0, md5: md5(b""), algorithm, checksum: checksum(algorithm, b""), chosen: false }
}
