//! Listings: objects (both versions) and uploads under way, with prefix, delimiter, paging and encoding.

use std::sync::Arc;

use labrun_wire::page::{position, token};
use labrun_wire::uri::{Slash, encode};
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::bucket::{self, Owner};
use super::error;
use super::multipart::{UPLOADS, Upload};
use super::object::{Kind, OBJECTS, Object};
use crate::sandbox::Tx;

const PAGE: i64 = 1000;

/// What a listing selects.
struct Selection<'a> {
    bucket: &'a str,
    prefix: &'a str,
    delimiter: &'a str,
    /// Keys (or common prefixes) up to and with this one are left out.
    after: Option<String>,
    size: usize,
}

/// Keys and common prefixes, mixed in order, and the last of them if more follow.
struct Selected {
    objects: Vec<(String, Arc<Object>)>,
    prefixes: Vec<String>,
    /// The last entry, where the listing goes on after it.
    more_after: Option<String>,
}

impl Selection<'_> {
    fn run(&self, tx: &Tx) -> Selected {
        let scope = format!("{}\0", self.bucket);
        let mut selected = Selected { objects: Vec::new(), prefixes: Vec::new(), more_after: None };
        let mut last = None;
        let mut after = self.after.as_ref().map(|key| self.past(key));
        loop {
            // A common prefix is passed in one step, however many keys it has.
            let mut jump = None;
            let start = after.take().map(|key| format!("{scope}{key}"));
            let full = format!("{scope}{}", self.prefix);
            tx.each(&OBJECTS, &full, start.as_deref(), |row, object| {
                if selected.objects.len() + selected.prefixes.len() == self.size {
                    selected.more_after.clone_from(&last);
                    return false;
                }
                let key = &row[scope.len()..];
                match self.common_prefix(key) {
                    Some(prefix) => {
                        jump = Some(format!("{prefix}\u{10ffff}"));
                        last = Some(prefix.to_owned());
                        selected.prefixes.push(prefix.to_owned());
                        false
                    }
                    None => {
                        last = Some(key.to_owned());
                        selected.objects.push((key.to_owned(), object));
                        true
                    }
                }
            });
            match jump {
                Some(key) => after = Some(key),
                None => return selected,
            }
        }
    }

    /// Where to go on: behind a key, or behind everything below a common prefix.
    fn past(&self, entry: &str) -> String {
        let is_prefix = self.common_prefix(entry).is_some_and(|prefix| prefix == entry);
        if is_prefix { format!("{entry}\u{10ffff}") } else { entry.to_owned() }
    }

    fn common_prefix<'k>(&self, key: &'k str) -> Option<&'k str> {
        if self.delimiter.is_empty() {
            return None;
        }
        let at = key.get(self.prefix.len()..)?.find(self.delimiter)?;
        Some(&key[..self.prefix.len() + at + self.delimiter.len()])
    }
}

fn page_size(asked: Option<i64>, name: &str) -> AwsResult<usize> {
    let asked = asked.unwrap_or(PAGE);
    let bad = || {
        error::invalid_argument(&format!("Argument {name} must be an integer between 0 and 2147483647"), name, &asked.to_string())
    };
    usize::try_from(asked.min(PAGE)).map_err(|_| bad())
}

/// `encoding-type=url`: keys may hold what XML can't.
fn encoder(kind: Option<&str>) -> AwsResult<impl Fn(&str) -> String + use<>> {
    let url = match kind {
        None => false,
        Some("url") => true,
        Some(other) => {
            return Err(error::invalid_argument("Invalid Encoding Method specified in Request", "encoding-type", other));
        }
    };
    Ok(move |text: &str| if url { encode(text, Slash::Keep) } else { text.to_owned() })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct V2 {
    bucket: String,
    prefix: Option<String>,
    delimiter: Option<String>,
    max_keys: Option<i64>,
    continuation_token: Option<String>,
    start_after: Option<String>,
    encoding_type: Option<String>,
    fetch_owner: Option<bool>,
    expected_bucket_owner: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    name: String,
    prefix: String,
    delimiter: Option<String>,
    max_keys: usize,
    encoding_type: Option<String>,
    is_truncated: bool,
    contents: Vec<Entry>,
    common_prefixes: Vec<CommonPrefix>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Paging {
    #[serde(rename_all = "PascalCase")]
    V1 { marker: String, next_marker: Option<String> },
    #[serde(rename_all = "PascalCase")]
    V2 {
        key_count: usize,
        continuation_token: Option<String>,
        next_continuation_token: Option<String>,
        start_after: Option<String>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    key: String,
    last_modified: Timestamp,
    #[serde(rename = "ETag")]
    etag: String,
    checksum_algorithm: Option<Vec<String>>,
    checksum_type: Option<Kind>,
    size: u64,
    storage_class: String,
    owner: Option<Owner>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CommonPrefix {
    prefix: String,
}

impl Entry {
    fn new(key: String, object: &Object, owner: Option<Owner>) -> Self {
        Entry {
            key,
            last_modified: object.modified.whole_second(),
            etag: object.quoted(),
            checksum_algorithm: object.checksum.as_ref().map(|checksum| vec![checksum.algorithm.clone()]),
            checksum_type: object.checksum.as_ref().map(|checksum| checksum.kind),
            size: object.size,
            storage_class: object.storage_class.clone().unwrap_or_else(|| "STANDARD".to_owned()),
            owner,
        }
    }
}

pub(super) fn v2(tx: &Tx, input: V2) -> AwsResult<Listed> {
    bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let encode = encoder(input.encoding_type.as_deref())?;
    let prefix = input.prefix.unwrap_or_default();
    let delimiter = input.delimiter.unwrap_or_default();
    let context = format!("s3.ListObjectsV2/{}/{prefix}/{delimiter}", input.bucket);
    let after = match &input.continuation_token {
        Some(text) => {
            let wrong = || error::invalid_argument("The continuation token provided is incorrect", "continuation-token", text);
            Some(position(&context, text).ok_or_else(wrong)?)
        }
        None => input.start_after.clone().filter(|key| !key.is_empty()),
    };
    let size = page_size(input.max_keys, "maxKeys")?;
    let selection = Selection { bucket: &input.bucket, prefix: &prefix, delimiter: &delimiter, after, size };
    let selected = selection.run(tx);
    let owner = input.fetch_owner.unwrap_or_default().then(|| bucket::owner(&tx.caller().account));
    let next = selected.more_after.as_ref().map(|last| token(&context, last));
    let paging = Paging::V2 {
        key_count: selected.objects.len() + selected.prefixes.len(),
        continuation_token: input.continuation_token,
        next_continuation_token: next,
        start_after: input.start_after.as_deref().map(&encode),
    };
    Ok(listed(selected, &selection, &encode, Parts { owner, encoding_type: input.encoding_type, paging }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct V1 {
    bucket: String,
    prefix: Option<String>,
    delimiter: Option<String>,
    marker: Option<String>,
    max_keys: Option<i64>,
    encoding_type: Option<String>,
    expected_bucket_owner: Option<String>,
}

/// `NextMarker` comes only with a delimiter (API Reference, ListObjects); without one the last key is the marker.
pub(super) fn v1(tx: &Tx, input: V1) -> AwsResult<Listed> {
    bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let encode = encoder(input.encoding_type.as_deref())?;
    let prefix = input.prefix.unwrap_or_default();
    let delimiter = input.delimiter.unwrap_or_default();
    let marker = input.marker.unwrap_or_default();
    let size = page_size(input.max_keys, "max-keys")?;
    let after = Some(marker.clone()).filter(|key| !key.is_empty());
    let selection = Selection { bucket: &input.bucket, prefix: &prefix, delimiter: &delimiter, after, size };
    let selected = selection.run(tx);
    let next_marker = selected.more_after.as_deref().filter(|_| !delimiter.is_empty()).map(&encode);
    let paging = Paging::V1 { marker: encode(&marker), next_marker };
    let owner = Some(bucket::owner(&tx.caller().account));
    Ok(listed(selected, &selection, &encode, Parts { owner, encoding_type: input.encoding_type, paging }))
}

struct Parts {
    owner: Option<Owner>,
    encoding_type: Option<String>,
    paging: Paging,
}

fn listed(selected: Selected, selection: &Selection, encode: &impl Fn(&str) -> String, parts: Parts) -> Listed {
    let contents = selected.objects.iter().map(|(key, object)| Entry::new(encode(key), object, parts.owner.clone()));
    Listed {
        name: selection.bucket.to_owned(),
        prefix: encode(selection.prefix),
        delimiter: Some(encode(selection.delimiter)).filter(|text| !text.is_empty()),
        max_keys: selection.size,
        encoding_type: parts.encoding_type,
        is_truncated: selected.more_after.is_some(),
        contents: contents.collect(),
        common_prefixes: selected.prefixes.iter().map(|prefix| CommonPrefix { prefix: encode(prefix) }).collect(),
        paging: parts.paging,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Uploads {
    bucket: String,
    prefix: Option<String>,
    delimiter: Option<String>,
    key_marker: Option<String>,
    upload_id_marker: Option<String>,
    max_uploads: Option<i64>,
    encoding_type: Option<String>,
    expected_bucket_owner: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListedUploads {
    bucket: String,
    key_marker: String,
    upload_id_marker: String,
    next_key_marker: Option<String>,
    next_upload_id_marker: Option<String>,
    prefix: String,
    max_uploads: usize,
    is_truncated: bool,
    encoding_type: Option<String>,
    uploads: Vec<UploadEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct UploadEntry {
    key: String,
    upload_id: String,
    initiated: Timestamp,
    storage_class: String,
    owner: Owner,
    initiator: Owner,
}

pub(super) fn uploads(tx: &Tx, input: Uploads) -> AwsResult<ListedUploads> {
    bucket::owned(tx, &input.bucket, input.expected_bucket_owner.as_deref())?;
    if input.delimiter.is_some_and(|text| !text.is_empty()) {
        return Err(labrun_wire::AwsError::not_implemented("the member Delimiter of s3 ListMultipartUploads"));
    }
    let encode = encoder(input.encoding_type.as_deref())?;
    let (key_marker, id_marker) = (input.key_marker.unwrap_or_default(), input.upload_id_marker.unwrap_or_default());
    let prefix = input.prefix.unwrap_or_default();
    let size = page_size(input.max_uploads, "max-uploads")?;
    let after = (!key_marker.is_empty()).then(|| {
        let end = if id_marker.is_empty() { "\u{10ffff}" } else { &id_marker };
        format!("{}\0{key_marker}\0{end}", input.bucket)
    });
    let mut found: Vec<Arc<Upload>> = Vec::new();
    tx.each(&UPLOADS, &format!("{}\0{prefix}", input.bucket), after.as_deref(), |_, upload| {
        found.push(upload);
        found.len() <= size
    });
    let is_truncated = found.len() > size;
    found.truncate(size);
    let owner = bucket::owner(&tx.caller().account);
    let last = found.last().filter(|_| is_truncated);
    let entry = |upload: &Arc<Upload>| UploadEntry {
        key: encode(&upload.key),
        upload_id: upload.id.clone(),
        initiated: upload.begun,
        storage_class: upload.storage_class.clone().unwrap_or_else(|| "STANDARD".to_owned()),
        owner: owner.clone(),
        initiator: owner.clone(),
    };
    Ok(ListedUploads {
        next_key_marker: last.map(|upload| encode(&upload.key)),
        next_upload_id_marker: last.map(|upload| upload.id.clone()),
        uploads: found.iter().map(entry).collect(),
        bucket: input.bucket,
        key_marker: encode(&key_marker),
        upload_id_marker: id_marker,
        prefix: encode(&prefix),
        max_uploads: size,
        is_truncated,
        encoding_type: input.encoding_type,
    })
}
