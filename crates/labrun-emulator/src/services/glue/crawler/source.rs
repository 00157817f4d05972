//! The objects of a target: listed and read through S3, as the crawler's role.

use std::collections::{BTreeMap, BTreeSet};

use labrun_wire::value::Map;
use labrun_wire::{AwsError, AwsResult, Value};

use super::super::classify::Sample;
use super::definition::Target;
use super::exclude::Exclusions;
use crate::gateway::body::Upload;
use crate::sandbox::Cx;

/// An object up to this size is read whole.
const WHOLE: u64 = 16 * 1024 * 1024;
/// Of a bigger one this much of its beginning, and of its end where the format has its schema there.
const PIECE: u64 = 4 * 1024 * 1024;

/// One object of a target.
pub(super) struct Object {
    pub(super) key: String,
    pub(super) size: u64,
    /// Below the include path.
    pub(super) folders: Vec<String>,
    pub(super) name: String,
    /// A sample leaves some unread.
    pub(super) read: bool,
}

impl Target {
    /// Where the target's folders begin, with a slash at its end.
    pub(super) fn base(&self) -> String {
        match self.prefix.as_str() {
            "" => format!("s3://{}/", self.bucket),
            prefix => format!("s3://{}/{prefix}/", self.bucket),
        }
    }

    /// The folder of a target that is an object.
    pub(super) fn parent(&self) -> String {
        let folder = self.prefix.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        format!("s3://{}/{folder}", self.bucket)
    }

    /// On which level of S3 the include path is; a bucket is on the first.
    pub(super) fn level(&self) -> usize {
        1 + self.prefix.split('/').filter(|folder| !folder.is_empty()).count()
    }
}

/// Everything below the include path that is not excluded or hidden, in the order of keys.
pub(super) async fn list(cx: &Cx, target: &Target) -> AwsResult<Vec<Object>> {
    let exclusions = Exclusions::new(&target.exclusions)?;
    let mut objects = Vec::new();
    let mut token = None;
    loop {
        let mut input = Map::from([
            ("Bucket".to_owned(), target.bucket.as_str().into()),
            ("Prefix".to_owned(), target.prefix.as_str().into()),
        ]);
        if let Some(token) = token {
            input.insert("ContinuationToken".to_owned(), token);
        }
        let (page, _) = cx.call("s3", "ListObjectsV2", Value::Map(input), Upload::empty()).await?;
        if let Some(Value::List(contents)) = page.get("Contents") {
            objects.extend(contents.iter().filter_map(|entry| object(target, &exclusions, entry)));
        }
        token = page.get("NextContinuationToken").filter(|token| !token.is_off()).cloned();
        if token.is_none() {
            return Ok(sampled(one_or_all(target, objects), target.sample));
        }
    }
}

/// An object with the name of the include path is the target, if there is no such folder.
fn one_or_all(target: &Target, mut objects: Vec<Object>) -> Vec<Object> {
    if objects.iter().any(|object| object.key != target.prefix) {
        objects.retain(|object| object.key != target.prefix);
    }
    objects
}

/// Empty objects, and names that begin with `_` or `.`, which Hive and Athena do not see, are passed over.
fn object(target: &Target, exclusions: &Exclusions, entry: &Value) -> Option<Object> {
    let key = entry.get("Key")?.as_str()?;
    let size = match entry.get("Size") {
        Some(Value::Integer(size)) => u64::try_from(*size).ok().filter(|size| *size > 0)?,
        _ => return None,
    };
    let below = match target.prefix.as_str() {
        "" => key,
        prefix if key == prefix => key.rsplit('/').next()?,
        prefix => key.strip_prefix(prefix)?.strip_prefix('/')?,
    };
    let mut folders: Vec<String> = below.split('/').map(str::to_owned).collect();
    let name = folders.pop().filter(|name| !name.is_empty() && !name.ends_with("_$folder$"))?;
    let hidden = |name: &String| name.starts_with(['_', '.']);
    if hidden(&name) || folders.iter().any(hidden) || exclusions.exclude(below) {
        return None;
    }
    Some(Object { key: key.to_owned(), size, folders, name, read: true })
}

/// "The number of files in each leaf folder to be crawled": the first ones.
fn sampled(mut objects: Vec<Object>, most: Option<usize>) -> Vec<Object> {
    let Some(most) = most else { return objects };
    let mut seen: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for object in &mut objects {
        let count = seen.entry(object.folders.clone()).or_default();
        *count += 1;
        object.read = *count <= most;
    }
    objects
}

/// The folders that hold objects, as locations.
pub(super) fn folders(target: &Target, objects: &[Object]) -> BTreeSet<String> {
    objects.iter().map(|object| location(target, &object.folders)).collect()
}

pub(super) fn location(target: &Target, folders: &[String]) -> String {
    let below: String = folders.iter().map(|folder| format!("{folder}/")).collect();
    target.base() + &below
}

/// What was read of an object.
pub(super) struct Bytes {
    head: Vec<u8>,
    tail: Option<Vec<u8>>,
    whole: bool,
}

impl Bytes {
    /// How much of the object the records are counted in: a footer counts them all.
    pub(super) fn counted(&self, object: &Object) -> u64 {
        if self.whole || self.tail.is_some() { object.size } else { self.head.len() as u64 }
    }

    pub(super) fn sample(&self) -> Sample<'_> {
        Sample { head: &self.head, tail: self.tail.as_deref().unwrap_or(&self.head), whole: self.whole }
    }
}

pub(super) async fn read(cx: &Cx, target: &Target, object: &Object) -> AwsResult<Bytes> {
    if object.size <= WHOLE {
        return Ok(Bytes { head: fetch(cx, target, object, None).await?, tail: None, whole: true });
    }
    let head = fetch(cx, target, object, Some(format!("bytes=0-{}", PIECE - 1))).await?;
    let tail = match head.starts_with(b"PAR1") || head.starts_with(b"ORC") {
        true => Some(fetch(cx, target, object, Some(format!("bytes=-{PIECE}"))).await?),
        false => None,
    };
    Ok(Bytes { head, tail, whole: false })
}

async fn fetch(cx: &Cx, target: &Target, object: &Object, range: Option<String>) -> AwsResult<Vec<u8>> {
    let mut input =
        Map::from([("Bucket".to_owned(), target.bucket.as_str().into()), ("Key".to_owned(), object.key.as_str().into())]);
    if let Some(range) = range {
        input.insert("Range".to_owned(), range.into());
    }
    let (_, download) = cx.call("s3", "GetObject", Value::Map(input), Upload::empty()).await?;
    let mut download = download.ok_or_else(|| AwsError::internal("GetObject gave no body"))?;
    let mut bytes = Vec::new();
    while let Some(piece) = download.next().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}
