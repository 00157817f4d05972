//! Text in columns: padding, and wrapping with a hanging indent.

/// The width that output is made for.
pub(super) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    columns.unwrap_or(80).clamp(60, 120)
}

pub(super) fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.chars().count());
    format!("{text}{}", " ".repeat(missing))
}

/// Breaks a text into lines of at most `width`, at spaces; its own line breaks stay. A word that is too long stands alone.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            let wanted = line.chars().count() + 1 + word.chars().count();
            if !line.is_empty() && wanted > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// Wraps the prose of a text; lines that are commands or code stay as they are, to be copied whole.
pub(super) fn wrap_prose(text: &str, width: usize) -> Vec<String> {
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
        assert_eq!(wrap("incomprehensible", 4), ["incomprehensible"]);
        assert_eq!(pad("é", 3), "é  ");
    }
}
