//! labrun's own API under `/_labrun/`: health, sandboxes, clocks, forks. Loopback only, and only with the token of
//! `emulator.json`. Described in `docs/admin-api.yaml`.

use std::sync::Arc;

use hyper::body::Incoming;
use labrun_wire::protocol::Request;
use serde_json::{Value as Json, json};

use crate::emulator::Emulator;
use crate::gateway::body::whole;
use crate::gateway::respond::{Reply, json as reply};
use crate::sandbox::Sandbox;

const LIMIT: usize = 64 * 1024;

type Answer = (u16, Json);

pub(crate) async fn answer(emulator: &Arc<Emulator>, request: &Request, incoming: Incoming) -> http::Response<Reply> {
    let bearer = request.headers.get("authorization").and_then(|value| value.to_str().ok());
    let trusted = bearer.and_then(|text| text.strip_prefix("Bearer ")).is_some_and(|token| token == emulator.token());
    if !trusted {
        return reply(403, &json!({"error": "this API needs the token of emulator.json"}));
    }
    let body = match whole(incoming, LIMIT).await {
        Ok(body) if body.is_empty() => json!({}),
        Ok(body) => match serde_json::from_slice(&body) {
            Ok(body) => body,
            Err(fault) => return reply(400, &json!({"error": format!("the body is no JSON: {fault}")})),
        },
        Err(fault) => return reply(400, &json!({"error": fault.message})),
    };
    let (status, answer) = route(emulator, request, &body).await;
    reply(status, &answer)
}

async fn route(emulator: &Arc<Emulator>, request: &Request, body: &Json) -> Answer {
    let path: Vec<&str> = request.path.trim_start_matches("/_labrun/").split('/').collect();
    match (request.method.as_str(), &path[..]) {
        ("GET", ["health"]) => (200, health(emulator).await),
        ("POST", ["stop"]) => {
            emulator.stop();
            (200, json!({}))
        }
        ("POST", ["sandboxes"]) => create(emulator, body),
        ("GET" | "POST" | "DELETE", ["sandboxes", id, rest @ ..]) => match emulator.find(id) {
            Some(sandbox) => of_sandbox(emulator, &sandbox, request, rest, body).await,
            None => (404, json!({"error": format!("there is no sandbox {id}")})),
        },
        (method, _) => (404, json!({"error": format!("there is no {method} {}", request.path)})),
    }
}

async fn health(emulator: &Arc<Emulator>) -> Json {
    let containment = crate::contain::report_of(&emulator.config().program).await;
    let sandboxes = emulator.all();
    let listed = sandboxes.iter().map(|sandbox| {
        let about = sandbox.descriptor();
        json!({"id": about.id, "kind": about.kind, "account": about.account, "commit": sandbox.commit()})
    });
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "pid": std::process::id(),
        "port": emulator.port(),
        "iam": "off",
        "commit": sandboxes.iter().map(|sandbox| sandbox.commit()).sum::<u64>(),
        "sandboxes": listed.collect::<Vec<_>>(),
        "containment": containment.layers,
    })
}

fn create(emulator: &Arc<Emulator>, body: &Json) -> Answer {
    let id = body["id"].as_str().unwrap_or_default();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    if id.is_empty() || id.len() > 100 || !id.chars().all(plain) {
        return (400, json!({"error": "`id` must be 1 to 100 letters, digits, - or _"}));
    }
    if emulator.find(id).is_some() {
        return (409, json!({"error": format!("there is a sandbox {id} already")}));
    }
    match emulator.create(id, body["region"].as_str().unwrap_or("us-east-1"), body["time_scale"].as_f64().unwrap_or(1.0)) {
        Ok(sandbox) => (200, describe(&sandbox)),
        Err(fault) => (500, json!({"error": fault.to_string()})),
    }
}

fn describe(sandbox: &Arc<Sandbox>) -> Json {
    let about = sandbox.descriptor();
    json!({
        "id": about.id,
        "kind": about.kind,
        "account": about.account,
        "region": about.region,
        "access_key_id": about.access_key_id,
        "secret_access_key": about.secret_access_key,
        "user_arn": about.user_arn,
        "commit": sandbox.commit(),
        "clock_ms": sandbox.now().millis(),
        "offset_ms": sandbox.offset(),
        "busy": sandbox.busy(),
    })
}

async fn of_sandbox(emulator: &Arc<Emulator>, sandbox: &Arc<Sandbox>, request: &Request, rest: &[&str], body: &Json) -> Answer {
    match (request.method.as_str(), rest) {
        ("GET", []) => (200, describe(sandbox)),
        ("DELETE", []) => match emulator.remove(sandbox.id()).await {
            Some(sandbox) => (200, json!({"removed": {"tables": sandbox.rows_by_table()}})),
            None => (404, json!({"error": "it is gone already"})),
        },
        ("POST", ["reset"]) => match sandbox.reset().await {
            Ok(()) => (200, json!({})),
            Err(fault) => (500, json!({"error": fault.message})),
        },
        ("POST", ["clock"]) => advance(sandbox, body).await,
        ("POST", ["fork"]) => match emulator.fork(sandbox).await {
            Ok(fork) => (200, describe(&fork)),
            Err(fault) => (503, json!({"error": fault.to_string()})),
        },
        ("GET", ["trail"]) => {
            let after = request.query.iter().find(|(key, _)| key == "after").and_then(|(_, value)| value.parse().ok());
            (200, json!({"events": sandbox.trail().after(after.unwrap_or_default())}))
        }
        ("GET", ["bill"]) => (200, json!({"counts": sandbox.meter().counts()})),
        (method, _) => (404, json!({"error": format!("there is no {method} {}", request.path)})),
    }
}

async fn advance(sandbox: &Arc<Sandbox>, body: &Json) -> Answer {
    let Some(millis) = body["advance_ms"].as_i64().filter(|millis| *millis >= 0) else {
        return (400, json!({"error": "`advance_ms` must be a number of milliseconds, 0 or more: a clock never goes back"}));
    };
    match sandbox.advance(millis).await {
        Ok(fired) => (200, json!({"clock_ms": sandbox.now().millis(), "offset_ms": sandbox.offset(), "fired": fired})),
        Err(fault) => (500, json!({"error": fault.message})),
    }
}
