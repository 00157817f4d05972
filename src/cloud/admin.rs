//! The emulator's admin API: sandboxes, clock, forks. Never used by a check to look at anything.

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Cloud;
use super::http::Http;

/// A way to the admin API of a running emulator.
#[derive(Clone)]
pub(crate) struct Admin {
    pub port: u16,
    pub token: String,
    pub http: Http,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum AdminError {
    /// The emulator's own sentence.
    #[error("{message}")]
    Refused { status: u16, message: String },
    #[error("the emulator at port {port} doesn't answer: {reason}")]
    Unanswered { port: u16, reason: String },
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Sandbox {
    pub id: String,
    pub account: String,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    #[serde(default)]
    pub commit: u64,
}

impl Admin {
    pub(crate) async fn health(&self) -> Result<Value, AdminError> {
        self.send("GET", "health", None).await
    }

    /// Ends the emulator, which keeps its state.
    pub(crate) async fn stop(&self) -> Result<(), AdminError> {
        self.send("POST", "stop", Some(json!({}))).await.map(drop)
    }

    pub(crate) async fn open(&self, id: &str, region: &str) -> Result<Sandbox, AdminError> {
        self.sandbox_from("POST", "sandboxes", Some(json!({ "id": id, "region": region }))).await
    }

    pub(crate) async fn sandbox(&self, id: &str) -> Result<Sandbox, AdminError> {
        self.sandbox_from("GET", &format!("sandboxes/{id}"), None).await
    }

    pub(crate) async fn remove(&self, id: &str) -> Result<(), AdminError> {
        self.send("DELETE", &format!("sandboxes/{id}"), None).await.map(drop)
    }

    pub(crate) async fn reset(&self, id: &str) -> Result<(), AdminError> {
        self.send("POST", &format!("sandboxes/{id}/reset"), Some(json!({}))).await.map(drop)
    }

    /// A copy that answers to keys of its own; waits until nothing is pending.
    pub(crate) async fn fork(&self, id: &str) -> Result<Sandbox, AdminError> {
        self.sandbox_from("POST", &format!("sandboxes/{id}/fork"), Some(json!({}))).await
    }

    pub(crate) async fn advance(&self, id: &str, millis: u64) -> Result<Value, AdminError> {
        self.send("POST", &format!("sandboxes/{id}/clock"), Some(json!({ "advance_ms": millis }))).await
    }

    /// The account of a sandbox, through its own keys.
    pub(crate) fn cloud(&self, sandbox: &Sandbox) -> Cloud {
        Cloud {
            host: format!("127.0.0.1:{}", self.port),
            region: sandbox.region.clone(),
            access_key_id: sandbox.access_key_id.clone(),
            secret_access_key: sandbox.secret_access_key.clone(),
            http: self.http.clone(),
        }
    }

    async fn sandbox_from(&self, method: &str, path: &str, body: Option<Value>) -> Result<Sandbox, AdminError> {
        let value = self.send(method, path, body).await?;
        serde_json::from_value(value).map_err(|error| self.unanswered(error.to_string()))
    }

    async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value, AdminError> {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://127.0.0.1:{}/_labrun/{path}", self.port))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .body(Full::new(body.map(|body| Bytes::from(body.to_string())).unwrap_or_default()))
            .map_err(|error| self.unanswered(error.to_string()))?;
        let answer = self.http.send(request).await.map_err(|reason| self.unanswered(reason))?;
        let value: Value = if answer.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&answer.body).map_err(|error| self.unanswered(error.to_string()))?
        };
        if answer.status >= 400 {
            let message = value["error"].as_str().unwrap_or("the emulator refused").to_owned();
            return Err(AdminError::Refused { status: answer.status, message });
        }
        Ok(value)
    }

    fn unanswered(&self, reason: String) -> AdminError {
        AdminError::Unanswered { port: self.port, reason }
    }
}

impl AdminError {
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            AdminError::Refused { status, .. } => Some(*status),
            AdminError::Unanswered { .. } => None,
        }
    }
}
