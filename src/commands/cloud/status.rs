//! `labrun cloud status`: the emulator, what it enforces, its sandboxes.

use serde_json::Value;

use crate::cloud::local;
use crate::engine::EngineError;
use crate::engine::home::Home;
use crate::exit::{Exit, Outcome};
use crate::ui::Ui;
use crate::ui::theme::Mark;

pub(super) async fn run(home: &Home, ui: Ui) -> Outcome {
    let Some((running, admin)) = local::find(&home.root).await.map_err(EngineError::from)? else {
        ui.step(Mark::Open, "cloud", "not running");
        return Ok(Exit::NotYet);
    };
    let health = admin.health().await.map_err(EngineError::from)?;
    if ui.json {
        ui.json(&health);
        return Ok(Exit::Done);
    }
    ui.step(
        Mark::Done,
        "cloud",
        &format!("http://127.0.0.1:{}, pid {}, labrun {}", running.port, text(&health["pid"]), text(&health["version"])),
    );
    if health["iam"] == "off" {
        ui.step(Mark::Note, "iam", "off: policies are stored, not evaluated");
    }
    for layer in health["containment"].as_array().into_iter().flatten() {
        let mark = if layer["enforced"] == true { Mark::Done } else { Mark::Note };
        ui.step(mark, "contain", &text(&layer["says"]));
    }
    let row = |sandbox: &Value| ["id", "kind", "account"].map(|name| text(&sandbox[name])).to_vec();
    ui.table(&health["sandboxes"].as_array().into_iter().flatten().map(row).collect::<Vec<_>>());
    Ok(Exit::Done)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
