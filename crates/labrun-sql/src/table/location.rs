//! Where data lies (tables-location-format).

use super::TableError;

/// A location as it is stored. A slash at the end is asked for by the page; without one, Athena reads the folder all the same.
pub fn location(written: &str) -> Result<String, TableError> {
    let rest = written.strip_prefix("s3://").filter(|rest| !rest.is_empty() && !rest.starts_with('/'));
    let Some(rest) = rest else { return Err(TableError::NoS3Location(written.to_owned())) };
    if rest.contains(['*', '?']) {
        return Err(TableError::Glob(written.to_owned()));
    }
    // Empty segments collapse.
    let mut parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    if rest.ends_with('/') {
        parts.push("");
    }
    Ok(format!("s3://{}", parts.join("/")))
}
