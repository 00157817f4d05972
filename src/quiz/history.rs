//! Everything that was ever answered: the fold of the whole record.

use std::collections::HashSet;

use super::draw::LastSeen;
use super::mark::Credit;
use super::sitting::{Entry, Mode, Question, Rating, Sitting};

#[derive(Debug, Default)]
pub(crate) struct History {
    /// In the order in which they were started.
    pub sittings: Vec<Sitting>,
}

/// A marked answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attempt {
    pub item: String,
    pub at_ms: u64,
    pub credit: Credit,
    pub rating: Rating,
    /// The first answer that this item ever got.
    pub first: bool,
}

impl Attempt {
    fn of(question: &Question, ended_ms: u64) -> Option<Attempt> {
        let (credit, rating) = (question.credit.filter(|_| !question.void)?, question.rated()?);
        let at_ms = if question.at_ms == 0 { ended_ms } else { question.at_ms };
        Some(Attempt { item: question.dealt.item.clone(), at_ms, credit, rating, first: false })
    }
}

impl History {
    pub(crate) fn of(entries: &[Entry]) -> History {
        let mut history = History::default();
        entries.iter().for_each(|entry| history.apply(entry));
        history
    }

    pub(crate) fn apply(&mut self, entry: &Entry) {
        match self.sittings.iter_mut().rev().find(|sitting| sitting.id == entry.sitting) {
            Some(sitting) => sitting.apply(&entry.event, entry.at_ms),
            None => self.sittings.extend(Sitting::start(entry)),
        }
    }

    pub(crate) fn sitting(&self, id: &str) -> Option<&Sitting> {
        self.sittings.iter().find(|sitting| sitting.id == id)
    }

    /// The newest one of a mode that was not ended.
    pub(crate) fn unfinished(&self, of: impl Fn(&Mode) -> bool) -> Option<&Sitting> {
        self.sittings.iter().rev().find(|sitting| sitting.open() && of(&sitting.mode))
    }

    /// The newest sitting that this seed dealt.
    pub(crate) fn dealt_by(&self, seed: u64, mode: &Mode) -> Option<&Sitting> {
        self.sittings.iter().rev().find(|sitting| sitting.seed == seed && sitting.mode == *mode)
    }

    /// All marked answers, oldest first. A question that an exam was ended with open counts as answered wrong then.
    pub(crate) fn attempts(&self) -> Vec<Attempt> {
        let questions = |sitting: &Sitting| -> Vec<Attempt> {
            let ended_ms = sitting.ended_ms.unwrap_or_default();
            sitting.questions.iter().filter_map(|question| Attempt::of(question, ended_ms)).collect()
        };
        let mut attempts: Vec<Attempt> = self.sittings.iter().flat_map(questions).collect();
        attempts.sort_by_key(|attempt| attempt.at_ms);
        let mut seen = HashSet::new();
        attempts.iter_mut().for_each(|attempt| attempt.first = seen.insert(attempt.item.clone()));
        attempts
    }

    pub(crate) fn last_seen(&self) -> LastSeen {
        self.attempts().into_iter().map(|attempt| (attempt.item, attempt.at_ms)).collect()
    }
}
