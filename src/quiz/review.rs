//! Spaced review by FSRS: which items are due, and when an answered one comes back.
//!
//! An item becomes a card when it is answered wrong, or when a lab's check that shows it is red. From then on each answer moves it.

use std::collections::BTreeMap;

use fsrs::{FSRS, FSRSError, MemoryState};

use super::history::Attempt;
use super::sitting::Rating;

const DAY_MS: f64 = 86_400_000.0;
/// The share that should still be remembered when a card comes back.
const RETENTION: f32 = 0.9;
/// A card that was forgotten comes back within the day, but not at once.
const SOONEST_MS: f64 = 600_000.0;
/// What was known so long ago and is not now was forgotten.
const LAPSE_MS: u64 = 3_600_000;
/// A card that was forgotten this often is a leech: learning it by asking again does not work.
const LEECH: usize = 4;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Card {
    pub item: String,
    /// `None` before its first review.
    pub memory: Option<MemoryState>,
    pub due_ms: u64,
    pub last_ms: u64,
    /// Its first review.
    pub begun_ms: Option<u64>,
    /// How often it was forgotten.
    pub lapses: usize,
    pub reviews: usize,
}

/// What waits at a moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Due {
    /// Reviewed before and due, the most overdue first.
    pub due: Vec<Card>,
    /// Never reviewed, as many as may be new today.
    pub new: Vec<Card>,
    /// New ones beyond today's limit.
    pub held: usize,
}

impl Card {
    fn new(item: &str, at_ms: u64) -> Self {
        Card { item: item.to_owned(), memory: None, due_ms: at_ms, last_ms: at_ms, begun_ms: None, lapses: 0, reviews: 0 }
    }

    pub(crate) fn leech(&self) -> bool {
        self.lapses >= LEECH
    }

    /// Moves the card by an answer.
    pub(crate) fn rate(&mut self, fsrs: &FSRS, rating: Rating, at_ms: u64) -> Result<(), FSRSError> {
        let days = (at_ms.saturating_sub(self.last_ms) as f64 / DAY_MS) as u32;
        let next = fsrs.next_states(self.memory, RETENTION, days)?;
        let state = match rating {
            Rating::Again => next.again,
            Rating::Hard => next.hard,
            Rating::Good => next.good,
            Rating::Easy => next.easy,
        };
        let wait = match rating {
            Rating::Again => (f64::from(state.interval) * DAY_MS).clamp(SOONEST_MS, DAY_MS),
            _ => f64::from(state.interval.round().max(1.0)) * DAY_MS,
        };
        // Who is asked again at once and still does not know has not forgotten.
        let known_before = self.reviews > 0 && at_ms.saturating_sub(self.last_ms) >= LAPSE_MS;
        self.lapses += usize::from(rating == Rating::Again && known_before);
        self.reviews += 1;
        self.begun_ms = self.begun_ms.or(Some(at_ms));
        (self.memory, self.last_ms, self.due_ms) = (Some(state.memory), at_ms, at_ms + wait as u64);
        Ok(())
    }
}

/// The cards that answers and red lab checks have made. `red` names items, and when their check was red.
pub(crate) fn cards(attempts: &[Attempt], red: &[(String, u64)]) -> Result<Vec<Card>, FSRSError> {
    let answered = attempts.iter().map(|attempt| (attempt.at_ms, attempt.item.as_str(), Some(attempt.rating)));
    let mut happened: Vec<_> = answered.chain(red.iter().map(|(item, at_ms)| (*at_ms, item.as_str(), None))).collect();
    happened.sort_by_key(|(at_ms, ..)| *at_ms);
    let fsrs = FSRS::default();
    let mut cards: BTreeMap<&str, Card> = BTreeMap::new();
    for (at_ms, item, rating) in happened {
        match (cards.get_mut(item), rating) {
            (Some(card), Some(rating)) => card.rate(&fsrs, rating, at_ms)?,
            (Some(card), None) => card.due_ms = card.due_ms.min(at_ms),
            (None, Some(Rating::Again) | None) => {
                cards.insert(item, Card::new(item, at_ms));
            }
            (None, Some(_)) => {}
        }
    }
    Ok(cards.into_values().collect())
}

/// What waits at `now_ms`. `new_left` is how many new cards today may still see.
pub(crate) fn due(cards: Vec<Card>, now_ms: u64, new_left: usize) -> Due {
    let (mut known, mut new): (Vec<Card>, Vec<Card>) = cards.into_iter().partition(|card| card.memory.is_some());
    known.retain(|card| card.due_ms <= now_ms);
    known.sort_by_key(|card| card.due_ms);
    new.sort_by_key(|card| card.due_ms);
    let held = new.len().saturating_sub(new_left);
    new.truncate(new_left);
    Due { due: known, new, held }
}

/// How many cards had their first review since `midnight_ms`.
pub(crate) fn begun_since(cards: &[Card], midnight_ms: u64) -> usize {
    cards.iter().filter(|card| card.begun_ms.is_some_and(|begun| begun >= midnight_ms)).count()
}
