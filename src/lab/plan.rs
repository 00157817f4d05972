//! From a lab file to what will be done for one session: variables with their values, and what `start` will count.

use serde_json::Value;

use super::file::Lab;
use super::template::Context;

/// What is given to every lab.
#[derive(Debug, Clone)]
pub(crate) struct Given<'g> {
    /// `glue-bookmarks-7f3a`; unique, so that names made of it are.
    pub session: &'g str,
    pub account: &'g str,
    pub region: &'g str,
}

/// Names that a lab finds there without defining them.
pub(crate) const GIVEN: [&str; 4] = ["session", "suffix", "account", "region"];

/// The variables of a session, each rendered from those before it.
pub(crate) fn variables(lab: &Lab, given: &Given<'_>) -> Context {
    let suffix = given.session.rsplit('-').next().unwrap_or(given.session);
    let values = [given.session, suffix, given.account, given.region];
    let mut context: Context = GIVEN.iter().zip(values).map(|(name, value)| ((*name).to_owned(), Value::from(value))).collect();
    for (name, template) in &lab.vars {
        let value = template.render(&context);
        context.insert(name.value.clone(), Value::String(value));
    }
    context
}

/// `1 bucket, 1 role, 2 days of orders`.
pub(crate) fn summary(lab: &Lab) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for noun in lab.setup.iter().filter_map(|setup| setup.noun.as_deref()) {
        match counts.iter_mut().find(|(other, _)| *other == noun) {
            Some((_, count)) => *count += 1,
            None => counts.push((noun, 1)),
        }
    }
    let counted = counts.iter().map(|(noun, count)| counted(*count, noun));
    counted.collect::<Vec<_>>().join(", ")
}

/// `1 day of orders`, `2 days of orders`, `2 policies`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        return format!("1 {noun}");
    }
    let (first, rest) = noun.find(' ').map_or((noun, ""), |at| noun.split_at(at));
    match first.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{count} {stem}ies{rest}"),
        _ => format!("{count} {first}s{rest}"),
    }
}
