//! `labrun next`: the one most useful thing to do now.

use serde::Serialize;

use super::progress::{self, NEW};
use super::review;
use super::seat::Seat;
use crate::engine::EngineError;
use crate::engine::content;
use crate::engine::home::Home;
use crate::exit::{Exit, Failure, Outcome};
use crate::lab::plan::counted;
use crate::progress::Progress;
use crate::quiz::mastery::Mastery;
use crate::ui::Ui;

/// So many due cards come before anything new.
const PILE: usize = 10;
/// From here on a lab is worth doing before more questions: it can only be understood with some knowledge.
const READY: f64 = 0.25;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Next {
    pub command: String,
    pub why: String,
}

pub(super) fn run(home: &Home, ui: Ui) -> Outcome {
    let seat = Seat::open(home)?;
    let cards = seat.cards(home)?;
    let due = review::due(&seat, &cards, NEW);
    let next = choose(&progress::skills(&seat, home)?, due.due.len() + due.new.len(), home)?;
    if ui.json {
        ui.json(&next);
    } else {
        ui.data(&next.command);
        ui.say(&next.why);
    }
    Ok(Exit::Done)
}

/// A pile of due cards first; then the weakest skill of task 3.1, by a lab that is not finished, else by questions.
pub(super) fn choose(skills: &[Mastery], due: usize, home: &Home) -> Result<Next, Failure> {
    if due >= PILE {
        return Ok(Next {
            command: "labrun review".into(),
            why: format!("{} wait: what you got wrong before, or are about to forget.", counted(due, "card")),
        });
    }
    let task = skills.iter().filter(|row| row.skill.starts_with("3.1."));
    let Some(weakest) = task.min_by(|one, other| one.level.total_cmp(&other.level)) else {
        return Ok(Next { command: "labrun quiz".into(), why: String::new() });
    };
    let stands = format!("{} ({}) is your weakest skill, at {:.0} %", weakest.skill, weakest.name, weakest.level * 100.0);
    if let Some(lab) = unfinished_lab(weakest, home)?.filter(|_| weakest.level >= READY || weakest.answered == weakest.items) {
        return Ok(Next { command: format!("labrun start {lab}"), why: format!("{stands}; this lab shows it.") });
    }
    let fresh = counted(weakest.items - weakest.answered.min(weakest.items), "item");
    Ok(Next {
        command: format!("labrun quiz --skill {}", weakest.skill),
        why: format!("{stands}; {fresh} of it you have not seen."),
    })
}

fn unfinished_lab(skill: &Mastery, home: &Home) -> Result<Option<&'static str>, Failure> {
    let progress = Progress::open(&home.progress()).map_err(EngineError::from)?;
    let finished = |id: &str| progress.labs.get(id).is_some_and(|reached| reached.total > 0 && reached.best == reached.total);
    let shows = |id: &str| content::find(id).is_ok_and(|content| content.lab.skills.iter().any(|own| own.value == skill.skill));
    Ok(content::ids().into_iter().find(|id| shows(id) && !finished(id)))
}
