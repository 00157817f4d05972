//! A pattern as Java writes it, and its matches in a text.

use fancy_regex::{Captures, Regex, RegexBuilder};

use crate::fault::{Fault, Outcome};

/// Steps back that a search may take before it is given up: about a second.
const BACKTRACKS: usize = 20_000_000;

/// A match and its groups.
pub(super) type Found<'t> = Captures<'t, str>;

pub(super) struct Pattern {
    regex: Regex,
    /// Where a text ends in a new line: a `$` holds before it too.
    before_newline: Option<Regex>,
}

/// Reads a pattern once, as long as it stays the same from row to row.
#[derive(Default)]
pub(super) struct Patterns {
    last: Option<(String, Pattern)>,
}

impl Patterns {
    pub(super) fn get(&mut self, text: &str) -> Outcome<&Pattern> {
        if self.last.as_ref().is_none_or(|(known, _)| known != text) {
            self.last = Some((text.to_owned(), Pattern::read(text)?));
        }
        self.last.as_ref().map(|(_, pattern)| pattern).ok_or_else(|| Fault::argument("no pattern"))
    }
}

impl Pattern {
    fn read(text: &str) -> Outcome<Self> {
        // Java's words are others; the code is the same.
        let refused = |error| Fault::argument(format!("Invalid regular expression '{text}': {error}"));
        let build = |end| RegexBuilder::new(&translated(text, end)).backtrack_limit(BACKTRACKS).build().map_err(refused);
        let multiline = text.contains("(?") && text.contains('m');
        let before_newline = (text.contains('$') && !multiline).then(|| build(r"(?=\n?\z)")).transpose()?;
        Ok(Pattern { regex: build("$")?, before_newline })
    }

    /// The engine's own for a text.
    fn regex(&self, text: &str) -> &Regex {
        self.before_newline.as_ref().filter(|_| text.ends_with('\n')).unwrap_or(&self.regex)
    }

    /// How many groups it has, without the whole.
    pub(super) fn groups(&self) -> usize {
        self.regex.captures_len() - 1
    }

    /// The number of a named group.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.regex.capture_names().position(|own| own == Some(name))
    }

    pub(super) fn is_in(&self, text: &str) -> Outcome<bool> {
        self.regex(text).is_match(text).map_err(|error| failed(&error))
    }

    pub(super) fn first<'t>(&self, text: &'t str) -> Outcome<Option<Found<'t>>> {
        self.regex(text).captures(text).map_err(|error| failed(&error))
    }

    /// One after the other; behind an empty one the search goes on a letter later.
    pub(super) fn all<'t>(&self, text: &'t str, from: usize) -> Outcome<Vec<Found<'t>>> {
        let (mut found, mut from) = (Vec::new(), from);
        while from <= text.len() {
            let Some(captures) = self.regex(text).captures_from_pos(text, from).map_err(|error| failed(&error))? else { break };
            let Some(whole) = captures.get(0) else { break };
            let letter = text[whole.end()..].chars().next().map_or(1, char::len_utf8);
            from = if whole.start() == whole.end() { whole.end() + letter } else { whole.end() };
            found.push(captures);
        }
        Ok(found)
    }

    /// The group's place, if the pattern has it.
    pub(super) fn group(&self, group: i64) -> Outcome<usize> {
        let count = self.groups();
        match usize::try_from(group) {
            Err(_) => Err(Fault::argument("Group cannot be negative")),
            Ok(group) if group <= count => Ok(group),
            Ok(_) => Err(Fault::argument(format!("Pattern has {count} groups. Cannot access group {group}"))),
        }
    }
}

/// The only failure of a search: it went back too often.
fn failed(_: &fancy_regex::Error) -> Fault {
    let message = "Regular expression matching was interrupted, likely because it took too long. Regular expression in the worst case \
                   can have a catastrophic amount of backtracking and having exponential time complexity";
    Fault::new("GENERIC_USER_ERROR", message)
}

/// From Java's syntax into that of the engine, where they differ; `end` is what stands for a `$`.
fn translated(text: &str, end: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    let (mut depth, mut last) = (0_usize, ' ');
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => escape(&mut out, &mut letters),
            '[' => {
                depth += 1;
                out.push(letter);
                // A bracket that closes at once is itself a member.
                if letters.peek() == Some(&'^') {
                    out.extend(letters.next());
                }
                if letters.next_if_eq(&']').is_some() {
                    out.push_str("\\]");
                }
            }
            ']' => {
                depth = depth.saturating_sub(1);
                out.push(letter);
            }
            // Twice, these take sets from each other in the engine, and in Java not.
            '-' | '~' if depth > 0 && last == letter => {
                out.push('\\');
                out.push(letter);
            }
            '$' if depth == 0 => out.push_str(end),
            other => out.push(other),
        }
        last = letter;
    }
    out
}

fn escape(out: &mut String, letters: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match letters.next() {
        // Between `\Q` and `\E` all is text.
        Some('Q') => {
            let rest: String = letters.clone().collect();
            let quoted = rest.find("\\E").map_or(rest.as_str(), |end| &rest[..end]);
            out.push_str(&fancy_regex::escape(quoted));
            let behind = if quoted.len() < rest.len() { 2 } else { 0 };
            letters.by_ref().take(quoted.chars().count() + behind).for_each(drop);
        }
        Some('E') => {}
        Some(letter @ ('<' | '>')) => out.push(letter),
        Some('e') => out.push_str("\\x1B"),
        Some('h') => out.push_str("[ \\t\\x{A0}\\x{1680}\\x{180e}\\x{2000}-\\x{200a}\\x{202f}\\x{205f}\\x{3000}]"),
        Some(letter) => {
            out.push('\\');
            out.push(letter);
        }
        None => out.push('\\'),
    }
}

#[cfg(test)]
mod tests {
    use super::translated;

    #[test]
    fn javas_syntax() {
        for (java, ours) in [
            (r"a\.b", r"a\.b"),
            (r"\Qa.b\E+", r"a\.b+"),
            (r"\Qa.b", r"a\.b"),
            (r"\<a\>", "<a>"),
            ("[]a]", r"[\]a]"),
            ("[+--]", r"[+-\-]"),
            ("a--b", "a--b"),
        ] {
            assert_eq!(translated(java, "$"), ours, "{java}");
        }
    }
}
