//! Framing, against the documentation's own example and against broken bodies.

use super::*;
use crate::sign::{Credentials, Rules, Scope, Signer, sign};
use crate::value::Timestamp;

/// The body of the documentation's chunked upload: 65,536 and 1,024 letters `a`.
fn documented() -> (Verified, Vec<u8>) {
    let mut request = crate::protocol::Request {
        method: http::Method::PUT,
        path: "/examplebucket/chunkObject.txt".into(),
        ..Default::default()
    };
    let headers = [
        ("host", "s3.amazonaws.com"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
        ("content-length", "66824"),
    ];
    for (name, value) in headers {
        crate::protocol::set_header(&mut request.headers, name, value);
    }
    let credentials = Credentials {
        access_key_id: "AKIAIOSFODNN7EXAMPLE".into(),
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
        session_token: None,
    };
    let scope = Scope { date: "20130524".into(), region: "us-east-1".into(), service: "s3".into() };
    let rules = Rules { path_encoded_once: true, payload_header: true };
    let signer = Signer { credentials: &credentials, scope, now: Timestamp(1_369_353_600_000), rules };
    let seed = sign(&mut request, &signer, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    assert_eq!(seed.signature, "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
    let mut body = Vec::new();
    let chunks = [
        (65_536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
        (1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
        (0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
    ];
    for (size, signature) in chunks {
        body.extend(format!("{size:x};chunk-signature={signature}\r\n").into_bytes());
        body.extend(std::iter::repeat_n(b'a', size));
        body.extend(b"\r\n");
    }
    (seed, body)
}

fn unpack(decoder: Decoder, body: &[u8], step: usize) -> Result<Vec<u8>, Fault> {
    let mut decoder = decoder;
    let mut content = Vec::new();
    for piece in body.chunks(step) {
        for part in decoder.push(Bytes::copy_from_slice(piece))? {
            content.extend(part);
        }
    }
    decoder.finish()?;
    Ok(content)
}

#[test]
fn the_documented_upload_verifies_however_it_is_cut() {
    for step in [1, 7, 1000, 100_000] {
        let (seed, body) = documented();
        let content = unpack(Decoder::new(Some(seed), false), &body, step).unwrap();
        assert_eq!(content.len(), 66_560);
        assert!(content.iter().all(|byte| *byte == b'a'));
    }
}

#[test]
fn a_changed_byte_is_noticed() {
    let (seed, mut body) = documented();
    body[200] = b'b';
    assert_eq!(unpack(Decoder::new(Some(seed), false), &body, 4096), Err(Fault::Signature));
}

#[test]
fn unsigned_chunks_with_a_trailer() {
    let body = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
    let mut decoder = Decoder::new(None, true);
    assert_eq!(decoder.push(Bytes::from_static(body)).unwrap(), [Bytes::from_static(b"hello")]);
    assert_eq!(decoder.finish().unwrap(), [("x-amz-checksum-crc32".to_owned(), "NhCmhg==".to_owned())]);
}

#[test]
fn a_signed_trailer_must_be_signed() {
    let (mut seed, _) = documented();
    let empty = sha256_hex(b"");
    let last = seed.clone().chunk(&empty).to_owned();
    let body = format!("0;chunk-signature={last}\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n");
    assert_eq!(unpack(Decoder::new(Some(seed.clone()), true), body.as_bytes(), 9), Err(Fault::Signature));
    let head = seed.clone();
    seed.chunk(&empty);
    let signature = seed.trailer(&sha256_hex(b"x-amz-checksum-crc32:AAAAAA==\n")).to_owned();
    let body =
        format!("0;chunk-signature={last}\r\nx-amz-checksum-crc32:AAAAAA==\r\nx-amz-trailer-signature:{signature}\r\n\r\n");
    assert_eq!(unpack(Decoder::new(Some(head), true), body.as_bytes(), 9), Ok(Vec::new()));
}

#[test]
fn broken_framing_is_no_content() {
    assert_eq!(unpack(Decoder::new(None, true), b"zz\r\nhello\r\n", 3), Err(Fault::Malformed("a chunk size is no number")));
    assert_eq!(unpack(Decoder::new(None, true), b"5\r\nhel", 3), Err(Fault::Incomplete));
    assert_eq!(
        unpack(Decoder::new(None, true), b"3\r\nhello\r\n0\r\n\r\n", 99),
        Err(Fault::Malformed("a chunk is longer than it says"))
    );
}
