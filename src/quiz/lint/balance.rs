//! The key must not show in its length or its place.

use crate::document::diagnostic::{Fault, Faults};
use crate::quiz::bank::{Asks, Bank, Choice};

/// The key is the longest option, or the shortest, in no more than this share of a bank.
const EXTREME: f64 = 0.30;
/// Each letter holds at least, and at most, this share of the keys.
const LETTER: (f64, f64) = (0.15, 0.35);
/// Fewer items show no pattern.
const LEAST: usize = 12;

pub(super) fn bank(bank: &Bank, faults: &Faults<'_>) {
    let singles: Vec<&[Choice]> = bank.items.iter().filter_map(|item| single(&item.asks)).collect();
    if singles.len() < LEAST {
        return;
    }
    let say = |message: String| faults.add(bank.id.span.clone(), Fault::new(message));
    let share =
        |of: &dyn Fn(&[Choice]) -> bool| singles.iter().filter(|choices| of(choices)).count() as f64 / singles.len() as f64;
    let lengths = |choices: &[Choice]| choices.iter().map(|choice| choice.text.value.chars().count()).collect::<Vec<_>>();
    let key = |choices: &[Choice]| choices.iter().position(|choice| choice.correct).unwrap_or_default();
    let longest = share(&|choices| lengths(choices).iter().max() == lengths(choices).get(key(choices)));
    let shortest = share(&|choices| lengths(choices).iter().min() == lengths(choices).get(key(choices)));
    for (which, found) in [("longest", longest), ("shortest", shortest)] {
        if found > EXTREME {
            say(format!(
                "the key is the {which} option in {:.0} % of the items; {:.0} % is the most",
                found * 100.0,
                EXTREME * 100.0
            ));
        }
    }
    for (place, letter) in ['A', 'B', 'C', 'D'].into_iter().enumerate() {
        let found = share(&|choices| key(choices) == place);
        if found < LETTER.0 || found > LETTER.1 {
            say(format!("the key is {letter} in {:.0} % of the items; spread it evenly", found * 100.0));
        }
    }
}

fn single(asks: &Asks) -> Option<&[Choice]> {
    match asks {
        Asks::Single(choices) => Some(choices),
        _ => None,
    }
}
