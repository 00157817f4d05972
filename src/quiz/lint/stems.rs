//! No stem twice, and none that is another with other names and numbers.

use std::collections::HashSet;

use crate::document::diagnostic::{Fault, Faults};
use crate::quiz::bank::{Bank, Item};

/// From this share of common four-word runs on, two stems are one.
const ALIKE: f64 = 0.60;

pub(super) fn bank(bank: &Bank, faults: &Faults<'_>, others: &[&Item]) {
    let runs = |item: &Item| runs(&item.stem.value);
    let others: Vec<(&str, HashSet<u64>)> = others.iter().map(|item| (item.id(), runs(item))).collect();
    let own: Vec<(&str, HashSet<u64>)> = bank.items.iter().map(|item| (item.id(), runs(item))).collect();
    for (number, item) in bank.items.iter().enumerate() {
        let earlier = others.iter().chain(&own[..number]);
        for (other, share) in earlier.map(|(other, runs)| (other, alike(&own[number].1, runs))) {
            if share >= ALIKE {
                let message =
                    format!("this stem is that of `{other}` with other names ({:.0} % of its four-word runs)", share * 100.0);
                faults.add(item.stem.span.clone(), Fault::new(message));
            }
        }
    }
}

fn alike(one: &HashSet<u64>, other: &HashSet<u64>) -> f64 {
    let least = one.len().min(other.len());
    if least == 0 { 0.0 } else { one.intersection(other).count() as f64 / least as f64 }
}

/// Hashes of all runs of four words, names and numbers masked.
fn runs(stem: &str) -> HashSet<u64> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let hash = |run: &[String]| {
        let mut hasher = DefaultHasher::new();
        run.hash(&mut hasher);
        hasher.finish()
    };
    masked(stem).windows(4).map(hash).collect()
}

/// A word that has a capital letter is a name, one with a digit a number; what is left is the template.
fn masked(stem: &str) -> Vec<String> {
    let word = |word: &str| match word {
        word if word.chars().any(|letter| letter.is_ascii_digit()) => "#".to_owned(),
        word if word.chars().any(char::is_uppercase) => "@".to_owned(),
        word => word.to_owned(),
    };
    let words = stem.split(|letter: char| !letter.is_alphanumeric() && letter != '\'').filter(|word| !word.is_empty());
    words.map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_names_and_numbers_make_no_other_stem() {
        let one = "A retailer stores 40 GB of orders in Amazon S3 and wants to query them each night at the lowest cost.";
        let two = "A retailer stores 7 TB of orders in Amazon Redshift and wants to query them each night at the lowest cost.";
        let three = "Nightly runs of a bank fail since the vendor began to send a new column; what keeps them going?";
        assert!(alike(&runs(one), &runs(two)) >= ALIKE);
        assert!(alike(&runs(one), &runs(three)) < 0.1);
    }
}
