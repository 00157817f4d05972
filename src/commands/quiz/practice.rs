//! `labrun quiz`: a few questions, marked at once.

use serde_json::json;

use crate::cli::Quiz;
use crate::commands::round::{Ended, Round};
use crate::commands::seat::{Seat, dice, open_desk};
use crate::document::diagnostic::closest;
use crate::engine::home::Home;
use crate::exit::{Exit, Failure, Outcome};
use crate::lab::plan::counted;
use crate::quiz::bank::Item;
use crate::quiz::blueprint::{SKILLS, TOPICS, skills_of};
use crate::quiz::draw::{self, Dealt};
use crate::quiz::library::{Filter, Library};
use crate::quiz::sitting::{Mode, Sitting};
use crate::ui::Ui;
use crate::ui::quiz::Kind;

pub(super) fn run(home: &Home, args: Quiz) -> Outcome {
    let ui = Ui { json: crate::commands::json(args.answering.format.format) };
    let mut seat = Seat::open(home)?;
    let id = if args.resume { unfinished(&seat)? } else { start(&mut seat, &args)? };
    let mut desk = open_desk(ui, &args.answering)?;
    let Seat { library, record } = &mut seat;
    let mut round = Round { library, record, sitting: &id, title: "Question", kind: Kind::Practice, leeches: &[] };
    let ended = round.run(desk.as_mut())?;
    drop(desk);
    summary(ui, seat.record.sitting(&id)?, ended);
    Ok(Exit::Done)
}

fn unfinished(seat: &Seat) -> Result<String, Failure> {
    let found = seat.record.history.unfinished(|mode| *mode == Mode::Practice);
    let sitting = found.ok_or_else(|| Failure::new("there is no unfinished quiz").hint("begin one: `labrun quiz`"))?;
    Ok(sitting.id.clone())
}

fn start(seat: &mut Seat, args: &Quiz) -> Result<String, Failure> {
    let filter = filter(&seat.library, args)?;
    let items = seat.library.matching(&filter);
    if let Some(seed) = args.seed
        && let Some(deal) = again(seat, seed, &items)
    {
        return seat.record.start(Mode::Practice, seed, deal);
    }
    let (seed, mut dice) = dice(args.seed);
    let deal = draw::practice(&items, args.count, &seat.record.history.last_seen(), &mut dice);
    if deal.is_empty() {
        return Err(Failure::new("no question fits").hint("ask for less: `labrun quiz --skill 3.1`, `--count 10`"));
    }
    seat.record.start(Mode::Practice, seed, deal)
}

/// What a seed dealt before, if it fits what is asked for now and can still be asked.
fn again(seat: &Seat, seed: u64, items: &[&Item]) -> Option<Vec<Dealt>> {
    let deal = seat.record.history.dealt_by(seed, &Mode::Practice)?.deal();
    let fits = |dealt: &Dealt| items.iter().any(|item| item.id() == dealt.item && item.hash() == dealt.hash);
    deal.iter().all(fits).then_some(deal)
}

/// What is asked for, if it exists.
fn filter(library: &Library, args: &Quiz) -> Result<Filter, Failure> {
    if let Some(skill) = &args.skill
        && skills_of(skill).next().is_none()
    {
        return Err(unknown("skill", skill, SKILLS.iter().map(|skill| skill.id)));
    }
    if let Some(topic) = &args.topic
        && !TOPICS.iter().any(|known| known.id == *topic)
    {
        return Err(unknown("topic", topic, TOPICS.iter().map(|topic| topic.id)));
    }
    let banks = || library.banks().iter().map(|bank| bank.id.value.as_str());
    if let Some(bank) = &args.bank
        && !banks().any(|known| known == bank)
    {
        return Err(unknown("bank", bank, banks()));
    }
    Ok(Filter { skill: args.skill.clone(), topic: args.topic.clone(), bank: args.bank.clone() })
}

fn unknown<'k>(what: &str, typed: &str, known: impl Iterator<Item = &'k str> + Clone) -> Failure {
    let failure = Failure::new(format!("there is no {what} `{typed}`"));
    failure.hint(match closest(typed, known.clone()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("there are {}", known.collect::<Vec<_>>().join(", ")),
    })
}

fn summary(ui: Ui, sitting: &Sitting, ended: Ended) {
    let marked: Vec<_> = sitting.questions.iter().filter_map(|question| question.credit).collect();
    let right = marked.iter().filter(|credit| credit.full()).count();
    let points = marked.iter().fold(0.0, |points, credit| points + credit.0);
    if ui.json {
        return ui.data(&json!({ "sitting": sitting.id, "seed": sitting.seed, "answered": marked.len(), "of": sitting.questions.len(), "right": right, "points": points }).to_string());
    }
    let part = if points > right as f64 { format!(", {points:.1} points with parts") } else { String::new() };
    if !marked.is_empty() {
        ui.data(&format!("\n{right} of {} right{part}.", marked.len()));
    }
    let wrong = marked.len() - right;
    if wrong > 0 {
        ui.data(&format!(
            "{} in labrun review.",
            if wrong == 1 { "One comes back".to_owned() } else { format!("{wrong} come back") }
        ));
    }
    match ended {
        Ended::Left if sitting.next().is_some() => {
            let left = sitting.questions.len() - marked.len();
            ui.data(&format!("{} left: `labrun quiz --resume` goes on.", counted(left, "question")));
        }
        _ => ui.data(&format!("The same questions again: `labrun quiz --seed {}`.", sitting.seed)),
    }
}
