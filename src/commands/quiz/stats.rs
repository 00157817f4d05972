//! `labrun quiz stats`: how items fare, from this machine's record.

use serde_json::json;

use crate::commands::seat::Seat;
use crate::engine::home::Home;
use crate::exit::{Exit, Outcome};
use crate::quiz::stats::{ItemStats, stats};
use crate::ui::Ui;

pub(super) fn run(home: &Home, ui: Ui) -> Outcome {
    let seat = Seat::open(home)?;
    let rows = stats(&seat.record.history.attempts());
    if ui.json {
        ui.json(&json!(rows));
        return Ok(Exit::Done);
    }
    if rows.is_empty() {
        ui.data("No question was answered yet: `labrun quiz`.");
        return Ok(Exit::Done);
    }
    let head = ["item", "skill", "answers", "first right", "right", "last"].map(str::to_owned).to_vec();
    let line = |row: &ItemStats| {
        let skill = seat.library.find(&row.item).map_or("gone", |found| found.item.skill.value.as_str());
        let first = if row.first_right { "yes" } else { "no" };
        let last = if row.last_right { "right" } else { "wrong" };
        let facility = format!("{:.0} %", row.facility * 100.0);
        vec![row.item.clone(), skill.to_owned(), row.attempts.to_string(), first.to_owned(), facility, last.to_owned()]
    };
    ui.table(&std::iter::once(head).chain(rows.iter().map(line)).collect::<Vec<_>>());
    let first = rows.iter().filter(|row| row.first_right).count();
    ui.say(&format!(
        "{} answered, {first} right at first ({:.0} %).",
        crate::lab::plan::counted(rows.len(), "item"),
        first as f64 * 100.0 / rows.len() as f64
    ));
    Ok(Exit::Done)
}
