//! `labrun brief`: the lab's brief, with this session's names in it.

use crate::cli::Session;
use crate::engine::home::Home;
use crate::engine::workspace::rendered;
use crate::exit::{Exit, Outcome};
use crate::ui::Ui;

pub(super) fn run(home: &Home, args: Session) -> Outcome {
    let ui = Ui { json: super::json(args.format.format) };
    let session = super::chosen(home, args.session.as_deref())?;
    let content = super::content_of(&session)?;
    let text = rendered(&content.files.text("brief.md").unwrap_or_default(), &session.variables);
    if ui.json {
        ui.json(&serde_json::json!({ "brief": text }))
    } else {
        ui.data(text.trim_end())
    }
    Ok(Exit::Done)
}
