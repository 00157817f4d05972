//! Where a table's objects lie.

use crate::fault::{Fault, Outcome};

/// `s3://bucket/prefix/`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) bucket: String,
    /// Empty, or with a slash at its end.
    pub(crate) prefix: String,
}

impl Location {
    pub(crate) fn parse(text: &str) -> Outcome<Self> {
        let rest = ["s3://", "s3a://", "s3n://"].iter().find_map(|scheme| text.strip_prefix(scheme));
        let Some(rest) = rest.filter(|rest| !rest.is_empty() && !rest.starts_with('/')) else {
            return Err(Fault::new("HIVE_UNKNOWN_ERROR", format!("The location is not an S3 path: {text}")));
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_end_matches('/');
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        Ok(Location { bucket: bucket.to_owned(), prefix })
    }
}
