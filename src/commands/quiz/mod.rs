//! `labrun quiz`: practice, and what else is done with question banks.

mod exchange;
mod practice;
mod stats;

use crate::cli::{Quiz, QuizVerb};
use crate::engine::home::Home;
use crate::exit::Outcome;
use crate::ui::Ui;

pub(super) fn run(home: &Home, args: Quiz) -> Outcome {
    match args.verb {
        Some(QuizVerb::Stats(format)) => stats::run(home, Ui { json: super::json(format.format) }),
        Some(QuizVerb::Export { bank, to }) => exchange::export(&bank, to),
        Some(QuizVerb::Import { file, id }) => exchange::import(&file, &id),
        None => practice::run(home, args),
    }
}
