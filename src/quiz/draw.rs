//! Deals questions: which items, in which order, and how each one's options stand. All chance comes in as a generator.

use std::collections::HashMap;

use rand::Rng;
use rand::seq::SliceRandom as _;
use serde::{Deserialize, Serialize};

use super::bank::{Asks, Item};
use super::blueprint::Skill;

/// A question on the table: an item, and how its options are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dealt {
    pub item: String,
    /// Of the item as it was when dealt.
    pub hash: String,
    /// Where in the file each shown option stands: the first shown is the file's `shown[0]`.
    pub shown: Vec<usize>,
    /// How many of them an answer names.
    #[serde(default)]
    pub picks: usize,
    /// Whether the exam counts it. Learners don't see which ones.
    pub scored: bool,
}

/// When an item was last answered; no entry where it never was.
pub(crate) type LastSeen = HashMap<String, u64>;

/// A skill for which the banks have too few questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Short {
    pub skill: &'static str,
    pub has: usize,
    pub needs: usize,
}

/// Up to `count` items for practice, new ones first, then those that were answered longest ago. Items of a case stay together,
/// in the file's order.
pub(crate) fn practice(items: &[&Item], count: usize, seen: &LastSeen, dice: &mut impl Rng) -> Vec<Dealt> {
    let mut groups = grouped(items);
    groups.shuffle(dice);
    groups.sort_by_key(|group| group.iter().filter_map(|item| seen.get(item.id())).max().copied());
    let mut dealt = Vec::new();
    for group in groups {
        if dealt.len() + group.len() <= count {
            dealt.extend(group.into_iter().map(|item| deal(item, dice)));
        }
    }
    dealt
}

/// An exam form: `questions` items, spread evenly over `skills`, and so are the `unscored` ones, which don't count. New items first.
pub(crate) fn exam(
    items: &[&Item],
    skills: &[&'static Skill],
    (questions, unscored): (usize, usize),
    seen: &LastSeen,
    dice: &mut impl Rng,
) -> Result<Vec<Dealt>, Vec<Short>> {
    let (mut form, mut short) = (Vec::new(), Vec::new());
    let quotas = quotas(questions, skills.len(), dice).into_iter().zip(quotas(unscored, skills.len(), dice));
    for (skill, (needs, unscored)) in skills.iter().zip(quotas) {
        let of_skill = |item: &&&Item| item.skill.value == skill.id && item.examinable();
        let mut pool: Vec<&Item> = items.iter().filter(of_skill).copied().collect();
        pool.shuffle(dice);
        pool.sort_by_key(|item| seen.get(item.id()).copied());
        if pool.len() < needs {
            short.push(Short { skill: skill.id, has: pool.len(), needs });
        }
        let mut dealt: Vec<Dealt> = pool.into_iter().take(needs).map(|item| deal(item, dice)).collect();
        dealt.shuffle(dice);
        dealt.iter_mut().take(unscored).for_each(|question| question.scored = false);
        form.extend(dealt);
    }
    form.shuffle(dice);
    if short.is_empty() { Ok(form) } else { Err(short) }
}

/// One item, its options shuffled. Steps are never shown in the right order.
pub(crate) fn deal(item: &Item, dice: &mut impl Rng) -> Dealt {
    let mut shown: Vec<usize> = (0..item.asks.len()).collect();
    shown.shuffle(dice);
    if matches!(item.asks, Asks::Order(_)) && shown.is_sorted() {
        shown.rotate_left(1);
    }
    Dealt { item: item.id().to_owned(), hash: item.hash(), shown, picks: item.asks.picks(), scored: true }
}

/// `total` in `parts` parts that differ by one at most; chance says which are the larger ones.
fn quotas(total: usize, parts: usize, dice: &mut impl Rng) -> Vec<usize> {
    let mut quotas = vec![total / parts; parts];
    quotas.iter_mut().take(total % parts).for_each(|quota| *quota += 1);
    quotas.shuffle(dice);
    quotas
}

/// Items by themselves, except those of one case.
fn grouped<'i>(items: &[&'i Item]) -> Vec<Vec<&'i Item>> {
    let mut groups: Vec<Vec<&Item>> = Vec::new();
    for item in items.iter().copied() {
        let same = |group: &&mut Vec<&Item>| {
            item.case.is_some() && group[0].case.as_ref().map(|case| &case.value) == item.case.as_ref().map(|case| &case.value)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    groups
}
