//! Amazon S3: general purpose buckets without versioning; objects with metadata, tags, checksums and conditions; multipart uploads.
//!
//! Not here: versions, ACLs, policies, lifecycle, notifications, encryption beyond S3's own default, Select. They are refused by
//! name. Rows hold what is known of an object; its bytes are segments, which a copy or a completed upload shares.

mod attributes;
mod bucket;
mod condition;
mod copy;
mod delete;
mod error;
mod list;
mod multipart;
mod object;
mod parts;
mod read;
mod segment;
mod tagging;
mod write;

use std::collections::HashSet;

use crate::registry::Service;
use crate::sandbox::Tx;

pub(super) fn service() -> Service {
    Service::new("s3")
        .op("CreateBucket", bucket::create)
        .read("HeadBucket", bucket::head)
        .read("GetBucketLocation", bucket::location)
        .read("ListBuckets", bucket::list)
        .op("DeleteBucket", bucket::delete)
        .read("GetBucketTagging", tagging::get_bucket)
        .op("PutBucketTagging", tagging::put_bucket)
        .op("DeleteBucketTagging", tagging::delete_bucket)
        .stream("PutObject", write::put)
        .stream("GetObject", read::get)
        .stream("HeadObject", read::head)
        .read("GetObjectAttributes", attributes::get)
        .stream("CopyObject", copy::object)
        .op("DeleteObject", delete::one)
        .op("DeleteObjects", delete::many)
        .read("ListObjects", list::v1)
        .read("ListObjectsV2", list::v2)
        .read("GetObjectTagging", tagging::get_object)
        .op("PutObjectTagging", tagging::put_object)
        .op("DeleteObjectTagging", tagging::delete_object)
        .op("CreateMultipartUpload", multipart::create)
        .stream("UploadPart", parts::upload)
        .stream("UploadPartCopy", copy::part)
        .op("CompleteMultipartUpload", multipart::complete)
        .op("AbortMultipartUpload", multipart::abort)
        .read("ListParts", parts::list)
        .read("ListMultipartUploads", list::uploads)
        .echoed(&["PutObject.StorageClass", "CopyObject.StorageClass", "CreateMultipartUpload.StorageClass"])
        .blobs(blobs)
}

/// Every blob that an object or a part refers to.
fn blobs(tx: &Tx) -> HashSet<String> {
    let mut used = HashSet::new();
    tx.each(&object::OBJECTS, "", None, |_, object| {
        used.extend(segment::blobs(&object.segments));
        true
    });
    tx.each(&parts::PARTS, "", None, |_, part| {
        used.extend(segment::blobs(&part.segments));
        true
    });
    used
}
