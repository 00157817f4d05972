//! `labrun exam`: a form as long as the real one, on the wall clock, marked at the end.

use serde_json::json;

use super::seat::{Seat, dice, gone, open_desk};
use crate::cli::{Exam, ExamForm};
use crate::engine::home::Home;
use crate::engine::session::now_ms;
use crate::exit::{Exit, Failure, Outcome};
use crate::lab::plan::counted;
use crate::quiz::blueprint::skills_of;
use crate::quiz::draw;
use crate::quiz::mark;
use crate::quiz::report::Report;
use crate::quiz::sitting::{Event, Form, Mode, Sitting};
use crate::ui::Ui;
use crate::ui::quiz::{After, Asked, Desk, Kind, Move, Under, form};

const QUESTIONS: usize = 65;
const UNSCORED: usize = 15;
const MINUTES: u64 = 130;
/// Minutes before the end at which the clock is spoken of.
const WARNINGS: [u64; 4] = [1, 5, 10, 30];

pub(super) fn run(home: &Home, args: Exam) -> Outcome {
    let ui = Ui { json: super::json(args.answering.format.format) };
    let mut seat = Seat::open(home)?;
    if let Some(id) = &args.replay {
        return replay(&seat, id, ui, &args);
    }
    let Some((id, running)) = chosen(&mut seat, ui, &args)? else { return Ok(Exit::Done) };
    if running {
        let mut desk = open_desk(ui, &args.answering)?;
        let sat = sit(&mut seat, &id, desk.as_mut())?;
        drop(desk);
        match sat {
            Sat::Left => {
                let left = form::clock(left_ms(seat.record.sitting(&id)?));
                ui.say(&format!("Your answers are kept and the clock runs on: {left} left.\n`labrun exam --resume` goes on."));
                return Ok(Exit::Done);
            }
            Sat::TimeOver => ui.say("The time is over."),
            Sat::Ended => {}
        }
    } else if !args.end {
        ui.say("The time of the exam that you began is over. This is how it went:");
    }
    end(&mut seat, &id)?;
    report(&seat, &id, ui)?;
    Ok(Exit::Done)
}

/// The exam that is meant, and whether it goes on; none where the learner would rather not begin.
fn chosen(seat: &mut Seat, ui: Ui, args: &Exam) -> Result<Option<(String, bool)>, Failure> {
    let under_way = seat.record.history.unfinished(exam).map(|sitting| (sitting.id.clone(), left_ms(sitting)));
    match (under_way, args.resume || args.end) {
        (Some((id, left)), true) => Ok(Some((id, left > 0 && !args.end))),
        (Some((id, 0)), false) => Ok(Some((id, false))),
        (Some((_, left)), false) => {
            let failure = Failure::new(format!("an exam is under way; {} are left", form::clock(left)));
            Err(failure.hint("`labrun exam --resume` goes on").hint("`labrun exam --end` ends and marks it"))
        }
        (None, true) => Err(Failure::new("no exam is under way").hint("begin one: `labrun exam`")),
        (None, false) => Ok(start(seat, ui, args)?.map(|id| (id, true))),
    }
}

fn exam(mode: &Mode) -> bool {
    matches!(mode, Mode::Exam { .. })
}

fn left_ms(sitting: &Sitting) -> u64 {
    let Mode::Exam { minutes, .. } = sitting.mode else { return 0 };
    // A clock that was set back gives nobody more time than the form has.
    sitting.deadline_ms().unwrap_or_default().saturating_sub(now_ms()).min(minutes.saturating_mul(60_000))
}

/// Draws a form and begins, if the learner still wants to.
fn start(seat: &mut Seat, ui: Ui, args: &Exam) -> Result<Option<String>, Failure> {
    let form = match args.form.unwrap_or(ExamForm::Task) {
        ExamForm::Task => Form::Task,
        ExamForm::Domain => Form::Domain,
        ExamForm::All => {
            let failure = Failure::new("there is no form of all domains: the banks for domains 1, 2 and 4 are not written yet");
            return Err(failure.hint("`--form domain` asks for all of domain 3, `--form task` for task 3.1"));
        }
    };
    let mode = Mode::Exam { form, minutes: MINUTES + args.extra_time };
    let (seed, deal) = match args.seed.and_then(|seed| seat.record.history.dealt_by(seed, &mode)) {
        Some(sitting) => (sitting.seed, sitting.deal()),
        None => deal(seat, form, args.seed)?,
    };
    let text = format!(
        "{} questions in {} minutes on the wall clock: the clock runs on when you leave. {UNSCORED} of them don't count, and nothing says which.\n\n\
         Each question says how many answers it wants. All of them must be right; an open question counts as wrong, a guess costs nothing. \
         Go to any question at any time, flag what you want to see again, and end when you are done.",
        deal.len(),
        MINUTES + args.extra_time,
    );
    let mut desk = open_desk(ui, &args.answering)?;
    if !desk.ready(&format!("Exam: {}", name(form)), &text).map_err(gone)? {
        return Ok(None);
    }
    drop(desk);
    seat.record.start(mode, seed, deal).map(Some)
}

fn name(form: Form) -> &'static str {
    match form {
        Form::Task => "task 3.1, automate data processing by using AWS services",
        Form::Domain => "domain 3, data operations and support",
    }
}

fn deal(seat: &Seat, form: Form, seed: Option<u64>) -> Result<(u64, Vec<draw::Dealt>), Failure> {
    let skills: Vec<_> = skills_of(form.prefix()).collect();
    let (seed, mut dice) = dice(seed);
    let items = seat.library.items();
    let dealt = draw::exam(&items, &skills, (QUESTIONS, UNSCORED), &seat.record.history.last_seen(), &mut dice);
    let dealt = dealt.map_err(|short| {
        let failure = Failure::new("the banks are too small for this form, and no question is asked twice");
        short.iter().fold(failure, |failure, short| {
            failure.hint(format!("skill {}: {} of {} needed", short.skill, counted(short.has, "question"), short.needs))
        })
    })?;
    Ok((seed, dealt))
}

/// How a run through the questions ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sat {
    Ended,
    TimeOver,
    Left,
}

/// Until the exam is ended, its time is over, or it is left.
fn sit(seat: &mut Seat, id: &str, desk: &mut dyn Desk) -> Result<Sat, Failure> {
    drop_changed(seat, id)?;
    let (mut at, mut overview) = (first_open(seat.record.sitting(id)?), false);
    loop {
        let sitting = seat.record.sitting(id)?.clone();
        let Some(asked) = next_asked(&sitting, at) else { return Ok(Sat::Ended) };
        at = asked;
        let left = left_ms(&sitting);
        let Some(found) = seat.library.dealt(&sitting.questions[at].dealt) else { return Ok(Sat::Ended) };
        let warning = warning(left);
        let under = Under { sitting: &sitting, found, at, left_ms: left, warning: &warning };
        if left == 0 {
            return Ok(Sat::TimeOver);
        }
        let made = desk.exam(&under, overview).map_err(gone)?;
        if left_ms(&sitting) == 0 {
            return Ok(Sat::TimeOver);
        }
        match made {
            Move::Pick(answer) => seat.record.note(id, Event::Pick { question: at, answer })?,
            Move::Flag => seat.record.note(id, Event::Flag { question: at, on: !sitting.questions[at].flagged })?,
            Move::Go(to) if to >= sitting.questions.len() => overview = true,
            Move::Go(to) => at = to,
            Move::Open(to) => (at, overview) = (to, false),
            Move::Overview => overview = !overview,
            Move::End if desk.confirm_end(&under).map_err(gone)? => return Ok(Sat::Ended),
            Move::End | Move::Wait => {}
            Move::Leave => return Ok(Sat::Left),
        }
    }
}

/// Items that have changed since they were dealt can't be asked; they don't count.
fn drop_changed(seat: &mut Seat, id: &str) -> Result<(), Failure> {
    let questions = seat.record.sitting(id)?.questions.iter().enumerate();
    let gone = questions.filter(|(_, question)| !question.void && seat.library.dealt(&question.dealt).is_none());
    let gone: Vec<usize> = gone.map(|(number, _)| number).collect();
    gone.into_iter().try_for_each(|question| seat.record.note(id, Event::Void { question }))
}

/// The question at a place, or the next one that can be asked.
fn next_asked(sitting: &Sitting, at: usize) -> Option<usize> {
    let asked = |number: &usize| !sitting.questions[*number].void;
    (at..sitting.questions.len()).find(asked).or_else(|| (0..at).rev().find(asked))
}

fn first_open(sitting: &Sitting) -> usize {
    sitting.questions.iter().position(|question| !question.answered() && !question.void).unwrap_or_default()
}

fn warning(left_ms: u64) -> String {
    let left = left_ms.div_ceil(60_000);
    match WARNINGS.into_iter().find(|minutes| left <= *minutes) {
        Some(1) => "less than a minute left".to_owned(),
        Some(minutes) => format!("less than {minutes} minutes left"),
        None => String::new(),
    }
}

/// Marks the sheet: all or nothing, a question.
fn end(seat: &mut Seat, id: &str) -> Result<(), Failure> {
    let sitting = seat.record.sitting(id)?;
    if !sitting.open() {
        return Ok(());
    }
    let mark = |question: &crate::quiz::sitting::Question| match seat.library.dealt(&question.dealt) {
        Some(found) => mark::exam(&found.item.asks, &question.answer),
        None => mark::Credit(0.0),
    };
    let credits = sitting.questions.iter().map(mark).collect();
    seat.record.note(id, Event::End { credits })
}

fn report(seat: &Seat, id: &str, ui: Ui) -> Result<(), Failure> {
    let sitting = seat.record.sitting(id)?;
    let skill = |item: &str| seat.library.find(item).map(|found| found.item.skill.value.clone());
    let report = Report::of(sitting, &seat.record.history.attempts(), &skill, &mut dice(Some(1)).1);
    if ui.json {
        ui.data(&json!(report).to_string());
    } else {
        ui.report(&report)
    }
    Ok(())
}

/// The form again, question by question, with all reasons.
fn replay(seat: &Seat, id: &str, ui: Ui, args: &Exam) -> Outcome {
    let ended = seat
        .record
        .history
        .sittings
        .iter()
        .rev()
        .find(|sitting| exam(&sitting.mode) && !sitting.open() && (id == "newest" || sitting.id == id));
    let sitting = ended.ok_or_else(|| {
        Failure::new("there is no such exam to look through").hint("it must have been ended: `labrun exam --end`")
    })?;
    let mut desk = open_desk(ui, &args.answering)?;
    let mut at = 0;
    while let Some(question) = sitting.questions.get(at) {
        let Some(found) = seat.library.dealt(&question.dealt) else {
            at += 1;
            continue;
        };
        let of = sitting.questions.len();
        let note = if question.dealt.scored { "" } else { "This one did not count." };
        let asked = Asked { title: "Replay", found, dealt: &question.dealt, number: at + 1, of, kind: Kind::Replay, note };
        let credit = question.credit.unwrap_or(mark::Credit(0.0));
        match desk.marked(&asked, &question.answer, credit).map_err(gone)? {
            After::Back => at = at.saturating_sub(1),
            After::Leave => break,
            After::Next | After::Rate(_) | After::Undo => at += 1,
        }
    }
    drop(desk);
    if ui.json {
        ui.data(&json!({ "replayed": sitting.id, "questions": sitting.questions.len() }).to_string());
    }
    Ok(Exit::Done)
}
