//! The front door: one port, every service.
//!
//! The order, for each request: bytes → [`identify`] (service, protocol, host) → [`authenticate`] (key → sandbox, account,
//! principal; signature) → decode and validate by the model → handler → encode → trail. Authentication comes before the body
//! wherever the signature does not cover it.

pub(crate) mod authenticate;
pub(crate) mod body;
mod identify;
pub(crate) mod lanes;
pub(crate) mod respond;
mod runs;

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT};
use http::{HeaderMap, HeaderValue, Method};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use labrun_wire::model::{Model, Operation};
use labrun_wire::protocol::{self, Request};
use labrun_wire::sign::Payload;
use labrun_wire::uri::{Plus, pairs};
use labrun_wire::validate::validate;
use labrun_wire::{AwsError, AwsResult, Value};
use tokio::net::{TcpListener, TcpStream};

use crate::emulator::Emulator;
use crate::sandbox::trail::Asked;
use crate::sandbox::{Caller, Cx};
use authenticate::Authenticated;
use body::Upload;
use respond::Reply;

/// A request that is no stream is never longer: AWS's own limits are lower.
const WHOLE_BODY: usize = 16 * 1024 * 1024;

/// Takes connections until the listener fails or the emulator goes down.
pub(crate) async fn accept(emulator: Arc<Emulator>, listener: TcpListener) {
    loop {
        let connection = tokio::select! {
            connection = listener.accept() => connection,
            () = emulator.stopped() => return,
        };
        // One refused connection (too many open files, a reset) is no reason to stop serving.
        let Ok((stream, _)) = connection else {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            continue;
        };
        let _slow = stream.set_nodelay(true);
        if let Ok(stream) = stream.into_std() {
            emulator.lanes().serve(Arc::clone(&emulator), stream);
        }
    }
}

/// Answers the requests of one connection.
async fn converse(emulator: Arc<Emulator>, stream: TcpStream) {
    let service = service_fn(move |request| {
        let emulator = Arc::clone(&emulator);
        async move { Ok::<_, Infallible>(answer(&emulator, request).await) }
    });
    let mut server = hyper::server::conn::http1::Builder::new();
    // No timer for idle connections: on loopback they cost nothing, and setting it costs each request 5 µs.
    server.header_read_timeout(None).half_close(true);
    // A client that hangs up is no event.
    drop(server.serve_connection(TokioIo::new(stream), service).await);
}

/// Answers one request. A panic ends that request only.
async fn answer(emulator: &Arc<Emulator>, request: http::Request<Incoming>) -> http::Response<Reply> {
    let (head, incoming) = request.into_parts();
    let query = head.uri.query().unwrap_or_default();
    let request = Request {
        method: head.method,
        path: head.uri.path().to_owned(),
        query: pairs(query, Plus::IsPlus),
        headers: head.headers,
        body: Bytes::new(),
    };
    let head_only = request.method == Method::HEAD;
    let waits = request.headers.contains_key(EXPECT);
    let empty = request.headers.get(CONTENT_LENGTH).is_some_and(|length| length == "0");
    let request_id = emulator.request_id();
    let work = async {
        if request.path.starts_with("/_labrun/run/") {
            return runs::answer(emulator, &request, incoming).await;
        }
        if request.path.starts_with("/_labrun/") {
            return crate::admin::answer(emulator, &request, incoming).await;
        }
        serve(emulator, request, incoming, &request_id).await
    };
    let mut response = match AssertUnwindSafe(work).catch_unwind().await {
        Ok(response) => response,
        Err(_) => respond::panicked(&request_id, head_only),
    };
    // Who waits to be asked for the body, and gets the answer instead, may send the body or not: nothing can follow on that
    // connection, and boto3 misreads what does. S3 closes it too.
    if waits && (empty || !response.status().is_success()) {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

async fn serve(emulator: &Arc<Emulator>, mut request: Request, incoming: Incoming, request_id: &str) -> http::Response<Reply> {
    let model = match identify::service(&request) {
        Ok(model) => model,
        Err(error) => return respond::plain_error(&error, request_id),
    };
    let head_only = request.method == Method::HEAD;
    match handle(emulator, model, &mut request, incoming, request_id).await {
        Ok(response) => response,
        Err(error) => respond::error(model, &error, request_id, head_only),
    }
}

async fn handle(
    emulator: &Arc<Emulator>,
    model: &'static Model,
    request: &mut Request,
    incoming: Incoming,
    request_id: &str,
) -> AwsResult<http::Response<Reply>> {
    if request.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data")) {
        return Err(AwsError::not_implemented("uploads by an HTML form (POST)"));
    }
    let bucket_host = identify::virtual_host(model, request);
    let mut incoming = Some(incoming);
    if model.metadata.protocol != labrun_wire::model::Protocol::RestXml
        && let Some(incoming) = incoming.take()
    {
        request.body = body::whole(incoming, WHOLE_BODY).await?;
    }
    let who = authenticate::authenticate(emulator, model, request)?;
    if let Some(path) = bucket_host {
        request.path = path;
    }
    let (operation, labels) = protocol::operation(model, request).map_err(|error| resource(model, request, error))?;
    let caller = Arc::new(Caller { request_id: request_id.to_owned(), ..who.caller.clone() });
    let sandbox = authenticate::sandbox_of(emulator, &who, &labels)?;
    let cx = Cx::new(sandbox, caller);
    let arrived = Arrived { model, operation, labels, who };
    let outcome = arrived.run(&cx, request, incoming).await;
    outcome.map_err(|error| resource(model, request, error))
}

/// S3's errors name the resource that was asked for.
fn resource(model: &Model, request: &Request, error: AwsError) -> AwsError {
    if model.patch.bare_errors && !error.members.contains_key("Resource") {
        error.with("Resource", request.path.as_str())
    } else {
        error
    }
}

/// A request whose operation and principal are known.
struct Arrived {
    model: &'static Model,
    operation: &'static Operation,
    labels: Vec<(String, String)>,
    who: Authenticated,
}

impl Arrived {
    async fn run(&self, cx: &Cx, request: &mut Request, incoming: Option<Incoming>) -> AwsResult<http::Response<Reply>> {
        let mut input = Value::Null;
        let outcome = match self.read(request, incoming, &mut input).await {
            Ok(upload) => cx.call(&self.model.name, &self.operation.name, input, upload).await,
            Err(error) => {
                let asked = Asked::new(&self.model.name, &self.operation.name, &input);
                cx.sandbox().trail().record(cx, asked, Some(&error));
                Err(error)
            }
        };
        let (output, download) = outcome?;
        Ok(respond::success(self.model, self.operation, &output, download, cx))
    }

    /// Body and input, checked by the model.
    async fn read(&self, request: &mut Request, incoming: Option<Incoming>, input: &mut Value) -> AwsResult<Upload> {
        let upload = self.upload(request, incoming).await?;
        let map = protocol::decode_request(self.model, self.operation, &self.labels, request)?;
        let valid = validate(self.model, self.operation, &map);
        *input = Value::Map(map);
        valid.map(|()| upload)
    }

    /// The body: streamed to the handler where the operation streams, else read whole, checked, and left in the request.
    async fn upload(&self, request: &mut Request, incoming: Option<Incoming>) -> AwsResult<Upload> {
        let Some(incoming) = incoming else { return Ok(Upload::empty()) };
        let payload = self.who.payload.clone().unwrap_or(Payload::Unstated);
        let upload = Upload::checked(incoming, &request.headers, &payload, self.who.verified.clone())?;
        if protocol::streams_in(self.model, self.operation).is_some() {
            return Ok(upload);
        }
        require_integrity(self.operation, &request.headers)?;
        request.body = upload.whole(WHOLE_BODY).await?;
        Ok(Upload::empty())
    }
}

/// Some operations insist on a digest of their body (S3's DeleteObjects).
fn require_integrity(operation: &Operation, headers: &HeaderMap) -> AwsResult<()> {
    let required = operation.http_checksum.as_ref().is_some_and(|checksum| checksum.request_checksum_required);
    let given = headers.contains_key("content-md5")
        || headers.contains_key("x-amz-trailer")
        || headers.keys().any(|name| name.as_str().starts_with("x-amz-checksum-"));
    if required && !given {
        let message = "Missing required header for this request: Content-MD5 OR x-amz-checksum-*";
        return Err(AwsError::new("InvalidRequest", message).status(400));
    }
    Ok(())
}
