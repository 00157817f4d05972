//! `labrun shell`: a shell that is pointed at the session and has the tools for it.

use std::path::Path;

use super::active;
use crate::cli::Shell;
use crate::engine::home::Home;
use crate::engine::{runtimes, workspace};
use crate::exit::{Exit, Failure, Outcome};
use crate::ui::Ui;
use crate::ui::theme::Mark;

pub(super) async fn run(home: &Home, args: Shell) -> Outcome {
    let ui = Ui::default();
    let active = active(home, args.session.as_deref()).await?;
    let set = runtimes::named("learner").ok_or_else(|| Failure::new("there is no set `learner`"))?;
    let learner = super::runtimes::make(ui, home, set).await?;
    let interactive = args.command.is_empty();
    let shell = std::env::var("SHELL").unwrap_or_else(|_| "/bin/sh".to_owned());
    let (program, arguments) = match args.command.split_first() {
        Some((program, arguments)) => (program.clone(), arguments.to_vec()),
        None => (shell, Vec::new()),
    };
    let mut command = std::process::Command::new(&program);
    command.args(arguments).env("PATH", path(&learner)?);
    for (name, value) in workspace::environment(&active.session) {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    if interactive {
        command.current_dir(&active.session.folder);
        let names = active.content.lab.vars.iter().map(|(name, _)| format!("${}", name.value.to_uppercase()));
        ui.step(
            Mark::Done,
            "shell",
            &format!("session {}; {}; `exit` leads back", active.session.id, names.collect::<Vec<_>>().join(" ")),
        );
    }
    let status = command.status().map_err(|error| Failure::new(format!("`{program}` cannot be run: {error}")))?;
    Ok(if interactive || status.success() { Exit::Done } else { Exit::NotYet })
}

/// labrun's own folder and the learner's tools, before everything else.
pub(super) fn path(learner: &Path) -> Result<String, Failure> {
    let own = std::env::current_exe().map_err(|error| Failure::new(error.to_string()))?;
    let first = [own.parent().map(Path::to_owned), Some(learner.join("venv/bin"))];
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let joined = std::env::join_paths(first.into_iter().flatten().chain(std::env::split_paths(&rest)));
    Ok(joined.map_err(|error| Failure::new(error.to_string()))?.to_string_lossy().into_owned())
}
