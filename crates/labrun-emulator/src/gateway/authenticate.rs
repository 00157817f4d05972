//! Who calls: the key finds sandbox and principal, the signature proves it. Every refusal is worded as the protocol's services do.

use std::sync::Arc;

use labrun_wire::checksum::sha256_hex;
use labrun_wire::model::{Model, Protocol};
use labrun_wire::protocol::Request;
use labrun_wire::sign::{Fault, Payload, Presented, Verified, Version, present, verify};
use labrun_wire::{AwsError, AwsResult, Timestamp, time};

use crate::emulator::Emulator;
use crate::sandbox::keys::{AccessKey, MARK};
use crate::sandbox::{Caller, Principal, Sandbox};

/// A request may be this much older or newer than the clock.
const SKEW_MILLIS: i64 = 15 * 60 * 1000;

/// What authentication found.
pub(crate) struct Authenticated {
    /// None: an anonymous request, whose sandbox its resource must tell.
    pub(crate) sandbox: Option<Arc<Sandbox>>,
    pub(crate) caller: Caller,
    pub(crate) payload: Option<Payload>,
    pub(crate) verified: Option<Verified>,
}

/// Finds and checks the principal.
pub(super) fn authenticate(emulator: &Arc<Emulator>, model: &Model, request: &Request) -> AwsResult<Authenticated> {
    let words = Words { model };
    if let Some(token) = run_token(request) {
        let cx = emulator.runs().find(token).ok_or_else(|| words.unknown_key(token))?;
        let caller = (**cx.caller()).clone();
        return Ok(Authenticated { sandbox: Some(Arc::clone(cx.sandbox())), caller, payload: None, verified: None });
    }
    let presented = match present(request).map_err(|fault| words.fault(&fault, request))? {
        Some(presented) => presented,
        None if model.metadata.protocol == Protocol::RestXml => return anonymous(request),
        None => return Err(words.missing()),
    };
    let region = if presented.scope.region.is_empty() { "us-east-1".to_owned() } else { presented.scope.region.clone() };
    let Some((sandbox, key)) = emulator.keys().find(&presented.access_key_id) else {
        return open(emulator, &words, &presented, region);
    };
    words.check_moment(&presented, &sandbox)?;
    words.check_token(&presented, &key, &sandbox)?;
    let hash = match presented.payload.announced() {
        Some(announced) => announced.to_owned(),
        None => sha256_hex(&request.body),
    };
    let verified =
        verify(&presented, &key.secret, request, &hash, model.patch.signing).map_err(|fault| words.fault(&fault, request))?;
    if presented.payload == Payload::Unstated && model.metadata.protocol == Protocol::RestXml {
        let message = "Missing required header for this request: x-amz-content-sha256";
        return Err(AwsError::new("InvalidRequest", message).status(400));
    }
    let caller = Caller { account: key.account.clone(), region, principal: key.principal.clone(), request_id: String::new() };
    Ok(Authenticated { sandbox: Some(sandbox), caller, payload: Some(presented.payload), verified: Some(verified) })
}

/// The one-run token in place of a signature: the emulator itself gave it to the run.
pub(super) fn run_token(request: &Request) -> Option<&str> {
    request.headers.get("authorization")?.to_str().ok()?.strip_prefix("Labrun-Run ")
}

fn anonymous(request: &Request) -> AwsResult<Authenticated> {
    let caller = Caller {
        account: String::new(),
        region: "us-east-1".to_owned(),
        principal: Principal::anonymous(),
        request_id: String::new(),
    };
    let payload = Payload::of(request).ok();
    Ok(Authenticated { sandbox: None, caller, payload, verified: None })
}

/// A key that labrun did not mint opens the open sandbox, where nothing is verified: other emulators' clients expect it so.
fn open(emulator: &Arc<Emulator>, words: &Words, presented: &Presented, region: String) -> AwsResult<Authenticated> {
    let key = &presented.access_key_id;
    let minted = key.get(4..).is_some_and(|rest| rest.starts_with(MARK)) && key.len() == 20;
    let sandbox = (!minted).then(|| emulator.open_sandbox()).flatten().ok_or_else(|| words.unknown_key(key))?;
    let is_account = key.len() == 12 && key.bytes().all(|byte| byte.is_ascii_digit());
    let account = if is_account { key.clone() } else { sandbox.descriptor().account.clone() };
    let principal = Principal { access_key_id: key.clone(), ..Principal::root(&account) };
    let payload = match &presented.payload {
        Payload::Chunked { trailer, .. } => Payload::Chunked { signed: false, trailer: *trailer },
        other => other.clone(),
    };
    let caller = Caller { account, region, principal, request_id: String::new() };
    Ok(Authenticated { sandbox: Some(sandbox), caller, payload: Some(payload), verified: None })
}

/// The sandbox of a request; an anonymous one is refused, as no policy lets anyone in yet.
pub(super) fn sandbox_of(_: &Arc<Emulator>, who: &Authenticated, _: &[(String, String)]) -> AwsResult<Arc<Sandbox>> {
    who.sandbox.clone().ok_or_else(|| AwsError::new("AccessDenied", "Access Denied").status(403))
}

/// The same refusal in the words of S3, of the query services, and of the JSON services.
struct Words<'m> {
    model: &'m Model,
}

impl Words<'_> {
    fn choose(&self, s3: (&str, u16), query: (&str, u16), json: (&str, u16)) -> (String, u16) {
        let (code, status) = match self.model.metadata.protocol {
            Protocol::RestXml => s3,
            Protocol::Query => query,
            Protocol::Json => json,
        };
        (code.to_owned(), status)
    }

    fn missing(&self) -> AwsError {
        let (code, status) =
            self.choose(("AccessDenied", 403), ("MissingAuthenticationToken", 403), ("MissingAuthenticationTokenException", 400));
        AwsError::new(code, "Request is missing Authentication Token").status(status)
    }

    fn unknown_key(&self, key: &str) -> AwsError {
        if self.model.metadata.protocol == Protocol::RestXml {
            return AwsError::new("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
                .status(403)
                .with("AWSAccessKeyId", key);
        }
        let (code, status) = self.choose(("", 403), ("InvalidClientTokenId", 403), ("UnrecognizedClientException", 400));
        AwsError::new(code, "The security token included in the request is invalid.").status(status)
    }

    fn fault(&self, fault: &Fault, request: &Request) -> AwsError {
        match fault {
            Fault::Malformed(message) => {
                let presigned = request.query.iter().any(|(key, _)| key.starts_with("X-Amz-"));
                let s3 = if presigned { "AuthorizationQueryParametersError" } else { "AuthorizationHeaderMalformed" };
                let s3 = if message.contains("authorization mechanism") || message.contains("Only one auth") {
                    "InvalidRequest"
                } else {
                    s3
                };
                let (code, status) = self.choose((s3, 400), ("IncompleteSignature", 400), ("IncompleteSignatureException", 400));
                AwsError::new(code, message.as_str()).status(status)
            }
            Fault::Unsigned(header) => {
                let (code, status) =
                    self.choose(("AccessDenied", 403), ("SignatureDoesNotMatch", 403), ("InvalidSignatureException", 400));
                AwsError::new(code, "There were headers present in the request which were not signed")
                    .status(status)
                    .with("HeadersNotSigned", header.as_str())
            }
            Fault::Mismatch { string_to_sign, canonical_request } => self.mismatch(string_to_sign, canonical_request),
        }
    }

    fn mismatch(&self, string_to_sign: &str, canonical: &str) -> AwsError {
        if self.model.metadata.protocol == Protocol::RestXml {
            let message = "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
            return AwsError::new("SignatureDoesNotMatch", message)
                .status(403)
                .with("StringToSign", string_to_sign)
                .with("CanonicalRequest", canonical);
        }
        let message = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key \
             and signing method. Consult the service documentation for details.";
        let (code, status) = self.choose(("", 403), ("SignatureDoesNotMatch", 403), ("InvalidSignatureException", 400));
        AwsError::new(code, message).status(status)
    }

    /// Dates are accepted near the machine's clock and near the sandbox's: a learner's tools live on the one or the other.
    fn check_moment(&self, presented: &Presented, sandbox: &Sandbox) -> AwsResult<()> {
        let clocks = [sandbox.now(), sandbox.now().plus_millis(-sandbox.offset())];
        if presented.version == Version::V2 {
            let over = clocks.iter().all(|now| *now > presented.moment);
            return if over { Err(self.expired_url(presented.moment, clocks[1])) } else { Ok(()) };
        }
        match presented.expires {
            Some(seconds) => {
                let ends = presented.moment.plus_millis(seconds * 1000);
                if clocks.iter().all(|now| *now > ends) {
                    return Err(self.expired_url(ends, clocks[1]));
                }
                let early = clocks.iter().all(|now| presented.moment.millis() - now.millis() > SKEW_MILLIS);
                if early { Err(AwsError::new("AccessDenied", "Request is not yet valid").status(403)) } else { Ok(()) }
            }
            None => {
                let near = clocks.iter().any(|now| (now.millis() - presented.moment.millis()).abs() <= SKEW_MILLIS);
                if near { Ok(()) } else { Err(self.skewed(presented.moment, clocks[1])) }
            }
        }
    }

    fn expired_url(&self, ended: Timestamp, now: Timestamp) -> AwsError {
        AwsError::new("AccessDenied", "Request has expired")
            .status(403)
            .with("Expires", time::iso8601(ended.whole_second()))
            .with("ServerTime", time::iso8601(now.whole_second()))
    }

    fn skewed(&self, made: Timestamp, now: Timestamp) -> AwsError {
        if self.model.metadata.protocol == Protocol::RestXml {
            let message = "The difference between the request time and the current time is too large.";
            return AwsError::new("RequestTimeTooSkewed", message)
                .status(403)
                .with("RequestTime", time::compact(made))
                .with("ServerTime", time::iso8601(now.whole_second()))
                .with("MaxAllowedSkewMilliseconds", SKEW_MILLIS);
        }
        let (made_text, now_text) = (time::compact(made), time::compact(now));
        let message = if made < now {
            let bound = time::compact(now.plus_millis(-SKEW_MILLIS));
            format!("Signature expired: {made_text} is now earlier than {bound} ({now_text} - 15 min.)")
        } else {
            let bound = time::compact(now.plus_millis(SKEW_MILLIS));
            format!("Signature not yet current: {made_text} is still later than {bound} ({now_text} + 15 min.)")
        };
        let (code, status) = self.choose(("", 403), ("SignatureDoesNotMatch", 403), ("InvalidSignatureException", 400));
        AwsError::new(code, message).status(status)
    }

    fn check_token(&self, presented: &Presented, key: &AccessKey, sandbox: &Sandbox) -> AwsResult<()> {
        if presented.session_token != key.session_token {
            if self.model.metadata.protocol == Protocol::RestXml {
                return Err(match &presented.session_token {
                    // Temporary keys without their token are no keys at all.
                    None => self.unknown_key(&key.id),
                    Some(_) => AwsError::new("InvalidToken", "The provided token is malformed or otherwise invalid.").status(400),
                });
            }
            return Err(self.unknown_key(&key.id));
        }
        if key.expires.is_some_and(|ends| sandbox.now() > ends) {
            let (code, status) = self.choose(("ExpiredToken", 400), ("ExpiredToken", 403), ("ExpiredTokenException", 400));
            let s3 = self.model.metadata.protocol == Protocol::RestXml;
            let message =
                if s3 { "The provided token has expired." } else { "The security token included in the request is expired" };
            return Err(AwsError::new(code, message).status(status));
        }
        Ok(())
    }
}
