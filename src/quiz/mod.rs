//! What a question bank is, and everything that follows from banks and answers alone: drawing, marking, review, mastery.
//!
//! Nothing in here does IO or reads a clock, the environment or randomness: banks come in as text, chance as a generator, time as
//! milliseconds since 1970.

pub(crate) mod anki;
pub(crate) mod bank;
pub(crate) mod blueprint;
pub(crate) mod coverage;
pub(crate) mod draw;
pub(crate) mod estimate;
pub(crate) mod gift;
pub(crate) mod history;
pub(crate) mod library;
pub(crate) mod lint;
pub(crate) mod mark;
pub(crate) mod mastery;
pub(crate) mod read;
pub(crate) mod report;
pub(crate) mod review;
pub(crate) mod schema;
pub(crate) mod sitting;
pub(crate) mod stats;

#[cfg(test)]
mod tests;
