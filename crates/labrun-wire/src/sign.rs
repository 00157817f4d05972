//! Signatures: what a request presents, whether it holds, and the making of one, all by the same canonical form.
//!
//! Signature Version 4 in headers and in presigned URLs, with the chunk signatures of `aws-chunked`; Version 2 in presigned URLs
//! only, which older defaults of boto3 still make. Clocks are the caller's business: [`Presented::moment`] says when it was made.
//! Source: AWS General Reference, "Signature Version 4 signing process"; S3 API Reference, "Authenticating Requests".

mod canonical;
mod present;
mod v2;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::checksum::{hex, sha256_hex};
use crate::protocol::{Request, set_header};
use crate::time;
use crate::uri::{Slash, encode};
use crate::value::Timestamp;

pub use present::{Payload, Place, Presented, Version, present};

/// Keys of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: Option<String>,
}

/// What a Version 4 signature is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// `20260102`
    pub date: String,
    pub region: String,
    pub service: String,
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}/{}/{}/aws4_request", self.date, self.region, self.service)
    }
}

/// How a service wants its requests signed; the same for all but one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// The path is encoded once, where all others encode the encoded one again.
    pub path_encoded_once: bool,
    /// The payload's hash stands in a header of its own.
    pub payload_header: bool,
}

/// Why a request is not who it says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The authorization can't be read.
    Malformed(String),
    /// A header that must be signed isn't.
    Unsigned(String),
    /// The signature is another one.
    Mismatch { string_to_sign: String, canonical_request: String },
}

/// Proof that the head of a request is its principal's; carries on over the chunks of the body.
#[derive(Clone, Debug)]
pub struct Verified {
    pub(crate) key: Vec<u8>,
    pub(crate) scope: String,
    pub(crate) moment: String,
    pub(crate) signature: String,
}

/// Checks what a request presents against the secret. `payload_hash` is the hash that the signature must cover: the body's where
/// the service reads it whole, else what `x-amz-content-sha256` announces.
///
/// # Errors
/// [`Fault`], with what the server made of the request.
pub fn verify(
    presented: &Presented,
    secret: &str,
    request: &Request,
    payload_hash: &str,
    rules: Rules,
) -> Result<Verified, Fault> {
    if presented.version == Version::V2 {
        return v2::verify(presented, secret, request);
    }
    present::demand_signed_headers(presented, request)?;
    let canonical = canonical::request(request, &presented.signed_headers, payload_hash, rules);
    let moment = time::compact(presented.moment);
    let string_to_sign = string_to_sign(&moment, &presented.scope, &canonical);
    let key = signing_key(secret, &presented.scope);
    let expected = hex(&hmac(&key, string_to_sign.as_bytes()));
    if !same(&expected, &presented.signature) {
        return Err(Fault::Mismatch { string_to_sign, canonical_request: canonical });
    }
    Ok(Verified { key, scope: presented.scope.to_string(), moment, signature: expected })
}

/// Who signs, for what, when, and how.
#[derive(Clone, Debug)]
pub struct Signer<'a> {
    pub credentials: &'a Credentials,
    pub scope: Scope,
    pub now: Timestamp,
    pub rules: Rules,
}

/// Signs a request in its headers, Version 4. `payload_hash` is the body's SHA-256 or one of AWS's words for it.
pub fn sign(request: &mut Request, signer: &Signer, payload_hash: &str) -> Verified {
    let Signer { credentials, scope, now, rules } = signer;
    let moment = time::compact(*now);
    set_header(&mut request.headers, "x-amz-date", &moment);
    if let Some(token) = &credentials.session_token {
        set_header(&mut request.headers, "x-amz-security-token", token);
    }
    if rules.payload_header {
        set_header(&mut request.headers, "x-amz-content-sha256", payload_hash);
    }
    let mut signed: Vec<String> = request.headers.keys().map(|name| name.as_str().to_owned()).collect();
    signed.sort();
    let canonical = canonical::request(request, &signed, payload_hash, *rules);
    let key = signing_key(&credentials.secret_access_key, scope);
    let signature = hex(&hmac(&key, string_to_sign(&moment, scope, &canonical).as_bytes()));
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={}, Signature={signature}",
        credentials.access_key_id,
        signed.join(";")
    );
    set_header(&mut request.headers, "authorization", &authorization);
    Verified { key, scope: scope.to_string(), moment, signature }
}

/// Puts a Version 4 signature into the query, good for `expires` seconds. The request must have its `host` header.
pub fn presign(request: &mut Request, signer: &Signer, expires: u32) {
    let Signer { credentials, scope, now, rules } = signer;
    let moment = time::compact(*now);
    let mut add = |name: &str, value: String| request.query.push((name.to_owned(), value));
    add("X-Amz-Algorithm", "AWS4-HMAC-SHA256".to_owned());
    add("X-Amz-Credential", format!("{}/{scope}", credentials.access_key_id));
    add("X-Amz-Date", moment.clone());
    add("X-Amz-Expires", expires.to_string());
    add("X-Amz-SignedHeaders", "host".to_owned());
    if let Some(token) = &credentials.session_token {
        add("X-Amz-Security-Token", token.clone());
    }
    let canonical = canonical::request(request, &["host".to_owned()], UNSIGNED_PAYLOAD, *rules);
    let key = signing_key(&credentials.secret_access_key, scope);
    let signature = hex(&hmac(&key, string_to_sign(&moment, scope, &canonical).as_bytes()));
    request.query.push(("X-Amz-Signature".to_owned(), signature));
}

/// The body is not covered by the signature.
pub const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

impl Verified {
    /// The signature of the next chunk: chained to the one before.
    pub(crate) fn chunk(&mut self, data_hash: &str) -> &str {
        let empty = sha256_hex(b"");
        let text = format!("AWS4-HMAC-SHA256-PAYLOAD\n{}\n{}\n{}\n{empty}\n{data_hash}", self.moment, self.scope, self.signature);
        self.signature = hex(&hmac(&self.key, text.as_bytes()));
        &self.signature
    }

    /// The signature of the trailing headers.
    pub(crate) fn trailer(&mut self, trailer_hash: &str) -> &str {
        let text = format!("AWS4-HMAC-SHA256-TRAILER\n{}\n{}\n{}\n{trailer_hash}", self.moment, self.scope, self.signature);
        self.signature = hex(&hmac(&self.key, text.as_bytes()));
        &self.signature
    }
}

fn string_to_sign(moment: &str, scope: &Scope, canonical: &str) -> String {
    format!("AWS4-HMAC-SHA256\n{moment}\n{scope}\n{}", sha256_hex(canonical.as_bytes()))
}

fn signing_key(secret: &str, scope: &Scope) -> Vec<u8> {
    let steps = [scope.date.as_str(), &scope.region, &scope.service, "aws4_request"];
    steps.iter().fold(format!("AWS4{secret}").into_bytes(), |key, step| hmac(&key, step.as_bytes()))
}

fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).map_or_else(
        |_| Vec::new(),
        |mut mac| {
            mac.update(text);
            mac.finalize().into_bytes().to_vec()
        },
    )
}

pub(crate) fn same(expected: &str, given: &str) -> bool {
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}

fn encode_all(text: &str) -> String {
    encode(text, Slash::Encode)
}

#[cfg(test)]
mod tests;
