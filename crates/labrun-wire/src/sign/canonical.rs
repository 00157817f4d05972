//! The canonical request of Signature Version 4.

use super::{Rules, encode_all};
use crate::protocol::Request;
use crate::uri::{self, Slash};

/// Method, path, query, signed headers and payload hash, each on its line.
pub(super) fn request(request: &Request, signed_headers: &[String], payload_hash: &str, rules: Rules) -> String {
    let (path, query) = (path(&request.path, rules), query(&request.query));
    let mut text = format!("{}\n{path}\n{query}\n", request.method);
    for name in signed_headers {
        text.push_str(name);
        text.push(':');
        push_header(&mut text, request, name);
        text.push('\n');
    }
    text + "\n" + &signed_headers.join(";") + "\n" + payload_hash
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
fn push_header(text: &mut String, request: &Request, name: &str) {
    for (at, value) in request.headers.get_all(name).iter().enumerate() {
        let value = String::from_utf8_lossy(value.as_bytes());
        let words = value.trim().split(' ').filter(|word| !word.is_empty());
        text.push_str(if at == 0 { "" } else { "," });
        for (at, word) in words.enumerate() {
            text.push_str(if at == 0 { "" } else { " " });
            text.push_str(word);
        }
    }
}
