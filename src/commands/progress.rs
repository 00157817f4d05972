//! `labrun progress`: how each skill stands, what is due, how likely a pass is.

use serde_json::json;

use super::review;
use super::seat::{Seat, dice};
use crate::engine::EngineError;
use crate::engine::content;
use crate::engine::home::Home;
use crate::engine::session::now_ms;
use crate::exit::{Exit, Failure, Outcome};
use crate::progress::Progress;
use crate::quiz::estimate;
use crate::quiz::mastery::{self, LabEvidence, Mastery};
use crate::quiz::report::tallies;
use crate::ui::Ui;
use crate::ui::quiz::report;

/// A day's new cards, as `labrun review` has them.
pub(super) const NEW: usize = 20;

pub(super) fn run(home: &Home, ui: Ui) -> Outcome {
    let seat = Seat::open(home)?;
    let rows = skills(&seat, home)?;
    let cards = seat.cards(home)?;
    let due = review::due(&seat, &cards, NEW);
    let leeches: Vec<&str> = cards.iter().filter(|card| card.leech()).map(|card| card.item.as_str()).collect();
    let skill = |item: &str| seat.library.find(item).map(|found| found.item.skill.value.clone());
    let tallies = tallies("3.1", &seat.record.history.attempts(), &skill);
    let first: usize = tallies.iter().map(|tally| tally.of).sum();
    let chance = estimate::chance(&tallies, &mut dice(Some(1)).1);
    let next = super::next::choose(&rows, due.due.len() + due.new.len(), home)?;
    if ui.json {
        ui.json(&json!({ "skills": rows, "due": due.due.len(), "new": due.new.len(), "leeches": leeches, "chance": chance, "first_answers": first, "next": next }));
        return Ok(Exit::Done);
    }
    ui.lines(&report::mastery(&rows));
    ui.data(&format!("\nReview: {} due, {} new.", due.due.len(), due.new.len()));
    if !leeches.is_empty() {
        ui.data(&format!("Forgotten again and again: {}.", leeches.join(", ")));
    }
    ui.text(&format!("Task 3.1. {}", report::chance_line(chance, first)));
    ui.data(&format!("Next: {}", next.command));
    Ok(Exit::Done)
}

/// How each skill stands, by answers and labs.
pub(super) fn skills(seat: &Seat, home: &Home) -> Result<Vec<Mastery>, Failure> {
    let progress = Progress::open(&home.progress()).map_err(EngineError::from)?;
    let mut labs = Vec::new();
    for (id, reached) in progress.labs.iter().filter(|(_, reached)| reached.total > 0) {
        let Ok(content) = content::find(id) else { continue };
        let share = reached.best as f64 / reached.total as f64;
        let of = |skill: &crate::document::node::Text| LabEvidence { skill: skill.value.clone(), share, at_ms: reached.last_ms };
        labs.extend(content.lab.skills.iter().map(of));
    }
    Ok(mastery::of(&seat.library.items(), &seat.record.history.attempts(), &labs, now_ms()))
}
