//! Events of many batches in the order of time, from either end, read no further than asked.
//!
//! The order: the event's time, then when its batch came, then its place in the batch.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use labrun_wire::checksum::sha256_hex;

use super::event::{Batch, Event};

/// Where an event stands in its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) timestamp: i64,
    batch: i64,
    index: i64,
}

impl Place {
    pub(super) const START: Place = Place { timestamp: 0, batch: 0, index: 0 };

    /// As digits, of which the last ones bind it to what it is a place in.
    pub(super) fn digits(self, context: &str) -> String {
        let plain = format!("{:016}{:016}{:06}", self.timestamp, self.batch, self.index);
        let hash = sha256_hex(format!("{context} {plain}").as_bytes());
        let check = u64::from_str_radix(hash.get(..15).unwrap_or_default(), 16).unwrap_or_default() % 10_u64.pow(17);
        format!("{plain}{check:017}")
    }

    /// Reads [`Place::digits`]; none if they are of something else.
    pub(super) fn from_digits(digits: &str, context: &str) -> Option<Self> {
        let number = |range: std::ops::Range<usize>| digits.get(range)?.parse().ok();
        let place = Place { timestamp: number(0..16)?, batch: number(16..32)?, index: number(32..38)? };
        (place.digits(context) == digits).then_some(place)
    }

    fn turned(self, direction: Direction) -> Self {
        match direction {
            Direction::Forward => self,
            Direction::Backward => Place { timestamp: -self.timestamp, batch: -self.batch, index: -self.index },
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Backward,
}

/// Between which events to read: beyond `from` in the direction of reading, within the times.
pub(super) struct Window {
    pub(super) direction: Direction,
    /// A place, and whether its own event is still to be read.
    pub(super) from: Option<(Place, bool)>,
    /// The first time that is in.
    pub(super) start: i64,
    /// The first time that is out.
    pub(super) end: i64,
}

/// A batch and whatever the reader wants to know of it (its stream).
pub(super) type Source<T> = (Arc<Batch>, T);

/// Events of the sources in the window, in order.
pub(super) struct Timeline<'s, T> {
    sources: &'s [Source<T>],
    window: Window,
    /// Sources by their first event in the direction of reading, the nearest last.
    waiting: Vec<(Place, usize)>,
    /// The next event of each source under way.
    heap: BinaryHeap<Reverse<(Place, usize)>>,
}

/// An event on the timeline.
pub(super) struct Found<'s, T> {
    pub(super) place: Place,
    pub(super) event: &'s Event,
    pub(super) batch: &'s Batch,
    pub(super) of: &'s T,
}

impl<'s, T> Timeline<'s, T> {
    pub(super) fn new(sources: &'s [Source<T>], window: Window) -> Self {
        let mut timeline = Timeline { sources, window, waiting: Vec::new(), heap: BinaryHeap::new() };
        let mut waiting: Vec<(Place, usize)> =
            sources.iter().enumerate().filter_map(|(at, (batch, _))| Some((timeline.first(batch)?, at))).collect();
        waiting.sort_unstable_by(|one, other| other.cmp(one));
        timeline.waiting = waiting;
        timeline
    }

    /// The first event of a batch that is in the window, turned in the direction of reading.
    fn first(&self, batch: &Batch) -> Option<Place> {
        let mut low = batch.events.partition_point(|event| event.timestamp < self.window.start);
        let mut high = batch.events.partition_point(|event| event.timestamp < self.window.end);
        if let Some((from, own)) = self.window.from {
            let place = |index: usize| Self::place(batch, index);
            let beyond = |index: usize| place(index).is_some_and(|at| at > from || (own && at == from));
            let before = |index: usize| place(index).is_some_and(|at| at < from || (own && at == from));
            match self.window.direction {
                Direction::Forward => low = partition(low, high, |index| !beyond(index)),
                Direction::Backward => high = partition(low, high, before),
            }
        }
        if low >= high {
            return None;
        }
        let index = if self.window.direction == Direction::Forward { low } else { high - 1 };
        Some(Self::place(batch, index)?.turned(self.window.direction))
    }

    fn place(batch: &Batch, index: usize) -> Option<Place> {
        let event = batch.events.get(index)?;
        Some(Place { timestamp: event.timestamp, batch: batch.number, index: i64::try_from(index).ok()? })
    }

    /// The event after this one in its batch, if the window has it.
    fn following(&self, batch: &Batch, index: usize) -> Option<Place> {
        let next = match self.window.direction {
            Direction::Forward => index + 1,
            Direction::Backward => index.checked_sub(1)?,
        };
        let place = Self::place(batch, next)?;
        let within = place.timestamp >= self.window.start && place.timestamp < self.window.end;
        within.then(|| place.turned(self.window.direction))
    }
}

/// The first index of a range from which on `holds` is false.
fn partition(low: usize, high: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (low, high);
    while low < high {
        let middle = usize::midpoint(low, high);
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

impl<'s, T> Iterator for Timeline<'s, T> {
    type Item = Found<'s, T>;

    fn next(&mut self) -> Option<Found<'s, T>> {
        while let Some(nearest) = self.waiting.last().copied() {
            if self.heap.peek().is_some_and(|Reverse(under_way)| *under_way <= nearest) {
                break;
            }
            self.heap.push(Reverse(nearest));
            self.waiting.pop();
        }
        let Reverse((turned, at)) = self.heap.pop()?;
        let place = turned.turned(self.window.direction);
        let (batch, of) = self.sources.get(at)?;
        let index = usize::try_from(place.index).ok()?;
        if let Some(following) = self.following(batch, index) {
            self.heap.push(Reverse((following, at)));
        }
        Some(Found { place, event: batch.events.get(index)?, batch, of })
    }
}
