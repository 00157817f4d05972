//! Questions on the whole terminal: one a page, answered by single keys.

use std::io;
use std::time::{Duration, Instant};

use super::question::{self, letter};
use super::{After, Asked, Desk, Kind, Move, Reply, Under, form};
use crate::quiz::bank::Asks;
use crate::quiz::mark::{Answer, Credit};
use crate::quiz::sitting::Rating;
use crate::ui::page::{Line, Page, Tone, hanging, prose, sides};
use crate::ui::terminal::{Key, Terminal};

const PATIENCE: Duration = Duration::from_secs(3600);
/// How often an exam's clock is drawn.
const SECOND: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(crate) struct Screen {
    terminal: Terminal,
    /// What the cursor of an exam stands on, and in which question.
    cursor: (usize, usize),
}

impl Screen {
    pub(crate) fn open() -> io::Result<Screen> {
        Ok(Screen { terminal: Terminal::open()?, cursor: (0, 0) })
    }

    fn head(&self, asked: &Asked<'_>) -> Vec<Line> {
        let title = format!("{} {} of {}", asked.title, asked.number, asked.of);
        let width = self.terminal.width();
        let mut lines = vec![sides((&title, Tone::Bold), (&asked.aside(), Tone::Dim), width)];
        lines.push(Line::new("─".repeat(width), Tone::Dim));
        if !asked.note.is_empty() {
            lines.push(Line::new(format!("! {}", asked.note), Tone::Note));
        }
        lines
    }
}

/// The place that a key names: `a` or `1` is the first.
fn place(key: char, of: usize) -> Option<usize> {
    let place = match key {
        'a'..='z' => key as usize - 'a' as usize,
        '1'..='9' => key as usize - '1' as usize,
        _ => return None,
    };
    (place < of).then_some(place)
}

fn keys(asks: &Asks) -> String {
    let last = letter(asks.len().saturating_sub(1));
    match asks {
        Asks::Single(_) => format!("A–{last} or ↑↓ choose · enter answer"),
        Asks::Multiple(_) => format!("A–{last} or ↑↓ space choose {} · enter answer", asks.picks()),
        Asks::Order(_) => format!("A–{last} in order · backspace takes one back · enter answer"),
        Asks::Match(_) => format!("A–{last} for 1, 2, … in turn · backspace takes one back · enter answer"),
    }
}

/// What the keys do, on as many lines as it takes.
fn foot(words: &str, width: usize) -> Vec<Line> {
    hanging(&[], words, Tone::Dim, width)
}

/// What a key does to an answer; the cursor moves along. `false` where it does nothing.
fn edit(key: Key, asks: &Asks, shown: &[usize], answer: &mut Answer, cursor: &mut usize) -> bool {
    let last = shown.len().saturating_sub(1);
    match key {
        Key::Up | Key::Down => {
            // The first press picks what the cursor is on.
            let begun = !answer.0.is_empty() || !matches!(asks, Asks::Single(_));
            *cursor = match key {
                Key::Up => cursor.saturating_sub(usize::from(begun)),
                _ => (*cursor + usize::from(begun)).min(last),
            };
            // Of a single answer the cursor is the pick.
            if matches!(asks, Asks::Single(_)) {
                answer.press(asks, shown[*cursor]);
            }
        }
        Key::Char(' ') => answer.press(asks, shown[*cursor]),
        Key::Back => answer.back(),
        Key::Char(typed) => match place(typed, shown.len()) {
            Some(place) => {
                *cursor = place;
                answer.press(asks, shown[place]);
            }
            None => return false,
        },
        _ => return false,
    }
    true
}

impl Desk for Screen {
    fn ready(&mut self, title: &str, text: &str) -> io::Result<bool> {
        self.terminal.top();
        loop {
            let width = self.terminal.width();
            let head = vec![Line::new(title, Tone::Bold), Line::new("─".repeat(width), Tone::Dim)];
            self.terminal.draw(&Page {
                head,
                body: prose(text, width),
                foot: foot("enter begin · q not now", width),
                focus: None,
            })?;
            match self.terminal.key(PATIENCE)? {
                Key::Enter => return Ok(true),
                Key::Char('q') | Key::Leave => return Ok(false),
                _ => {}
            }
        }
    }

    fn ask(&mut self, asked: &Asked<'_>) -> io::Result<Reply> {
        let (asks, shown) = (&asked.found.item.asks, &asked.dealt.shown);
        let (mut answer, mut cursor) = (Answer::default(), 0);
        let mut missing = String::new();
        self.terminal.top();
        loop {
            let (body, focus) = question::asked(&asked.view(&answer, Some(cursor)), self.terminal.width());
            let undo = if asked.review() { " · u undo" } else { "" };
            let words = if missing.is_empty() { format!("{}{undo} · q leave", keys(asks)) } else { missing.clone() };
            self.terminal.draw(&Page { head: self.head(asked), body, foot: foot(&words, self.terminal.width()), focus })?;
            let key = self.terminal.key(PATIENCE)?;
            missing.clear();
            match key {
                Key::Leave | Key::Char('q') => return Ok(Reply::Leave),
                Key::Char('u') if asked.review() => return Ok(Reply::Undo),
                Key::Enter => {
                    if answer.complete(asks) {
                        return Ok(Reply::Answer(answer));
                    }
                    missing = format!("{} of {} picked: {} · q leave", answer.0.len(), asks.picks(), keys(asks));
                }
                key => drop(edit(key, asks, shown, &mut answer, &mut cursor)),
            }
        }
    }

    fn marked(&mut self, asked: &Asked<'_>, answer: &Answer, credit: Credit) -> io::Result<After> {
        let mark = question::marked(&asked.view(answer, None), credit, self.terminal.width()).1;
        // The question was just read; its mark is news.
        self.terminal.begin(if asked.kind == Kind::Replay { 0 } else { mark });
        loop {
            let (body, _) = question::marked(&asked.view(answer, None), credit, self.terminal.width());
            let words = match (asked.kind, credit.full()) {
                (Kind::Review, true) => "enter good · h hard · e easy · u undo · ↑↓ scroll · q leave",
                (Kind::Review, false) => "enter next, it comes again · u undo · ↑↓ scroll · q leave",
                (Kind::Replay, _) => "n next · p previous · ↑↓ scroll · q leave",
                (Kind::Practice, _) => "enter next · ↑↓ scroll · q leave",
            };
            self.terminal.draw(&Page { head: self.head(asked), body, foot: foot(words, self.terminal.width()), focus: None })?;
            match self.terminal.key(PATIENCE)? {
                Key::Enter | Key::Char('n') | Key::Right => return Ok(After::Next),
                Key::Char('h') if asked.review() && credit.full() => return Ok(After::Rate(Rating::Hard)),
                Key::Char('e') if asked.review() && credit.full() => return Ok(After::Rate(Rating::Easy)),
                Key::Char('u') if asked.review() => return Ok(After::Undo),
                Key::Char('p') | Key::Left if asked.kind == Kind::Replay => return Ok(After::Back),
                Key::Leave | Key::Char('q') => return Ok(After::Leave),
                Key::Down | Key::Char('j' | ' ') => self.terminal.down(),
                Key::Up | Key::Char('k') => self.terminal.up(),
                _ => {}
            }
        }
    }

    fn exam(&mut self, under: &Under<'_>, overview: bool) -> io::Result<Move> {
        if overview { self.overview(under) } else { self.question(under) }
    }

    fn confirm_end(&mut self, under: &Under<'_>) -> io::Result<bool> {
        let open = under.sitting.questions.len() - under.sitting.answered();
        let words = match open {
            0 => "Every question has an answer.".to_owned(),
            1 => "One question has no answer; it counts as wrong.".to_owned(),
            open => format!("{open} questions have no answer; they count as wrong."),
        };
        let body = vec![Line::default(), Line::new("End the exam?", Tone::Bold), Line::plain(words)];
        let began = Instant::now();
        loop {
            let spent = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            let under = Under { left_ms: under.left_ms.saturating_sub(spent), ..*under };
            if under.left_ms == 0 {
                return Ok(true);
            }
            let width = self.terminal.width();
            let (head, foot) = (form::head(&under, "Exam", width), foot("y end and mark it · n go on", width));
            self.terminal.draw(&Page { head, body: body.clone(), foot, focus: None })?;
            match self.terminal.key(SECOND)? {
                Key::Char('y') => return Ok(true),
                Key::Char('n' | 'q') | Key::Leave => return Ok(false),
                _ => {}
            }
        }
    }
}

impl Screen {
    fn question(&mut self, under: &Under<'_>) -> io::Result<Move> {
        let question = &under.sitting.questions[under.at];
        if self.cursor.0 != under.at {
            self.cursor = (under.at, 0);
            self.terminal.top();
        }
        let (asks, shown) = (&under.found.item.asks, &question.dealt.shown);
        let view =
            question::View { found: under.found, dealt: &question.dealt, answer: &question.answer, cursor: Some(self.cursor.1) };
        let width = self.terminal.width();
        let (body, focus) = question::asked(&view, width);
        let flag = if question.flagged { "  ⚑ flagged" } else { "" };
        let title = format!("Exam {} of {}{flag}", under.at + 1, under.sitting.questions.len());
        let last = letter(asks.len().saturating_sub(1));
        let choose = if asks.picks() > 1 { format!("A–{last} choose {}", asks.picks()) } else { format!("A–{last} choose") };
        let words = format!("{choose} · n next · p previous · g flag · r list · q leave");
        self.terminal.draw(&Page { head: form::head(under, &title, width), body, foot: foot(&words, width), focus })?;
        let key = self.terminal.key(SECOND)?;
        Ok(match key {
            Key::Char('n') | Key::Enter | Key::Right => Move::Go(under.at + 1),
            Key::Char('p') | Key::Left => Move::Go(under.at.saturating_sub(1)),
            Key::Char('g') => Move::Flag,
            Key::Char('r') => Move::Overview,
            Key::Char('q') | Key::Leave => Move::Leave,
            key => {
                let mut answer = question.answer.clone();
                edit(key, asks, shown, &mut answer, &mut self.cursor.1);
                if answer == question.answer { Move::Wait } else { Move::Pick(answer) }
            }
        })
    }

    fn overview(&mut self, under: &Under<'_>) -> io::Result<Move> {
        // Whatever question comes next begins at its top.
        self.cursor.0 = usize::MAX;
        let width = self.terminal.width();
        let (body, focus) = form::overview(under, width);
        let words = "↑↓ ←→ move · enter go there · g flag · e end the exam · q leave";
        let head = form::head(under, "Exam: all questions", width);
        self.terminal.draw(&Page { head, body, foot: foot(words, width), focus: Some(focus) })?;
        let last = under.sitting.questions.len().saturating_sub(1);
        Ok(match self.terminal.key(SECOND)? {
            Key::Up | Key::Char('p') => Move::Go(under.at.saturating_sub(1)),
            Key::Down | Key::Char('n') => Move::Go((under.at + 1).min(last)),
            Key::Left => Move::Go(under.at.saturating_sub(13)),
            Key::Right => Move::Go((under.at + 13).min(last)),
            Key::Enter | Key::Char('r') => Move::Overview,
            Key::Char('g') => Move::Flag,
            Key::Char('e') => Move::End,
            Key::Char('q') | Key::Leave => Move::Leave,
            _ => Move::Wait,
        })
    }
}
