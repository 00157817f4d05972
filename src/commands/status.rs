//! `labrun status`: sessions, and the emulator under them.

use serde_json::json;

use crate::cloud::local;
use crate::engine::home::Home;
use crate::engine::session;
use crate::exit::{Exit, Outcome};
use crate::ui::Ui;

pub(super) async fn run(home: &Home, ui: Ui) -> Outcome {
    let running = local::find(&home.root).await.map_err(crate::engine::EngineError::from)?;
    let port = running.as_ref().map(|(running, _)| running.port);
    let sessions = session::all(home);
    if ui.json {
        let listed = sessions.iter().map(|session| {
            json!({ "id": session.id, "lab": session.lab, "state": session.state, "folder": session.folder, "started_ms": session.started_ms })
        });
        ui.json(&json!({ "port": port, "sessions": listed.collect::<Vec<_>>() }));
        return Ok(Exit::Done);
    }
    ui.say(&match port {
        Some(port) => format!("emulator  http://127.0.0.1:{port}"),
        None => "emulator  not running (any verb brings it back)".to_owned(),
    });
    if sessions.is_empty() {
        ui.say("no session: labrun start glue-bookmarks");
    }
    let row = |session: &session::Session| {
        let minutes = session::now_ms().saturating_sub(session.started_ms) / 60_000;
        let state = format!("{:?}", session.state).to_lowercase();
        vec![session.id.clone(), state, format!("{minutes} min"), session.folder.display().to_string()]
    };
    ui.table(&sessions.iter().map(row).collect::<Vec<_>>());
    Ok(Exit::Done)
}
