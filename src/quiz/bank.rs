//! A bank of questions, `quizzes/<bank>.toml`, as types. `schema = 1`.
//!
//! ```toml
//! schema = 1
//! [bank]
//! id = "glue"                              # the file's name
//! title = "AWS Glue: jobs, bookmarks, workflows"
//! exam = "DEA-C01"
//! guide = "1.1"                            # the version of the exam guide that skills are numbered by
//! retired = ["glue-007"]                   # ids that once were and are never given again
//! [[fact]]                                 # what items test: one sentence of ours, and the page that says so
//! id = "bookmark-pause"
//! text = "With job-bookmark-pause a run reads from the last saved position and leaves it where it was."
//! page = "https://docs.aws.amazon.com/glue/latest/dg/monitor-continuations.html"
//! [[case]]                                 # a scenario that several items share; they are asked together
//! id = "glue-case-1"
//! title = "Nightly orders"
//! scenario = "…"
//! [[item]]
//! id = "glue-001"
//! kind = "single"                          # single, multiple, order, match
//! skill = "3.1.4"
//! topics = ["glue-bookmarks"]              # rows of docs/coverage.md
//! fact = "bookmark-pause"
//! difficulty = "medium"                    # easy, medium, hard
//! verified = 2026-11-24                    # when the fact was last looked up
//! misconception = "Pausing a bookmark still moves it."
//! lab = "glue-bookmarks/remember.option"   # the check that shows it, where there is one
//! case = "glue-case-1"                     # where it belongs to one
//! refs = ["https://docs.aws.amazon.com/…"] # further pages
//! stem = "…"
//! [[item.option]]                          # single: four, one correct; multiple: five or six, two or three correct
//! text = "…"
//! correct = true
//! why = "…"
//! [[item.step]]                            # order: three to five, in the right order
//! text = "…"
//! why = "…"
//! [[item.pair]]                            # match: three to six
//! left = "…"
//! right = "…"
//! why = "…"
//! ```
//! Reading is in `read`, what makes a bank good in `lint`.

use sha2::{Digest as _, Sha256};

use crate::document::node::Text;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bank {
    pub id: Text,
    pub title: String,
    pub exam: Text,
    pub guide: Text,
    pub retired: Vec<Text>,
    pub facts: Vec<Fact>,
    pub cases: Vec<Case>,
    pub items: Vec<Item>,
}

/// What items test.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fact {
    pub id: Text,
    pub text: Text,
    pub page: Text,
}

/// A scenario that several items share.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Case {
    pub id: Text,
    pub title: String,
    pub scenario: Text,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub id: Text,
    pub skill: Text,
    pub topics: Vec<Text>,
    pub fact: Text,
    pub difficulty: Difficulty,
    /// `YYYY-MM-DD`.
    pub verified: Text,
    pub misconception: Text,
    /// `<lab>/<task>.<check>`
    pub lab: Option<Text>,
    pub case: Option<Text>,
    pub refs: Vec<Text>,
    pub stem: Text,
    pub asks: Asks,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difficulty {
    Easy,
    Medium,
    Hard,
}

/// What an item asks for, with everything that can be answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asks {
    Single(Vec<Choice>),
    Multiple(Vec<Choice>),
    /// In the right order.
    Order(Vec<Step>),
    Match(Vec<Pair>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Choice {
    pub text: Text,
    pub correct: bool,
    pub why: Text,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    pub text: Text,
    pub why: Text,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pair {
    pub left: Text,
    pub right: Text,
    pub why: Text,
}

impl Bank {
    pub(crate) fn fact(&self, item: &Item) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.id.value == item.fact.value)
    }

    pub(crate) fn case(&self, item: &Item) -> Option<&Case> {
        let id = item.case.as_ref()?;
        self.cases.iter().find(|case| case.id.value == id.value)
    }
}

impl Item {
    /// The id of an item is its name everywhere: in records, reviews, key reviews.
    pub(crate) fn id(&self) -> &str {
        &self.id.value
    }

    /// Whether the exam may ask it: one or several of a list, outside a case.
    pub(crate) fn examinable(&self) -> bool {
        self.case.is_none() && matches!(self.asks, Asks::Single(_) | Asks::Multiple(_))
    }

    /// Twelve hexadecimal digits of what is asked and what is right. A reason may be reworded without changing it.
    pub(crate) fn hash(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.stem.value.trim());
        for (text, key) in self.asks.keyed() {
            hash.update(format!("\n{key}\t{text}"));
        }
        hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Difficulty {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Difficulty::Easy => "easy",
            Difficulty::Medium => "medium",
            Difficulty::Hard => "hard",
        }
    }
}

impl Asks {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Asks::Single(_) => "single",
            Asks::Multiple(_) => "multiple",
            Asks::Order(_) => "order",
            Asks::Match(_) => "match",
        }
    }

    /// How many answers can be picked from.
    pub(crate) fn len(&self) -> usize {
        self.whys().len()
    }

    /// How many picks make an answer complete.
    pub(crate) fn picks(&self) -> usize {
        match self {
            Asks::Single(choices) | Asks::Multiple(choices) => choices.iter().filter(|choice| choice.correct).count(),
            Asks::Order(steps) => steps.len(),
            Asks::Match(pairs) => pairs.len(),
        }
    }

    /// The reasons, one for each option, step or pair.
    pub(crate) fn whys(&self) -> Vec<&Text> {
        match self {
            Asks::Single(choices) | Asks::Multiple(choices) => choices.iter().map(|choice| &choice.why).collect(),
            Asks::Order(steps) => steps.iter().map(|step| &step.why).collect(),
            Asks::Match(pairs) => pairs.iter().map(|pair| &pair.why).collect(),
        }
    }

    /// What can be picked: options, steps, or the right sides of pairs.
    pub(crate) fn texts(&self) -> Vec<&str> {
        match self {
            Asks::Single(choices) | Asks::Multiple(choices) => choices.iter().map(|choice| choice.text.value.as_str()).collect(),
            Asks::Order(steps) => steps.iter().map(|step| step.text.value.as_str()).collect(),
            Asks::Match(pairs) => pairs.iter().map(|pair| pair.right.value.as_str()).collect(),
        }
    }

    /// Everything that can be picked, with what the key says of it.
    fn keyed(&self) -> Vec<(&str, String)> {
        let texts = self.texts().into_iter().enumerate();
        let key = |at: usize| match self {
            Asks::Single(choices) | Asks::Multiple(choices) => choices[at].correct.to_string(),
            Asks::Order(_) => at.to_string(),
            Asks::Match(pairs) => pairs[at].left.value.clone(),
        };
        texts.map(|(at, text)| (text, key(at))).collect()
    }
}
