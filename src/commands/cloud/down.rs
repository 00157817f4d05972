//! `labrun cloud down`: stops the emulator; its state stays.

use crate::cloud::local;
use crate::engine::EngineError;
use crate::engine::home::Home;
use crate::exit::{Exit, Outcome};
use crate::ui::Ui;
use crate::ui::theme::Mark;

pub(super) async fn run(home: &Home) -> Outcome {
    let stopped = local::down(&home.root).await.map_err(EngineError::from)?;
    let text = if stopped { "stopped; sessions and sandboxes keep their state" } else { "was not running" };
    Ui::default().step(Mark::Done, "cloud", text);
    Ok(Exit::Done)
}
