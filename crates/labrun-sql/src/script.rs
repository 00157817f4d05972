//! Several statements in one text, each ended by a semicolon that is in no quote and no comment.

/// The statements of a script, trimmed, without empty ones. A quote or comment that is never closed reaches to the end: whoever parses
/// the statement says so.
pub fn statements(script: &str) -> Vec<&str> {
    let mut statements = Vec::new();
    let (mut begin, mut at) = (0, 0);
    while at < script.len() {
        let rest = &script[at..];
        if rest.starts_with(';') {
            statements.push(&script[begin..at]);
            begin = at + 1;
        }
        at += whole(rest);
    }
    statements.push(&script[begin..]);
    statements.into_iter().map(str::trim).filter(|statement| !is_empty(statement)).collect()
}

/// How many bytes belong together at the begin of a text: a quote, a comment, or one character.
fn whole(text: &str) -> usize {
    let until = |from: usize, end: &str| text[from..].find(end).map_or(text.len(), |found| from + found + end.len());
    match text.chars().next() {
        // A doubled quote closes and opens again.
        Some('\'') => until(1, "'"),
        Some('"') => until(1, "\""),
        Some('`') => until(1, "`"),
        _ if text.starts_with("--") => until(2, "\n"),
        _ if text.starts_with("/*") => until(2, "*/"),
        Some(letter) => letter.len_utf8(),
        None => 0,
    }
}

/// Nothing but blanks and comments.
fn is_empty(statement: &str) -> bool {
    let mut rest = statement.trim_start();
    while rest.starts_with("--") || rest.starts_with("/*") {
        rest = rest[whole(rest)..].trim_start();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_semicolon_in_a_quote_or_comment_ends_nothing() {
        let script = "-- one; two\nSELECT ';''', \"a;b\";\n/* ; */ SHOW TABLES ;\n\n; -- the end;\n";
        assert_eq!(statements(script), ["-- one; two\nSELECT ';''', \"a;b\"", "/* ; */ SHOW TABLES"]);
        assert_eq!(statements("SELECT 'é;"), ["SELECT 'é;"]);
        assert_eq!(statements(" ;; "), Vec::<&str>::new());
    }
}
