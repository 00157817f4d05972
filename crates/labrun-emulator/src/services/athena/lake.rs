//! The Data Catalog and S3 as the engine of queries reads them: calls of Glue and S3, made as whoever runs the query.

use std::ops::Range;
use std::sync::Mutex;

use async_trait::async_trait;
use bytes::Bytes;
use labrun_sql::fault::{Fault, Outcome};
use labrun_sql::source::{Catalog, Object, Objects};
use labrun_wire::value::{Map, from_value, to_value};
use labrun_wire::{AwsError, AwsResult, Value};
use serde_json::{Value as Json, json};

use crate::gateway::body::Upload;
use crate::sandbox::Cx;

/// Tables and objects of a sandbox, for one caller.
pub(super) struct Lake {
    cx: Cx,
    /// The first call that was refused: what the caller may not do, said as AWS says it.
    denied: Mutex<Option<AwsError>>,
}

impl std::fmt::Debug for Lake {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("the sandbox")
    }
}

impl Lake {
    pub(super) fn new(cx: Cx) -> Self {
        Lake { cx, denied: Mutex::new(None) }
    }

    async fn glue(&self, operation: &str, input: &Json) -> AwsResult<Json> {
        let input = to_value(input).map_err(|fault| AwsError::internal(fault.to_string()))?;
        let (answer, _) = self.cx.call("glue", operation, input, Upload::empty()).await?;
        from_value(answer).map_err(|fault| AwsError::internal(fault.to_string()))
    }

    /// What is there; nothing where the catalog has nothing of the name.
    async fn found(&self, operation: &str, input: &Json, member: &str) -> Outcome<Option<Json>> {
        match self.glue(operation, input).await {
            Ok(mut answer) => Ok(Some(answer[member].take())),
            Err(fault) if fault.code == "EntityNotFoundException" => Ok(None),
            Err(fault) => Err(metastore(&fault)),
        }
    }

    fn s3(&self, bucket: &str, fault: &AwsError) -> Fault {
        if let Ok(mut denied) = self.denied.lock() {
            denied.get_or_insert_with(|| fault.clone());
        }
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
}

fn metastore(fault: &AwsError) -> Fault {
    Fault::new("HIVE_METASTORE_ERROR", format!("{} (Service: AmazonDataCatalog; Error Code: {})", fault.message, fault.code))
}

#[async_trait]
impl Catalog for Lake {
    async fn has_database(&self, name: &str) -> Outcome<bool> {
        Ok(self.found("GetDatabase", &json!({ "Name": name }), "Database").await?.is_some())
    }

    async fn table(&self, database: &str, name: &str) -> Outcome<Option<Json>> {
        self.found("GetTable", &json!({ "DatabaseName": database, "Name": name }), "Table").await
    }

    async fn partitions(&self, database: &str, table: &str, expression: Option<&str>) -> Outcome<Vec<Json>> {
        let mut input = json!({ "DatabaseName": database, "TableName": table });
        if let Some(expression) = expression {
            input["Expression"] = json!(expression);
        }
        let mut found = Vec::new();
        loop {
            let mut page = self.glue("GetPartitions", &input).await.map_err(|fault| metastore(&fault))?;
            found.extend(page["Partitions"].as_array_mut().map(std::mem::take).unwrap_or_default());
            match page["NextToken"].as_str().filter(|token| !token.is_empty()) {
                Some(token) => input["NextToken"] = json!(token),
                None => return Ok(found),
            }
        }
    }
}

#[async_trait]
impl Objects for Lake {
    async fn list(&self, bucket: &str, prefix: &str) -> Outcome<Vec<Object>> {
        let mut objects = Vec::new();
        let mut token = None;
        loop {
            let mut input = Map::from([("Bucket".to_owned(), bucket.into()), ("Prefix".to_owned(), prefix.into())]);
            if let Some(token) = token {
                input.insert("ContinuationToken".to_owned(), token);
            }
            let listed = self.cx.call("s3", "ListObjectsV2", Value::Map(input), Upload::empty()).await;
            let (page, _) = listed.map_err(|fault| self.s3(bucket, &fault))?;
            if let Some(Value::List(contents)) = page.get("Contents") {
                objects.extend(contents.iter().filter_map(object));
            }
            token = page.get("NextContinuationToken").filter(|token| !token.is_off()).cloned();
            if token.is_none() {
                return Ok(objects);
            }
        }
    }

    async fn read(&self, bucket: &str, key: &str, range: Range<u64>) -> Outcome<Bytes> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let wanted = format!("bytes={}-{}", range.start, range.end - 1);
        let input = [("Bucket", bucket), ("Key", key), ("Range", &wanted)].map(|(name, value)| (name.to_owned(), value.into()));
        let got = self.cx.call("s3", "GetObject", Value::Map(Map::from(input)), Upload::empty()).await;
        let (_, download) = got.map_err(|fault| self.s3(bucket, &fault))?;
        let mut content = Vec::new();
        if let Some(mut download) = download {
            while let Some(bytes) = download.next().await.map_err(|fault| self.s3(bucket, &fault))? {
                if content.is_empty() && bytes.len() as u64 == range.end - range.start {
                    return Ok(bytes);
                }
                content.extend_from_slice(&bytes);
            }
        }
        Ok(content.into())
    }

    async fn write(&self, bucket: &str, key: &str, content: Bytes) -> Outcome<()> {
        let length = i64::try_from(content.len()).unwrap_or(i64::MAX);
        let mut input = Map::from([("Bucket".to_owned(), bucket.into()), ("Key".to_owned(), key.into())]);
        input.insert("ContentLength".to_owned(), length.into());
        let put = self.cx.call("s3", "PutObject", Value::Map(input), Upload::of(content)).await;
        put.map(drop).map_err(|fault| self.s3(bucket, &fault))
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
