//! Multipart uploads: begun, completed, aborted. Source: S3 User Guide, "Uploading and copying objects using multipart upload".

use std::collections::BTreeMap;
use std::sync::Arc;

use labrun_wire::checksum::{self, Algorithm, checksum, hex, md5};
use labrun_wire::{AwsError, AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::bucket::{self, Nothing};
use super::object::{self, Checksum, Headers, Kind, Object, Sums};
use super::parts::{PARTS, Part};
use super::write::{ENCRYPTION, replace};
use super::{condition, error, segment, tagging};
use crate::sandbox::{Scope, Table, Tx};

/// Uploads by bucket, key and id.
pub(super) const UPLOADS: Table<Upload> = Table::new("s3.uploads", Scope::Global);

/// All parts but the last have at least this size.
const MIN_PART: u64 = 5 * 1024 * 1024;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Upload {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) begun: Timestamp,
    pub(super) headers: Headers,
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) storage_class: Option<String>,
    /// The algorithm that the client chose for all parts.
    pub(super) algorithm: Option<String>,
    pub(super) checksum_kind: Kind,
}

impl Upload {
    pub(super) fn algorithm(&self) -> Option<Algorithm> {
        self.algorithm.as_deref().and_then(Algorithm::named)
    }
}

fn row(bucket: &str, key: &str, id: &str) -> String {
    format!("{bucket}\0{key}\0{id}")
}

pub(super) fn owned(tx: &Tx, bucket: &str, key: &str, id: &str) -> AwsResult<Arc<Upload>> {
    tx.get(&UPLOADS, &row(bucket, key, id)).ok_or_else(|| error::no_such_upload(id))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
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
    checksum_algorithm: Option<String>,
    checksum_type: Option<String>,
    expected_bucket_owner: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Created {
    bucket: String,
    key: String,
    upload_id: String,
    server_side_encryption: &'static str,
    checksum_algorithm: Option<String>,
    checksum_type: Option<Kind>,
}

pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<Created> {
    bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
    object::check_key(&input.key)?;
    let algorithm = match &input.checksum_algorithm {
        Some(name) => {
            Some(Algorithm::named(name).ok_or_else(|| AwsError::not_implemented(format_args!("the checksum algorithm {name}")))?)
        }
        None => None,
    };
    let checksum_kind = kind(algorithm, input.checksum_type.as_deref())?;
    let metadata = input.metadata.unwrap_or_default();
    object::check_metadata(&metadata)?;
    let id = format!("{}{}", tx.ids().hex(32), tx.ids().capitals(32));
    let upload = Upload {
        id: id.clone(),
        key: input.key.clone(),
        begun: tx.now(),
        headers: object::without_framing(Headers {
            cache_control: input.cache_control,
            content_disposition: input.content_disposition,
            content_encoding: input.content_encoding,
            content_language: input.content_language,
            content_type: input.content_type.or_else(|| Some("binary/octet-stream".to_owned())),
            expires: input.expires,
        }),
        metadata,
        tags: tagging::from_header(input.tagging.as_deref())?,
        storage_class: object::storage_class(input.storage_class)?,
        algorithm: algorithm.map(|algorithm| algorithm.name().to_owned()),
        checksum_kind,
    };
    tx.put(&UPLOADS, &row(&input.bucket, &input.key, &id), upload);
    Ok(Created {
        bucket: input.bucket,
        key: input.key,
        upload_id: id,
        server_side_encryption: ENCRYPTION,
        checksum_algorithm: algorithm.map(|algorithm| algorithm.name().to_owned()),
        checksum_type: algorithm.map(|_| checksum_kind),
    })
}

/// CRC64NVME is always of the full object, SHA always composite, the other CRCs composite unless told (User Guide, "Checking object
/// integrity").
fn kind(algorithm: Option<Algorithm>, asked: Option<&str>) -> AwsResult<Kind> {
    let default = match algorithm {
        None | Some(Algorithm::Crc64Nvme) => Kind::FullObject,
        Some(_) => Kind::Composite,
    };
    let asked = match asked {
        None => return Ok(default),
        Some("FULL_OBJECT") => Kind::FullObject,
        Some("COMPOSITE") => Kind::Composite,
        Some(other) => {
            return Err(error::invalid_argument(
                "Value for x-amz-checksum-type header is invalid.",
                "x-amz-checksum-type",
                other,
            ));
        }
    };
    let sha = matches!(algorithm, Some(Algorithm::Sha1 | Algorithm::Sha256));
    let impossible = (asked == Kind::FullObject && sha) || (asked == Kind::Composite && algorithm == Some(Algorithm::Crc64Nvme));
    if impossible {
        let name = algorithm.map_or("", Algorithm::name).to_ascii_lowercase();
        let kind = if asked == Kind::FullObject { "FULL_OBJECT" } else { "COMPOSITE" };
        return Err(error::invalid_request(&format!(
            "The {kind} checksum type cannot be used with the {name} checksum algorithm."
        )));
    }
    Ok(asked)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Complete {
    bucket: String,
    key: String,
    upload_id: String,
    multipart_upload: Option<Chosen>,
    mpu_object_size: Option<i64>,
    if_match: Option<String>,
    if_none_match: Option<String>,
    expected_bucket_owner: Option<String>,
    checksum_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Chosen {
    parts: Option<Vec<ChosenPart>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ChosenPart {
    #[serde(rename = "ETag")]
    etag: Option<String>,
    part_number: Option<i64>,
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

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Completed {
    location: String,
    bucket: String,
    key: String,
    #[serde(rename = "ETag")]
    etag: String,
    server_side_encryption: &'static str,
    checksum_type: Option<Kind>,
    #[serde(flatten)]
    sums: Sums,
}

pub(super) fn complete(tx: &mut Tx, input: Complete) -> AwsResult<Completed> {
    bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let upload = owned(tx, &input.bucket, &input.key, &input.upload_id)?;
    if let Some(asked) = &input.checksum_type
        && kind(upload.algorithm(), Some(asked))? != upload.checksum_kind
    {
        return Err(error::invalid_request("The upload was created using another checksum type."));
    }
    let chosen = input.multipart_upload.and_then(|upload| upload.parts).unwrap_or_default();
    let parts = chosen_parts(tx, &upload, &chosen)?;
    let object_row = object::row(&input.bucket, &input.key);
    let existing = tx.get(&object::OBJECTS, &object_row);
    condition::check_write(existing.as_deref(), input.if_match.as_deref(), input.if_none_match.as_deref(), &input.key)?;
    let object = assemble(&upload, &parts, tx.now())?;
    if input.mpu_object_size.is_some_and(|size| u64::try_from(size).ok() != Some(object.size)) {
        return Err(error::invalid_request("The provided object size does not match the size of the uploaded parts."));
    }
    let completed = Completed {
        location: format!("/{}/{}", input.bucket, input.key),
        etag: object.quoted(),
        server_side_encryption: ENCRYPTION,
        checksum_type: object.checksum.as_ref().map(|checksum| checksum.kind),
        sums: Sums::of(object.checksum.as_ref()),
        bucket: input.bucket.clone(),
        key: input.key.clone(),
    };
    // Parts that were uploaded and not chosen are released with their rows.
    forget(tx, &input.bucket, &upload);
    replace(tx, &object_row, object);
    Ok(completed)
}

/// The parts that the client names, each as it was uploaded, in ascending order.
fn chosen_parts(tx: &Tx, upload: &Upload, chosen: &[ChosenPart]) -> AwsResult<Vec<Arc<Part>>> {
    if chosen.is_empty() {
        return Err(error::malformed_xml());
    }
    let mut parts: Vec<Arc<Part>> = Vec::new();
    for (at, named) in chosen.iter().enumerate() {
        let number = named.part_number.ok_or_else(error::malformed_xml)?;
        let etag = named.etag.as_deref().unwrap_or_default().trim_matches('"');
        if parts.last().is_some_and(|last| last.number >= number) {
            return Err(error::part_order(&upload.id));
        }
        let part = tx.get(&PARTS, &super::parts::row(&upload.id, number)).filter(|part| part.etag == etag);
        let part = part.ok_or_else(|| error::invalid_part(&upload.id, number, etag))?;
        if named
            .checksum()
            .is_some_and(|(algorithm, value)| part.checksum.algorithm != algorithm.name() || part.checksum.value != *value)
        {
            return Err(error::invalid_part(&upload.id, number, etag));
        }
        if at + 1 < chosen.len() && part.size < MIN_PART {
            return Err(error::too_small(number, part.size, etag));
        }
        parts.push(part);
    }
    Ok(parts)
}

impl ChosenPart {
    fn checksum(&self) -> Option<(Algorithm, &String)> {
        let all = [
            (Algorithm::Crc32, &self.crc32),
            (Algorithm::Crc32C, &self.crc32c),
            (Algorithm::Crc64Nvme, &self.crc64nvme),
            (Algorithm::Sha1, &self.sha1),
            (Algorithm::Sha256, &self.sha256),
        ];
        all.into_iter().find_map(|(algorithm, value)| value.as_ref().map(|value| (algorithm, value)))
    }
}

fn assemble(upload: &Upload, parts: &[Arc<Part>], now: Timestamp) -> AwsResult<Object> {
    let digests: Vec<u8> = parts.iter().flat_map(|part| ::hex::decode(&part.etag).unwrap_or_default()).collect();
    Ok(Object {
        segments: parts.iter().flat_map(|part| part.segments.clone()).collect(),
        size: parts.iter().map(|part| part.size).sum(),
        etag: format!("{}-{}", hex(&md5(&digests)), parts.len()),
        modified: now,
        headers: upload.headers.clone(),
        metadata: upload.metadata.clone(),
        tags: upload.tags.clone(),
        storage_class: upload.storage_class.clone(),
        checksum: whole_checksum(upload, parts),
        parts: parts.iter().map(|part| part.size).collect(),
    })
}

/// The object's checksum out of its parts'; none where the parts' algorithms differ.
fn whole_checksum(upload: &Upload, parts: &[Arc<Part>]) -> Option<Checksum> {
    let algorithm = Algorithm::named(&parts.first()?.checksum.algorithm)?;
    if parts.iter().any(|part| part.checksum.algorithm != algorithm.name()) {
        return None;
    }
    // Without a choice only S3's own default makes a checksum of the whole.
    if upload.algorithm.is_none() && algorithm != Algorithm::Crc64Nvme {
        return None;
    }
    let digests: Vec<(Vec<u8>, u64)> =
        parts.iter().map(|part| Some((checksum::parse(&part.checksum.value)?, part.size))).collect::<Option<_>>()?;
    match upload.checksum_kind {
        Kind::FullObject => Some(Checksum::full(algorithm, &checksum::combine(algorithm, &digests)?)),
        Kind::Composite => {
            let all: Vec<u8> = digests.iter().flat_map(|(digest, _)| digest.clone()).collect();
            let value = format!("{}-{}", checksum::base64(&checksum(algorithm, &all)), parts.len());
            Some(Checksum { algorithm: algorithm.name().to_owned(), value, kind: Kind::Composite })
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Abort {
    bucket: String,
    key: String,
    upload_id: String,
    expected_bucket_owner: Option<String>,
}

pub(super) fn abort(tx: &mut Tx, input: Abort) -> AwsResult<Nothing> {
    bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let upload = owned(tx, &input.bucket, &input.key, &input.upload_id)?;
    forget(tx, &input.bucket, &upload);
    Ok(Nothing {})
}

/// A bucket can go while uploads are under way; they go with it.
pub(super) fn abort_all(tx: &mut Tx, bucket: &str) {
    for (_, upload) in tx.list(&UPLOADS, &format!("{bucket}\0")) {
        forget(tx, bucket, &upload);
    }
}

fn forget(tx: &mut Tx, bucket: &str, upload: &Upload) {
    let prefix = format!("{}\0", upload.id);
    let blobs: Vec<String> =
        tx.list(&PARTS, &prefix).into_iter().flat_map(|(_, part)| segment::blobs(&part.segments).collect::<Vec<_>>()).collect();
    tx.release(blobs);
    tx.delete_all(&PARTS, &prefix);
    tx.delete(&UPLOADS, &row(bucket, &upload.key, &upload.id));
}
