//! `trim`, `ltrim`, `rtrim`: of blanks of all kinds, or of a set of letters.

use crate::functions::Library;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "trim(varchar(x)) -> varchar(x)", |text: Text| -> Text { Ok(text.trim_matches(is_blank).to_owned()) });
    rows!(library, "ltrim(varchar(x)) -> varchar(x)", |text: Text| -> Text { Ok(text.trim_start_matches(is_blank).to_owned()) });
    rows!(library, "rtrim(varchar(x)) -> varchar(x)", |text: Text| -> Text { Ok(text.trim_end_matches(is_blank).to_owned()) });
    rows!(library, "trim(varchar(x), varchar(y)) -> varchar(x)", |text: Text, set: Text| -> Text {
        Ok(text.trim_matches(|letter| set.contains(letter)).to_owned())
    });
    rows!(library, "ltrim(varchar(x), varchar(y)) -> varchar(x)", |text: Text, set: Text| -> Text {
        Ok(text.trim_start_matches(|letter| set.contains(letter)).to_owned())
    });
    rows!(library, "rtrim(varchar(x), varchar(y)) -> varchar(x)", |text: Text, set: Text| -> Text {
        Ok(text.trim_end_matches(|letter| set.contains(letter)).to_owned())
    });
    chars(library);
}

/// A char has no blanks at its end in memory, whatever is trimmed.
fn chars(library: &mut Library) {
    rows!(library, "trim(char(x)) -> varchar(x)", |text: Text| -> Text { Ok(text.trim_matches(is_blank).to_owned()) });
    rows!(library, "ltrim(char(x)) -> varchar(x)", |text: Text| -> Text { Ok(text.trim_start_matches(is_blank).to_owned()) });
    rows!(library, "rtrim(char(x)) -> varchar(x)", |text: Text| -> Text { Ok(text.trim_end_matches(is_blank).to_owned()) });
    rows!(library, "trim(char(x), varchar(y)) -> varchar(x)", |text: Text, set: Text| -> Text {
        Ok(text.trim_matches(|letter| set.contains(letter)).trim_end_matches(' ').to_owned())
    });
    rows!(library, "ltrim(char(x), varchar(y)) -> varchar(x)", |text: Text, set: Text| -> Text {
        Ok(text.trim_start_matches(|letter| set.contains(letter)).to_owned())
    });
    rows!(library, "rtrim(char(x), varchar(y)) -> varchar(x)", |text: Text, set: Text| -> Text {
        Ok(text.trim_end_matches(|letter| set.contains(letter)).trim_end_matches(' ').to_owned())
    });
}

/// As Java tells blanks: no blank that must not be broken, but the four separators of ASCII.
fn is_blank(letter: char) -> bool {
    match letter {
        '\u{85}' | '\u{a0}' | '\u{2007}' | '\u{202f}' => false,
        '\u{1c}'..='\u{1f}' => true,
        other => other.is_whitespace(),
    }
}
