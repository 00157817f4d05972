//! What makes banks good, beyond what their format demands: references that exist, reasons, balance, no item twice.

mod balance;
mod stems;
mod words;

use std::collections::{BTreeMap, HashMap};

use super::bank::{Asks, Bank, Item};
use super::blueprint::{EXAM, GUIDE, SKILLS, TOPICS};
use crate::document::diagnostic::{Fault, Faults};
use crate::document::node::Text;

/// A fact tested more often teaches its wording.
const ITEMS_OF_A_FACT: usize = 2;

/// What only the caller can know.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    /// The file's name without its ending.
    pub name: &'a str,
    /// `YYYY-MM-DD`
    pub today: &'a str,
    /// Whether `<lab>/<task>.<check>` is a check of some lab.
    pub has_check: &'a dyn Fn(&str) -> bool,
    /// Items of the other banks.
    pub others: &'a [&'a Item],
}

/// All faults of a bank that was read.
pub(crate) fn bank(bank: &Bank, faults: &Faults<'_>, around: &Surroundings<'_>) {
    let lint = Lint { bank, faults, around };
    lint.head();
    lint.ids();
    lint.facts();
    lint.used();
    bank.items.iter().for_each(|item| lint.item(item));
    bank.items.iter().for_each(|item| words::item(item, faults, around.today));
    balance::bank(bank, faults);
    stems::bank(bank, faults, around.others);
}

struct Lint<'a> {
    bank: &'a Bank,
    faults: &'a Faults<'a>,
    around: &'a Surroundings<'a>,
}

impl Lint<'_> {
    fn say(&self, at: &Text, message: impl Into<String>) {
        self.faults.add(at.span.clone(), Fault::new(message));
    }

    fn head(&self) {
        let Bank { id, exam, guide, .. } = self.bank;
        if id.value != self.around.name && !id.value.is_empty() {
            self.say(id, format!("the bank is called `{}`, its file `{}`", id.value, self.around.name));
        }
        for (found, known) in [(exam, EXAM), (guide, GUIDE)] {
            if found.value != known && !found.value.is_empty() {
                self.say(found, format!("this labrun knows {EXAM}, guide {GUIDE}: are the skills still numbered so?"));
            }
        }
    }

    /// What is there is used, and says something.
    fn used(&self) {
        for case in &self.bank.cases {
            if !self.bank.items.iter().any(|item| item.case.as_ref().is_some_and(|named| named.value == case.id.value)) {
                self.say(&case.id, format!("case `{}` has no item", case.id.value));
            }
        }
        let facts = self.bank.facts.iter().map(|fact| &fact.text);
        for text in facts.chain(self.bank.cases.iter().map(|case| &case.scenario)).filter(|text| text.value.trim().is_empty()) {
            self.say(text, "this text is empty");
        }
        let kebab =
            |id: &Text| !id.value.is_empty() && id.value.chars().all(|letter| matches!(letter, 'a'..='z' | '0'..='9' | '-'));
        for item in &self.bank.items {
            if !kebab(&item.id) {
                self.say(&item.id, "an id is made of small letters, digits and `-`");
            }
            if item.topics.is_empty() {
                self.say(&item.id, format!("`{}` has no topic", item.id()));
            }
        }
    }

    /// No id twice, none that was retired.
    fn ids(&self) {
        let facts = self.bank.facts.iter().map(|fact| ("fact", &fact.id));
        let cases = self.bank.cases.iter().map(|case| ("case", &case.id));
        let items = self.bank.items.iter().map(|item| ("item", &item.id));
        let others = self.around.others.iter().map(|item| ("item", item.id()));
        let mut seen: HashMap<(&str, &str), ()> = others.map(|key| (key, ())).collect();
        for (kind, id) in facts.chain(cases).chain(items) {
            if seen.insert((kind, &id.value), ()).is_some() {
                self.say(id, format!("there is another {kind} `{}`", id.value));
            }
            if kind == "item" && self.bank.retired.iter().any(|retired| retired.value == id.value) {
                self.say(id, format!("`{}` is retired; ids are never given again", id.value));
            }
        }
    }

    fn facts(&self) {
        let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
        for item in &self.bank.items {
            *uses.entry(item.fact.value.as_str()).or_default() += 1;
            if uses[item.fact.value.as_str()] == ITEMS_OF_A_FACT + 1 {
                self.say(&item.fact, format!("fact `{}` serves more than {ITEMS_OF_A_FACT} items", item.fact.value));
            }
        }
        for fact in &self.bank.facts {
            if !uses.contains_key(fact.id.value.as_str()) {
                self.say(&fact.id, format!("fact `{}` serves no item", fact.id.value));
            }
            self.page(&fact.page);
        }
    }

    fn page(&self, page: &Text) {
        if !page.value.starts_with("https://docs.aws.amazon.com/") {
            self.say(page, "this is no page of AWS's documentation");
        }
    }

    fn item(&self, item: &Item) {
        let known = |of: &str, name: &Text, known: &mut dyn Iterator<Item = &str>| {
            let known: Vec<&str> = known.collect();
            if !known.contains(&name.value.as_str()) && !name.value.is_empty() {
                let fault = Fault::new(format!("there is no {of} `{}`", name.value)).label("unknown");
                self.faults.add(name.span.clone(), fault.did_you_mean(&name.value, known));
            }
        };
        known("skill", &item.skill, &mut SKILLS.iter().map(|skill| skill.id));
        item.topics.iter().for_each(|topic| known("topic", topic, &mut TOPICS.iter().map(|topic| topic.id)));
        known("fact", &item.fact, &mut self.bank.facts.iter().map(|fact| fact.id.value.as_str()));
        item.case.iter().for_each(|case| known("case", case, &mut self.bank.cases.iter().map(|case| case.id.value.as_str())));
        item.refs.iter().for_each(|page| self.page(page));
        if let Some(lab) = &item.lab
            && !(self.around.has_check)(&lab.value)
        {
            self.faults.add(
                lab.span.clone(),
                Fault::new(format!("no lab has a check `{}`", lab.value)).hint("it is <lab>/<task>.<check>"),
            );
        }
        if let Asks::Match(pairs) = &item.asks {
            for (number, pair) in pairs.iter().enumerate() {
                if pairs[..number].iter().any(|earlier| earlier.left.value == pair.left.value) {
                    self.say(&pair.left, "two pairs have this left side");
                }
                if pairs[..number].iter().any(|earlier| earlier.right.value == pair.right.value) {
                    self.say(&pair.right, "two pairs have this right side: which one is meant?");
                }
            }
        }
    }
}
