//! Calls of S3, made as whoever runs a statement.

use bytes::Bytes;
use labrun_sql::source::Object;
use labrun_wire::value::Map;
use labrun_wire::{AwsResult, Value};

use crate::gateway::body::Upload;
use crate::sandbox::Cx;

/// Every object under a prefix.
pub(super) async fn list(cx: &Cx, bucket: &str, prefix: &str) -> AwsResult<Vec<Object>> {
    let mut objects = Vec::new();
    let mut token = None;
    loop {
        let mut input = Map::from([("Bucket".to_owned(), bucket.into()), ("Prefix".to_owned(), prefix.into())]);
        if let Some(token) = token {
            input.insert("ContinuationToken".to_owned(), token);
        }
        let (page, _) = cx.call("s3", "ListObjectsV2", Value::Map(input), Upload::empty()).await?;
        if let Some(Value::List(contents)) = page.get("Contents") {
            objects.extend(contents.iter().filter_map(object));
        }
        token = page.get("NextContinuationToken").filter(|token| !token.is_off()).cloned();
        if token.is_none() {
            return Ok(objects);
        }
    }
}

fn object(entry: &Value) -> Option<Object> {
    let size = match entry.get("Size") {
        Some(Value::Integer(size)) => u64::try_from(*size).ok()?,
        _ => return None,
    };
    let modified = match entry.get("LastModified") {
        Some(Value::Timestamp(at)) => at.millis(),
        _ => 0,
    };
    Some(Object { key: entry.get("Key")?.as_str()?.to_owned(), size, modified })
}

/// A whole object; S3's own type where none is given.
pub(super) async fn put(cx: &Cx, bucket: &str, key: &str, kind: Option<&str>, content: Bytes) -> AwsResult<()> {
    let length = i64::try_from(content.len()).unwrap_or(i64::MAX);
    let mut input = Map::from([("Bucket".to_owned(), bucket.into()), ("Key".to_owned(), key.into())]);
    input.insert("ContentLength".to_owned(), length.into());
    if let Some(kind) = kind {
        input.insert("ContentType".to_owned(), kind.into());
    }
    cx.call("s3", "PutObject", Value::Map(input), Upload::of(content)).await.map(drop)
}
