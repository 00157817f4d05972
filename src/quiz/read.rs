//! Reads a bank into `Bank` and every fault that the file alone shows.

use super::bank::{Asks, Bank, Case, Choice, Difficulty, Fact, Item, Pair, Step};
use crate::document::diagnostic::{Diagnostic, Fault, Faults};
use crate::document::node::{self, Node, Text};
use crate::document::table::Table;

/// The version of the format that this program reads.
pub(crate) const SCHEMA: u64 = 1;

const KINDS: [&str; 4] = ["single", "multiple", "order", "match"];
const DIFFICULTIES: [&str; 3] = ["easy", "medium", "hard"];

/// Reads `source`, the text of the bank that messages call `file`.
pub(crate) fn bank(file: &str, source: &str) -> (Bank, Vec<Diagnostic>) {
    let faults = Faults::new(file, source);
    let root = node::parse(&faults);
    let bank = read_bank(&root, &faults);
    (bank, faults.finish())
}

fn read_bank(root: &Node, faults: &Faults<'_>) -> Bank {
    let file = Table::open(root, "bank file", faults);
    file.schema(SCHEMA);
    let empty = Node::empty_table();
    let head = file.table("bank").unwrap_or_else(|| {
        file.missing("[bank]");
        Table::open(&empty, "[bank]", faults)
    });
    let mut bank = read_head(&head);
    head.done();
    bank.facts = file.tables("fact").into_iter().map(read_fact).collect();
    bank.cases = file.tables("case").into_iter().map(read_case).collect();
    bank.items = file.tables("item").into_iter().map(read_item).collect();
    if !file.has("item") {
        file.missing("[[item]]");
    }
    file.done();
    bank
}

fn read_head(head: &Table<'_>) -> Bank {
    Bank {
        id: head.need_text("id"),
        title: head.need_text("title").value,
        exam: head.need_text("exam"),
        guide: head.need_text("guide"),
        retired: head.texts("retired"),
        facts: Vec::new(),
        cases: Vec::new(),
        items: Vec::new(),
    }
}

fn read_fact(table: Table<'_>) -> Fact {
    let fact = Fact { id: table.need_text("id"), text: table.need_text("text"), page: table.need_text("page") };
    table.done();
    fact
}

fn read_case(table: Table<'_>) -> Case {
    let case = Case { id: table.need_text("id"), title: table.need_text("title").value, scenario: table.need_text("scenario") };
    table.done();
    case
}

fn read_item(table: Table<'_>) -> Item {
    // An item whose kind is unknown is a fault; the rest of it is looked at all the same.
    let asks = read_asks(&table).unwrap_or(Asks::Single(Vec::new()));
    let item = Item {
        id: table.need_text("id"),
        skill: table.need_text("skill"),
        topics: table.texts("topics"),
        fact: table.need_text("fact"),
        difficulty: read_difficulty(&table),
        verified: read_date(&table),
        misconception: table.need_text("misconception"),
        lab: table.text("lab"),
        case: table.text("case"),
        refs: table.texts("refs"),
        stem: table.need_text("stem"),
        asks,
    };
    if !table.has("topics") {
        table.missing("topics");
    }
    table.done();
    item
}

fn read_asks(table: &Table<'_>) -> Option<Asks> {
    let Some(kind) = word(table, "kind", &KINDS) else {
        // Whatever it has to pick from is known by name: it is the kind that is wrong.
        let _known = ["option", "step", "pair"].map(|key| table.has(key));
        return None;
    };
    let asks = match kind {
        "single" => Asks::Single(read_choices(table)),
        "multiple" => Asks::Multiple(read_choices(table)),
        "order" => Asks::Order(table.tables("step").into_iter().map(read_step).collect()),
        _ => Asks::Match(table.tables("pair").into_iter().map(read_pair).collect()),
    };
    if let Err(wanted) = sizes(&asks) {
        let id = table.text("id").map(|id| id.value).unwrap_or_default();
        table.faults().add(table.span(), Fault::new(format!("`{id}` is `{kind}`: it needs {wanted}")));
    }
    Some(asks)
}

/// How many of each there must be.
fn sizes(asks: &Asks) -> Result<(), &'static str> {
    match (asks, asks.len(), asks.picks()) {
        (Asks::Single(_), 4, 1) | (Asks::Multiple(_), 5 | 6, 2 | 3) | (Asks::Order(_), 3..=5, _) | (Asks::Match(_), 3..=6, _) => {
            Ok(())
        }
        (Asks::Single(_), ..) => Err("four options, one of them correct"),
        (Asks::Multiple(_), ..) => Err("five or six options, two or three of them correct"),
        (Asks::Order(_), ..) => Err("three to five steps"),
        (Asks::Match(_), ..) => Err("three to six pairs"),
    }
}

fn read_choices(table: &Table<'_>) -> Vec<Choice> {
    let read = |table: Table<'_>| {
        let correct = table.flag("correct").unwrap_or_default();
        let choice = Choice { text: table.need_text("text"), correct, why: table.need_text("why") };
        table.done();
        choice
    };
    table.tables("option").into_iter().map(read).collect()
}

fn read_step(table: Table<'_>) -> Step {
    let step = Step { text: table.need_text("text"), why: table.need_text("why") };
    table.done();
    step
}

fn read_pair(table: Table<'_>) -> Pair {
    let pair = Pair { left: table.need_text("left"), right: table.need_text("right"), why: table.need_text("why") };
    table.done();
    pair
}

fn read_difficulty(table: &Table<'_>) -> Difficulty {
    match word(table, "difficulty", &DIFFICULTIES) {
        Some("easy") => Difficulty::Easy,
        Some("hard") => Difficulty::Hard,
        _ => Difficulty::Medium,
    }
}

fn read_date(table: &Table<'_>) -> Text {
    let date = table.need_text("verified");
    let parts: Vec<&str> = date.value.split('-').collect();
    let number = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let well = matches!(parts[..], [year, month, day] if number(year, 4) && number(month, 2) && number(day, 2));
    if !well && table.has("verified") {
        table.faults().add(date.span.clone(), Fault::new("`verified` is a day, such as 2026-11-24"));
    }
    date
}

/// A needed member whose value is one of a few words.
fn word(table: &Table<'_>, key: &'static str, words: &[&'static str]) -> Option<&'static str> {
    let text = table.need_text(key);
    let known = words.iter().copied().find(|word| *word == text.value);
    if known.is_none() && table.has(key) {
        let fault = Fault::new(format!("`{key}` is one of {}", words.join(", "))).label("unknown");
        table.faults().add(text.span.clone(), fault.did_you_mean(&text.value, words.iter().copied()));
    }
    known
}
