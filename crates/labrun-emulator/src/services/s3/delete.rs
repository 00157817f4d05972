//! DeleteObject and DeleteObjects. Deleting what is not there is no error.

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};

use super::object::{self, OBJECTS};
use super::{bucket, condition, error, segment};
use crate::sandbox::Tx;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    bucket: String,
    key: String,
    version_id: Option<String>,
    if_match: Option<String>,
    expected_bucket_owner: Option<String>,
}

pub(super) fn one(tx: &mut Tx, input: One) -> AwsResult<bucket::Nothing> {
    bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
    object::check_version(input.version_id.as_deref())?;
    remove(tx, &input.bucket, &input.key, input.if_match.as_deref())?;
    Ok(bucket::Nothing {})
}

fn remove(tx: &mut Tx, bucket: &str, key: &str, if_match: Option<&str>) -> AwsResult<()> {
    let row = object::row(bucket, key);
    let Some(object) = tx.get(&OBJECTS, &row) else { return Ok(()) };
    condition::check_write(Some(&object), if_match, None, key)?;
    tx.delete(&OBJECTS, &row);
    tx.release(segment::blobs(&object.segments));
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Many {
    bucket: String,
    delete: Delete,
    expected_bucket_owner: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Delete {
    objects: Vec<Identifier>,
    quiet: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Identifier {
    key: String,
    version_id: Option<String>,
    #[serde(rename = "ETag")]
    etag: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Outcome {
    deleted: Vec<Deleted>,
    errors: Vec<Failed>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Deleted {
    key: String,
    version_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Failed {
    key: String,
    code: String,
    message: String,
    version_id: Option<String>,
}

pub(super) fn many(tx: &mut Tx, input: Many) -> AwsResult<Outcome> {
    bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
    if input.delete.objects.is_empty() || input.delete.objects.len() > 1000 {
        return Err(error::malformed_xml());
    }
    let quiet = input.delete.quiet.unwrap_or_default();
    let mut outcome = Outcome { deleted: Vec::new(), errors: Vec::new() };
    for Identifier { key, version_id, etag } in input.delete.objects {
        let removed = object::check_version(version_id.as_deref())
            .map_err(|_| labrun_wire::AwsError::new("NoSuchVersion", "The specified version does not exist."))
            .and_then(|()| remove(tx, &input.bucket, &key, etag.as_deref()));
        match removed {
            Ok(()) if quiet => {}
            Ok(()) => outcome.deleted.push(Deleted { key, version_id }),
            Err(fault) => outcome.errors.push(Failed { key, code: fault.code, message: fault.message, version_id }),
        }
    }
    Ok(outcome)
}
