//! Prints lines: `data` to stdout, everything else to stderr.

#![expect(clippy::print_stderr, reason = "this is the one place that prints")]

use std::io::Write as _;

use owo_colors::Stream;

use super::columns::{pad, width, wrap, wrap_prose};
use super::theme::{Mark, bold, dim, paint};
use crate::exit::Failure;

/// How far labels reach in lines of `step`.
const LABEL: usize = 12;

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ui {
    /// Data as JSON, talk left out.
    pub json: bool,
}

impl Ui {
    /// A line of data. A reader that went away (`| head`) is no fault.
    pub(crate) fn data(&self, line: &str) {
        let _gone = writeln!(std::io::stdout(), "{line}");
    }

    /// A text to be read: prose wrapped, commands whole.
    pub(crate) fn text(&self, text: &str) {
        wrap_prose(text, width()).iter().for_each(|line| self.data(line));
    }

    /// A value as JSON.
    pub(crate) fn json(&self, value: &impl serde::Serialize) {
        match serde_json::to_string_pretty(value) {
            Ok(text) => self.data(&text),
            Err(error) => self.failure(&Failure::new(error.to_string())),
        }
    }

    /// A line of talk.
    pub(crate) fn say(&self, line: &str) {
        if !self.json {
            eprintln!("{line}");
        }
    }

    /// The first line of a command: a title, and what belongs to it at the right.
    pub(crate) fn title(&self, title: &str, aside: &str) {
        let room = width().saturating_sub(2 + aside.chars().count());
        let title = pad(title, room.max(title.chars().count() + 2));
        self.say(&format!("  {}{}", paint(&title, bold(), Stream::Stderr), paint(aside, dim(), Stream::Stderr)));
    }

    /// `✓ cloud       http://…          0.4 s`, wrapped under its text.
    pub(crate) fn step(&self, mark: Mark, label: &str, text: &str) {
        let sign = paint(mark.sign(), mark.style(), Stream::Stderr);
        let label = paint(&pad(label, LABEL), bold(), Stream::Stderr);
        let room = width().saturating_sub(4 + LABEL);
        let lines = if text.chars().count() <= room && !text.contains('\n') { vec![text.to_owned()] } else { wrap(text, room) };
        for (number, line) in lines.iter().enumerate() {
            if number == 0 {
                self.say(&format!("  {sign} {label}{line}"));
            } else {
                self.say(&format!("{}{line}", " ".repeat(4 + LABEL)));
            }
        }
    }

    /// Why the program could not tell, and what to do.
    pub(crate) fn failure(&self, failure: &Failure) {
        let word = paint("error:", Mark::Red.style(), Stream::Stderr);
        eprintln!("{word} {}", failure.message);
        for hint in &failure.hints {
            eprintln!("{} {hint}", paint("hint:", bold(), Stream::Stderr));
        }
    }

    /// Lines of data in columns, each as wide as its widest cell.
    pub(crate) fn table(&self, rows: &[Vec<String>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..columns).map(|column| widest(column).unwrap_or_default()).collect();
        for row in rows {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| pad(cell, *width)).collect();
            self.data(cells.join("  ").trim_end());
        }
    }

    /// The same under a heading.
    pub(crate) fn headed_table(&self, head: &[String], rows: &[Vec<String>]) {
        let width =
            |column: usize| rows.iter().map(|row| &row[column]).chain([&head[column]]).map(|cell| cell.chars().count()).max();
        let rule = (0..head.len()).map(|column| "─".repeat(width(column).unwrap_or_default())).collect();
        let lines: Vec<Vec<String>> = [head.to_vec(), rule].into_iter().chain(rows.iter().cloned()).collect();
        self.table(&lines);
    }
}
