//! GetObjectAttributes: what is known of an object, as far as it is asked for.

use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::object::{self, Checksum, Kind, Object, Sums};
use crate::sandbox::Tx;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Get {
    bucket: String,
    key: String,
    version_id: Option<String>,
    max_parts: Option<i64>,
    part_number_marker: Option<i64>,
    object_attributes: Vec<Attribute>,
    expected_bucket_owner: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
enum Attribute {
    ETag,
    Checksum,
    ObjectParts,
    StorageClass,
    ObjectSize,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Got {
    last_modified: Timestamp,
    #[serde(rename = "ETag")]
    etag: Option<String>,
    checksum: Option<Sum>,
    object_parts: Option<Parts>,
    storage_class: Option<String>,
    object_size: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Sum {
    checksum_type: Kind,
    #[serde(flatten)]
    sums: Sums,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Parts {
    total_parts_count: usize,
    #[serde(flatten)]
    page: Option<Page>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    part_number_marker: usize,
    next_part_number_marker: Option<usize>,
    max_parts: usize,
    is_truncated: bool,
    parts: Vec<Part>,
}

/// Its checksum went with the upload: an object keeps its parts' sizes alone.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Part {
    part_number: usize,
    size: u64,
}

pub(super) fn get(tx: &Tx, input: Get) -> AwsResult<Got> {
    object::check_version(input.version_id.as_deref())?;
    let object = object::owned(tx, &input.bucket, &input.key, input.expected_bucket_owner.as_deref())?;
    let asked = |attribute| input.object_attributes.contains(&attribute);
    Ok(Got {
        last_modified: object.modified.whole_second(),
        etag: asked(Attribute::ETag).then(|| object.etag.clone()),
        checksum: object.checksum.as_ref().filter(|_| asked(Attribute::Checksum)).map(sum),
        object_parts: asked(Attribute::ObjectParts).then(|| parts(&object, &input)).flatten(),
        storage_class: asked(Attribute::StorageClass)
            .then(|| object.storage_class.clone().unwrap_or_else(|| "STANDARD".to_owned())),
        object_size: asked(Attribute::ObjectSize).then_some(object.size),
    })
}

/// Here a composite checksum stands without its `-N`.
fn sum(checksum: &Checksum) -> Sum {
    let value = checksum.value.split('-').next().unwrap_or_default().to_owned();
    Sum { checksum_type: checksum.kind, sums: Sums::of(Some(&Checksum { value, ..checksum.clone() })) }
}

/// Only an object of a multipart upload has parts; only with a checksum are they listed (API_GetObjectAttributesParts).
fn parts(object: &Object, input: &Get) -> Option<Parts> {
    let page = object.checksum.as_ref().map(|_| page(&object.parts, input));
    Some(Parts { total_parts_count: object.parts.len(), page }).filter(|parts| parts.total_parts_count > 0)
}

fn page(sizes: &[u64], input: &Get) -> Page {
    let after = usize::try_from(input.part_number_marker.unwrap_or(0)).unwrap_or_default();
    let max_parts = usize::try_from(input.max_parts.unwrap_or(1000).clamp(0, 1000)).unwrap_or_default();
    let numbered = sizes.iter().enumerate().map(|(at, size)| Part { part_number: at + 1, size: *size });
    let parts: Vec<Part> = numbered.skip(after).take(max_parts).collect();
    Page {
        part_number_marker: after,
        next_part_number_marker: parts.last().map(|part| part.part_number),
        max_parts,
        is_truncated: after.saturating_add(parts.len()) < sizes.len(),
        parts,
    }
}
