//! Small paths into JSON: `$.store.book[0]["title"]`.

use crate::fault::{Fault, Outcome};
use crate::functions::cast::Json;

/// The steps, from the root on.
pub(super) struct Path(Vec<String>);

impl Path {
    pub(super) fn parse(text: &str) -> Outcome<Self> {
        let steps = steps(text).ok_or_else(|| Fault::argument(format!("Invalid JSON path: '{text}'")))?;
        Ok(Path(steps))
    }

    /// What lies at the path, if there is something.
    pub(super) fn find<'j>(&self, root: &'j Json) -> Option<&'j Json> {
        self.0.iter().try_fold(root, |now, step| match now {
            Json::Object(members) => members.iter().find(|(name, _)| name == step).map(|(_, value)| value),
            Json::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        })
    }
}

fn steps(text: &str) -> Option<Vec<String>> {
    let mut rest = text.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let step;
        (step, rest) = match rest.strip_prefix('.') {
            Some(rest) => plain(rest, |letter| matches!(letter, ':' | '$') || is_plain(letter))?,
            None => bracketed(rest.strip_prefix('[')?)?,
        };
        steps.push(step);
    }
    Some(steps)
}

fn is_plain(letter: char) -> bool {
    matches!(letter, '-' | '_') || letter.is_alphanumeric()
}

fn plain(text: &str, of: impl Fn(char) -> bool) -> Option<(String, &str)> {
    let end = text.find(|letter| !of(letter)).unwrap_or(text.len());
    let (step, rest) = text.split_at(end);
    (!step.is_empty()).then(|| (step.to_owned(), rest))
}

/// `0]`, `"name"]`; a backslash takes the next sign as it is.
fn bracketed(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let (step, rest) = plain(text, is_plain)?;
        return Some((step, rest.strip_prefix(']')?));
    };
    let (mut step, mut letters) = (String::new(), quoted.char_indices());
    loop {
        match letters.next()? {
            (at, '"') => return Some((step, quoted[at + 1..].strip_prefix(']')?)),
            (_, '\\') => step.push(letters.next().map(|(_, letter)| letter).filter(|letter| matches!(letter, '"' | '\\'))?),
            (_, letter) => step.push(letter),
        }
    }
}
