//! `labrun list`: the labs, and what the learner has reached in each.

use serde_json::json;

use crate::engine::EngineError;
use crate::engine::content;
use crate::engine::home::Home;
use crate::exit::{Exit, Outcome};
use crate::progress::Progress;
use crate::ui::Ui;

pub(super) fn run(home: &Home, ui: Ui) -> Outcome {
    let progress = Progress::open(&home.progress()).map_err(EngineError::from)?;
    let mut rows = Vec::new();
    let mut listed = Vec::new();
    for id in content::ids() {
        let lab = super::content_named(id)?.lab;
        let reached = progress.labs.get(id).cloned().unwrap_or_default();
        let total: u64 = lab.tasks.iter().map(crate::lab::file::Task::points).sum();
        let skills: Vec<&str> = lab.skills.iter().map(|skill| skill.value.as_str()).collect();
        listed.push(json!({ "id": id, "title": lab.title, "skills": skills, "minutes": lab.minutes, "best": reached.best, "total": total }));
        let best = if reached.checks == 0 { "not tried".to_owned() } else { format!("best {}/{total}", reached.best) };
        rows.push(vec![id.to_owned(), lab.title, skills.join(", "), format!("{} min", lab.minutes), best]);
    }
    if ui.json {
        ui.json(&listed)
    } else {
        ui.table(&rows)
    }
    Ok(Exit::Done)
}
