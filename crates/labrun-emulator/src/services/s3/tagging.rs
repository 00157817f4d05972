//! Tags of buckets and objects. Source: S3 User Guide, "Categorizing your storage using tags", for the limits.

use std::collections::BTreeMap;

use labrun_wire::AwsResult;
use labrun_wire::uri::{Plus, pairs};
use serde::{Deserialize, Serialize};

use super::bucket::{self, BUCKETS, Nothing};
use super::error;
use super::object::{self, OBJECTS};
use crate::sandbox::Tx;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    key: String,
    value: String,
}

type Tags = BTreeMap<String, String>;

/// Tags as a map, if they keep the rules.
pub(super) fn checked(tags: Vec<Tag>, most: usize) -> AwsResult<Tags> {
    if tags.len() > most {
        let message =
            if most == 10 { "Object tags cannot be greater than 10" } else { "Bucket tag count cannot be greater than 50" };
        return Err(labrun_wire::AwsError::new("BadRequest", message).status(400));
    }
    let mut map = Tags::new();
    for Tag { key, value } in tags {
        if key.is_empty() || key.chars().count() > 128 {
            return Err(error::invalid_tag("The TagKey you have provided is invalid"));
        }
        if value.chars().count() > 256 {
            return Err(error::invalid_tag("The TagValue you have provided is invalid"));
        }
        if key.starts_with("aws:") {
            return Err(error::invalid_tag("System tags cannot be added/updated by requester"));
        }
        if map.insert(key, value).is_some() {
            return Err(error::invalid_tag("Cannot provide multiple Tags with the same key"));
        }
    }
    Ok(map)
}

/// `x-amz-tagging: a=1&b=2`.
pub(super) fn from_header(header: Option<&str>) -> AwsResult<Tags> {
    let tags = pairs(header.unwrap_or_default(), Plus::IsSpace).into_iter().map(|(key, value)| Tag { key, value });
    checked(tags.collect(), 10)
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagSet {
    tag_set: Vec<Tag>,
}

fn set(tags: &Tags) -> TagSet {
    TagSet { tag_set: tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() }).collect() }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfBucket {
    bucket: String,
    expected_bucket_owner: Option<String>,
}

pub(super) fn get_bucket(tx: &Tx, input: OfBucket) -> AwsResult<TagSet> {
    let bucket = bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
    if bucket.tags.is_empty() { Err(error::no_tag_set(&input.bucket)) } else { Ok(set(&bucket.tags)) }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutBucket {
    bucket: String,
    tagging: TagSet,
    expected_bucket_owner: Option<String>,
}

pub(super) fn put_bucket(tx: &mut Tx, input: PutBucket) -> AwsResult<Nothing> {
    bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let tags = checked(input.tagging.tag_set, 50)?;
    tx.update(&BUCKETS, &input.bucket, |bucket| bucket.tags = tags);
    Ok(Nothing {})
}

pub(super) fn delete_bucket(tx: &mut Tx, input: OfBucket) -> AwsResult<Nothing> {
    bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
    tx.update(&BUCKETS, &input.bucket, |bucket| bucket.tags.clear());
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfObject {
    bucket: String,
    key: String,
    version_id: Option<String>,
    expected_bucket_owner: Option<String>,
}

impl OfObject {
    fn check(&self, tx: &Tx) -> AwsResult<std::sync::Arc<object::Object>> {
        object::check_version(self.version_id.as_deref())?;
        object::owned(tx, &self.bucket, &self.key, self.expected_bucket_owner.as_deref())
    }
}

pub(super) fn get_object(tx: &Tx, input: OfObject) -> AwsResult<TagSet> {
    Ok(set(&input.check(tx)?.tags))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutObject {
    bucket: String,
    key: String,
    tagging: TagSet,
    version_id: Option<String>,
    expected_bucket_owner: Option<String>,
}

pub(super) fn put_object(tx: &mut Tx, input: PutObject) -> AwsResult<Nothing> {
    let PutObject { bucket, key, tagging, version_id, expected_bucket_owner } = input;
    let of = OfObject { bucket, key, version_id, expected_bucket_owner };
    of.check(tx)?;
    let tags = checked(tagging.tag_set, 10)?;
    tx.update(&OBJECTS, &object::row(&of.bucket, &of.key), |object| object.tags = tags);
    Ok(Nothing {})
}

pub(super) fn delete_object(tx: &mut Tx, input: OfObject) -> AwsResult<Nothing> {
    input.check(tx)?;
    tx.update(&OBJECTS, &object::row(&input.bucket, &input.key), |object| object.tags.clear());
    Ok(Nothing {})
}
