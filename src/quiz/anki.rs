//! Banks for Anki: tab-separated notes with tags, front and back in HTML.
//!
//! Source of the format: Anki's manual, "Text files" (header lines that begin with `#`).

use super::bank::{Asks, Bank, Item};
use super::mark;

/// One note an item: id, front, back, tags.
pub(crate) fn write(bank: &Bank) -> String {
    let head = "#separator:tab\n#html:true\n#guid column:1\n#tags column:4\n";
    let lines = bank.items.iter().map(|item| {
        let cells = [item.id().to_owned(), front(bank, item), back(bank, item), tags(item)];
        format!("{}\n", cells.map(|cell| cell.replace(['\t', '\n'], " ")).join("\t"))
    });
    std::iter::once(head.to_owned()).chain(lines).collect()
}

fn front(bank: &Bank, item: &Item) -> String {
    let scenario = bank.case(item).map(|case| format!("<p>{}</p>", escaped(&case.scenario.value))).unwrap_or_default();
    let lefts = match &item.asks {
        Asks::Match(pairs) => listed("ol", pairs.iter().map(|pair| escaped(&pair.left.value))),
        _ => String::new(),
    };
    let texts = listed("ol type=\"A\"", shown(&item.asks).into_iter().map(|at| escaped(item.asks.texts()[at])));
    format!("{scenario}<p>{}</p>{lefts}{texts}", escaped(&item.stem.value))
}

fn back(bank: &Bank, item: &Item) -> String {
    let (texts, whys, key) = (item.asks.texts(), item.asks.whys(), mark::key(&item.asks));
    let right = |at: usize| matches!(item.asks, Asks::Order(_) | Asks::Match(_)) || key.0.contains(&at);
    let line = |at: usize| {
        let sign = if right(at) { "✓" } else { "✗" };
        let text = match &item.asks {
            Asks::Match(pairs) => format!("{} → {}", escaped(&pairs[at].left.value), escaped(&pairs[at].right.value)),
            _ => escaped(texts[at]),
        };
        format!("{sign} <b>{text}</b> {}", escaped(&whys[at].value))
    };
    // The key first; what must stand in an order stands in it.
    let mut places: Vec<usize> = (0..texts.len()).collect();
    places.sort_by_key(|at| !right(*at));
    let fact =
        bank.fact(item).map(|fact| format!("<p>{} <a href=\"{}\">page</a></p>", escaped(&fact.text.value), fact.page.value));
    format!("{}{}", listed("ul", places.into_iter().map(line)), fact.unwrap_or_default())
}

/// In the file's order; steps and right sides by their words, as the file has them in the order of the key.
fn shown(asks: &Asks) -> Vec<usize> {
    let mut places: Vec<usize> = (0..asks.len()).collect();
    if matches!(asks, Asks::Order(_) | Asks::Match(_)) {
        places.sort_by_key(|at| asks.texts()[*at].to_lowercase());
    }
    places
}

fn tags(item: &Item) -> String {
    let topics = item.topics.iter().map(|topic| topic.value.as_str());
    let tags = [item.skill.value.as_str(), item.difficulty.name()].into_iter().chain(topics);
    tags.map(|tag| format!("labrun::{tag}")).collect::<Vec<_>>().join(" ")
}

fn listed(tag: &str, lines: impl Iterator<Item = String>) -> String {
    let name = tag.split(' ').next().unwrap_or(tag);
    let lines: String = lines.map(|line| format!("<li>{line}</li>")).collect();
    format!("<{tag}>{lines}</{name}>")
}

fn escaped(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
