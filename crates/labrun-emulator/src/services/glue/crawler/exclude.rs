//! Exclude patterns: globs over what comes below the include path.
//!
//! Source: Glue Developer Guide, "Include and exclude patterns": `*` stays within a folder, `**` does not; `?`, `[…]`, `{…,…}`.

use labrun_wire::AwsResult;
use regex::Regex;

use super::super::error;

pub(super) struct Exclusions(Vec<Regex>);

impl Exclusions {
    pub(super) fn new(patterns: &[String]) -> AwsResult<Self> {
        let compile = |pattern: &String| {
            let bad = || error::invalid_input(format!("The exclude pattern {pattern:?} is not valid."));
            let text = translate(pattern).ok_or_else(bad)?;
            Regex::new(&text).map_err(|_| bad())
        };
        patterns.iter().map(compile).collect::<AwsResult<_>>().map(Exclusions)
    }

    /// `path` is relative to the include path.
    pub(super) fn exclude(&self, path: &str) -> bool {
        self.0.iter().any(|pattern| pattern.is_match(path))
    }
}

fn translate(glob: &str) -> Option<String> {
    let mut regex = String::from("^(?s:");
    let mut chars = glob.trim_start_matches('/').chars().peekable();
    let mut depth = 0;
    while let Some(next) = chars.next() {
        match next {
            '*' if chars.next_if_eq(&'*').is_some() => regex.push_str(".*"),
            '*' => regex.push_str("[^/]*"),
            '?' => regex.push_str("[^/]"),
            '[' => regex.push_str(&bracket(&mut chars)?),
            '{' => {
                depth += 1;
                regex.push_str("(?:");
            }
            '}' if depth > 0 => {
                depth -= 1;
                regex.push(')');
            }
            ',' if depth > 0 => regex.push('|'),
            '\\' => regex.push_str(&regex::escape(&chars.next()?.to_string())),
            other => regex.push_str(&regex::escape(&other.to_string())),
        }
    }
    regex.push_str(")$");
    (depth == 0).then_some(regex)
}

/// "Within a bracket expression, *, ?, and \ characters match themselves"; a `!` at its beginning negates it.
fn bracket(chars: &mut std::iter::Peekable<std::str::Chars>) -> Option<String> {
    let mut set = String::from("[");
    if chars.next_if_eq(&'!').is_some() {
        set.push('^');
    }
    loop {
        match chars.next()? {
            ']' if set.len() > 1 && set != "[^" => return Some(set + "&&[^/]]"),
            '-' => set.push('-'),
            other => set.push_str(&regex::escape(&other.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guides_examples() {
        for (glob, hit, miss) in [
            ("*.csv", "a.csv", "b/a.csv"),
            ("*.*", "a.b", "ab"),
            ("*.{csv,avro}", "x.avro", "x.orc"),
            ("foo.?", "foo.x", "foo.xy"),
            ("myfolder/*", "myfolder/a", "myfolder/a/b"),
            ("myfolder/**", "myfolder/a/b", "other/a"),
            ("**.csv", "a/b/c.csv", "a/b/c.txt"),
            ("[a-c]*", "bx", "dx"),
            ("[!a]x", "bx", "ax"),
            ("a\\*", "a*", "ab"),
        ] {
            let exclusions = Exclusions::new(&[glob.to_owned()]).unwrap();
            assert!(exclusions.exclude(hit), "{glob} {hit}");
            assert!(!exclusions.exclude(miss), "{glob} {miss}");
        }
        assert!(Exclusions::new(&["{a".to_owned()]).is_err());
        assert!(Exclusions::new(&["[a".to_owned()]).is_err());
    }
}
