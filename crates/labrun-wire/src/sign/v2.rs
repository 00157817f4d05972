//! Signature Version 2 in presigned S3 URLs. Source: S3 User Guide, "Signing and authenticating REST requests (signature version 2)".

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::{Fault, Presented, Verified, same};
use crate::protocol::Request;

/// Query parameters that the signature covers.
const COVERED: &[&str] = &[
    "accelerate",
    "acl",
    "analytics",
    "cors",
    "delete",
    "inventory",
    "lifecycle",
    "location",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "partNumber",
    "policy",
    "replication",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "select",
    "select-type",
    "storageClass",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
];

pub(super) fn verify(presented: &Presented, secret: &str, request: &Request) -> Result<Verified, Fault> {
    let text = string_to_sign(presented, request);
    let expected = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(text.as_bytes());
            STANDARD.encode(mac.finalize().into_bytes())
        },
    );
    if !same(&expected, &presented.signature) {
        return Err(Fault::Mismatch { string_to_sign: text, canonical_request: String::new() });
    }
    Ok(Verified { key: Vec::new(), scope: String::new(), moment: String::new(), signature: expected })
}

/// Headers may stand in the query of a presigned URL: they were headers when it was signed.
fn string_to_sign(presented: &Presented, request: &Request) -> String {
    let from_header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let from_query = |name: &str| request.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let either = |name: &str| from_query(name).or_else(|| from_header(name)).unwrap_or_default();
    let mut amz: Vec<(String, String)> = request
        .headers
        .keys()
        .map(|name| name.as_str().to_owned())
        .chain(request.query.iter().map(|(key, _)| key.to_ascii_lowercase()))
        .filter(|name| name.starts_with("x-amz-"))
        .map(|name| (name.clone(), either(&name)))
        .collect();
    amz.sort();
    amz.dedup();
    let amz: String = amz.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
    let mut covered: Vec<String> = request
        .query
        .iter()
        .filter(|(key, _)| COVERED.contains(&key.as_str()))
        .map(|(key, value)| if value.is_empty() { key.clone() } else { format!("{key}={value}") })
        .collect();
    covered.sort();
    let query = if covered.is_empty() { String::new() } else { format!("?{}", covered.join("&")) };
    format!(
        "{}\n{}\n{}\n{}\n{amz}{}{query}",
        request.method,
        either("content-md5"),
        either("content-type"),
        presented.moment.seconds(),
        request.path,
    )
}
