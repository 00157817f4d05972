//! `labrun cloud advance`: moves a session's clock forward; what is due then happens.

use serde_json::Value;

use crate::commands::active;
use crate::engine::EngineError;
use crate::engine::home::Home;
use crate::exit::{Exit, Failure, Outcome};
use crate::lab::action;
use crate::lab::plan::counted;
use crate::ui::Ui;
use crate::ui::theme::Mark;

pub(super) async fn run(home: &Home, words: &str, named: Option<&str>) -> Outcome {
    let Some(millis) = action::duration(words) else {
        return Err(Failure::new(format!("`{words}` is not a duration")).hint("write it as 90s, 20m, 1h or 1d"));
    };
    let active = active(home, named).await?;
    let moved = active.admin.advance(&active.session.id, millis).await.map_err(EngineError::from)?;
    let fired = moved["fired"].as_array().cloned().unwrap_or_default();
    let ui = Ui::default();
    let happened =
        if fired.is_empty() { "nothing was due".to_owned() } else { format!("{} happened", counted(fired.len(), "thing")) };
    ui.step(Mark::Done, "clock", &format!("{} is {words} further; {happened}", active.session.id));
    fired.iter().filter_map(Value::as_str).for_each(|what| ui.data(what));
    Ok(Exit::Done)
}
