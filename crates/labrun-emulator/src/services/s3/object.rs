//! What is known of an object, and the members that every operation on objects shares.

use std::collections::BTreeMap;
use std::sync::Arc;

use labrun_wire::body::Digests;
use labrun_wire::checksum::{self, Algorithm};
use labrun_wire::{AwsError, AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::segment::Segment;
use super::{bucket, error};
use crate::gateway::body::Piece;
use crate::sandbox::{Scope, Table, Tx};

/// Objects by bucket and key, parted by NUL.
pub(super) const OBJECTS: Table<Object> = Table::new("s3.objects", Scope::Global);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Object {
    pub(super) segments: Vec<Segment>,
    pub(super) size: u64,
    /// Without quotes.
    pub(super) etag: String,
    pub(super) modified: Timestamp,
    pub(super) headers: Headers,
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) storage_class: Option<String>,
    pub(super) checksum: Option<Checksum>,
    /// Sizes of the parts that it was uploaded in.
    pub(super) parts: Vec<u64>,
}

/// Headers that are kept with an object and given back.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Headers {
    pub(super) cache_control: Option<String>,
    pub(super) content_disposition: Option<String>,
    pub(super) content_encoding: Option<String>,
    pub(super) content_language: Option<String>,
    pub(super) content_type: Option<String>,
    /// As it came: S3 keeps what it is given.
    pub(super) expires: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Checksum {
    /// `CRC32`, …
    pub(super) algorithm: String,
    /// Base64, with `-N` where it is composite.
    pub(super) value: String,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Kind {
    FullObject,
    Composite,
}

impl Checksum {
    pub(super) fn full(algorithm: Algorithm, digest: &[u8]) -> Self {
        Checksum { algorithm: algorithm.name().to_owned(), value: checksum::base64(digest), kind: Kind::FullObject }
    }
}

/// The checksum members of an answer.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Sums {
    #[serde(rename = "ChecksumCRC32")]
    crc32: Option<String>,
    #[serde(rename = "ChecksumCRC32C")]
    crc32c: Option<String>,
    #[serde(rename = "ChecksumCRC64NVME")]
    crc64nvme: Option<String>,
    #[serde(rename = "ChecksumSHA1")]
    sha1: Option<String>,
    #[serde(rename = "ChecksumSHA256")]
    sha256: Option<String>,
}

impl Sums {
    pub(super) fn of(checksum: Option<&Checksum>) -> Self {
        let mut sums = Sums::default();
        if let Some(checksum) = checksum {
            let value = Some(checksum.value.clone());
            match Algorithm::named(&checksum.algorithm) {
                Some(Algorithm::Crc32) => sums.crc32 = value,
                Some(Algorithm::Crc32C) => sums.crc32c = value,
                Some(Algorithm::Crc64Nvme) => sums.crc64nvme = value,
                Some(Algorithm::Sha1) => sums.sha1 = value,
                Some(Algorithm::Sha256) => sums.sha256 = value,
                None => {}
            }
        }
        sums
    }
}

impl Object {
    /// The ETag as it stands in answers.
    pub(super) fn quoted(&self) -> String {
        quoted(&self.etag)
    }

    /// The pieces of its bytes from `start` on.
    pub(super) fn pieces(&self, start: u64, length: u64) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let (mut at, end) = (0, start + length);
        for segment in &self.segments {
            let (from, to) = (start.max(at), end.min(at + segment.length()));
            if from < to {
                pieces.push(segment.piece(from - at, to - from));
            }
            at += segment.length();
        }
        pieces
    }
}

pub(super) fn quoted(etag: &str) -> String {
    format!("\"{etag}\"")
}

/// The row key of an object.
pub(super) fn row(bucket: &str, key: &str) -> String {
    format!("{bucket}\0{key}")
}

/// The object, if the caller may read it.
pub(super) fn owned(tx: &Tx, bucket: &str, key: &str, expected_owner: Option<&str>) -> AwsResult<Arc<Object>> {
    bucket::owned(tx, bucket, expected_owner)?;
    tx.get(&OBJECTS, &row(bucket, key)).ok_or_else(|| error::no_such_key(key))
}

/// Buckets here have no versions: the only one is `null`.
pub(super) fn check_version(version: Option<&str>) -> AwsResult<()> {
    match version {
        None | Some("" | "null") => Ok(()),
        Some(other) => Err(error::invalid_argument("Invalid version id specified", "versionId", other)),
    }
}

/// Keys are at most 1,024 bytes of UTF-8.
pub(super) fn check_key(key: &str) -> AwsResult<()> {
    if key.len() > 1024 {
        return Err(error::key_too_long(key.len()));
    }
    if key.contains('\0') {
        return Err(AwsError::not_implemented("keys that have a NUL character"));
    }
    Ok(())
}

const CLASSES: [&str; 5] = ["STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING"];

/// Classes whose objects can be read at once are kept as a name; archives are not built.
pub(super) fn storage_class(class: Option<String>) -> AwsResult<Option<String>> {
    match class {
        None => Ok(None),
        Some(class) if class == "STANDARD" => Ok(None),
        Some(class) if CLASSES.contains(&class.as_str()) || class == "GLACIER_IR" => Ok(Some(class)),
        Some(class)
            if ["GLACIER", "DEEP_ARCHIVE", "OUTPOSTS", "SNOW", "EXPRESS_ONEZONE", "FSX_OPENZFS", "FSX_ONTAP"]
                .contains(&class.as_str()) =>
        {
            Err(AwsError::not_implemented(format_args!("the storage class {class}")))
        }
        Some(_) => Err(AwsError::new("InvalidStorageClass", "The storage class you specified is not valid").status(400)),
    }
}

/// `aws-chunked` is how the body came, not what it is.
pub(super) fn without_framing(headers: Headers) -> Headers {
    let encoding = headers.content_encoding.map(|list| {
        list.split(',').map(str::trim).filter(|one| *one != "aws-chunked" && !one.is_empty()).collect::<Vec<_>>().join(",")
    });
    Headers { content_encoding: encoding.filter(|list| !list.is_empty()), ..headers }
}

/// User metadata is at most 2 KB, names and values together (User Guide, "Working with object metadata").
pub(super) fn check_metadata(metadata: &BTreeMap<String, String>) -> AwsResult<()> {
    let size: usize = metadata.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > 2048 {
        let message = "Your metadata headers exceed the maximum allowed metadata size";
        return Err(AwsError::new("MetadataTooLarge", message).with("Size", size.to_string()).with("MaxSizeAllowed", "2048"));
    }
    Ok(())
}

/// The checksum of content that just came in.
pub(super) fn checksum_of(digests: &Digests) -> Checksum {
    Checksum::full(digests.algorithm, &digests.checksum)
}
