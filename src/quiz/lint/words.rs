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
    texts(item).into_iter().for_each(|text| names(text, faults));
    stale(item, faults, today);
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
    for lazy in ["all of the above", "none of the above", "both of the above"] {
        if small.contains(lazy) {
            faults.add(text.span.clone(), Fault::new(format!("`{lazy}` tests reading, not knowing")));
        }
    }
}

/// Only a warning: nobody did anything wrong but wait.
fn stale(item: &Item, faults: &Faults<'_>, today: &str) {
    let months = |date: &str| -> Option<u32> {
        let mut parts = date.split('-').map(|part| part.parse::<u32>().ok());
        Some(parts.next()?? * 12 + parts.next()??)
    };
    if let (Some(then), Some(now)) = (months(&item.verified.value), months(today))
        && now > then + STALE_MONTHS
    {
        let message = format!("`{}` was last looked up {} months ago", item.id(), now - then);
        faults.add(item.verified.span.clone(), Fault::new(message).warning().hint("look the fact up again, then set `verified`"));
    }
}
