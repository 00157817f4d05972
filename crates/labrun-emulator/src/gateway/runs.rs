//! What a contained run asks of the emulator itself, with its one-run token: its job's bookmark.
//!
//! The answer is the owning service's; here is only the way to it.

use std::sync::Arc;

use hyper::body::Incoming;
use labrun_wire::protocol::Request;

use super::authenticate::run_token;
use super::body::whole;
use super::respond::{Reply, json};
use crate::emulator::Emulator;

/// A bookmark is a list of files in a time band; far below this.
const LIMIT: usize = 64 * 1024 * 1024;

pub(super) async fn answer(emulator: &Arc<Emulator>, request: &Request, incoming: Incoming) -> http::Response<Reply> {
    let Some(run) = run_token(request).and_then(|token| emulator.runs().get(token)) else {
        return json(403, &serde_json::json!({"error": "no such run"}));
    };
    let outcome = match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/_labrun/run/bookmark") => run.read_bookmark(),
        ("POST", "/_labrun/run/bookmark") => match whole(incoming, LIMIT).await {
            Ok(body) => run.write_bookmark(&body),
            Err(fault) => Err(fault),
        },
        _ => return json(404, &serde_json::json!({"error": format!("nothing at {}", request.path)})),
    };
    match outcome {
        Ok(answer) => json(200, &answer),
        Err(fault) => json(fault.status.unwrap_or(400), &serde_json::json!({"error": fault.message})),
    }
}
