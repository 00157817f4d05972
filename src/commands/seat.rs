//! Where a learner sits: the banks, the record of all answers, and the sitting that is under way.

use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::cli::Answering;
use crate::engine::EngineError;
use crate::engine::banks;
use crate::engine::home::Home;
use crate::engine::session::now_ms;
use crate::exit::Failure;
use crate::progress;
use crate::progress::answers::Answers;
use crate::quiz::draw::Dealt;
use crate::quiz::history::History;
use crate::quiz::library::Library;
use crate::quiz::review::{self, Card};
use crate::quiz::sitting::{Entry, Event, Mode, Sitting};
use crate::ui::Ui;
use crate::ui::quiz::{Desk, desk};

pub(super) struct Seat {
    pub library: Library,
    pub record: Record,
}

/// The record of all answers, on disk and in mind.
pub(super) struct Record {
    answers: Answers,
    pub history: History,
}

impl Seat {
    pub(super) fn open(home: &Home) -> Result<Seat, Failure> {
        let (answers, entries) = Answers::open(&home.progress()).map_err(EngineError::from)?;
        Ok(Seat { library: banks::library(), record: Record { answers, history: History::of(&entries) } })
    }

    /// The cards that this record and the labs' gradings make.
    pub(super) fn cards(&self, home: &Home) -> Result<Vec<Card>, Failure> {
        review::cards(&self.record.history.attempts(), &self.red(home)?).map_err(fsrs)
    }

    /// Items whose check stayed red in a lab, and when.
    fn red(&self, home: &Home) -> Result<Vec<(String, u64)>, Failure> {
        let red = progress::stayed_red(&home.progress()).map_err(EngineError::from)?;
        let items = self.library.items();
        let of = |check: &progress::RedCheck| -> Vec<(String, u64)> {
            let shows = items.iter().filter(|item| item.lab.as_ref().is_some_and(|lab| lab.value == check.check));
            shows.map(|item| (item.id().to_owned(), check.at_ms)).collect()
        };
        Ok(red.iter().flat_map(of).collect())
    }
}

impl Record {
    /// Begins a sitting; its id comes back.
    pub(super) fn start(&mut self, mode: Mode, seed: u64, deal: Vec<Dealt>) -> Result<String, Failure> {
        let id: String = (0..8).map(|_| fastrand::digit(16)).collect();
        self.note(&id, Event::Start { mode, seed, deal })?;
        Ok(id)
    }

    /// Puts an event on disk, then into effect.
    pub(super) fn note(&mut self, sitting: &str, event: Event) -> Result<(), Failure> {
        let entry = Entry { sitting: sitting.to_owned(), at_ms: now_ms(), event };
        self.answers.append(&entry).map_err(EngineError::from)?;
        self.history.apply(&entry);
        Ok(())
    }

    pub(super) fn sitting(&self, id: &str) -> Result<&Sitting, Failure> {
        self.history.sitting(id).ok_or_else(|| Failure::new(format!("there is no sitting `{id}`")))
    }
}

/// The generator of a seed, or of one that chance gives.
pub(super) fn dice(seed: Option<u64>) -> (u64, StdRng) {
    let seed = seed.unwrap_or_else(|| fastrand::u64(1..1_000_000));
    (seed, StdRng::seed_from_u64(seed))
}

pub(super) fn open_desk(ui: Ui, answering: &Answering) -> Result<Box<dyn Desk>, Failure> {
    desk(ui, answering.plain).map_err(gone)
}

/// The terminal could not be read or written.
pub(super) fn gone(error: std::io::Error) -> Failure {
    Failure::new(format!("the terminal: {error}")).hint("answers so far are kept; `--plain` works line by line")
}

fn fsrs(error: fsrs::FSRSError) -> Failure {
    Failure::new(format!("the record cannot be scheduled: {error}"))
}
