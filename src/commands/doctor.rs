//! `labrun doctor`: what this machine lacks for labs, and which package brings it.

use serde_json::{Value, json};

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
    match local::find(&home.root).await {
        Ok(Some((running, admin))) => {
            add(Mark::Done, "emulator", format!("http://127.0.0.1:{}", running.port));
            let health = admin.health().await.unwrap_or(Value::Null);
            add_containment(&health["containment"], &mut add);
        }
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

/// What cannot be enforced here is said, one line each.
fn add_containment(report: &Value, add: &mut impl FnMut(Mark, &str, String)) {
    let Some(report) = report.as_object() else { return };
    for (what, level) in report {
        let (mark, says) = match level {
            Value::Bool(true) => (Mark::Done, "enforced".to_owned()),
            Value::Bool(false) => (Mark::Note, "not enforced on this machine".to_owned()),
            Value::String(text) => (Mark::None, text.clone()),
            other => (Mark::None, other.to_string()),
        };
        add(mark, "contain", format!("{what}: {says}"));
    }
}
