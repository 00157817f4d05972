//! The client direction in one call each way: operation and input → a signed request; an answer → output or error.
//!
//! Sending is the caller's business.

use crate::checksum::{self, Algorithm, sha256_hex};
use crate::error::{AwsError, AwsResult};
use crate::model::{Model, Operation};
use crate::protocol::{self, Request, Response, set_header};
use crate::sign::{Credentials, Scope, Signer, UNSIGNED_PAYLOAD, sign};
use crate::time;
use crate::value::{Timestamp, Value};

/// Who calls, where, and when.
#[derive(Clone, Debug)]
pub struct Caller {
    pub credentials: Credentials,
    pub region: String,
    /// Host and port, as in the `host` header.
    pub host: String,
    pub now: Timestamp,
}

/// Finds a service and its operation.
///
/// # Errors
/// `UnknownService` or `UnknownOperation`, naming what there is instead.
pub fn find(service: &str, operation: &str) -> AwsResult<(&'static Model, &'static Operation)> {
    let model = Model::named(service).ok_or_else(|| {
        let known: Vec<&str> = crate::model::names().collect();
        AwsError::new("UnknownService", format!("there is no model of `{service}`; there are {}", known.join(", ")))
    })?;
    let operation = model
        .operation(operation)
        .ok_or_else(|| AwsError::new("UnknownOperation", format!("`{service}` has no operation `{operation}`")))?;
    Ok((model, operation))
}

/// A request that is ready to be sent. A streamed body is sent beside it, unsigned.
pub fn request(model: &Model, operation: &Operation, input: &Value, caller: &Caller) -> AwsResult<Request> {
    let mut request = protocol::encode_request(model, operation, input)?;
    set_header(&mut request.headers, "host", &caller.host);
    if operation.http_checksum.as_ref().is_some_and(|checksum| checksum.request_checksum_required) {
        let crc = Algorithm::Crc32;
        set_header(&mut request.headers, &crc.header(), &checksum::base64(&checksum::checksum(crc, &request.body)));
    }
    let payload = match protocol::streams_in(model, operation) {
        Some(_) => UNSIGNED_PAYLOAD.to_owned(),
        None => sha256_hex(&request.body),
    };
    let date = time::compact(caller.now)[..8].to_owned();
    let scope = Scope { date, region: caller.region.clone(), service: model.signing_name().to_owned() };
    let signer = Signer { credentials: &caller.credentials, scope, now: caller.now, rules: model.patch.signing };
    sign(&mut request, &signer, &payload);
    Ok(request)
}

/// What the service answered.
pub fn response(model: &Model, operation: &Operation, response: &Response) -> AwsResult<Value> {
    protocol::decode_response(model, operation, response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_must_have_a_checksum_has_one() {
        let (model, operation) = find("s3", "DeleteObjects").unwrap();
        let input = serde_json::json!({"Bucket": "b", "Delete": {"Objects": [{"Key": "k"}]}});
        let credentials = Credentials { access_key_id: "A".into(), secret_access_key: "s".into(), session_token: None };
        let caller = Caller { credentials, region: "us-east-1".into(), host: "127.0.0.1".into(), now: Timestamp(0) };
        let made = request(model, operation, &input.into(), &caller).unwrap();
        let crc = checksum::base64(&checksum::checksum(Algorithm::Crc32, &made.body));
        assert_eq!(made.headers["x-amz-checksum-crc32"], crc.as_str());
    }
}
