//! `word_stem`, by the stemmers of Snowball. Those that labrun lacks are refused by name.

use rust_stemmers::{Algorithm, Stemmer};

use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "word_stem(varchar) -> varchar", |word: Text| -> Text {
        Ok(Stemmer::create(Algorithm::English).stem(word).into_owned())
    });
    rows!(library, "word_stem(varchar, varchar) -> varchar", |word: Text, language: Text| -> Text {
        Ok(Stemmer::create(algorithm(language)?).stem(word).into_owned())
    });
}

fn algorithm(language: &str) -> Outcome<Algorithm> {
    Ok(match language {
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "en" => Algorithm::English,
        "es" => Algorithm::Spanish,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "nl" => Algorithm::Dutch,
        "no" => Algorithm::Norwegian,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sv" => Algorithm::Swedish,
        "tr" => Algorithm::Turkish,
        "ca" | "eu" | "hy" | "ir" | "lt" => return Err(Fault::not_emulated(format!("word_stem in the language {language}"))),
        _ => return Err(Fault::argument(format!("Unknown stemmer language: {language}"))),
    })
}
