//! S3's errors, in its words. Source: S3 API Reference, "Error responses".

use labrun_wire::AwsError;

pub(super) fn no_such_bucket(bucket: &str) -> AwsError {
    AwsError::new("NoSuchBucket", "The specified bucket does not exist").with("BucketName", bucket)
}

pub(super) fn no_such_key(key: &str) -> AwsError {
    AwsError::new("NoSuchKey", "The specified key does not exist.").with("Key", key)
}

pub(super) fn no_such_upload(upload: &str) -> AwsError {
    let message =
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.";
    AwsError::new("NoSuchUpload", message).with("UploadId", upload)
}

pub(super) fn access_denied() -> AwsError {
    AwsError::new("AccessDenied", "Access Denied")
}

pub(super) fn invalid_bucket_name(bucket: &str) -> AwsError {
    AwsError::new("InvalidBucketName", "The specified bucket is not valid.").with("BucketName", bucket)
}

pub(super) fn owned_by_you(bucket: &str) -> AwsError {
    let message = "Your previous request to create the named bucket succeeded and you already own it.";
    AwsError::new("BucketAlreadyOwnedByYou", message).with("BucketName", bucket)
}

pub(super) fn taken(bucket: &str) -> AwsError {
    let message = "The requested bucket name is not available. The bucket namespace is shared by all users of the system. \
         Please select a different name and try again.";
    AwsError::new("BucketAlreadyExists", message).with("BucketName", bucket)
}

pub(super) fn not_empty(bucket: &str) -> AwsError {
    AwsError::new("BucketNotEmpty", "The bucket you tried to delete is not empty").with("BucketName", bucket)
}

pub(super) fn location_constraint(message: &str) -> AwsError {
    AwsError::new("IllegalLocationConstraintException", message)
}

pub(super) fn precondition(condition: &str) -> AwsError {
    let message = "At least one of the pre-conditions you specified did not hold";
    AwsError::new("PreconditionFailed", message).with("Condition", condition)
}

/// 304 has no body; its code is for the trail.
pub(super) fn not_modified(etag: &str, modified: &str) -> AwsError {
    AwsError::new("NotModified", "Not Modified").status(304).header("etag", etag).header("last-modified", modified)
}

pub(super) fn invalid_range(range: &str, size: u64) -> AwsError {
    AwsError::new("InvalidRange", "The requested range is not satisfiable")
        .with("RangeRequested", range)
        .with("ActualObjectSize", size.to_string())
        .header("content-range", format!("bytes */{size}"))
}

pub(super) fn invalid_argument(message: &str, name: &str, value: &str) -> AwsError {
    AwsError::new("InvalidArgument", message).with("ArgumentName", name).with("ArgumentValue", value)
}

pub(super) fn invalid_request(message: &str) -> AwsError {
    AwsError::new("InvalidRequest", message)
}

pub(super) fn malformed_xml() -> AwsError {
    let message = "The XML you provided was not well-formed or did not validate against our published schema";
    AwsError::new("MalformedXML", message)
}

pub(super) fn key_too_long(length: usize) -> AwsError {
    AwsError::new("KeyTooLongError", "Your key is too long").with("Size", length.to_string()).with("MaxSizeAllowed", "1024")
}

pub(super) fn invalid_tag(message: &str) -> AwsError {
    AwsError::new("InvalidTag", message)
}

pub(super) fn no_tag_set(bucket: &str) -> AwsError {
    AwsError::new("NoSuchTagSet", "The TagSet does not exist").with("BucketName", bucket)
}

pub(super) fn invalid_part(upload: &str, number: i64, etag: &str) -> AwsError {
    let message = "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified \
         entity tag may not match the part's entity tag.";
    AwsError::new("InvalidPart", message).with("UploadId", upload).with("PartNumber", number.to_string()).with("ETag", etag)
}

pub(super) fn part_order(upload: &str) -> AwsError {
    let message = "The list of parts was not in ascending order. Parts must be ordered by part number.";
    AwsError::new("InvalidPartOrder", message).with("UploadId", upload)
}

pub(super) fn too_small(number: i64, size: u64, etag: &str) -> AwsError {
    AwsError::new("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
        .with("ProposedSize", size.to_string())
        .with("MinSizeAllowed", (5 * 1024 * 1024).to_string())
        .with("PartNumber", number.to_string())
        .with("ETag", etag)
}

pub(super) fn too_large(size: u64) -> AwsError {
    AwsError::new("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
        .with("ProposedSize", size.to_string())
        .with("MaxSizeAllowed", MAX_OBJECT.to_string())
}

/// One PUT, one part, or one copy: 5 GiB.
pub(super) const MAX_OBJECT: u64 = 5 * 1024 * 1024 * 1024;
