//! How alike texts are, and what numbers in them prove.

use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "hamming_distance(varchar, varchar) -> bigint", |left: Text, right: Text| -> Bigint { hamming(left, right) });
    rows!(library, "levenshtein_distance(varchar, varchar) -> bigint", |left: Text, right: Text| -> Bigint {
        levenshtein(&left.chars().collect::<Vec<_>>(), &right.chars().collect::<Vec<_>>())
    });
    rows!(library, "luhn_check(varchar) -> boolean", |digits: Text| -> Bool { luhn(digits) });
    rows!(library, "soundex(varchar) -> varchar(4)", |text: Text| -> Text { soundex(text) });
}

fn hamming(left: &str, right: &str) -> Outcome<i64> {
    if left.chars().count() != right.chars().count() {
        return Err(Fault::argument("The input strings to hamming_distance function must have the same length"));
    }
    Ok(left.chars().zip(right.chars()).filter(|(left, right)| left != right).count() as i64)
}

fn levenshtein(left: &[char], right: &[char]) -> Outcome<i64> {
    if left.is_empty() || right.is_empty() {
        return Ok(left.len().max(right.len()) as i64);
    }
    if left.len() * (right.len() - 1) > 1_000_000 {
        return Err(Fault::argument("The combined inputs for Levenshtein distance are too large"));
    }
    let mut costs: Vec<usize> = (0..=right.len()).collect();
    for (row, own) in left.iter().enumerate() {
        let mut diagonal = costs[0];
        costs[0] = row + 1;
        for (at, other) in right.iter().enumerate() {
            let exchanged = diagonal + usize::from(own != other);
            diagonal = costs[at + 1];
            costs[at + 1] = exchanged.min(diagonal + 1).min(costs[at] + 1);
        }
    }
    Ok(costs[right.len()] as i64)
}

/// Every second digit from the right counts twice.
fn luhn(digits: &str) -> Outcome<bool> {
    let mut sum = 0;
    for (at, digit) in digits.chars().rev().enumerate() {
        let digit = digit.to_digit(10).ok_or_else(|| Fault::argument("Input contains non-digit character"))?;
        let counted = if at % 2 == 0 { digit } else { digit * 2 };
        sum += counted / 10 + counted % 10;
    }
    Ok(!digits.is_empty() && sum % 10 == 0)
}

/// The digit of each letter. Vowels have none; neither have H and W, which let equal digits around them be one.
const SOUNDS: &[u8; 26] = b"01230120022455012623010202";

/// The first letter and three digits.
fn soundex(text: &str) -> Outcome<String> {
    let letters: Vec<char> =
        text.chars().filter(|letter| letter.is_alphabetic()).map(|letter| letter.to_ascii_uppercase()).collect();
    let mut code = String::new();
    let mut last = b'0';
    for letter in letters {
        if !letter.is_ascii_uppercase() {
            let upper = letter.to_uppercase().next().unwrap_or(letter);
            let index = i64::from(u32::from(upper)) - i64::from(u32::from('A'));
            return Err(Fault::argument(format!("The character is not mapped: {upper} (index={index})")));
        }
        let sound = SOUNDS[usize::from(letter as u8 - b'A')];
        if code.is_empty() {
            code.push(letter);
            last = sound;
        } else if !matches!(letter, 'H' | 'W') {
            if sound != b'0' && sound != last && code.len() < 4 {
                code.push(char::from(sound));
            }
            last = sound;
        }
    }
    Ok(if code.is_empty() { code } else { format!("{code:0<4}") })
}
