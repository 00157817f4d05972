//! An exam form as lines: the time, the list of all questions. Pure.

use super::Under;
use crate::ui::page::{Line, Tone, hanging, sides};

/// `1:05:09`, `9:59`
pub(crate) fn clock(millis: u64) -> String {
    let seconds = millis / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// The first lines of an exam's pages.
pub(crate) fn head(under: &Under<'_>, title: &str, width: usize) -> Vec<Line> {
    let tone = if under.warning.is_empty() { Tone::Bold } else { Tone::Note };
    let mut lines = vec![sides((title, Tone::Bold), (&format!("time left {}", clock(under.left_ms)), tone), width)];
    if !under.warning.is_empty() {
        lines.push(Line::new(format!("! {}", under.warning), Tone::Note));
    }
    lines.push(Line::new("─".repeat(width), Tone::Dim));
    lines
}

/// The list of all questions: what is answered, what is flagged. Also says on which line `under.at` stands.
pub(crate) fn overview(under: &Under<'_>, width: usize) -> (Vec<Line>, usize) {
    let questions = &under.sitting.questions;
    let (answered, flagged) = (under.sitting.answered(), questions.iter().filter(|question| question.flagged).count());
    let open = questions.len() - answered;
    let counts = format!("{answered} answered, {open} without an answer, {flagged} flagged. An open question counts as wrong.");
    let mut lines = hanging(&[], &counts, Tone::Plain, width);
    lines.push(Line::default());
    let begin = lines.len();
    const CELL: usize = 13;
    let columns = (width / CELL).clamp(1, 5);
    let rows = questions.len().div_ceil(columns);
    for row in 0..rows {
        let mut line = Line::default();
        for number in (row..questions.len()).step_by(rows) {
            let question = &questions[number];
            let at = if number == under.at { "▸" } else { " " };
            let said = if question.answered() { "answered" } else { "open" };
            let flag = if question.flagged { "⚑" } else { " " };
            let tone = match () {
                () if question.flagged => Tone::Note,
                () if question.answered() => Tone::Dim,
                () => Tone::Bold,
            };
            line = line.and(format!("{at}{:>2}{flag}{said:<9}", number + 1), tone);
        }
        lines.push(line);
    }
    (lines, begin + under.at % rows.max(1))
}
