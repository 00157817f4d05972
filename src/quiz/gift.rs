//! Banks to and from GIFT, Moodle's text format.
//!
//! Source: Moodle's documentation, "GIFT format": `::title::stem {=right#why ~wrong#why}`, weights `~%50%`, pairs `=left -> right`,
//! general feedback `####`, `\` before `~ = # { } :`.

use super::bank::{Asks, Bank, Item};
use crate::document::diagnostic::{Diagnostic, Fault, Faults};

/// The bank as GIFT. An `order` item becomes a remark: GIFT has no such question.
pub(crate) fn write(bank: &Bank) -> String {
    let mut text = format!("// {}\n", bank.title);
    for item in &bank.items {
        let question = match &item.asks {
            Asks::Order(_) => format!("// {} asks for an order, which GIFT cannot.\n", item.id()),
            _ => question(bank, item),
        };
        text.push('\n');
        text.push_str(&question);
    }
    text
}

fn question(bank: &Bank, item: &Item) -> String {
    let scenario = bank.case(item).map(|case| format!("{}\\n\\n", escaped(&case.scenario.value))).unwrap_or_default();
    let mut text = format!("::{}::{scenario}{} {{\n", escaped(item.id()), escaped(&item.stem.value));
    let picks = item.asks.picks();
    match &item.asks {
        Asks::Single(choices) => {
            for choice in choices {
                let sign = if choice.correct { '=' } else { '~' };
                text.push_str(&format!("  {sign}{}#{}\n", escaped(&choice.text.value), escaped(&choice.why.value)));
            }
        }
        Asks::Multiple(choices) => {
            for choice in choices {
                // A wrong pick takes as much as a right one gives.
                let weight = if choice.correct { 100.0 / picks as f64 } else { -100.0 / picks as f64 };
                let weight = format!("{weight:.5}").trim_end_matches('0').trim_end_matches('.').to_owned();
                text.push_str(&format!("  ~%{weight}%{}#{}\n", escaped(&choice.text.value), escaped(&choice.why.value)));
            }
        }
        Asks::Match(pairs) => {
            for pair in pairs {
                text.push_str(&format!("  ={} -> {}\n", escaped(&pair.left.value), escaped(&pair.right.value)));
            }
        }
        Asks::Order(_) => {}
    }
    if let Some(fact) = bank.fact(item) {
        text.push_str(&format!("  ####{} {}\n", escaped(&fact.text.value), escaped(&fact.page.value)));
    }
    text.push_str("}\n");
    text
}

fn escaped(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut escaped = String::new();
    for letter in flat.chars() {
        if matches!(letter, '~' | '=' | '#' | '{' | '}' | ':' | '\\') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// A bank's text from GIFT. What GIFT does not know is `TODO`, for lint to ask for. A question that no item can be is a fault.
pub(crate) fn read(file: &str, source: &str, id: &str) -> (String, Vec<Diagnostic>) {
    let faults = Faults::new(file, source);
    let mut text = format!(
        "schema = 1\n\n[bank]\nid = {}\ntitle = \"TODO\"\nexam = \"DEA-C01\"\nguide = \"1.1\"\n\n[[fact]]\nid = \"TODO\"\ntext = \"TODO\"\npage = \"TODO\"\n",
        quoted(id)
    );
    for (number, (at, question)) in questions(source).into_iter().enumerate() {
        match item(&question, &format!("{id}-{:03}", number + 1)) {
            Ok(item) => text.push_str(&item),
            Err(why) => faults.add(at..at + 1, Fault::new(why)),
        }
    }
    (text, faults.finish())
}

/// Each question with its place: blocks between empty lines, without remarks and directives.
fn questions(source: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let (mut at, mut inside) = (0, false);
    for line in source.split_inclusive('\n') {
        let words = line.trim();
        let skip = words.starts_with("//") || (!inside && words.starts_with('$'));
        if words.is_empty() && !inside_braces(found.last().map_or("", |(_, text)| text)) {
            inside = false;
        } else if !skip {
            match found.last_mut().filter(|_| inside) {
                Some((_, text)) => text.push_str(line),
                None => found.push((at, line.to_owned())),
            }
            inside = true;
        }
        at += line.len();
    }
    found
}

fn inside_braces(text: &str) -> bool {
    let open = |letter| split_at(text, letter).len() - 1;
    open('{') > open('}')
}

/// Splits at a letter that no `\` stands before.
fn split_at(text: &str, letter: char) -> Vec<&str> {
    let (mut parts, mut begin, mut escaped) = (Vec::new(), 0, false);
    for (at, found) in text.char_indices() {
        if found == letter && !escaped {
            parts.push(&text[begin..at]);
            begin = at + found.len_utf8();
        }
        escaped = found == '\\' && !escaped;
    }
    parts.push(&text[begin..]);
    parts
}

/// An answer of a question: its sign, weight, text and feedback.
struct Given {
    right: bool,
    weight: Option<f64>,
    text: String,
    why: String,
}

fn item(question: &str, id: &str) -> Result<String, String> {
    let [stem, body] = split_at(question, '{')[..] else {
        return Err("a question has one `{…}` with its answers".to_owned());
    };
    let parts = split_at(body, '}');
    let [body, after] = parts[..] else { return Err("the `{` of this question is never closed".to_owned()) };
    if !after.trim().is_empty() {
        return Err("a gap in a sentence is no kind of item: the answers stand at the end".to_owned());
    }
    let stem = match stem.trim().strip_prefix("::").and_then(|titled| titled.split_once("::")) {
        Some((_, stem)) => stem,
        None => stem,
    };
    let body = body.split_once("####").map_or(body, |(answers, _)| answers);
    let given = answers(body)?;
    let pairs: Option<Vec<(&str, &str)>> = given.iter().map(|answer| answer.text.split_once(" -> ")).collect();
    let table = match pairs {
        Some(pairs) if given.iter().all(|answer| answer.right) => matching(&pairs),
        _ => choices(&given)?,
    };
    let kind = table.0;
    Ok(format!(
        "\n[[item]]\nid = {}\nkind = \"{kind}\"\nskill = \"TODO\"\ntopics = [\"TODO\"]\nfact = \"TODO\"\ndifficulty = \"medium\"\nverified = \"TODO\"\nmisconception = \"TODO\"\nstem = {}\n{}",
        quoted(id),
        quoted(&plain(stem)),
        table.1
    ))
}

fn answers(body: &str) -> Result<Vec<Given>, String> {
    let words = body.trim();
    if matches!(words, "T" | "F" | "TRUE" | "FALSE") {
        return Err("true or false is no kind of item: give four options".to_owned());
    }
    if words.is_empty() || words.starts_with('#') {
        return Err("essays and numbers are no kind of item".to_owned());
    }
    let mut given = Vec::new();
    let mut rest = words;
    while let Some(sign) = rest.chars().next() {
        if !matches!(sign, '=' | '~') {
            return Err(format!("an answer begins with `=` or `~`, not with `{sign}`"));
        }
        let after = &rest[1..];
        let end = ['=', '~'].into_iter().map(|sign| split_at(after, sign)[0].len()).min().unwrap_or(after.len());
        given.push(answer(sign == '=', &after[..end])?);
        rest = after[end..].trim_start();
    }
    Ok(given)
}

fn answer(right: bool, text: &str) -> Result<Given, String> {
    let text = text.trim();
    let (weight, text) = match text.strip_prefix('%').and_then(|weighed| weighed.split_once('%')) {
        Some((weight, text)) => (Some(weight.parse::<f64>().map_err(|_| format!("`%{weight}%` is no weight"))?), text),
        None => (None, text),
    };
    let parts = split_at(text, '#');
    let why = parts.get(1).map_or_else(|| "TODO".to_owned(), |why| plain(why));
    Ok(Given { right, weight, text: plain(parts[0]), why })
}

fn choices(given: &[Given]) -> Result<(&'static str, String), String> {
    // Beside an answer that is right, a weight only says how near a wrong one is.
    let one = given.iter().any(|answer| answer.right && answer.weight.is_none());
    let correct = |answer: &Given| if one { answer.right } else { answer.weight.is_some_and(|weight| weight > 0.0) };
    if given.iter().any(|answer| answer.text.is_empty()) {
        return Err("an answer is empty".to_owned());
    }
    if given.iter().all(|answer| answer.right && answer.weight.is_none()) {
        return Err("a short answer is no kind of item: give options to choose from".to_owned());
    }
    let kind = if given.iter().filter(|answer| correct(answer)).count() > 1 { "multiple" } else { "single" };
    let table = given.iter().map(|answer| {
        let correct = if correct(answer) { "correct = true\n" } else { "" };
        format!("[[item.option]]\ntext = {}\n{correct}why = {}\n", quoted(&answer.text), quoted(&answer.why))
    });
    Ok((kind, table.collect()))
}

fn matching(pairs: &[(&str, &str)]) -> (&'static str, String) {
    let pair = |(left, right): &(&str, &str)| {
        format!("[[item.pair]]\nleft = {}\nright = {}\nwhy = \"TODO\"\n", quoted(left.trim()), quoted(right.trim()))
    };
    ("match", pairs.iter().map(pair).collect())
}

/// Without escapes and format names.
fn plain(text: &str) -> String {
    let text = text.trim();
    let text =
        ["[html]", "[markdown]", "[plain]", "[moodle]"].iter().find_map(|format| text.strip_prefix(format)).unwrap_or(text);
    let (mut plain, mut letters) = (String::new(), text.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => plain.push('\n'),
                Some(escaped) => plain.push(escaped),
                None => {}
            },
            letter => plain.push(letter),
        }
    }
    plain
        .split('\n')
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join("\n")
        .trim()
        .to_owned()
}

/// A TOML string: JSON's escapes are TOML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
