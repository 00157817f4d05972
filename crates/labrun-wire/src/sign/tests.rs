//! Signatures against the examples that AWS publishes (S3 API Reference, "Signature Calculations … examples").

use super::*;
use crate::uri::{Plus, pairs};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const RULES: Rules = Rules { path_encoded_once: true, payload_header: true };
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn request(method: &str, path: &str, query: &str, headers: &[(&str, &str)]) -> Request {
    let mut request = Request {
        method: method.parse().unwrap(),
        path: path.to_owned(),
        query: pairs(query, Plus::IsPlus),
        ..Request::default()
    };
    for (name, value) in headers {
        set_header(&mut request.headers, name, value);
    }
    request
}

#[test]
fn get_object_with_a_range() {
    let authorization = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
        SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,\
        Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
    let request = request(
        "GET",
        "/test.txt",
        "",
        &[
            ("host", "examplebucket.s3.amazonaws.com"),
            ("range", "bytes=0-9"),
            ("x-amz-content-sha256", EMPTY),
            ("x-amz-date", "20130524T000000Z"),
            ("authorization", authorization),
        ],
    );
    let presented = present(&request).unwrap().unwrap();
    assert_eq!(presented.access_key_id, "AKIAIOSFODNN7EXAMPLE");
    assert!(verify(&presented, SECRET, &request, EMPTY, RULES).is_ok());
    assert!(matches!(verify(&presented, "wrong", &request, EMPTY, RULES), Err(Fault::Mismatch { .. })));
}

#[test]
fn presigned_get_object() {
    let query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
        &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
        &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    let request = request("GET", "/test.txt", query, &[("host", "examplebucket.s3.amazonaws.com")]);
    let presented = present(&request).unwrap().unwrap();
    assert_eq!(presented.expires, Some(86400));
    assert!(verify(&presented, SECRET, &request, UNSIGNED_PAYLOAD, RULES).is_ok());
}

#[test]
fn what_is_signed_here_verifies_here_and_not_when_changed() {
    let credentials = Credentials {
        access_key_id: "AKIAIOSFODNN7EXAMPLE".into(),
        secret_access_key: SECRET.into(),
        session_token: Some("token".into()),
    };
    let scope = Scope { date: "20130524".into(), region: "us-east-1".into(), service: "glue".into() };
    let mut signed = request("POST", "/", "", &[("host", "127.0.0.1:4566"), ("x-amz-target", "AWSGlue.GetJob")]);
    let signer = Signer { credentials: &credentials, scope, now: Timestamp(1_369_353_600_000), rules: Rules::default() };
    sign(&mut signed, &signer, EMPTY);
    let presented = present(&signed).unwrap().unwrap();
    assert_eq!(presented.session_token.as_deref(), Some("token"));
    assert!(verify(&presented, SECRET, &signed, EMPTY, Rules::default()).is_ok());
    set_header(&mut signed.headers, "x-amz-target", "AWSGlue.DeleteJob");
    assert!(verify(&presented, SECRET, &signed, EMPTY, Rules::default()).is_err());
}

#[test]
fn a_header_put_there_later_is_refused() {
    let credentials = Credentials { access_key_id: "A".into(), secret_access_key: SECRET.into(), session_token: None };
    let scope = Scope { date: "20130524".into(), region: "us-east-1".into(), service: "s3".into() };
    let mut signed = request("PUT", "/b/k", "", &[("host", "127.0.0.1")]);
    let signer = Signer { credentials: &credentials, scope, now: Timestamp(1_369_353_600_000), rules: RULES };
    sign(&mut signed, &signer, UNSIGNED_PAYLOAD);
    set_header(&mut signed.headers, "x-amz-acl", "public-read");
    let presented = present(&signed).unwrap().unwrap();
    assert_eq!(verify(&presented, SECRET, &signed, UNSIGNED_PAYLOAD, RULES).unwrap_err(), Fault::Unsigned("x-amz-acl".into()));
}

/// S3 User Guide, "Signing and authenticating REST requests (signature version 2)", query string example.
#[test]
fn presigned_version_2() {
    let query = "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620";
    let request = request("GET", "/johnsmith/photos/puppy.jpg", query, &[("host", "s3.amazonaws.com")]);
    let presented = present(&request).unwrap().unwrap();
    assert_eq!(presented.version, Version::V2);
    verify(&presented, SECRET, &request, "", RULES).unwrap();
    assert!(verify(&presented, "wrong", &request, "", RULES).is_err());
}

#[test]
fn a_presigned_request_verifies_until_it_is_changed() {
    let credentials =
        Credentials { access_key_id: "A".into(), secret_access_key: SECRET.into(), session_token: Some("t".into()) };
    let scope = Scope { date: "20130524".into(), region: "us-east-1".into(), service: "s3".into() };
    let mut signed = request("GET", "/b/a%20b", "", &[("host", "127.0.0.1")]);
    presign(&mut signed, &Signer { credentials: &credentials, scope, now: Timestamp(1_369_353_600_000), rules: RULES }, 60);
    let presented = present(&signed).unwrap().unwrap();
    assert_eq!((presented.expires, presented.session_token.as_deref()), (Some(60), Some("t")));
    assert!(verify(&presented, SECRET, &signed, UNSIGNED_PAYLOAD, RULES).is_ok());
    signed.path = "/b/other".into();
    assert!(verify(&presented, SECRET, &signed, UNSIGNED_PAYLOAD, RULES).is_err());
}
