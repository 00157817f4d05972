//! What a request presents to say who it is: read from the `Authorization` header or from a presigned query.

use super::{Fault, Scope, UNSIGNED_PAYLOAD};
use crate::protocol::Request;
use crate::time;
use crate::value::Timestamp;

/// The claim of a request, not checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    pub version: Version,
    pub place: Place,
    pub access_key_id: String,
    pub session_token: Option<String>,
    pub scope: Scope,
    pub signed_headers: Vec<String>,
    pub signature: String,
    /// When it was made (for Version 2: when it ends).
    pub moment: Timestamp,
    /// How long a presigned request is good for, seconds.
    pub expires: Option<i64>,
    pub payload: Payload,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    V2,
    V4,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Header,
    Query,
}

/// How the body is bound to the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Nothing was announced: the service hashes the body itself.
    Unstated,
    Unsigned,
    /// SHA-256 in hex.
    Hash(String),
    /// `aws-chunked`: with a signature on every chunk or none, with trailing headers or none.
    Chunked {
        signed: bool,
        trailer: bool,
    },
}

impl Payload {
    /// What stands in the canonical request for it.
    pub fn announced(&self) -> Option<&str> {
        match self {
            Payload::Unstated => None,
            Payload::Unsigned => Some(UNSIGNED_PAYLOAD),
            Payload::Hash(hash) => Some(hash),
            Payload::Chunked { signed: true, trailer: false } => Some("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
            Payload::Chunked { signed: true, trailer: true } => Some("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"),
            Payload::Chunked { signed: false, .. } => Some("STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
        }
    }

    /// Reads `x-amz-content-sha256`.
    pub fn of(request: &Request) -> Result<Payload, Fault> {
        let Some(text) = header(request, "x-amz-content-sha256") else {
            return Ok(Payload::Unstated);
        };
        Ok(match text.as_str() {
            UNSIGNED_PAYLOAD => Payload::Unsigned,
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => Payload::Chunked { signed: true, trailer: false },
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => Payload::Chunked { signed: true, trailer: true },
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => Payload::Chunked { signed: false, trailer: true },
            hash if hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                Payload::Hash(hash.to_ascii_lowercase())
            }
            _ => {
                let message = "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, \
                    STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.";
                return Err(Fault::Malformed(message.to_owned()));
            }
        })
    }
}

/// What the request presents; `None` if it is anonymous.
///
/// # Errors
/// [`Fault::Malformed`] for a claim that can't be read, or two claims at once.
pub fn present(request: &Request) -> Result<Option<Presented>, Fault> {
    let authorization = header(request, "authorization");
    let query = |name: &str| request.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let presigned_v4 = query("X-Amz-Algorithm").is_some() || query("X-Amz-Signature").is_some();
    let presigned_v2 = query("AWSAccessKeyId").is_some() && query("Signature").is_some();
    match authorization {
        Some(_) if presigned_v4 || presigned_v2 => Err(Fault::Malformed(
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the \
             Authorization header should be specified"
                .to_owned(),
        )),
        Some(text) => from_header(request, &text).map(Some),
        None if presigned_v4 => from_query(request, &query).map(Some),
        None if presigned_v2 => from_v2_query(&query).map(Some),
        None => Ok(None),
    }
}

fn from_header(request: &Request, text: &str) -> Result<Presented, Fault> {
    let malformed = |message: &str| Fault::Malformed(message.to_owned());
    let Some(fields) = text.strip_prefix("AWS4-HMAC-SHA256") else {
        return Err(malformed("The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."));
    };
    let field = |name: &str| {
        let mut parts = fields.split(',').map(str::trim);
        parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
    };
    let credential = field("Credential").ok_or_else(|| malformed("Authorization header requires 'Credential' parameter."))?;
    let signature = field("Signature").ok_or_else(|| malformed("Authorization header requires 'Signature' parameter."))?;
    let signed = field("SignedHeaders").ok_or_else(|| malformed("Authorization header requires 'SignedHeaders' parameter."))?;
    let date = header(request, "x-amz-date").and_then(|text| time::parse_compact(&text));
    let date = date.or_else(|| header(request, "date").and_then(|text| time::parse_http_date(&text)));
    let moment =
        date.ok_or_else(|| malformed("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."))?;
    let (access_key_id, scope) = split_credential(&credential)?;
    demand_same_day(&scope, moment)?;
    Ok(Presented {
        version: Version::V4,
        place: Place::Header,
        access_key_id,
        session_token: header(request, "x-amz-security-token"),
        scope,
        signed_headers: signed.split(';').map(str::to_ascii_lowercase).collect(),
        signature,
        moment,
        expires: None,
        payload: Payload::of(request)?,
    })
}

fn split_credential(credential: &str) -> Result<(String, Scope), Fault> {
    let parts: Vec<&str> = credential.rsplitn(5, '/').collect();
    let [terminator, service, region, date, key] = parts[..] else {
        return Err(Fault::Malformed(
            "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".".to_owned(),
        ));
    };
    if terminator != "aws4_request" {
        return Err(Fault::Malformed(format!("incorrect terminator \"{terminator}\". This endpoint uses \"aws4_request\".")));
    }
    let scope = Scope { date: date.to_owned(), region: region.to_owned(), service: service.to_owned() };
    Ok((key.to_owned(), scope))
}

/// A signing key is good for one day: that of the request.
fn demand_same_day(scope: &Scope, moment: Timestamp) -> Result<(), Fault> {
    let day = &time::compact(moment)[..8];
    if scope.date == day {
        return Ok(());
    }
    let given = &scope.date;
    Err(Fault::Malformed(format!("Invalid credential date \"{given}\". This date is not the same as X-Amz-Date: \"{day}\".")))
}

fn from_query(request: &Request, query: &impl Fn(&str) -> Option<String>) -> Result<Presented, Fault> {
    let need = |name: &str| {
        query(name).ok_or_else(|| {
            Fault::Malformed(
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, \
                 X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
                    .to_owned(),
            )
        })
    };
    let malformed = |message: &str| Fault::Malformed(message.to_owned());
    if need("X-Amz-Algorithm")? != "AWS4-HMAC-SHA256" {
        return Err(malformed("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\""));
    }
    let (access_key_id, scope) = split_credential(&need("X-Amz-Credential")?)?;
    let expires: i64 = need("X-Amz-Expires")?.parse().map_err(|_| malformed("X-Amz-Expires should be a number"))?;
    if expires < 0 {
        return Err(malformed("X-Amz-Expires must be non-negative"));
    }
    if expires > 604_800 {
        return Err(malformed(
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
        ));
    }
    let moment = time::parse_compact(&need("X-Amz-Date")?)
        .ok_or_else(|| malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""))?;
    demand_same_day(&scope, moment)?;
    let payload = match Payload::of(request)? {
        Payload::Unstated => Payload::Unsigned,
        stated => stated,
    };
    Ok(Presented {
        version: Version::V4,
        place: Place::Query,
        access_key_id,
        session_token: query("X-Amz-Security-Token"),
        scope,
        signed_headers: need("X-Amz-SignedHeaders")?.split(';').map(str::to_ascii_lowercase).collect(),
        signature: need("X-Amz-Signature")?,
        moment,
        expires: Some(expires),
        payload,
    })
}

fn from_v2_query(query: &impl Fn(&str) -> Option<String>) -> Result<Presented, Fault> {
    let text = query("Expires").unwrap_or_default();
    let ends: i64 =
        text.parse().map_err(|_| Fault::Malformed(format!("Invalid date (should be seconds since epoch): {text}")))?;
    Ok(Presented {
        version: Version::V2,
        place: Place::Query,
        access_key_id: query("AWSAccessKeyId").unwrap_or_default(),
        session_token: query("x-amz-security-token"),
        scope: Scope { date: String::new(), region: String::new(), service: String::new() },
        signed_headers: Vec::new(),
        signature: query("Signature").unwrap_or_default(),
        moment: Timestamp(ends.saturating_mul(1000)),
        expires: None,
        payload: Payload::Unsigned,
    })
}

/// `host` and every `x-amz-*` header must be signed, or somebody on the way could have put it there.
pub(super) fn demand_signed_headers(presented: &Presented, request: &Request) -> Result<(), Fault> {
    let signed = |name: &str| presented.signed_headers.iter().any(|header| header == name);
    if !signed("host") {
        return Err(Fault::Unsigned("host".to_owned()));
    }
    let unsigned = request.headers.keys().map(http::HeaderName::as_str).find(|name| {
        let bound = name.starts_with("x-amz-") && !(presented.place == Place::Query && *name == "x-amz-content-sha256");
        bound && !signed(name)
    });
    unsigned.map_or(Ok(()), |name| Err(Fault::Unsigned(name.to_owned())))
}

fn header(request: &Request, name: &str) -> Option<String> {
    request.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}
