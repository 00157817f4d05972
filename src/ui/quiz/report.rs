//! What an exam came to, and how skills stand: tables with bars.

use crate::quiz::estimate::{self, PASS, Range};
use crate::quiz::mastery::Mastery;
use crate::quiz::report::Report;
use crate::ui::Ui;
use crate::ui::columns::pad;
use crate::ui::page::{Line, Tone, hanging};

const BAR: usize = 12;
const NAME: usize = 38;

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
