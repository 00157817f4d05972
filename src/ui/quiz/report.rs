//! What an exam came to, and how skills stand: tables with bars.

use std::collections::BTreeMap;

use rand::Rng;
use serde::Serialize;

use crate::quiz::blueprint::{skill_named, skills_of};
use crate::quiz::estimate::{self, PASS, Range, Tally};
use crate::quiz::history::Attempt;
use crate::quiz::mastery::Mastery;
use crate::quiz::sitting::{Form, Mode, Sitting};
use crate::ui::Ui;
use crate::ui::columns::pad;
use crate::ui::page::{Line, Tone, hanging};

const BAR: usize = 12;
const NAME: usize = 38;

/// An exam that was marked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Report {
    pub sitting: String,
    /// Of the questions that count.
    pub right: usize,
    pub scored: usize,
    /// Of all questions.
    pub unanswered: usize,
    pub minutes: u64,
    pub skills: Vec<SkillRow>,
    /// The chance to pass, where there are enough first answers.
    pub chance: Option<Range>,
    /// First answers to items that had not been seen, in the skills of the form.
    pub first_answers: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct SkillRow {
    pub skill: String,
    pub name: &'static str,
    pub right: usize,
    pub of: usize,
}

/// First answers by skill, one tally for each skill of a prefix.
pub(crate) fn tallies(prefix: &str, attempts: &[Attempt], skill: &dyn Fn(&str) -> Option<String>) -> Vec<Tally> {
    let mut tallies: BTreeMap<&str, Tally> = skills_of(prefix).map(|skill| (skill.id, Tally::default())).collect();
    for attempt in attempts.iter().filter(|attempt| attempt.first) {
        if let Some(tally) = skill(&attempt.item).and_then(|skill| tallies.get_mut(skill.as_str())) {
            tally.of += 1;
            tally.right += usize::from(attempt.credit.full());
        }
    }
    tallies.into_values().collect()
}

impl Report {
    /// `skill` names the skill of an item.
    pub(crate) fn of(
        sitting: &Sitting,
        attempts: &[Attempt],
        skill: &dyn Fn(&str) -> Option<String>,
        dice: &mut impl Rng,
    ) -> Report {
        let prefix = match sitting.mode {
            Mode::Exam { form, .. } => form.prefix(),
            Mode::Practice | Mode::Review => Form::Domain.prefix(),
        };
        let counted: Vec<_> = sitting.questions.iter().filter(|question| question.dealt.scored && !question.void).collect();
        let mut rows: BTreeMap<String, SkillRow> = BTreeMap::new();
        for question in &counted {
            let id = skill(&question.dealt.item).unwrap_or_default();
            let name = skill_named(&id).map_or("", |skill| skill.name);
            let row = rows.entry(id.clone()).or_insert(SkillRow { skill: id, name, right: 0, of: 0 });
            row.of += 1;
            row.right += usize::from(question.credit.is_some_and(|credit| credit.full()));
        }
        let tallies = tallies(prefix, attempts, skill);
        Report {
            sitting: sitting.id.clone(),
            right: rows.values().map(|row| row.right).sum(),
            scored: counted.len(),
            unanswered: sitting.questions.iter().filter(|question| !question.answered()).count(),
            minutes: spent(sitting) / 60_000,
            skills: rows.into_values().collect(),
            chance: estimate::chance(&tallies, dice),
            first_answers: tallies.iter().map(|tally| tally.of).sum(),
        }
    }
}

/// From the start to the end, or to when its time was over.
fn spent(sitting: &Sitting) -> u64 {
    let until = sitting.ended_ms.unwrap_or_default().min(sitting.deadline_ms().unwrap_or(u64::MAX));
    until.saturating_sub(sitting.started_ms)
}

fn bar(share: f64) -> String {
    let full = (share.clamp(0.0, 1.0) * BAR as f64).round() as usize;
    format!("{}{}", "█".repeat(full), "░".repeat(BAR - full))
}

fn tone(share: f64) -> Tone {
    match () {
        () if share >= PASS => Tone::Good,
        () if share >= 0.5 => Tone::Note,
        () => Tone::Bad,
    }
}

/// The range in words, or why there is none.
pub(crate) fn chance_line(chance: Option<Range>, first_answers: usize) -> String {
    match chance {
        None => format!("Chance to pass: not enough yet ({first_answers} of {} first answers).", estimate::LEAST),
        Some(range) => format!(
            "Chance to pass: between {:.0} and {:.0} %, from {first_answers} first answers, if {:.0} % right is a pass. AWS does not \
             publish how answers become its score, so none is shown here.",
            (range.low * 100.0).floor(),
            (range.high * 100.0).ceil(),
            PASS * 100.0,
        ),
    }
}

/// The lines of a report. Pure.
pub(crate) fn report(report: &Report, width: usize) -> Vec<Line> {
    let share = |right: usize, of: usize| if of == 0 { 0.0 } else { right as f64 / of as f64 };
    let all = share(report.right, report.scored);
    let mut lines = vec![
        Line::new(format!("{} of {} scored questions right ({:.0} %)", report.right, report.scored, all * 100.0), Tone::Bold),
        Line::new(format!("{} minutes, {} without an answer", report.minutes, report.unanswered), Tone::Dim),
        Line::default(),
    ];
    for row in &report.skills {
        let share = share(row.right, row.of);
        let name = format!("{:6} {}", row.skill, pad(row.name, NAME));
        lines.push(Line::plain(name).and(bar(share), tone(share)).and(format!("  {}/{}", row.right, row.of), Tone::Plain));
    }
    lines.push(Line::default());
    lines.extend(hanging(&[], &chance_line(report.chance, report.first_answers), Tone::Plain, width));
    lines
}

/// The lines of the table of skills. Pure.
pub(crate) fn mastery(rows: &[Mastery]) -> Vec<Line> {
    let head = format!("{:6} {}{}", "skill", pad("", NAME), pad("mastery", BAR + 8));
    let line = |row: &Mastery| {
        let name = format!("{:6} {}", row.skill, pad(row.name, NAME));
        let level = format!("{:>5.0} %  ", row.level * 100.0);
        let items = format!("{:>7}", format!("{}/{}", row.answered, row.items));
        let labs = if row.labs == 0 { String::new() } else { format!("{:>6}", row.labs) };
        let evidence = if row.answered + row.labs == 0 { Tone::Dim } else { Tone::Plain };
        Line::plain(name).and(bar(row.level), tone(row.level)).and(level, evidence).and(items, evidence).and(labs, evidence)
    };
    let head = Line::new(format!("{head}{:>7}{:>6}", "items", "labs"), Tone::Dim);
    std::iter::once(head).chain(rows.iter().map(line)).collect()
}

impl Ui {
    pub(crate) fn lines(&self, lines: &[Line]) {
        lines.iter().for_each(|line| self.data(line.painted().trim_end()));
    }

    pub(crate) fn report(&self, of: &Report) {
        self.lines(&report(of, crate::ui::columns::width()));
        self.text("\nEvery question with all reasons: `labrun exam --replay`. Wrong ones come back in `labrun review`.");
    }
}
