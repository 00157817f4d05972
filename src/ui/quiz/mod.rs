//! Questions on the screen and on paper: `question` and `form` lay them out, a `Desk` asks them, `screen` by keys and `paper` line by line.

pub(crate) mod form;
pub(crate) mod paper;
pub(crate) mod question;
pub(crate) mod report;
pub(crate) mod screen;

use std::io;

use crate::quiz::draw::Dealt;
use crate::quiz::library::Found;
use crate::quiz::mark::{Answer, Credit};
use crate::quiz::sitting::{Rating, Sitting};
use crate::ui::Ui;
use question::View;

/// A question that is put to someone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// What this is: `Practice`, `Review`.
    pub title: &'a str,
    pub found: Found<'a>,
    pub dealt: &'a Dealt,
    /// From 1.
    pub number: usize,
    pub of: usize,
    pub kind: Kind,
    /// What is to be known of this item: that it is a leech.
    pub note: &'a str,
}

/// What comes back from an open question.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reply {
    Answer(Answer),
    /// Take the last answer back.
    Undo,
    Leave,
}

/// What may be done with a question besides answering it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Practice,
    /// An earlier answer can be taken back, and a right one rated.
    Review,
    /// Only looked at, forwards and back.
    Replay,
}

/// What comes back from a marked one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    Next,
    Rate(Rating),
    Undo,
    /// To the one before.
    Back,
    Leave,
}

/// What someone does in an exam.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Move {
    Pick(Answer),
    /// To a question, from 0; in the list of all it is the cursor that goes.
    Go(usize),
    /// To a question, out of the list.
    Open(usize),
    Flag,
    /// The list of all questions.
    Overview,
    /// To be confirmed.
    End,
    Leave,
    /// Only time has passed.
    Wait,
}

/// An exam that is under way, and where one is in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Under<'a> {
    pub sitting: &'a Sitting,
    pub found: Found<'a>,
    pub at: usize,
    pub left_ms: u64,
    /// A sentence about the time, when there is something to say.
    pub warning: &'a str,
}

/// Where someone answers questions.
pub(crate) trait Desk {
    /// What is to come, before a clock runs. `false`: not now.
    fn ready(&mut self, title: &str, text: &str) -> io::Result<bool>;
    fn ask(&mut self, asked: &Asked<'_>) -> io::Result<Reply>;
    fn marked(&mut self, asked: &Asked<'_>, answer: &Answer, credit: Credit) -> io::Result<After>;
    /// One move in an exam, at a question or in the list of all.
    fn exam(&mut self, under: &Under<'_>, overview: bool) -> io::Result<Move>;
    /// Whether the exam shall really end.
    fn confirm_end(&mut self, under: &Under<'_>) -> io::Result<bool>;
}

impl<'a> Asked<'a> {
    fn review(&self) -> bool {
        self.kind == Kind::Review
    }

    fn view(&self, answer: &'a Answer, cursor: Option<usize>) -> View<'a> {
        View { found: self.found, dealt: self.dealt, answer, cursor }
    }

    /// What stands at the right of the title.
    fn aside(&self) -> String {
        format!("{} · {} · {}", self.found.item.skill.value, self.found.item.difficulty.name(), self.found.item.id())
    }
}

/// Where this program's user answers: the whole terminal where there is one, else line by line.
pub(crate) fn desk(ui: Ui, plain: bool) -> io::Result<Box<dyn Desk>> {
    use std::io::IsTerminal as _;
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    if plain || ui.json || dumb || !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Ok(Box::new(paper::Paper::new(ui)));
    }
    Ok(Box::new(screen::Screen::open()?))
}

#[cfg(test)]
mod tests;
