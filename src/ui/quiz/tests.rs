//! Screens as they should be, letter by letter, at two widths.

use super::question::{View, asked, marked};
use super::report::{mastery, report};
use super::{Under, form};
use crate::quiz::draw::Dealt;
use crate::quiz::estimate::Range;
use crate::quiz::library::Library;
use crate::quiz::mark::{Answer, Credit, practice};
use crate::quiz::mastery::Mastery;
use crate::quiz::read;
use crate::quiz::report::Report;
use crate::quiz::sitting::{Entry, Event, Form, Mode, Sitting};
use crate::ui::page::Line;

const BANK: &str = r#"
schema = 1
[bank]
id = "made"
title = "Made up"
exam = "DEA-C01"
guide = "1.1"
[[fact]]
id = "pause"
text = "A paused bookmark is read and not moved."
page = "https://docs.aws.amazon.com/glue/latest/dg/monitor-continuations.html"
[[case]]
id = "orders"
title = "Nightly orders"
scenario = "A shop has a nightly job over its orders."
[[item]]
id = "made-001"
kind = "multiple"
skill = "3.1.4"
topics = ["glue-bookmarks"]
fact = "pause"
difficulty = "hard"
verified = 2026-11-24
misconception = "Pausing moves it."
lab = "glue-bookmarks/remember.option"
case = "orders"
stem = """
Which two keep the job from reading 日本語 files again?
(Choose two.)
"""
[[item.option]]
text = "Turn the bookmark on"
correct = true
why = "It keeps what was read."
[[item.option]]
text = "Commit the job"
correct = true
why = "It moves the bookmark."
[[item.option]]
text = "Pause the bookmark"
why = "It reads the position and does not move it."
[[item.option]]
text = "Add workers"
why = "They read faster, and everything."
[[item.option]]
text = "Use Parquet"
why = "The format does not matter."
[[item]]
id = "made-002"
kind = "match"
skill = "3.1.4"
topics = ["glue-bookmarks"]
fact = "pause"
difficulty = "easy"
verified = 2026-11-24
misconception = "None."
stem = "Which belongs to which?"
[[item.pair]]
left = "enable"
right = "reads and moves"
why = "It is on."
[[item.pair]]
left = "pause"
right = "reads only"
why = "It is held."
[[item.pair]]
left = "disable"
right = "neither"
why = "It is off."
"#;

fn library() -> Library {
    let (bank, faults) = read::bank("made.toml", BANK);
    assert_eq!(faults, []);
    Library::new(vec![bank])
}

fn dealt(item: &str, shown: &[usize]) -> Dealt {
    Dealt { item: item.into(), hash: String::new(), shown: shown.to_vec(), picks: 0, scored: true }
}

fn text(lines: &[Line]) -> String {
    lines.iter().map(|line| format!("{}\n", line.text().trim_end())).collect()
}

#[test]
fn an_open_question_has_its_scenario_and_its_picks() {
    let (library, dealt, answer) = (library(), dealt("made-001", &[2, 0, 4, 3, 1]), Answer(vec![0]));
    let found = library.find("made-001").expect("there");
    let (lines, focus) = asked(&View { found, dealt: &dealt, answer: &answer, cursor: Some(1) }, 44);
    assert_eq!(
        text(&lines),
        "\
Case: Nightly orders
A shop has a nightly job over its orders.

Which two keep the job from reading 日本語
files again? (Choose two.)

  [ ] A  Pause the bookmark
▸ [x] B  Turn the bookmark on
  [ ] C  Use Parquet
  [ ] D  Add workers
  [ ] E  Commit the job
"
    );
    assert_eq!(focus, Some(7));
}

#[test]
fn a_marked_question_has_the_picked_reasons_first_and_all_of_them() {
    let (library, dealt, answer) = (library(), dealt("made-001", &[2, 0, 4, 3, 1]), Answer(vec![0, 2]));
    let found = library.find("made-001").expect("there");
    let view = View { found, dealt: &dealt, answer: &answer, cursor: None };
    let (lines, mark) = marked(&view, practice(&found.item.asks, &answer), 44);
    assert_eq!(mark, 6);
    assert_eq!(
        text(&lines),
        "\
Case: Nightly orders
A shop has a nightly job over its orders.

Which two keep the job from reading 日本語
files again? (Choose two.)

✗ Partly: you said A B, right is B E (50 % of the point)

✓ B  Turn the bookmark on
     It keeps what was read.
✗ A  Pause the bookmark
     It reads the position and does not move
     it.
✓ E  Commit the job
     It moves the bookmark.
· C  Use Parquet
     The format does not matter.
· D  Add workers
     They read faster, and everything.

fact  A paused bookmark is read and not
      moved.
https://docs.aws.amazon.com/glue/latest/dg/monitor-continuations.html
lab   see it happen: labrun start
      glue-bookmarks
"
    );
}

#[test]
fn pairs_are_numbered_lettered_and_marked_one_by_one() {
    let (library, dealt, answer) = (library(), dealt("made-002", &[1, 2, 0]), Answer(vec![0, 2]));
    let found = library.find("made-002").expect("there");
    let (lines, _) = asked(&View { found, dealt: &dealt, answer: &answer, cursor: None }, 60);
    assert_eq!(
        text(&lines),
        "\
Which belongs to which?

  1 → C  enable
  2 → B  pause
  3 → ·  disable

   ·  A  reads only
   2  B  neither
   1  C  reads and moves
"
    );
    let answer = Answer(vec![0, 2, 1]);
    let view = View { found, dealt: &dealt, answer: &answer, cursor: None };
    assert!(text(&marked(&view, practice(&found.item.asks, &answer), 60).0).contains(
        "\
✗ Partly: you said C B A, right is C A B (33 % of the point)

✓ 1 → C  enable: reads and moves
         It is on.
✗ 2 → A  pause: reads only
         It is held.
"
    ));
}

/// An exam of five, the second answered, the third flagged.
fn exam() -> Sitting {
    let deal = (0..5).map(|_| dealt("made-001", &[0, 1, 2, 3, 4])).collect();
    let mode = Mode::Exam { form: Form::Task, minutes: 130 };
    let start = Entry { sitting: "x".into(), at_ms: 0, event: Event::Start { mode, seed: 1, deal } };
    let mut sitting = Sitting::start(&start).expect("a start");
    sitting.apply(&Event::Pick { question: 1, answer: Answer(vec![0]) }, 1);
    sitting.apply(&Event::Flag { question: 2, on: true }, 2);
    sitting
}

#[test]
fn the_list_of_an_exam_shows_what_is_open_and_what_is_flagged() {
    let (library, sitting) = (library(), exam());
    let found = library.find("made-001").expect("there");
    let under = Under { sitting: &sitting, found, at: 2, left_ms: 299_000, warning: "5 minutes left" };
    let (list, focus) = form::overview(&under, 40);
    assert_eq!(
        text(&form::head(&under, "Exam", 40)) + &text(&list),
        "\
Exam                      time left 4:59
! 5 minutes left
────────────────────────────────────────
1 answered, 4 without an answer, 1
flagged. An open question counts as
wrong.

  1 open       3⚑open       5 open
  2 answered   4 open
"
        .replace("   3⚑", "  ▸ 3⚑")
        .replace("1 open     ", "1 open    ")
    );
    assert_eq!(focus, 4);
    assert_eq!((form::clock(7_509_000), form::clock(59_000)), ("2:05:09".to_owned(), "0:59".to_owned()));
}

#[test]
fn a_report_has_a_row_a_skill_and_no_score_that_nobody_knows() {
    let mut sitting = exam();
    sitting.apply(&Event::End { credits: [0.0, 1.0, 0.0, 0.0, 0.0].map(Credit).to_vec() }, 3_600_000);
    let mut dice = <rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(1);
    let mut made = Report::of(&sitting, &[], &|_| Some("3.1.4".to_owned()), &mut dice);
    assert_eq!((made.right, made.scored, made.unanswered, made.chance), (1, 5, 4, None));
    made.chance = Some(Range { low: 0.412, high: 0.688 });
    made.first_answers = 65;
    assert_eq!(
        text(&report(&made, 76)),
        "\
1 of 5 scored questions right (20 %)
60 minutes, 4 without an answer

3.1.4  process data with EMR, Redshift, Glue ██░░░░░░░░░░  1/5

Chance to pass: between 41 and 69 %, from 65 first answers, if 72 % right is
a pass. AWS does not publish how answers become its score, so none is shown
here.
"
    );
}

#[test]
fn a_skill_has_a_bar_and_what_it_rests_on() {
    let row = Mastery { skill: "3.1.7", name: "query data with Athena", level: 0.75, answered: 12, items: 30, labs: 1 };
    assert_eq!(
        text(&mastery(&[row])),
        "\
skill                                        mastery               items  labs
3.1.7  query data with Athena                █████████░░░   75 %    12/30     1
"
    );
}
