//! `labrun review`: what is due again, and a few new cards.

use serde_json::json;

use super::round::{Ended, Round};
use super::seat::{Seat, dice, open_desk};
use crate::cli::Review;
use crate::engine::home::Home;
use crate::engine::session::now_ms;
use crate::exit::{Exit, Failure, Outcome};
use crate::lab::plan::counted;
use crate::quiz::draw::{self, Dealt};
use crate::quiz::review::{self, Card, Due};
use crate::quiz::sitting::Mode;
use crate::ui::Ui;
use crate::ui::quiz::Kind;

const DAY_MS: u64 = 86_400_000;

pub(super) fn run(home: &Home, args: Review) -> Outcome {
    let ui = Ui { json: super::json(args.answering.format.format) };
    let mut seat = Seat::open(home)?;
    let cards = seat.cards(home)?;
    let due = due(&seat, &cards, args.new);
    let (seed, mut dice) = dice(None);
    // The most overdue first: who stops halfway has done what mattered most.
    let deal: Vec<Dealt> = due
        .due
        .iter()
        .chain(&due.new)
        .filter_map(|card| Some(draw::deal(seat.library.find(&card.item)?.item, &mut dice)))
        .collect();
    if deal.is_empty() {
        return nothing(ui, &cards, due.held);
    }
    let counts = format!("{} due, {} new", due.due.len(), due.new.len());
    ui.say(&if due.held > 0 { format!("{counts}, {} more new ones on other days", due.held) } else { counts });
    let leeches: Vec<String> = cards.iter().filter(|card| card.leech()).map(|card| card.item.clone()).collect();
    let id = seat.record.start(Mode::Review, seed, deal)?;
    let mut desk = open_desk(ui, &args.answering)?;
    let Seat { library, record } = &mut seat;
    let mut round = Round { library, record, sitting: &id, title: "Review", kind: Kind::Review, leeches: &leeches };
    let ended = round.run(desk.as_mut())?;
    drop(desk);
    summary(ui, &seat, &id, ended, &seat.cards(home)?)?;
    Ok(Exit::Done)
}

/// What waits now, with as many new cards as today still allows.
pub(super) fn due(seat: &Seat, cards: &[Card], new: usize) -> Due {
    let now = now_ms();
    let begun = review::begun_since(cards, now - now % DAY_MS);
    let asked = cards.iter().filter(|card| seat.library.find(&card.item).is_some()).cloned().collect();
    review::due(asked, now, new.saturating_sub(begun))
}

fn nothing(ui: Ui, cards: &[Card], held: usize) -> Outcome {
    let next = cards.iter().map(|card| card.due_ms).filter(|due| *due > now_ms()).min();
    if ui.json {
        ui.data(&json!({ "due": 0, "cards": cards.len(), "next_due_ms": next }).to_string());
        return Ok(Exit::Done);
    }
    if held > 0 {
        ui.data(&format!(
            "Today's new cards are done; {} more wait. `labrun review --new 40` allows more.",
            counted(held, "card")
        ));
    }
    match next {
        Some(next) => ui.data(&format!("Nothing is due. The next one of {} comes {}.", counted(cards.len(), "card"), when(next))),
        None if cards.is_empty() => {
            ui.data("Nothing to review yet: what you answer wrong in `labrun quiz` or `labrun exam` comes here.")
        }
        None => {}
    }
    Ok(Exit::Done)
}

/// `in 3 hours`, `tomorrow`, `in 5 days`
fn when(due_ms: u64) -> String {
    let minutes = due_ms.saturating_sub(now_ms()) / 60_000;
    match minutes {
        0..60 => format!("in {}", counted(usize::try_from(minutes.max(1)).unwrap_or(1), "minute")),
        60..2880 => format!("in {}", counted(usize::try_from(minutes / 60).unwrap_or(1), "hour")),
        _ => format!("in {}", counted(usize::try_from(minutes / 1440).unwrap_or(1), "day")),
    }
}

fn summary(ui: Ui, seat: &Seat, id: &str, ended: Ended, cards: &[Card]) -> Result<(), Failure> {
    let sitting = seat.record.sitting(id)?;
    let marked: Vec<_> = sitting.questions.iter().filter_map(|question| question.credit).collect();
    let right = marked.iter().filter(|credit| credit.full()).count();
    if ui.json {
        ui.data(&json!({ "sitting": id, "answered": marked.len(), "right": right }).to_string());
        return Ok(());
    }
    let soon = cards.iter().filter(|card| card.due_ms > now_ms()).map(|card| card.due_ms).min();
    let next = soon.map(|due| format!(" The next one comes {}.", when(due))).unwrap_or_default();
    ui.data(&format!("\n{right} of {} right.{next}", marked.len()));
    if ended == Ended::Left {
        ui.data("The rest stays due: `labrun review`.");
    }
    Ok(())
}
