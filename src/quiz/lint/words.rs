//! The words of an item: lengths, what the stem promises, names that AWS has given up, dates that have gone stale.

use crate::document::diagnostic::{Fault, Faults};
use crate::document::node::Text;
use crate::quiz::bank::{Asks, Choice, Item};

/// Words of a stem; of one within a case, whose scenario says the rest.
const STEM: (usize, usize) = (35, 90);
const CASE_STEM: (usize, usize) = (15, 60);
/// Words of a reason.
const WHY: (usize, usize) = (8, 60);
/// After so many months a fact is looked up again.
const STALE_MONTHS: u32 = 12;

/// What AWS called things, and calls them now.
const RETIRED: [(&str, &str); 8] = [
    ("Kinesis Data Firehose", "Amazon Data Firehose"),
    ("Kinesis Data Analytics", "Amazon Managed Service for Apache Flink"),
    ("CloudWatch Events", "Amazon EventBridge"),
    ("Elasticsearch Service", "Amazon OpenSearch Service"),
    ("AWS Single Sign-On", "AWS IAM Identity Center"),
    ("AWS SSO", "AWS IAM Identity Center"),
    ("EMR Notebooks", "EMR Studio"),
    ("AWS Data Pipeline", "a service that takes new customers"),
];

pub(super) fn item(item: &Item, faults: &Faults<'_>, today: &str) {
    stem(item, faults);
    for why in item.asks.whys() {
        let words = count(why);
        if words < WHY.0 || words > WHY.1 {
            let message = format!("this reason has {words} words; {} to {} say why", WHY.0, WHY.1);
            faults.add(why.span.clone(), Fault::new(message));
        }
    }
    let texts = texts(item);
    texts.iter().for_each(|text| names(text, faults));
    texts.iter().for_each(|text| plain(text, faults));
    item.asks.whys().into_iter().for_each(|why| letters(why, faults));
    same(item, faults);
    date(item, faults, today);
}

fn count(text: &Text) -> usize {
    text.value.split_whitespace().count()
}

fn stem(item: &Item, faults: &Faults<'_>) {
    let words = count(&item.stem);
    let (least, most) = if item.case.is_some() { CASE_STEM } else { STEM };
    let listed = matches!(item.asks, Asks::Single(_) | Asks::Multiple(_));
    if listed && !(least..=most).contains(&words) {
        let message = format!("this stem has {words} words; {least} to {most} are read well");
        faults.add(item.stem.span.clone(), Fault::new(message));
    }
    if let Asks::Multiple(_) = item.asks {
        let promise = if item.asks.picks() == 2 { "(Choose two.)" } else { "(Choose three.)" };
        if !item.stem.value.trim_end().ends_with(promise) {
            faults.add(item.stem.span.clone(), Fault::new(format!("this stem must end with `{promise}`")));
        }
    }
}

/// Everything of an item that is read.
fn texts(item: &Item) -> Vec<&Text> {
    let mut texts = vec![&item.stem, &item.misconception];
    match &item.asks {
        Asks::Single(choices) | Asks::Multiple(choices) => {
            texts.extend(choices.iter().flat_map(|Choice { text, why, .. }| [text, why]));
        }
        Asks::Order(steps) => texts.extend(steps.iter().flat_map(|step| [&step.text, &step.why])),
        Asks::Match(pairs) => texts.extend(pairs.iter().flat_map(|pair| [&pair.left, &pair.right, &pair.why])),
    }
    texts
}

fn names(text: &Text, faults: &Faults<'_>) {
    for (old, new) in RETIRED {
        if let Some(at) = text.value.find(old) {
            faults.add(
                text.part(at..at + old.len()),
                Fault::new(format!("`{old}` is a name of the past")).hint(format!("now: {new}")),
            );
        }
    }
    let small = text.value.to_lowercase();
    for lazy in ["all of the above", "none of the above", "both of the above", "none of these", "all of these options"] {
        if small.contains(lazy) {
            faults.add(text.span.clone(), Fault::new(format!("`{lazy}` tests reading, not knowing")));
        }
    }
}

/// A text has words, and nothing that moves a terminal's cursor or turns its writing around.
fn plain(text: &Text, faults: &Faults<'_>) {
    let odd = |letter: &char| (letter.is_control() && *letter != '\n') || ('\u{202a}'..='\u{202e}').contains(letter);
    if text.value.trim().is_empty() {
        faults.add(text.span.clone(), Fault::new("this text is empty"));
    } else if let Some(letter) = text.value.chars().find(odd) {
        faults.add(
            text.span.clone(),
            Fault::new(format!("this text has the sign {}, which no screen shows", letter.escape_unicode())),
        );
    }
}

/// Options are shuffled: what is A here is D for someone else.
fn letters(why: &Text, faults: &Faults<'_>) {
    for letter in ["A", "B", "C", "D", "E", "F"] {
        let named = format!("ption {letter} ");
        if let Some(at) = why.value.find(&named) {
            let fault = Fault::new(format!("options are shuffled: nobody knows which one is {letter}"));
            faults.add(why.part(at..at + named.len()), fault.hint("say what it does"));
        }
    }
}

/// No two things to pick are the same.
fn same(item: &Item, faults: &Faults<'_>) {
    let texts = item.asks.texts();
    let twice = |(at, text): &(usize, &&str)| texts[..*at].iter().any(|earlier| earlier.trim() == text.trim());
    if let Some((_, text)) = texts.iter().enumerate().find(twice) {
        faults.add(item.id.span.clone(), Fault::new(format!("`{}` has this twice: {text}", item.id())));
    }
}

/// A day that there is and that has come. Being old is only a warning: nobody did anything wrong but wait.
fn date(item: &Item, faults: &Faults<'_>, today: &str) {
    let months = |date: &str| -> Option<u32> {
        let mut parts = date.split('-').map(|part| part.parse::<u32>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(year * 12 + month)
    };
    if item.verified.value.as_str() > today || months(&item.verified.value).is_none() {
        faults.add(item.verified.span.clone(), Fault::new("`verified` is no day that has been"));
    }
    if let (Some(then), Some(now)) = (months(&item.verified.value), months(today))
        && now > then + STALE_MONTHS
    {
        let message = format!("`{}` was last looked up {} months ago", item.id(), now - then);
        faults.add(item.verified.span.clone(), Fault::new(message).warning().hint("look the fact up again, then set `verified`"));
    }
}
