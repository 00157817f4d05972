//! Conditional requests: ETags and dates, for reading, for writing, and for the source of a copy. Source: RFC 9110 §13, and S3 User
//! Guide, "Conditional requests".

use labrun_wire::{AwsResult, Timestamp, time};

use super::error;
use super::object::Object;

/// What a request demands of an object before it is read.
#[derive(Default)]
pub(super) struct Read {
    pub(super) if_match: Option<String>,
    pub(super) if_none_match: Option<String>,
    pub(super) if_modified_since: Option<Timestamp>,
    pub(super) if_unmodified_since: Option<Timestamp>,
}

impl Read {
    /// `If-Match` that holds overrules `If-Unmodified-Since`, `If-None-Match` that fails overrules `If-Modified-Since`.
    pub(super) fn check(&self, object: &Object) -> AwsResult<()> {
        let modified = object.modified.whole_second();
        match &self.if_match {
            Some(tags) if !matches(tags, &object.etag) => return Err(error::precondition("If-Match")),
            Some(_) => {}
            None if self.if_unmodified_since.is_some_and(|since| modified > since) => {
                return Err(error::precondition("If-Unmodified-Since"));
            }
            None => {}
        }
        let unchanged = match &self.if_none_match {
            Some(tags) => matches(tags, &object.etag),
            None => self.if_modified_since.is_some_and(|since| modified <= since),
        };
        if unchanged { Err(error::not_modified(&object.quoted(), &time::http_date(modified))) } else { Ok(()) }
    }

    /// The source of a copy answers 412 where a reader would get 304.
    pub(super) fn check_source(&self, object: &Object) -> AwsResult<()> {
        self.check(object).map_err(|fault| match fault.status {
            Some(304) => error::precondition("x-amz-copy-source-If-None-Match"),
            _ => fault,
        })
    }
}

/// What a request demands of the object that it would replace.
pub(super) fn check_write(
    existing: Option<&Object>,
    if_match: Option<&str>,
    if_none_match: Option<&str>,
    key: &str,
) -> AwsResult<()> {
    if let Some(tags) = if_none_match {
        if tags.trim() != "*" {
            return Err(labrun_wire::AwsError::not_implemented("If-None-Match with an ETag on a write (S3 takes only `*`)"));
        }
        if existing.is_some() {
            return Err(error::precondition("If-None-Match"));
        }
    }
    match (if_match, existing) {
        (Some(_), None) => Err(error::no_such_key(key)),
        (Some(tags), Some(object)) if !matches(tags, &object.etag) => Err(error::precondition("If-Match")),
        _ => Ok(()),
    }
}

/// A list of ETags, quoted or not, or `*`.
fn matches(tags: &str, etag: &str) -> bool {
    tags.split(',').map(|tag| tag.trim().trim_start_matches("W/").trim_matches('"')).any(|tag| tag == "*" || tag == etag)
}
