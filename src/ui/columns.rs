//! Text in columns, as a terminal counts them: padding, and wrapping by graphemes.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// The width that output is made for.
pub(crate) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    columns.unwrap_or(80).clamp(60, 120)
}

pub(crate) fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(columns(text));
    format!("{text}{}", " ".repeat(missing))
}

/// How many columns a text takes on a terminal.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// Breaks a text into lines of at most `width` columns, at spaces; its own line breaks stay. A word that is longer than a line is broken
/// between graphemes.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ').filter(|word| !word.is_empty()).flat_map(|word| pieces(word, width)) {
            if !line.is_empty() && columns(&line) + 1 + columns(&word) > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
        lines.push(line);
    }
    lines
}

/// A word in parts of at most `width` columns. Addresses stay whole: they are there to be copied.
fn pieces(word: &str, width: usize) -> Vec<String> {
    if columns(word) <= width || word.contains("://") {
        return vec![word.to_owned()];
    }
    let mut pieces = vec![String::new()];
    for grapheme in word.graphemes(true) {
        match pieces.last_mut() {
            Some(piece) if piece.is_empty() || columns(piece) + columns(grapheme) <= width => piece.push_str(grapheme),
            _ => pieces.push(grapheme.to_owned()),
        }
    }
    pieces
}

/// Wraps the prose of a text; lines that are commands or code stay as they are, to be copied whole.
pub(crate) fn wrap_prose(text: &str, width: usize) -> Vec<String> {
    let code = |line: &str| line.starts_with([' ', '\t']) || line.contains(" --") || line.starts_with("aws ");
    let wrapped = |line: &str| if code(line) { vec![line.to_owned()] } else { wrap(line, width) };
    text.lines().flat_map(wrapped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_not_wrapped() {
        assert_eq!(wrap_prose("one two\naws s3 ls s3://bucket", 4), ["one", "two", "aws s3 ls s3://bucket"]);
    }

    #[test]
    fn wraps_at_spaces_and_keeps_line_breaks() {
        assert_eq!(wrap("one two three\nfour", 8), ["one two", "three", "four"]);
        assert_eq!(wrap("incomprehensible", 4), ["inco", "mpre", "hens", "ible"]);
        assert_eq!(wrap("see https://docs.example/page", 6), ["see", "https://docs.example/page"]);
        assert_eq!(wrap("日本語 é", 4), ["日本", "語 é"]);
        assert_eq!(pad("é", 3), "é  ");
    }
}
