//! One API call by name, through labrun-wire's models: JSON in, JSON out, timestamps as epoch seconds.

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use labrun_wire::client::{self, Caller};
use labrun_wire::protocol::{self, Response};
use labrun_wire::sign::Credentials;
use labrun_wire::{AwsError, Timestamp, Value as WireValue, uri};
use serde_json::Value;

use super::{CallError, Cloud};

impl Cloud {
    /// Calls `service.operation` with an input in AWS's own member names.
    pub(crate) async fn call(&self, service: &str, operation: &str, input: Value) -> Result<Value, CallError> {
        let unanswered =
            |reason: String| CallError::Unanswered { service: service.to_owned(), operation: operation.to_owned(), reason };
        let refused = |error: AwsError, status: u16| CallError::Refused {
            service: service.to_owned(),
            operation: operation.to_owned(),
            code: error.code,
            message: error.message,
            status,
        };
        let (model, described) = client::find(service, operation).map_err(|error| unanswered(error.message))?;
        let input = match &described.input {
            Some(shape) => {
                protocol::conform(model, shape, WireValue::from(input), "input").map_err(|error| unanswered(error.message))?
            }
            None => WireValue::Map(Default::default()),
        };
        let request = client::request(model, described, &input, &self.caller()).map_err(|error| unanswered(error.message))?;
        let request = self.http_request(request).map_err(unanswered)?;
        let answer = self.http.send(request).await.map_err(unanswered)?;
        let status = answer.status;
        let response = Response { status, headers: answer.headers, body: answer.body.to_vec() };
        client::response(model, described, &response).map(|value| value.to_json()).map_err(|error| refused(error, status))
    }

    fn caller(&self) -> Caller {
        Caller {
            credentials: Credentials {
                access_key_id: self.access_key_id.clone(),
                secret_access_key: self.secret_access_key.clone(),
                session_token: None,
            },
            region: self.region.clone(),
            host: self.host.clone(),
            now: Timestamp(now_millis()),
        }
    }

    fn http_request(&self, request: protocol::Request) -> Result<Request<Full<Bytes>>, String> {
        let pair = |(name, value): &(String, String)| {
            format!("{}={}", uri::encode(name, uri::Slash::Encode), uri::encode(value, uri::Slash::Encode))
        };
        let query = request.query.iter().map(pair).collect::<Vec<_>>().join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        let mut built = Request::builder()
            .method(request.method)
            .uri(format!("{}{}{mark}{query}", self.endpoint(), request.path))
            .body(Full::new(request.body))
            .map_err(|error| error.to_string())?;
        *built.headers_mut() = request.headers;
        Ok(built)
    }
}

/// Signatures carry wall time.
fn now_millis() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
