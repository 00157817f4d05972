//! A sitting: questions dealt together, and what a learner did with them.
//!
//! It is the fold of its events, and each event is on disk before the screen shows it (`progress::quiz`), so a sitting goes on
//! after any end of the program where it stood.

use serde::{Deserialize, Serialize};

use super::draw::Dealt;
use super::mark::{Answer, Credit};

/// A line of the record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub sitting: String,
    pub at_ms: u64,
    #[serde(flatten)]
    pub event: Event,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Event {
    Start {
        #[serde(flatten)]
        mode: Mode,
        seed: u64,
        deal: Vec<Dealt>,
    },
    /// Another question at the end: in a review, one that was answered wrong comes again.
    Deal {
        dealt: Dealt,
    },
    /// An answer that is marked at once, in practice and review.
    Answer {
        question: usize,
        answer: Answer,
        credit: Credit,
    },
    /// How well it was remembered, where the learner says more than the mark does.
    Rate {
        question: usize,
        rating: Rating,
    },
    /// The answer is taken back.
    Undo {
        question: usize,
    },
    /// The item has changed since it was dealt, or is gone: it can't be asked any more.
    Void {
        question: usize,
    },
    /// What stands on the answer sheet of an exam now.
    Pick {
        question: usize,
        answer: Answer,
    },
    Flag {
        question: usize,
        on: bool,
    },
    /// The end; an exam is marked with it, question by question.
    End {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        credits: Vec<Credit>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub(crate) enum Mode {
    Practice,
    Review,
    Exam {
        form: Form,
        /// On the wall clock, from the start.
        minutes: u64,
    },
}

/// What an exam is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Form {
    /// Task 3.1.
    Task,
    /// Domain 3.
    Domain,
}

/// How well something was remembered, as FSRS takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Rating {
    Again,
    Hard,
    Good,
    Easy,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sitting {
    pub id: String,
    pub mode: Mode,
    pub seed: u64,
    pub started_ms: u64,
    pub ended_ms: Option<u64>,
    pub questions: Vec<Question>,
}

/// A question and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Question {
    pub dealt: Dealt,
    pub answer: Answer,
    /// Once it is marked.
    pub credit: Option<Credit>,
    pub rating: Option<Rating>,
    pub flagged: bool,
    pub void: bool,
    /// When it was last answered.
    pub at_ms: u64,
}

impl Form {
    /// The skills that it is drawn from, as `blueprint::skills_of` takes them.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Form::Task => "3.1",
            Form::Domain => "3",
        }
    }
}

impl Question {
    fn new(dealt: Dealt) -> Self {
        Question { dealt, answer: Answer::default(), credit: None, rating: None, flagged: false, void: false, at_ms: 0 }
    }

    /// With as many picks as the question wants.
    pub(crate) fn answered(&self) -> bool {
        self.answer.0.len() >= self.dealt.picks.max(1)
    }

    /// What the mark alone says, unless the learner said more.
    pub(crate) fn rated(&self) -> Option<Rating> {
        let credit = self.credit?;
        Some(if credit.full() { self.rating.unwrap_or(Rating::Good) } else { Rating::Again })
    }
}

impl Sitting {
    /// The first entry makes a sitting; any other event can't.
    pub(crate) fn start(entry: &Entry) -> Option<Sitting> {
        let Event::Start { mode, seed, deal } = &entry.event else { return None };
        Some(Sitting {
            id: entry.sitting.clone(),
            mode: mode.clone(),
            seed: *seed,
            started_ms: entry.at_ms,
            ended_ms: None,
            questions: deal.iter().cloned().map(Question::new).collect(),
        })
    }

    /// What follows. An event about a question that isn't there, or after the end, changes nothing.
    pub(crate) fn apply(&mut self, event: &Event, at_ms: u64) {
        if !self.open() {
            return;
        }
        match event {
            Event::Start { .. } => {}
            Event::Deal { dealt } => self.questions.push(Question::new(dealt.clone())),
            Event::End { credits } => {
                self.ended_ms = Some(at_ms);
                self.questions.iter_mut().zip(credits).for_each(|(question, credit)| question.credit = Some(*credit));
            }
            Event::Answer { question, answer, credit } => self.change(*question, |question| {
                (question.answer, question.credit, question.at_ms) = (answer.clone(), Some(*credit), at_ms);
            }),
            Event::Rate { question, rating } => self.change(*question, |question| question.rating = Some(*rating)),
            Event::Undo { question } => self.undo(*question),
            Event::Void { question } => self.change(*question, |question| question.void = true),
            Event::Pick { question, answer } => self.change(*question, |question| {
                (question.answer, question.at_ms) = (answer.clone(), at_ms);
            }),
            Event::Flag { question, on } => self.change(*question, |question| question.flagged = *on),
        }
    }

    /// What a wrong answer had dealt again goes with it.
    fn undo(&mut self, question: usize) {
        let Some(undone) = self.questions.get(question).map(|question| question.dealt.clone()) else { return };
        let again = |other: &Question| other.dealt.item == undone.item && !other.answered();
        if let Some(at) = self.questions.iter().rposition(again).filter(|at| *at > question) {
            self.questions.remove(at);
        }
        self.questions[question] = Question::new(undone);
    }

    fn change(&mut self, question: usize, change: impl FnOnce(&mut Question)) {
        if let Some(question) = self.questions.get_mut(question) {
            change(question);
        }
    }

    /// What was dealt, to be dealt again.
    pub(crate) fn deal(&self) -> Vec<Dealt> {
        self.questions.iter().map(|question| question.dealt.clone()).collect()
    }

    pub(crate) fn open(&self) -> bool {
        self.ended_ms.is_none()
    }

    /// The first question without an answer.
    pub(crate) fn next(&self) -> Option<usize> {
        self.questions.iter().position(|question| question.credit.is_none() && !question.void)
    }

    pub(crate) fn answered(&self) -> usize {
        self.questions.iter().filter(|question| question.answered()).count()
    }

    /// When an exam's time is over; `None` where no clock runs.
    pub(crate) fn deadline_ms(&self) -> Option<u64> {
        match self.mode {
            Mode::Exam { minutes, .. } => Some(self.started_ms.saturating_add(minutes.saturating_mul(60_000))),
            Mode::Practice | Mode::Review => None,
        }
    }
}
