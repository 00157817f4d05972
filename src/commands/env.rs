//! `labrun env`: the lines that point a shell at the session: `eval "$(labrun env)"`.

use super::active;
use crate::cli::Session;
use crate::engine::home::Home;
use crate::engine::{runtimes, workspace};
use crate::exit::{Exit, Failure, Outcome};
use crate::ui::Ui;

pub(super) async fn run(home: &Home, args: Session) -> Outcome {
    let ui = Ui { json: super::json(args.format.format) };
    let active = active(home, args.session.as_deref()).await?;
    let set = runtimes::named("learner").ok_or_else(|| Failure::new("there is no set `learner`"))?;
    let learner = super::runtimes::make(ui, home, set).await?;
    let mut variables = workspace::environment(&active.session);
    variables.push(("PATH".to_owned(), Some(super::shell::path(&learner)?)));
    if ui.json {
        ui.json(&variables.into_iter().collect::<std::collections::BTreeMap<_, _>>());
        return Ok(Exit::Done);
    }
    for (name, value) in variables {
        match value {
            Some(value) => ui.data(&format!("export {name}={}", quoted(&value))),
            None => ui.data(&format!("unset {name}")),
        }
    }
    Ok(Exit::Done)
}

/// For a POSIX shell.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "'\\''"))
}
