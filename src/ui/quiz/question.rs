//! A question as lines: asked, and marked with all reasons. Pure, so that screens can be compared with what they should be.

use crate::quiz::bank::{Asks, Choice};
use crate::quiz::draw::Dealt;
use crate::quiz::library::Found;
use crate::quiz::mark::{self, Answer, Credit};
use crate::ui::page::{Line, Tone, hanging, prose};
use crate::ui::theme::Mark;

/// A question as it is dealt, and what stands on it now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'v> {
    pub found: Found<'v>,
    pub dealt: &'v Dealt,
    pub answer: &'v Answer,
    /// What the cursor is on, as shown, from 0.
    pub cursor: Option<usize>,
}

/// The letter of what is shown at a place.
pub(crate) fn letter(shown: usize) -> char {
    char::from(b'A' + u8::try_from(shown).unwrap_or(25))
}

impl View<'_> {
    fn asks(&self) -> &Asks {
        &self.found.item.asks
    }

    /// The letter under which a place of the file is shown.
    pub(crate) fn letter_of(&self, pick: usize) -> char {
        letter(self.dealt.shown.iter().position(|shown| *shown == pick).unwrap_or_default())
    }

    pub(crate) fn letters(&self, answer: &Answer) -> String {
        let mut letters: Vec<String> = answer.0.iter().map(|pick| self.letter_of(*pick).to_string()).collect();
        if matches!(self.asks(), Asks::Multiple(_)) {
            letters.sort();
        }
        letters.join(" ")
    }
}

/// The question, open. Also says on which line the cursor stands.
pub(crate) fn asked(view: &View<'_>, width: usize) -> (Vec<Line>, Option<usize>) {
    let mut lines = opening(view, width);
    let mut focus = None;
    if let Asks::Match(pairs) = view.asks() {
        for (number, pair) in pairs.iter().enumerate() {
            let pick = view.answer.0.get(number).map_or('·', |pick| view.letter_of(*pick));
            lines.extend(hanging(&[(&format!("  {} → {pick}  ", number + 1), Tone::Bold)], &pair.left.value, Tone::Plain, width));
        }
        lines.push(Line::default());
    }
    for (place, pick) in view.dealt.shown.iter().enumerate() {
        if view.cursor == Some(place) {
            focus = Some(lines.len());
        }
        let at = if view.cursor == Some(place) { "▸ " } else { "  " };
        let label = [(at, Tone::Note), (&*format!("{} {}  ", sign(view, *pick), letter(place)), Tone::Bold)];
        let tone = if view.answer.0.contains(pick) { Tone::Bold } else { Tone::Plain };
        lines.extend(hanging(&label, texts(view)[*pick], tone, width));
    }
    (lines, focus)
}

/// What stands before an option: whether, or as which one, it is picked.
fn sign(view: &View<'_>, pick: usize) -> String {
    let place = view.answer.0.iter().position(|picked| *picked == pick);
    match (view.asks(), place) {
        (Asks::Single(_), Some(_)) => "(•)".to_owned(),
        (Asks::Single(_), None) => "( )".to_owned(),
        (Asks::Multiple(_), Some(_)) => "[x]".to_owned(),
        (Asks::Multiple(_), None) => "[ ]".to_owned(),
        (Asks::Order(_) | Asks::Match(_), Some(place)) => format!(" {} ", place + 1),
        (Asks::Order(_) | Asks::Match(_), None) => " · ".to_owned(),
    }
}

fn texts<'v>(view: &View<'v>) -> Vec<&'v str> {
    view.found.item.asks.texts()
}

/// Scenario and stem.
fn opening(view: &View<'_>, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(case) = view.found.case() {
        lines.push(Line::new(format!("Case: {}", case.title), Tone::Bold));
        lines.extend(prose(&case.scenario.value, width));
        lines.push(Line::default());
    }
    lines.extend(prose(&view.found.item.stem.value, width));
    lines.push(Line::default());
    lines
}

/// The question with its mark, what was picked first, a reason on everything. Also says on which line the mark stands.
pub(crate) fn marked(view: &View<'_>, credit: Credit, width: usize) -> (Vec<Line>, usize) {
    let mut lines = opening(view, width);
    let mark = lines.len();
    lines.push(verdict(view, credit));
    lines.push(Line::default());
    match view.asks() {
        Asks::Single(choices) | Asks::Multiple(choices) => reasons(view, choices, width, &mut lines),
        Asks::Order(steps) => {
            for (number, step) in steps.iter().enumerate() {
                let right = view.answer.0.get(number) == Some(&number);
                let label = format!("{} {} {}  ", mark_of(right).sign(), number + 1, view.letter_of(number));
                told(&label, &step.text.value, &step.why.value, width, &mut lines);
            }
        }
        Asks::Match(pairs) => {
            for (number, pair) in pairs.iter().enumerate() {
                let right = view.answer.0.get(number) == Some(&number);
                let label = format!("{} {} → {}  ", mark_of(right).sign(), number + 1, view.letter_of(number));
                told(&label, &format!("{}: {}", pair.left.value, pair.right.value), &pair.why.value, width, &mut lines);
            }
        }
    }
    lines.extend(sources(view, width));
    (lines, mark)
}

fn verdict(view: &View<'_>, credit: Credit) -> Line {
    let key = view.letters(&mark::key(view.asks()));
    let given = view.letters(view.answer);
    match () {
        () if credit.full() => Line::new(format!("✓ Right: {key}"), Tone::Good),
        () if given.is_empty() => Line::new(format!("✗ Not answered. Right is {key}"), Tone::Bad),
        () if credit.0 > 0.0 => {
            let share = (credit.0 * 100.0).round();
            Line::new(format!("✗ Partly: you said {given}, right is {key} ({share} % of the point)"), Tone::Note)
        }
        () => Line::new(format!("✗ You said {given}, right is {key}"), Tone::Bad),
    }
}

/// What was picked first, then the rest of the key, then the others.
fn reasons(view: &View<'_>, choices: &[Choice], width: usize, lines: &mut Vec<Line>) {
    let mut places: Vec<(usize, usize)> = view.dealt.shown.iter().copied().enumerate().collect();
    places.sort_by_key(|(place, pick)| (!view.answer.0.contains(pick), !choices[*pick].correct, *place));
    for (place, pick) in places {
        let choice = &choices[pick];
        let picked = view.answer.0.contains(&pick);
        let (sign, tone) = match (choice.correct, picked) {
            (true, _) => ("✓", Tone::Good),
            (false, true) => ("✗", Tone::Bad),
            (false, false) => ("·", Tone::Dim),
        };
        let label = [(&*format!("{sign} {}  ", letter(place)), tone)];
        lines.extend(hanging(&label, &choice.text.value, Tone::Bold, width));
        lines.extend(hanging(&[("     ", Tone::Plain)], &choice.why.value, Tone::Plain, width));
    }
}

fn told(label: &str, text: &str, why: &str, width: usize, lines: &mut Vec<Line>) {
    let indent = " ".repeat(label.chars().count());
    lines.extend(hanging(&[(label, Tone::Bold)], text, Tone::Bold, width));
    lines.extend(hanging(&[(&indent, Tone::Plain)], why, Tone::Plain, width));
}

fn mark_of(right: bool) -> Mark {
    if right { Mark::Done } else { Mark::Red }
}

/// A page's address on one line, to be copied: where the label leaves too little room, it goes.
fn address(page: &str, width: usize) -> Line {
    let label = if page.len() + 6 > width { "" } else { "page  " };
    Line::new(label, Tone::Dim).and(page, Tone::Dim)
}

/// The fact, where AWS says it, and the lab that shows it.
fn sources(view: &View<'_>, width: usize) -> Vec<Line> {
    let mut lines = vec![Line::default()];
    if let Some(fact) = view.found.fact() {
        lines.extend(hanging(&[("fact  ", Tone::Dim)], &fact.text.value, Tone::Plain, width));
    }
    let pages = view.found.fact().map(|fact| &fact.page).into_iter().chain(&view.found.item.refs);
    lines.extend(pages.map(|page| address(&page.value, width)));
    if let Some((lab, _)) = view.found.item.lab.as_ref().and_then(|lab| lab.value.split_once('/')) {
        lines.extend(hanging(&[("lab   ", Tone::Dim)], &format!("see it happen: labrun start {lab}"), Tone::Plain, width));
    }
    lines
}
