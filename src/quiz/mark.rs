//! Marks an answer.
//!
//! An answer is a list of picks, each the place of an option, step or right side **in the file**: the order in which a screen shows
//! them is no concern of a mark. For `order` the picks stand in the learner's order, for `match` one stands for each left side.

use serde::{Deserialize, Serialize};

use super::bank::{Asks, Choice};

/// What a learner picked; empty where nothing was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Answer(pub Vec<usize>);

/// What an answer is worth, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Credit(pub f64);

impl Credit {
    pub(crate) fn full(self) -> bool {
        self.0 >= 1.0
    }
}

/// Practice: a part that is right counts. More picks than asked for make each worth less.
pub(crate) fn practice(asks: &Asks, answer: &Answer) -> Credit {
    let picks = &answer.0;
    let share = |good: usize, of: usize| if of == 0 { 0.0 } else { good as f64 / of as f64 };
    Credit(match asks {
        Asks::Single(choices) => share(usize::from(exact(choices, picks)), 1),
        Asks::Multiple(choices) => share(hits(choices, picks), asks.picks().max(picks.len())),
        Asks::Order(steps) if picks.len() == steps.len() => share(ascending(picks).saturating_sub(1), steps.len() - 1),
        Asks::Order(_) => 0.0,
        Asks::Match(pairs) => share(picks.iter().enumerate().filter(|(left, right)| left == *right).count(), pairs.len()),
    })
}

/// The exam: all or nothing.
pub(crate) fn exam(asks: &Asks, answer: &Answer) -> Credit {
    let credit = practice(asks, answer);
    Credit(if credit.full() { 1.0 } else { 0.0 })
}

/// The answer that is right.
pub(crate) fn key(asks: &Asks) -> Answer {
    let all = 0..asks.len();
    Answer(match asks {
        Asks::Single(choices) | Asks::Multiple(choices) => all.filter(|at| choices[*at].correct).collect(),
        Asks::Order(_) | Asks::Match(_) => all.collect(),
    })
}

fn hits(choices: &[Choice], picks: &[usize]) -> usize {
    picks.iter().filter(|pick| choices.get(**pick).is_some_and(|choice| choice.correct)).count()
}

fn exact(choices: &[Choice], picks: &[usize]) -> bool {
    picks.len() == 1 && hits(choices, picks) == 1
}

/// The length of the longest rising part: how many steps stand in the right order to each other.
fn ascending(picks: &[usize]) -> usize {
    let mut longest: Vec<usize> = Vec::new();
    for (at, pick) in picks.iter().enumerate() {
        let before = (0..at).filter(|earlier| picks[*earlier] < *pick).map(|earlier| longest[earlier]).max();
        longest.push(before.unwrap_or_default() + 1);
    }
    longest.into_iter().max().unwrap_or_default()
}

impl Answer {
    /// A key pressed for the option, step or right side at `pick` in the file. A second press takes a choice or the last step back.
    pub(crate) fn press(&mut self, asks: &Asks, pick: usize) {
        match asks {
            Asks::Single(_) => self.0 = vec![pick],
            Asks::Multiple(_) => match self.0.iter().position(|picked| *picked == pick) {
                Some(at) => drop(self.0.remove(at)),
                None if self.0.len() < asks.picks() => self.0.push(pick),
                // One of the picks has to go first.
                None => {}
            },
            Asks::Order(_) | Asks::Match(_) if self.0.last() == Some(&pick) => drop(self.0.pop()),
            Asks::Order(_) | Asks::Match(_) if self.0.contains(&pick) => {}
            Asks::Order(_) | Asks::Match(_) => self.0.push(pick),
        }
    }

    pub(crate) fn back(&mut self) {
        self.0.pop();
    }

    /// Whether there are as many picks as asked for.
    pub(crate) fn complete(&self, asks: &Asks) -> bool {
        self.0.len() == asks.picks()
    }
}
