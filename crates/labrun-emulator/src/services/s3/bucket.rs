//! Buckets: made, found, listed, removed.

use std::collections::BTreeMap;
use std::sync::Arc;

use labrun_wire::page::{page, position};
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::object::OBJECTS;
use super::{error, multipart};
use crate::sandbox::{Scope, Table, Tx};

pub(super) const BUCKETS: Table<Bucket> = Table::new("s3.buckets", Scope::Global);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Bucket {
    pub(super) name: String,
    pub(super) account: String,
    pub(super) region: String,
    pub(super) created: Timestamp,
    pub(super) tags: BTreeMap<String, String>,
}

/// The bucket, if the caller may use it: it exists and is their account's (no policy lets anyone else in yet).
pub(super) fn owned(tx: &Tx, name: &str, expected_owner: Option<&str>) -> AwsResult<Arc<Bucket>> {
    let bucket = tx.get(&BUCKETS, name).ok_or_else(|| error::no_such_bucket(name))?;
    let foreign = bucket.account != tx.caller().account || expected_owner.is_some_and(|owner| owner != bucket.account);
    if foreign { Err(error::access_denied()) } else { Ok(bucket) }
}

/// The rules of "Bucket naming rules", S3 User Guide.
fn check_name(name: &str) -> AwsResult<()> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.';
    let edge = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let bytes = name.as_bytes();
    let is_address = name.split('.').count() == 4 && name.split('.').all(|part| part.parse::<u8>().is_ok());
    let reserved = ["xn--", "sthree-", "amzn-s3-demo-"].iter().any(|prefix| name.starts_with(prefix))
        || ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"].iter().any(|suffix| name.ends_with(suffix));
    let valid = (3..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| plain(*byte))
        && edge(bytes.first())
        && edge(bytes.last())
        && !name.contains("..")
        && !is_address
        && !reserved;
    if valid { Ok(()) } else { Err(error::invalid_bucket_name(name)) }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    bucket: String,
    create_bucket_configuration: Option<Configuration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    location_constraint: Option<String>,
    tags: Option<Vec<super::tagging::Tag>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Created {
    location: String,
    bucket_arn: String,
}

/// In us-east-1 making a bucket again is no error, everywhere else it is (API Reference, CreateBucket, `BucketAlreadyOwnedByYou`).
pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<Created> {
    let name = input.bucket;
    check_name(&name)?;
    let configuration = input.create_bucket_configuration;
    let constraint = configuration.as_ref().and_then(|one| one.location_constraint.clone()).filter(|text| !text.is_empty());
    let region = region_of(&tx.caller().region, constraint)?;
    let created = Created { location: format!("/{name}"), bucket_arn: format!("arn:aws:s3:::{name}") };
    if let Some(bucket) = tx.get(&BUCKETS, &name) {
        return match bucket.account == tx.caller().account {
            true if region == "us-east-1" && bucket.region == region => Ok(created),
            true => Err(error::owned_by_you(&name)),
            false => Err(error::taken(&name)),
        };
    }
    let tags = configuration.and_then(|one| one.tags).map(|tags| super::tagging::checked(tags, 50)).transpose()?;
    let account = tx.caller().account.clone();
    let bucket = Bucket { name: name.clone(), account, region, created: tx.now(), tags: tags.unwrap_or_default() };
    tx.put(&BUCKETS, &name, bucket);
    Ok(created)
}

/// Where the bucket goes: the constraint must be the region that was asked.
fn region_of(asked: &str, constraint: Option<String>) -> AwsResult<String> {
    match constraint {
        None if asked == "us-east-1" => Ok(asked.to_owned()),
        None => Err(error::location_constraint(
            "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.",
        )),
        Some(region) if region == "us-east-1" => {
            Err(labrun_wire::AwsError::new("InvalidLocationConstraint", "The specified location-constraint is not valid"))
        }
        Some(region) if region == asked || asked == "us-east-1" => Ok(region),
        Some(region) => Err(error::location_constraint(&format!(
            "The {region} location constraint is incompatible for the region specific endpoint this request was sent to."
        ))),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    bucket: String,
    expected_bucket_owner: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Head {
    bucket_region: String,
    bucket_arn: String,
    access_point_alias: bool,
}

pub(super) fn head(tx: &Tx, input: Named) -> AwsResult<Head> {
    let bucket = owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let bucket_arn = format!("arn:aws:s3:::{}", bucket.name);
    Ok(Head { bucket_region: bucket.region.clone(), bucket_arn, access_point_alias: false })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Location {
    location_constraint: Option<String>,
}

/// us-east-1 is the empty location.
pub(super) fn location(tx: &Tx, input: Named) -> AwsResult<Location> {
    let bucket = owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let region = Some(bucket.region.clone()).filter(|region| region != "us-east-1");
    Ok(Location { location_constraint: region })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    max_buckets: Option<i64>,
    continuation_token: Option<String>,
    prefix: Option<String>,
    bucket_region: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    buckets: Vec<Entry>,
    owner: Owner,
    continuation_token: Option<String>,
    prefix: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    name: String,
    creation_date: Timestamp,
    bucket_region: String,
    bucket_arn: String,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Owner {
    #[serde(rename = "ID")]
    id: String,
}

/// The canonical user id of an account: 64 hex digits that only depend on it.
pub(super) fn owner(account: &str) -> Owner {
    Owner { id: labrun_wire::checksum::sha256_hex(account.as_bytes()) }
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let prefix = input.prefix.clone().unwrap_or_default();
    let context = format!("s3.ListBuckets/{prefix}");
    let after = match &input.continuation_token {
        Some(token) => {
            let wrong = || error::invalid_argument("The continuation token provided is incorrect", "continuation-token", token);
            Some(position(&context, token).ok_or_else(wrong)?)
        }
        None => None,
    };
    let mut found = Vec::new();
    tx.each(&BUCKETS, &prefix, after.as_deref(), |_, bucket| {
        let region = input.bucket_region.as_ref().is_none_or(|region| *region == bucket.region);
        if bucket.account == tx.caller().account && region {
            found.push(bucket);
        }
        true
    });
    let size = usize::try_from(input.max_buckets.unwrap_or(10_000)).unwrap_or_default();
    let listed = page(found.into_iter(), size, &context, |bucket| bucket.name.clone());
    let buckets = listed.items.iter().map(|bucket| Entry {
        name: bucket.name.clone(),
        creation_date: bucket.created.whole_second(),
        bucket_region: bucket.region.clone(),
        bucket_arn: format!("arn:aws:s3:::{}", bucket.name),
    });
    Ok(Listed {
        buckets: buckets.collect(),
        owner: owner(&tx.caller().account),
        continuation_token: listed.next,
        prefix: input.prefix,
    })
}

#[derive(Serialize)]
pub(super) struct Nothing {}

pub(super) fn delete(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
    if tx.any(&OBJECTS, &format!("{}\0", input.bucket)) {
        return Err(error::not_empty(&input.bucket));
    }
    multipart::abort_all(tx, &input.bucket);
    tx.delete(&BUCKETS, &input.bucket);
    Ok(Nothing {})
}
