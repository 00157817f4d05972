//! Answers: by the protocol, with AWS's ids and dates in their headers, streamed where the operation streams.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, SERVER};
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::{Body, Frame, SizeHint};
use labrun_wire::model::{Model, Operation, Protocol};
use labrun_wire::protocol::{self, Response};
use labrun_wire::{AwsError, Value, time};

use super::body::{Content, Download};
use crate::sandbox::Cx;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");
const AMZN_REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const ID_2: HeaderName = HeaderName::from_static("x-amz-id-2");

/// The body of an answer.
pub(crate) enum Reply {
    Whole(Bytes),
    Stream(Download),
}

/// A stream that broke: the connection is cut, so that the client does not take the part for the whole.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Broken(AwsError);

impl Body for Reply {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        match self.get_mut() {
            Reply::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Reply::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Reply::Stream(download) => match &mut download.content {
                Content::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
                Content::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
                Content::Stream(receiver) => {
                    receiver.poll_recv(cx).map(|item| item.map(|bytes| bytes.map(Frame::data).map_err(Broken)))
                }
            },
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Reply::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Reply::Stream(download) => SizeHint::with_exact(download.length),
        }
    }
}

pub(super) fn success(
    model: &Model,
    operation: &Operation,
    output: &Value,
    download: Option<Download>,
    cx: &Cx,
) -> http::Response<Reply> {
    let request_id = &cx.caller().request_id;
    let response = protocol::encode_response(model, operation, output, request_id);
    let head = operation.http.method == "HEAD";
    let reply = match download {
        Some(download) => Reply::Stream(download),
        None => Reply::Whole(response.body.into()),
    };
    let mut built = http::Response::new(reply);
    *built.status_mut() = http::StatusCode::from_u16(response.status).unwrap_or_default();
    *built.headers_mut() = response.headers;
    finish(model, &mut built, request_id);
    if !head {
        // A HEAD answer keeps the length of the body that it leaves out.
        built.headers_mut().remove(CONTENT_LENGTH);
    }
    built
}

pub(super) fn error(model: &Model, error: &AwsError, request_id: &str, head: bool) -> http::Response<Reply> {
    let Response { status, headers, body } = protocol::encode_error(model, error, request_id, head);
    let mut built = http::Response::new(Reply::Whole(body.into()));
    *built.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    *built.headers_mut() = headers;
    finish(model, &mut built, request_id);
    built
}

fn finish(model: &Model, response: &mut http::Response<Reply>, request_id: &str) {
    let headers = response.headers_mut();
    let rest = model.metadata.protocol == Protocol::RestXml;
    put(headers, if rest { REQUEST_ID } else { AMZN_REQUEST_ID }, request_id);
    if rest {
        headers.insert(ID_2, HeaderValue::from_static("labrun"));
        headers.insert(SERVER, HeaderValue::from_static("AmazonS3"));
    }
    put(headers, DATE, &time::http_date(crate::sandbox_wall()));
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// An error outside any service's protocol.
pub(super) fn plain_error(error: &AwsError, request_id: &str) -> http::Response<Reply> {
    let body = serde_json::json!({"__type": error.code, "message": error.message});
    let mut response = json(error.status.unwrap_or(400), &body);
    put(response.headers_mut(), AMZN_REQUEST_ID, request_id);
    response
}

/// labrun's own JSON answers.
pub(crate) fn json(status: u16, body: &serde_json::Value) -> http::Response<Reply> {
    let mut response = http::Response::new(Reply::Whole(body.to_string().into()));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A handler panicked: a fault of ours, said so, and the server lives on.
pub(super) fn panicked(request_id: &str, head: bool) -> http::Response<Reply> {
    let message = "labrun itself failed on this request. Please report it with what you sent; emulator.log has the trace.";
    let mut response = plain_error(&AwsError::internal(message), request_id);
    if head {
        *response.body_mut() = Reply::Whole(Bytes::new());
    }
    response
}
