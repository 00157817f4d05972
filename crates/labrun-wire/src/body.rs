//! What a request's body must be, checked as it streams by: framing, length, digest, MD5 and checksums, announced in headers or in
//! trailing headers. The handler gets the plain content; it may only act once [`Checker::finish`] has said that all of it was right.
//!
//! Source: S3 API Reference, "Checking object integrity", and the error list for codes and wording.

use bytes::Bytes;
use http::HeaderMap;

use crate::checksum::{self, Algorithm, Checksum, RunningMd5};
use crate::chunked::{self, Decoder};
use crate::error::{AwsError, AwsResult};
use crate::sign::{Payload, Verified};

/// Checks one body.
pub struct Checker {
    decoder: Option<Decoder>,
    length: u64,
    expected_length: Option<u64>,
    expected_hash: Option<(Checksum, String)>,
    expected_md5: Option<Vec<u8>>,
    md5: RunningMd5,
    checksum: Checksum,
    /// The value from a header; one in a trailer comes at the end.
    expected_checksum: Option<String>,
    /// A checksum was promised in the trailing headers.
    trailer: bool,
    /// The client chose the algorithm (else it is S3's own default).
    chosen: bool,
}

/// What the content turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digests {
    pub length: u64,
    pub md5: [u8; 16],
    pub algorithm: Algorithm,
    pub checksum: Vec<u8>,
    /// The client sent or asked for this algorithm.
    pub chosen: bool,
}

impl Checker {
    /// Reads from the headers what the body must be.
    ///
    /// # Errors
    /// `InvalidDigest`, `InvalidRequest` for announcements that can't be met; `NotImplemented` for algorithms that labrun lacks.
    pub fn new(headers: &HeaderMap, payload: &Payload, signer: Option<Verified>) -> AwsResult<Checker> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let chunked = match payload {
            Payload::Chunked { signed, trailer } => Some((*signed, *trailer)),
            _ => text("content-encoding")
                .is_some_and(|list| list.split(',').any(|one| one.trim() == "aws-chunked"))
                .then_some((false, true)),
        };
        let decoder = chunked.map(|(signed, trailer)| Decoder::new(signer.filter(|_| signed), trailer));
        let length_header = if chunked.is_some() { "x-amz-decoded-content-length" } else { "content-length" };
        let expected_length = text(length_header).and_then(|length| length.parse().ok());
        if chunked.is_some() && expected_length.is_none() {
            return Err(AwsError::new("MissingContentLength", "You must provide the Content-Length HTTP header.").status(411));
        }
        let expected_hash = match payload {
            Payload::Hash(hash) => Some((Checksum::new(Algorithm::Sha256), hash.clone())),
            _ => None,
        };
        let (announced, expected_checksum, trailer) = announced_checksum(headers)?;
        Ok(Checker {
            decoder,
            length: 0,
            expected_length,
            expected_hash,
            expected_md5: text("content-md5").map(md5_header).transpose()?,
            md5: RunningMd5::default(),
            checksum: Checksum::new(announced.unwrap_or(Algorithm::Crc64Nvme)),
            expected_checksum,
            trailer,
            chosen: announced.is_some(),
        })
    }

    /// The content in the next bytes of the body.
    pub fn push(&mut self, bytes: Bytes) -> AwsResult<Vec<Bytes>> {
        let parts = match &mut self.decoder {
            Some(decoder) => decoder.push(bytes).map_err(framing)?,
            None => vec![bytes],
        };
        for part in &parts {
            self.length += part.len() as u64;
            self.md5.update(part);
            self.checksum.update(part);
            if let Some((hash, _)) = &mut self.expected_hash {
                hash.update(part);
            }
        }
        if self.expected_length.is_some_and(|expected| self.length > expected) {
            return Err(incomplete());
        }
        Ok(parts)
    }

    /// Says whether all of it was as announced.
    pub fn finish(self) -> AwsResult<Digests> {
        let trailers = self.decoder.map(Decoder::finish).transpose().map_err(framing)?.unwrap_or_default();
        if self.expected_length.is_some_and(|expected| self.length != expected) {
            return Err(incomplete());
        }
        if let Some((hash, expected)) = self.expected_hash {
            let computed = checksum::hex(&hash.finish());
            if computed != expected {
                let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
                return Err(AwsError::new("XAmzContentSHA256Mismatch", message)
                    .status(400)
                    .with("ClientComputedContentSHA256", expected)
                    .with("S3ComputedContentSHA256", computed));
            }
        }
        let md5 = self.md5.finish();
        if self.expected_md5.is_some_and(|expected| expected != md5) {
            let message = "The Content-MD5 you specified did not match what we received.";
            return Err(AwsError::new("BadDigest", message).status(400));
        }
        let algorithm = self.checksum.algorithm();
        let checksum = self.checksum.finish();
        let in_trailer = trailers.iter().find(|(name, _)| *name == algorithm.header()).map(|(_, value)| value.clone());
        if self.trailer && in_trailer.is_none() {
            return Err(AwsError::new(
                "MalformedTrailerError",
                "The request contained trailing data that was not well-formed or did not conform to our published schema.",
            )
            .status(400));
        }
        if let Some(expected) = self.expected_checksum.or(in_trailer) {
            compare(algorithm, &checksum, &expected)?;
        }
        Ok(Digests { length: self.length, md5, algorithm, checksum, chosen: self.chosen })
    }
}

fn compare(algorithm: Algorithm, computed: &[u8], expected: &str) -> AwsResult<()> {
    match checksum::parse(expected) {
        Some(digest) if digest.len() != algorithm.length() => Err(invalid_checksum_value(algorithm)),
        None => Err(invalid_checksum_value(algorithm)),
        Some(digest) if digest != computed => {
            let message = format!("The {} you specified did not match the calculated checksum.", algorithm.name());
            Err(AwsError::new("BadDigest", message).status(400))
        }
        Some(_) => Ok(()),
    }
}

fn invalid_checksum_value(algorithm: Algorithm) -> AwsError {
    AwsError::new("InvalidRequest", format!("Value for {} header is invalid.", algorithm.header())).status(400)
}

/// Algorithm, value in a header, and whether a trailing header was promised.
fn announced_checksum(headers: &HeaderMap) -> AwsResult<(Option<Algorithm>, Option<String>, bool)> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let not_values = ["x-amz-checksum-mode", "x-amz-checksum-algorithm", "x-amz-checksum-type"];
    let mut stated = headers
        .keys()
        .map(http::HeaderName::as_str)
        .filter(|name| name.starts_with("x-amz-checksum-") && !not_values.contains(name));
    let in_header = stated.next().map(str::to_owned);
    if stated.next().is_some() {
        let message = "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.";
        return Err(AwsError::new("InvalidRequest", message).status(400));
    }
    let promised =
        text("x-amz-trailer").map(|name| name.trim().to_ascii_lowercase()).filter(|name| name.starts_with("x-amz-checksum-"));
    let Some(header) = in_header.clone().or_else(|| promised.clone()) else {
        let asked = text("x-amz-sdk-checksum-algorithm").map(|name| known(&name)).transpose()?;
        return Ok((asked, None, false));
    };
    let algorithm = known(header.trim_start_matches("x-amz-checksum-"))?;
    let value = in_header.and_then(|name| text(&name));
    Ok((Some(algorithm), value, promised.is_some()))
}

fn known(name: &str) -> AwsResult<Algorithm> {
    Algorithm::named(name)
        .ok_or_else(|| AwsError::not_implemented(format_args!("the checksum algorithm {}", name.to_ascii_uppercase())))
}

fn md5_header(text: &str) -> AwsResult<Vec<u8>> {
    checksum::parse(text)
        .filter(|digest| digest.len() == 16)
        .ok_or_else(|| AwsError::new("InvalidDigest", "The Content-MD5 you specified was invalid.").status(400))
}

fn incomplete() -> AwsError {
    let message = "You did not provide the number of bytes specified by the Content-Length HTTP header";
    AwsError::new("IncompleteBody", message).status(400)
}

fn framing(fault: chunked::Fault) -> AwsError {
    match fault {
        chunked::Fault::Signature => {
            let message = "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
            AwsError::new("SignatureDoesNotMatch", message).status(403)
        }
        chunked::Fault::Incomplete => incomplete(),
        chunked::Fault::Malformed(_) => {
            AwsError::new("InvalidRequest", format!("The aws-chunked body is not valid: {fault}")).status(400)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        pairs.iter().for_each(|(name, value)| crate::protocol::set_header(&mut headers, name, value));
        headers
    }

    fn check(pairs: &[(&str, &str)], payload: &Payload, body: &'static [u8]) -> AwsResult<Digests> {
        let mut checker = Checker::new(&headers(pairs), payload, None)?;
        checker.push(Bytes::from_static(body))?;
        checker.finish()
    }

    fn code(outcome: AwsResult<Digests>) -> String {
        outcome.map_or_else(|error| error.code, |_| "fine".to_owned())
    }

    #[test]
    fn a_wrong_checksum_is_a_bad_digest() {
        let crc = |value| check(&[("x-amz-checksum-crc32", value)], &Payload::Unsigned, b"hello");
        assert_eq!(code(crc("NhCmhg==")), "fine");
        assert_eq!(code(crc("NhCmhA==")), "BadDigest");
        assert_eq!(code(crc("no")), "InvalidRequest");
    }

    #[test]
    fn a_wrong_hash_md5_or_length_is_noticed() {
        assert_eq!(code(check(&[], &Payload::Hash("0".repeat(64)), b"x")), "XAmzContentSHA256Mismatch");
        assert_eq!(code(check(&[("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==")], &Payload::Unsigned, b"x")), "BadDigest");
        assert_eq!(code(check(&[("content-md5", "x")], &Payload::Unsigned, b"x")), "InvalidDigest");
        assert_eq!(code(check(&[("content-length", "2")], &Payload::Unsigned, b"x")), "IncompleteBody");
    }

    #[test]
    fn a_promised_trailer_must_come() {
        let head = [("x-amz-trailer", "x-amz-checksum-crc32"), ("x-amz-decoded-content-length", "5")];
        let payload = Payload::Chunked { signed: false, trailer: true };
        assert_eq!(code(check(&head, &payload, b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n")), "fine");
        assert_eq!(code(check(&head, &payload, b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhA==\r\n\r\n")), "BadDigest");
        assert_eq!(code(check(&head, &payload, b"5\r\nhello\r\n0\r\n\r\n")), "MalformedTrailerError");
    }

    #[test]
    fn chunks_are_unpacked_for_anonymous_clients_too() {
        let head = [("content-encoding", "aws-chunked"), ("x-amz-decoded-content-length", "5")];
        assert_eq!(check(&head, &Payload::Unstated, b"5\r\nhello\r\n0\r\n\r\n").unwrap().length, 5);
    }

    #[test]
    fn an_algorithm_that_is_not_built_is_named() {
        let error = check(&[("x-amz-checksum-sha512", "AAAA")], &Payload::Unsigned, b"").unwrap_err();
        assert_eq!(error.code, "NotImplemented");
        assert!(error.message.contains("SHA512"), "{}", error.message);
    }
}
