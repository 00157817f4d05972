//! The Data Catalog and S3 as the engine of queries reads them: calls of Glue and S3, made as whoever runs the query.

use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use labrun_sql::fault::{Fault, Outcome};
use labrun_sql::source::{Catalog, Object, Objects};
use labrun_wire::value::Map;
use labrun_wire::{AwsError, Value};
use serde_json::{Value as Json, json};

use super::{glue, s3};
use crate::gateway::body::Upload;
use crate::sandbox::Cx;

/// Tables and objects of a sandbox, for one caller.
pub(super) struct Lake {
    cx: Cx,
}

impl std::fmt::Debug for Lake {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("the sandbox")
    }
}

impl Lake {
    pub(super) fn new(cx: Cx) -> Self {
        Lake { cx }
    }
}

/// What S3 refuses, as Trino's connector reports it.
fn unread(bucket: &str, fault: &AwsError) -> Fault {
    match fault.code.as_str() {
        "AccessDenied" => Fault::new(
            "PERMISSION_DENIED",
            format!("Access Denied (Service: Amazon S3; Bucket: {bucket}; Error Code: AccessDenied)"),
        ),
        code => Fault::new(
            "HIVE_CANNOT_OPEN_SPLIT",
            format!("Error opening Hive split in bucket {bucket}: {} ({code})", fault.message),
        ),
    }
}

fn metastore(fault: &AwsError) -> Fault {
    Fault::new("HIVE_METASTORE_ERROR", format!("{} (Service: AmazonDataCatalog; Error Code: {})", fault.message, fault.code))
}

#[async_trait]
impl Catalog for Lake {
    async fn has_database(&self, name: &str) -> Outcome<bool> {
        let found = glue::find(&self.cx, "GetDatabase", &json!({ "Name": name }), "Database").await;
        found.map(|found| found.is_some()).map_err(|fault| metastore(&fault))
    }

    async fn table(&self, database: &str, name: &str) -> Outcome<Option<Json>> {
        let input = json!({ "DatabaseName": database, "Name": name });
        glue::find(&self.cx, "GetTable", &input, "Table").await.map_err(|fault| metastore(&fault))
    }

    async fn partitions(&self, database: &str, table: &str, expression: Option<&str>) -> Outcome<Vec<Json>> {
        let mut input = json!({ "DatabaseName": database, "TableName": table });
        if let Some(expression) = expression {
            input["Expression"] = json!(expression);
        }
        glue::all(&self.cx, "GetPartitions", input, "Partitions").await.map_err(|fault| metastore(&fault))
    }
}

#[async_trait]
impl Objects for Lake {
    async fn list(&self, bucket: &str, prefix: &str) -> Outcome<Vec<Object>> {
        s3::list(&self.cx, bucket, prefix).await.map_err(|fault| unread(bucket, &fault))
    }

    async fn read(&self, bucket: &str, key: &str, range: Range<u64>) -> Outcome<Bytes> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let wanted = format!("bytes={}-{}", range.start, range.end - 1);
        let input = [("Bucket", bucket), ("Key", key), ("Range", &wanted)].map(|(name, value)| (name.to_owned(), value.into()));
        let got = self.cx.call("s3", "GetObject", Value::Map(Map::from(input)), Upload::empty()).await;
        let (_, download) = got.map_err(|fault| unread(bucket, &fault))?;
        let mut content = Vec::new();
        if let Some(mut download) = download {
            while let Some(bytes) = download.next().await.map_err(|fault| unread(bucket, &fault))? {
                if content.is_empty() && bytes.len() as u64 == range.end - range.start {
                    return Ok(bytes);
                }
                content.extend_from_slice(&bytes);
            }
        }
        Ok(content.into())
    }

    async fn write(&self, bucket: &str, key: &str, content: Bytes) -> Outcome<()> {
        s3::put(&self.cx, bucket, key, None, content).await.map_err(|fault| unread(bucket, &fault))
    }
}
