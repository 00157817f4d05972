//! All banks together: items by id, with what belongs to them.

use std::collections::HashMap;

use super::bank::{Bank, Case, Fact, Item};
use super::draw::Dealt;

#[derive(Debug, Default)]
pub(crate) struct Library {
    banks: Vec<Bank>,
    /// Bank and item by the item's id; of two items with one id the first counts, and lint tells of the other.
    places: HashMap<String, (usize, usize)>,
}

/// An item in its bank.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'l> {
    pub bank: &'l Bank,
    pub item: &'l Item,
}

/// Which items someone asks for; what is absent does not restrict.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// A skill (`3.1.4`), a task (`3.1`) or a domain (`3`).
    pub skill: Option<String>,
    pub topic: Option<String>,
    pub bank: Option<String>,
}

impl Library {
    pub(crate) fn new(banks: Vec<Bank>) -> Self {
        let mut places = HashMap::new();
        for (at, bank) in banks.iter().enumerate() {
            for (number, item) in bank.items.iter().enumerate() {
                places.entry(item.id().to_owned()).or_insert((at, number));
            }
        }
        Library { banks, places }
    }

    pub(crate) fn banks(&self) -> &[Bank] {
        &self.banks
    }

    pub(crate) fn items(&self) -> Vec<&Item> {
        self.banks.iter().flat_map(|bank| &bank.items).collect()
    }

    pub(crate) fn find(&self, id: &str) -> Option<Found<'_>> {
        let (bank, item) = *self.places.get(id)?;
        let bank = &self.banks[bank];
        Some(Found { bank, item: &bank.items[item] })
    }

    /// The item that was dealt, unless it is another by now.
    pub(crate) fn dealt(&self, dealt: &Dealt) -> Option<Found<'_>> {
        self.find(&dealt.item).filter(|found| found.item.hash() == dealt.hash)
    }

    pub(crate) fn matching(&self, filter: &Filter) -> Vec<&Item> {
        let banks = self.banks.iter().filter(|bank| filter.bank.as_ref().is_none_or(|id| *id == bank.id.value));
        banks.flat_map(|bank| &bank.items).filter(|item| filter.fits(item)).collect()
    }
}

impl Filter {
    fn fits(&self, item: &Item) -> bool {
        let below =
            |prefix: &str| item.skill.value.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let skill = self.skill.as_deref().is_none_or(below);
        skill && self.topic.as_ref().is_none_or(|topic| item.topics.iter().any(|own| own.value == *topic))
    }
}

impl<'l> Found<'l> {
    pub(crate) fn fact(&self) -> Option<&'l Fact> {
        self.bank.fact(self.item)
    }

    pub(crate) fn case(&self) -> Option<&'l Case> {
        self.bank.case(self.item)
    }
}
