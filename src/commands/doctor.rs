//! `labrun doctor`: what this machine lacks for labs, and which package brings it.

use serde_json::json;

use crate::cloud::local;
use crate::engine::home::Home;
use crate::engine::runtimes::{find_python, sets};
use crate::engine::session;
use crate::exit::{Exit, Outcome};
use crate::ui::Ui;
use crate::ui::theme::Mark;

struct Finding {
    mark: Mark,
    what: String,
    says: String,
}

pub(super) async fn run(home: &Home, ui: Ui) -> Outcome {
    let mut found = Vec::new();
    let mut add = |mark, what: &str, says: String| found.push(Finding { mark, what: what.to_owned(), says });
    add(home_mark(home), "home", format!("{}", home.root.display()));
    for set in sets() {
        match (set.ready(home), find_python(set)) {
            (Some(folder), _) => add(Mark::Done, set.name, folder.display().to_string()),
            (None, Ok(python)) => add(
                Mark::Note,
                set.name,
                format!(
                    "not made yet; Python {} at {} can (labrun runtimes install {})",
                    python.version,
                    python.path.display(),
                    set.name
                ),
            ),
            (None, Err(reason)) => add(Mark::Red, set.name, reason),
        }
    }
    add_containment(&mut add).await;
    match local::find(&home.root).await {
        Ok(Some((running, _))) => add(Mark::Done, "emulator", format!("http://127.0.0.1:{}", running.port)),
        Ok(None) => add(Mark::Note, "emulator", "not running; any verb that needs it starts it".to_owned()),
        Err(error) => add(Mark::Red, "emulator", format!("{error}; {}", error.hint(&home.root))),
    }
    for session in session::all(home).iter().filter(|session| session.state != session::State::Active) {
        add(Mark::Note, "session", format!("{} is {:?}: finish it with `labrun stop`", session.id, session.state).to_lowercase());
    }
    if ui.json {
        let rows =
            found.iter().map(|finding| json!({ "what": finding.what, "ok": finding.mark != Mark::Red, "says": finding.says }));
        ui.json(&rows.collect::<Vec<_>>());
    } else {
        found.iter().for_each(|finding| ui.step(finding.mark, &finding.what, &finding.says));
    }
    let sound = found.iter().all(|finding| finding.mark != Mark::Red);
    Ok(if sound { Exit::Done } else { Exit::NotYet })
}

fn home_mark(home: &Home) -> Mark {
    let writable =
        std::fs::create_dir_all(&home.root).is_ok() && nix::unistd::access(&home.root, nix::unistd::AccessFlags::W_OK).is_ok();
    if writable { Mark::Done } else { Mark::Red }
}

/// What of the containment of learner code this machine enforces: one line if it is all, else one for each layer.
async fn add_containment(add: &mut impl FnMut(Mark, &str, String)) {
    let report = labrun_emulator::contain::report().await;
    if report.complete() {
        let all = "learner code runs with a network, files, user and limits of its own; every layer is enforced";
        return add(Mark::Done, "contain", all.to_owned());
    }
    for layer in &report.layers {
        add(if layer.enforced { Mark::Done } else { Mark::Note }, "contain", layer.says.clone());
    }
}
