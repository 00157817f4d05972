//! A round of questions, one after the other, each marked at once: practice and review.

use rand::rngs::StdRng;

use super::seat::{Record, dice, gone};
use crate::exit::Failure;
use crate::quiz::draw;
use crate::quiz::library::Library;
use crate::quiz::mark;
use crate::quiz::sitting::{Event, Sitting};
use crate::ui::quiz::{After, Asked, Desk, Kind, Reply};

pub(super) struct Round<'r> {
    pub library: &'r Library,
    pub record: &'r mut Record,
    /// The id of the sitting.
    pub sitting: &'r str,
    pub title: &'r str,
    pub kind: Kind,
    /// Items that are forgotten again and again.
    pub leeches: &'r [String],
}

/// How a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Done,
    Left,
}

impl Round<'_> {
    /// Asks what is not answered yet, to the end or until someone leaves.
    pub(super) fn run(&mut self, desk: &mut dyn Desk) -> Result<Ended, Failure> {
        let mut dice = dice(None).1;
        while let Some(number) = self.now()?.next() {
            if self.ask(number, desk, &mut dice)? == Ended::Left {
                return Ok(Ended::Left);
            }
        }
        self.note(Event::End { credits: Vec::new() })?;
        Ok(Ended::Done)
    }

    /// One question; `Done` says: on to the next.
    fn ask(&mut self, number: usize, desk: &mut dyn Desk, dice: &mut StdRng) -> Result<Ended, Failure> {
        let (of, dealt) = (self.now()?.questions.len(), self.now()?.questions[number].dealt.clone());
        let Some(found) = self.library.dealt(&dealt) else {
            self.note(Event::Void { question: number })?;
            return Ok(Ended::Done);
        };
        let leech = self.leeches.contains(&dealt.item);
        let note = if leech { "You forget this one again and again: read its page, or do its lab." } else { "" };
        let asked = Asked { title: self.title, found, dealt: &dealt, number: number + 1, of, kind: self.kind, note };
        let answer = match desk.ask(&asked).map_err(gone)? {
            Reply::Answer(answer) => answer,
            Reply::Leave => return Ok(Ended::Left),
            Reply::Undo => return self.undo_last().map(|()| Ended::Done),
        };
        let credit = mark::practice(&found.item.asks, &answer);
        let again = (self.kind == Kind::Review && !credit.full()).then(|| draw::deal(found.item, dice));
        let events = std::iter::once(Event::Answer { question: number, answer: answer.clone(), credit });
        for event in events.chain(again.map(|dealt| Event::Deal { dealt })) {
            self.note(event)?;
        }
        match desk.marked(&asked, &answer, credit).map_err(gone)? {
            After::Next | After::Back => {}
            After::Rate(rating) => self.note(Event::Rate { question: number, rating })?,
            After::Undo => self.note(Event::Undo { question: number })?,
            After::Leave => return Ok(Ended::Left),
        }
        Ok(Ended::Done)
    }

    fn now(&self) -> Result<&Sitting, Failure> {
        self.record.sitting(self.sitting)
    }

    fn note(&mut self, event: Event) -> Result<(), Failure> {
        self.record.note(self.sitting, event)
    }

    fn undo_last(&mut self) -> Result<(), Failure> {
        let answered = self.now()?.questions.iter().enumerate().filter(|(_, question)| question.answered());
        match answered.max_by_key(|(_, question)| question.at_ms).map(|(number, _)| number) {
            Some(question) => self.note(Event::Undo { question }),
            None => Ok(()),
        }
    }
}
