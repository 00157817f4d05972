//! `labrun cloud reset`: empties the open sandbox, or a session's.

use crate::cloud::admin::AdminError;
use crate::commands::{chosen, up};
use crate::engine::EngineError;
use crate::engine::home::Home;
use crate::exit::{Exit, Outcome};
use crate::ui::Ui;
use crate::ui::theme::Mark;

/// The sandbox that any key opens.
const OPEN: &str = "open";

pub(super) async fn run(home: &Home, named: Option<&str>) -> Outcome {
    let session = named.map(|name| chosen(home, Some(name))).transpose()?;
    let id = session.as_ref().map_or_else(|| OPEN.to_owned(), |session| session.id.clone());
    let admin = up(home).await?;
    match admin.reset(&id).await {
        // Nobody has used it yet.
        Err(AdminError::Refused { status: 404, .. }) if id == OPEN => {}
        other => other.map_err(EngineError::from)?,
    }
    let ui = Ui::default();
    ui.step(Mark::Done, "reset", &format!("sandbox {id} is empty"));
    if let Some(session) = session {
        let lab = session.lab.clone();
        session.begin_again(home)?;
        ui.step(Mark::None, "next", &format!("labrun start {lab} sets the lab up anew"));
    }
    Ok(Exit::Done)
}
