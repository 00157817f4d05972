//! The canonical request of Signature Version 4.

use super::{Rules, encode_all};
use crate::protocol::Request;
use crate::uri::{self, Slash};

/// Method, path, query, signed headers and payload hash, each on its line.
pub(super) fn request(request: &Request, signed_headers: &[String], payload_hash: &str, rules: Rules) -> String {
    let headers: String = signed_headers.iter().map(|name| format!("{name}:{}\n", header(request, name))).collect();
    format!(
        "{}\n{}\n{}\n{headers}\n{}\n{payload_hash}",
        request.method,
        path(&request.path, rules),
        query(&request.query),
        signed_headers.join(";"),
    )
}

fn path(raw: &str, rules: Rules) -> String {
    let raw = if raw.is_empty() { "/" } else { raw };
    if rules.path_encoded_once {
        return uri::decode(raw).map_or_else(|| raw.to_owned(), |decoded| uri::encode(&decoded, Slash::Keep));
    }
    uri::encode(raw, Slash::Keep)
}

fn query(pairs: &[(String, String)]) -> String {
    let mut encoded: Vec<(String, String)> = pairs
        .iter()
        .filter(|(key, _)| key != "X-Amz-Signature")
        .map(|(key, value)| (encode_all(key), encode_all(value)))
        .collect();
    encoded.sort();
    encoded.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&")
}

/// Values of one header joined by commas, inner runs of spaces made one.
fn header(request: &Request, name: &str) -> String {
    let values = request.headers.get_all(name).iter().map(|value| {
        let text = String::from_utf8_lossy(value.as_bytes());
        text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").trim().to_owned()
    });
    values.collect::<Vec<_>>().join(",")
}
