//! Objects by `s3://` address: put, read, list, delete.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use super::CallError;
use super::sdk::{Sdk, told};

/// An `s3://bucket/key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub bucket: String,
    pub key: String,
}

/// One object of a listing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Listed {
    pub key: String,
    pub size: u64,
    pub etag: String,
    /// Epoch seconds.
    pub modified: f64,
}

impl Address {
    /// Reads `s3://bucket/key`, and its older spellings.
    pub(crate) fn parse(text: &str) -> Option<Address> {
        let rest = ["s3://", "s3a://", "s3n://"].iter().find_map(|scheme| text.strip_prefix(scheme))?;
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        (!bucket.is_empty()).then(|| Address { bucket: bucket.to_owned(), key: key.to_owned() })
    }

    /// The same place read as a folder.
    pub(crate) fn folder(mut self) -> Address {
        if !self.key.is_empty() && !self.key.ends_with('/') {
            self.key.push('/');
        }
        self
    }
}

impl Sdk {
    pub(crate) async fn put(&self, to: &Address, content: Vec<u8>) -> Result<(), CallError> {
        let sent = self.s3.put_object().bucket(&to.bucket).key(&to.key).body(ByteStream::from(content)).send().await;
        sent.map_err(|error| told("s3", "PutObject", &error))?;
        Ok(())
    }

    /// Reads an object, up to `limit` bytes.
    pub(crate) async fn read(&self, from: &Address, limit: u64) -> Result<Vec<u8>, CallError> {
        let sent = self.s3.get_object().bucket(&from.bucket).key(&from.key).send().await;
        let answer = sent.map_err(|error| told("s3", "GetObject", &error))?;
        let length = answer.content_length().unwrap_or_default();
        let fault = |reason: String| CallError::Unanswered { service: "s3".into(), operation: "GetObject".into(), reason };
        if u64::try_from(length).unwrap_or_default() > limit {
            return Err(fault(format!("`{}` has {length} bytes, more than the {limit} that a check reads", from.key)));
        }
        let bytes = answer.body.collect().await.map_err(|error| fault(error.to_string()))?;
        Ok(bytes.to_vec())
    }

    /// Every object under a prefix.
    pub(crate) async fn list(&self, under: &Address) -> Result<Vec<Listed>, CallError> {
        let mut found = Vec::new();
        let mut token = None;
        loop {
            let request = self.s3.list_objects_v2().bucket(&under.bucket).prefix(&under.key).set_continuation_token(token);
            let page = request.send().await.map_err(|error| told("s3", "ListObjectsV2", &error))?;
            found.extend(page.contents().iter().map(listed));
            token = page.next_continuation_token().map(str::to_owned);
            if token.is_none() {
                return Ok(found);
            }
        }
    }

    pub(crate) async fn delete(&self, object: &Address) -> Result<(), CallError> {
        let sent = self.s3.delete_object().bucket(&object.bucket).key(&object.key).send().await;
        sent.map_err(|error| told("s3", "DeleteObject", &error))?;
        Ok(())
    }

    /// Deletes every object under a prefix; returns how many.
    pub(crate) async fn delete_under(&self, under: &Address) -> Result<usize, CallError> {
        let objects = self.list(under).await?;
        for batch in objects.chunks(1000) {
            let name = |object: &Listed| ObjectIdentifier::builder().key(&object.key).build().ok();
            let fault =
                |reason: String| CallError::Unanswered { service: "s3".into(), operation: "DeleteObjects".into(), reason };
            let list = Delete::builder().set_objects(Some(batch.iter().filter_map(name).collect()));
            let list = list.build().map_err(|error| fault(error.to_string()))?;
            let sent = self.s3.delete_objects().bucket(&under.bucket).delete(list).send().await;
            let answer = sent.map_err(|error| told("s3", "DeleteObjects", &error))?;
            if let Some(error) = answer.errors().first() {
                return Err(fault(format!("{}: {}", error.key().unwrap_or_default(), error.message().unwrap_or_default())));
            }
        }
        Ok(objects.len())
    }

    pub(crate) async fn copy(&self, from: &Address, to: &Address) -> Result<(), CallError> {
        let source = labrun_wire::uri::encode(&format!("{}/{}", from.bucket, from.key), labrun_wire::uri::Slash::Keep);
        let sent = self.s3.copy_object().copy_source(source).bucket(&to.bucket).key(&to.key).send().await;
        sent.map_err(|error| told("s3", "CopyObject", &error))?;
        Ok(())
    }
}

fn listed(object: &aws_sdk_s3::types::Object) -> Listed {
    Listed {
        key: object.key().unwrap_or_default().to_owned(),
        size: object.size().and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
        etag: object.e_tag().unwrap_or_default().trim_matches('"').to_owned(),
        modified: object.last_modified().map(aws_sdk_s3::primitives::DateTime::as_secs_f64).unwrap_or_default(),
    }
}
