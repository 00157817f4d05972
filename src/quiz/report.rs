//! What an exam came to, skill by skill, and what first answers say.

use std::collections::BTreeMap;

use rand::Rng;
use serde::Serialize;

use super::blueprint::{skill_named, skills_of};
use super::estimate::{self, Range, Tally};
use super::history::Attempt;
use super::sitting::{Form, Mode, Sitting};

/// An exam that was marked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Report {
    pub sitting: String,
    /// Of the questions that count.
    pub right: usize,
    pub scored: usize,
    /// Of all questions.
    pub unanswered: usize,
    pub minutes: u64,
    pub skills: Vec<SkillRow>,
    /// The chance to pass, where there are enough first answers.
    pub chance: Option<Range>,
    /// First answers to items that had not been seen, in the skills of the form.
    pub first_answers: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct SkillRow {
    pub skill: String,
    pub name: &'static str,
    pub right: usize,
    pub of: usize,
}

/// First answers by skill, one tally for each skill of a prefix.
pub(crate) fn tallies(prefix: &str, attempts: &[Attempt], skill: &dyn Fn(&str) -> Option<String>) -> Vec<Tally> {
    let mut tallies: BTreeMap<&str, Tally> = skills_of(prefix).map(|skill| (skill.id, Tally::default())).collect();
    for attempt in attempts.iter().filter(|attempt| attempt.first) {
        if let Some(tally) = skill(&attempt.item).and_then(|skill| tallies.get_mut(skill.as_str())) {
            tally.of += 1;
            tally.right += usize::from(attempt.credit.full());
        }
    }
    tallies.into_values().collect()
}

impl Report {
    /// `skill` names the skill of an item.
    pub(crate) fn of(
        sitting: &Sitting,
        attempts: &[Attempt],
        skill: &dyn Fn(&str) -> Option<String>,
        dice: &mut impl Rng,
    ) -> Report {
        let prefix = match sitting.mode {
            Mode::Exam { form, .. } => form.prefix(),
            Mode::Practice | Mode::Review => Form::Domain.prefix(),
        };
        let counted: Vec<_> = sitting.questions.iter().filter(|question| question.dealt.scored && !question.void).collect();
        let mut rows: BTreeMap<String, SkillRow> = BTreeMap::new();
        for question in &counted {
            let id = skill(&question.dealt.item).unwrap_or_default();
            let name = skill_named(&id).map_or("", |skill| skill.name);
            let row = rows.entry(id.clone()).or_insert(SkillRow { skill: id, name, right: 0, of: 0 });
            row.of += 1;
            row.right += usize::from(question.credit.is_some_and(|credit| credit.full()));
        }
        let tallies = tallies(prefix, attempts, skill);
        Report {
            sitting: sitting.id.clone(),
            right: rows.values().map(|row| row.right).sum(),
            scored: counted.len(),
            unanswered: sitting.questions.iter().filter(|question| !question.answered()).count(),
            minutes: spent(sitting) / 60_000,
            skills: rows.into_values().collect(),
            chance: estimate::chance(&tallies, dice),
            first_answers: tallies.iter().map(|tally| tally.of).sum(),
        }
    }
}

/// From the start to the end, or to when its time was over.
fn spent(sitting: &Sitting) -> u64 {
    let until = sitting.ended_ms.unwrap_or_default().min(sitting.deadline_ms().unwrap_or(u64::MAX));
    until.saturating_sub(sitting.started_ms)
}
