//! What lies at a path. In lax mode arrays are opened and what is missing is nothing; in strict mode both are errors.

use std::cmp::Ordering;

use super::parse::{Path, Place, Predicate, Root, Step};
use crate::fault::{Fault, Outcome};
use crate::functions::cast::Json;

pub(super) struct Walk<'a> {
    pub(super) lax: bool,
    pub(super) root: &'a Json,
    pub(super) passed: Vec<(String, Json)>,
}

fn failed(why: &str) -> Fault {
    Fault::new("PATH_EVALUATION_ERROR", format!("path evaluation failed: {why}"))
}

impl Walk<'_> {
    pub(super) fn items(&self, path: &Path, here: Option<&Json>) -> Outcome<Vec<Json>> {
        let start = match &path.root {
            Root::Input => self.root.clone(),
            Root::Here => here.cloned().ok_or_else(|| failed("@ stands outside of a filter"))?,
            Root::Literal(value) => value.clone(),
            Root::Passed(name) => {
                let found = self.passed.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone());
                found.ok_or_else(|| failed(&format!("no value passed for parameter {name}")))?
            }
        };
        path.steps.iter().try_fold(vec![start], |items, step| self.step(items, step))
    }

    fn step(&self, items: Vec<Json>, step: &Step) -> Outcome<Vec<Json>> {
        let opened = matches!(step, Step::Member(_) | Step::Members | Step::Filter(_)) && self.lax;
        let items = if opened { open(items) } else { items };
        let mut made = Vec::new();
        for item in items {
            match step {
                Step::Member(name) => made.extend(self.member(item, name)?),
                Step::Members => match item {
                    Json::Object(members) => made.extend(members.into_iter().map(|(_, value)| value)),
                    _ => self.missing("invalid item type for a member accessor")?,
                },
                Step::Items => made.extend(self.array(item)?),
                Step::Places(places) => {
                    let items = self.array(item)?;
                    for (from, to) in places {
                        made.extend(self.range(&items, *from, *to)?);
                    }
                }
                Step::Filter(predicate) => {
                    if self.holds(predicate, &item) == Some(true) {
                        made.push(item);
                    }
                }
                Step::Type => made.push(Json::Text(type_of(&item).to_owned())),
                Step::Size => match item {
                    Json::Array(items) => made.push(Json::Number(items.len().to_string())),
                    _ if self.lax => made.push(Json::Number("1".to_owned())),
                    _ => return Err(failed("invalid item type for size() method")),
                },
            }
        }
        Ok(made)
    }

    /// Nothing, or an error.
    fn missing(&self, why: &str) -> Outcome<()> {
        if self.lax { Ok(()) } else { Err(failed(why)) }
    }

    fn member(&self, item: Json, name: &str) -> Outcome<Option<Json>> {
        let Json::Object(members) = item else {
            return self.missing("invalid item type for a member accessor").map(|()| None);
        };
        let found = members.into_iter().find(|(own, _)| own == name).map(|(_, value)| value);
        if found.is_none() {
            self.missing(&format!("missing member '{name}' in JSON object"))?;
        }
        Ok(found)
    }

    fn array(&self, item: Json) -> Outcome<Vec<Json>> {
        match item {
            Json::Array(items) => Ok(items),
            other => self.missing("invalid item type for an array accessor").map(|()| vec![other]),
        }
    }

    fn range(&self, items: &[Json], from: Place, to: Option<Place>) -> Outcome<Vec<Json>> {
        let at = |place| match place {
            Place::At(at) => at,
            Place::Last(before) => items.len() as i64 - 1 - before,
        };
        let (from, to) = (at(from), at(to.unwrap_or(from)));
        if from < 0 || from > to || to >= items.len() as i64 {
            self.missing("structural error: invalid array subscript")?;
        }
        let (start, end) = (from.max(0), (to + 1).min(items.len() as i64));
        Ok(if start < end { items[start as usize..end as usize].to_vec() } else { Vec::new() })
    }

    /// `None`: unknown.
    fn holds(&self, predicate: &Predicate, here: &Json) -> Option<bool> {
        match predicate {
            Predicate::Not(inside) => self.holds(inside, here).map(|holds| !holds),
            Predicate::And(left, right) => match (self.holds(left, here), self.holds(right, here)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Predicate::Or(left, right) => match (self.holds(left, here), self.holds(right, here)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Predicate::Exists(path) => self.items(path, Some(here)).ok().map(|items| !items.is_empty()),
            Predicate::StartsWith(left, right) => self.pairs(left, right, here, |left, right| match (left, right) {
                (Json::Text(left), Json::Text(right)) => Some(left.starts_with(right.as_str())),
                _ => None,
            }),
            Predicate::Compare(left, sign, right) => self.pairs(left, right, here, |left, right| compare(left, sign, right)),
        }
    }

    /// Whether it holds of one pair; unknown where it is of one.
    fn pairs(&self, left: &Path, right: &Path, here: &Json, holds: impl Fn(&Json, &Json) -> Option<bool>) -> Option<bool> {
        let side = |path| self.items(path, Some(here)).ok().map(|items| if self.lax { open(items) } else { items });
        let (left, right) = (side(left)?, side(right)?);
        let answers: Option<Vec<bool>> = left.iter().flat_map(|left| right.iter().map(|right| holds(left, right))).collect();
        answers.map(|answers| answers.contains(&true))
    }
}

fn open(items: Vec<Json>) -> Vec<Json> {
    let mut made = Vec::new();
    for item in items {
        match item {
            Json::Array(inside) => made.extend(inside),
            other => made.push(other),
        }
    }
    made
}

fn type_of(item: &Json) -> &'static str {
    match item {
        Json::Null => "null",
        Json::Boolean(_) => "boolean",
        Json::Number(_) => "number",
        Json::Text(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

fn compare(left: &Json, sign: &str, right: &Json) -> Option<bool> {
    let order = match (left, right) {
        (Json::Number(left), Json::Number(right)) => left.parse::<f64>().ok()?.partial_cmp(&right.parse().ok()?)?,
        (Json::Text(left), Json::Text(right)) => left.cmp(right),
        (Json::Boolean(left), Json::Boolean(right)) => left.cmp(right),
        (Json::Null, Json::Null) => Ordering::Equal,
        // A null is equal to nothing else.
        (Json::Null, _) | (_, Json::Null) => return Some(matches!(sign, "<>" | "!=")),
        _ => return None,
    };
    Some(match sign {
        "==" => order.is_eq(),
        "<>" | "!=" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    })
}
