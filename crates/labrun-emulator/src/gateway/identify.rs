//! Which service a request means: by its target header, the scope of its signature, its `Action`, its path; else it is S3's.

use labrun_wire::model::{Model, Protocol};
use labrun_wire::protocol::Request;
use labrun_wire::uri::{Slash, encode};
use labrun_wire::{AwsError, AwsResult};

/// The model of the service that a request is for.
pub(super) fn service(request: &Request) -> AwsResult<&'static Model> {
    if let Some(target) = header(request, "x-amz-target") {
        let prefix = target.rsplit_once('.').map_or(target, |(prefix, _)| prefix);
        return find(|model| model.metadata.target_prefix.as_deref() == Some(prefix)).ok_or_else(|| unknown(prefix));
    }
    if let Some(scope) = signing_scope(request) {
        return find(|model| model.signing_name() == scope).ok_or_else(|| unknown(&scope));
    }
    // Unsigned: a form is a query protocol's (STS lets AssumeRoleWithWebIdentity be called so), everything else is S3's.
    let form = header(request, "content-type").is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if form && request.path == "/" {
        return find(|model| model.name == "sts").ok_or_else(|| unknown("sts"));
    }
    find(|model| model.metadata.protocol == Protocol::RestXml).ok_or_else(|| unknown("s3"))
}

fn unknown(service: &str) -> AwsError {
    AwsError::not_implemented(format_args!("the service {service}"))
}

fn find(fits: impl Fn(&Model) -> bool) -> Option<&'static Model> {
    Model::all().find(|model| fits(model))
}

fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request.headers.get(name).and_then(|value| value.to_str().ok())
}

/// The service in the credential scope, of a header or a presigned URL.
fn signing_scope(request: &Request) -> Option<String> {
    let in_header = header(request, "authorization").and_then(|text| text.split("Credential=").nth(1)).map(str::to_owned);
    let in_query = || request.query.iter().find(|(key, _)| key == "X-Amz-Credential").map(|(_, value)| value.clone());
    let credential = in_header.or_else(in_query)?;
    credential.split([',', ' ']).next()?.split('/').nth(3).map(str::to_owned)
}

/// The path of a request whose host names the bucket (`bucket.s3.amazonaws.com`, `bucket.127.0.0.1`); none for path style.
pub(super) fn virtual_host(model: &Model, request: &Request) -> Option<String> {
    if !model.patch.virtual_host {
        return None;
    }
    let host = header(request, "host")?;
    let host = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(host, _)| host);
    let bases = ["localhost", "127.0.0.1"];
    let local = bases.iter().find_map(|base| host.strip_suffix(base)?.strip_suffix('.'));
    let aws = || {
        let (bucket, rest) = host.split_once(".s3")?;
        (rest.starts_with(['.', '-']) && rest.ends_with(".amazonaws.com")).then_some(bucket)
    };
    let bucket = local.or_else(aws).filter(|bucket| !bucket.is_empty())?;
    Some(format!("/{}{}", encode(bucket.trim_end_matches(".s3"), Slash::Encode), request.path))
}
