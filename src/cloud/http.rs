//! Plain HTTP/1.1 to a loopback address: one pooled client, whole bodies.

use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// Cheap to clone; clones share connections.
#[derive(Clone)]
pub(crate) struct Http {
    client: Client<HttpConnector, Full<Bytes>>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Http {
    pub(crate) fn new() -> Self {
        Http { client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// Sends and reads the whole answer; the error is one sentence.
    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, String> {
        let answer = self.client.request(request).await.map_err(|error| deepest(&error))?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map_err(|error| deepest(&error))?;
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body: body.to_bytes() })
    }
}

/// The cause that says most: `Connection refused`, rather than `client error`.
fn deepest(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
