//! How well each skill is mastered: answers and lab gradings together, fading with time.

use std::collections::BTreeMap;

use super::bank::Item;
use super::blueprint::{SKILLS, Skill};
use super::history::Attempt;

const DAY_MS: f64 = 86_400_000.0;
/// After so many days a piece of evidence weighs half.
const HALF_LIFE_DAYS: f64 = 45.0;
/// How many answers a finished lab is worth.
const LAB_WEIGHT: f64 = 5.0;
/// Not having shown anything yet weighs as much as so many wrong answers.
const UNKNOWN: f64 = 2.0;

/// What the best grading of a lab says about a skill.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LabEvidence {
    pub skill: String,
    /// Points reached, from 0 to 1.
    pub share: f64,
    pub at_ms: u64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub(crate) struct Mastery {
    pub skill: &'static str,
    pub name: &'static str,
    /// From 0 to 1.
    pub level: f64,
    /// Items of the skill that were answered.
    pub answered: usize,
    pub items: usize,
    /// Labs of the skill that were graded.
    pub labs: usize,
}

/// One row for each skill of the guide. Of several answers to an item the newest counts.
pub(crate) fn of(items: &[&Item], attempts: &[Attempt], labs: &[LabEvidence], now_ms: u64) -> Vec<Mastery> {
    let newest: BTreeMap<&str, &Attempt> = attempts.iter().map(|attempt| (attempt.item.as_str(), attempt)).collect();
    SKILLS.iter().map(|skill| of_skill(skill, items, &newest, labs, now_ms)).collect()
}

fn of_skill(skill: &Skill, items: &[&Item], newest: &BTreeMap<&str, &Attempt>, labs: &[LabEvidence], now_ms: u64) -> Mastery {
    let items: Vec<&&Item> = items.iter().filter(|item| item.skill.value == skill.id).collect();
    let answers: Vec<&Attempt> = items.iter().filter_map(|item| newest.get(item.id()).copied()).collect();
    let labs: Vec<&LabEvidence> = labs.iter().filter(|lab| lab.skill == skill.id).collect();
    let answers_weigh = answers.iter().map(|attempt| (weight(attempt.at_ms, now_ms), attempt.credit.0));
    let labs_weigh = labs.iter().map(|lab| (LAB_WEIGHT * weight(lab.at_ms, now_ms), lab.share));
    let (mut good, mut all) = (0.0, UNKNOWN);
    for (weight, share) in answers_weigh.chain(labs_weigh) {
        good += weight * share;
        all += weight;
    }
    Mastery {
        skill: skill.id,
        name: skill.name,
        level: good / all,
        answered: answers.len(),
        items: items.len(),
        labs: labs.len(),
    }
}

fn weight(at_ms: u64, now_ms: u64) -> f64 {
    let days = now_ms.saturating_sub(at_ms) as f64 / DAY_MS;
    0.5_f64.powf(days / HALF_LIFE_DAYS)
}
