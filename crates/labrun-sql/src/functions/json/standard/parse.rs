//! Paths of the standard: `lax $.a[0 to 2]?(@.b > 1)`.

use crate::fault::{Fault, Outcome};
use crate::functions::cast::Json;

#[derive(Debug)]
pub(super) struct Whole {
    pub(super) lax: bool,
    pub(super) whole: Path,
}

#[derive(Debug)]
pub(super) struct Path {
    pub(super) root: Root,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug)]
pub(super) enum Root {
    /// `$`
    Input,
    /// `@`
    Here,
    /// `$name`
    Passed(String),
    Literal(Json),
}

#[derive(Debug)]
pub(super) enum Step {
    Member(String),
    /// `.*`
    Members,
    /// `[*]`
    Items,
    /// `[0, 2 to last]`
    Places(Vec<(Place, Option<Place>)>),
    Filter(Predicate),
    /// `.type()`
    Type,
    /// `.size()`
    Size,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    At(i64),
    /// `last`, less so many.
    Last(i64),
}

#[derive(Debug)]
pub(super) enum Predicate {
    /// Two paths and the sign between them.
    Compare(Path, &'static str, Path),
    Exists(Path),
    StartsWith(Path, Path),
    Not(Box<Predicate>),
    And(Box<Predicate>, Box<Predicate>),
    Or(Box<Predicate>, Box<Predicate>),
}

const SIGNS: [&str; 7] = ["==", "<>", "!=", "<=", ">=", "<", ">"];

pub(super) fn path(text: &str) -> Outcome<Whole> {
    let mut scan = Scan(text);
    let read = |scan: &mut Scan| {
        let lax = scan.word("lax");
        (lax || scan.word("strict")).then_some(())?;
        let whole = scan.path()?;
        scan.blank();
        scan.0.is_empty().then_some(Whole { lax, whole })
    };
    read(&mut scan)
        .ok_or_else(|| Fault::new("INVALID_PATH", format!("the JSON path can't be read, or labrun does not emulate it: {text}")))
}

struct Scan<'a>(&'a str);

impl Scan<'_> {
    fn blank(&mut self) {
        self.0 = self.0.trim_start();
    }

    fn take(&mut self, sign: &str) -> bool {
        self.blank();
        let rest = self.0.strip_prefix(sign);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Not the start of a longer one.
    fn word(&mut self, word: &str) -> bool {
        self.blank();
        let rest = self.0.strip_prefix(word).filter(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'));
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn name(&mut self) -> Option<String> {
        let end = self.0.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(self.0.len());
        let (name, rest) = self.0.split_at(end);
        self.0 = rest;
        (!name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit())).then(|| name.to_owned())
    }

    fn quoted(&mut self) -> Option<String> {
        let mut escaped = false;
        let end = self.0.char_indices().skip(1).find(|(_, letter)| {
            let ends = *letter == '"' && !escaped;
            escaped = *letter == '\\' && !escaped;
            ends
        });
        let (text, rest) = self.0.split_at(end?.0 + 1);
        self.0 = rest;
        match Json::read(text)? {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    fn number(&mut self) -> Option<String> {
        let end = self.0.find(|letter: char| !(letter.is_ascii_digit() || ".eE-".contains(letter))).unwrap_or(self.0.len());
        let (text, rest) = self.0.split_at(end);
        self.0 = rest;
        matches!(Json::read(text)?, Json::Number(_)).then(|| text.to_owned())
    }

    fn path(&mut self) -> Option<Path> {
        let root = self.root()?;
        let mut steps = Vec::new();
        loop {
            self.blank();
            if self.take(".") {
                steps.push(self.member()?);
            } else if self.take("[") {
                steps.push(self.places()?);
            } else if self.take("?") {
                self.take("(").then_some(())?;
                steps.push(Step::Filter(self.any()?));
                self.take(")").then_some(())?;
            } else {
                return Some(Path { root, steps });
            }
        }
    }

    fn root(&mut self) -> Option<Root> {
        self.blank();
        if self.take("@") {
            return Some(Root::Here);
        }
        if self.take("$") {
            let named = self.0.starts_with(|next: char| next.is_alphabetic() || next == '_');
            return Some(if named { Root::Passed(self.name()?) } else { Root::Input });
        }
        if self.0.starts_with('"') {
            return self.quoted().map(|text| Root::Literal(Json::Text(text)));
        }
        for (word, value) in [("true", Json::Boolean(true)), ("false", Json::Boolean(false)), ("null", Json::Null)] {
            if self.word(word) {
                return Some(Root::Literal(value));
            }
        }
        self.number().map(|text| Root::Literal(Json::Number(text)))
    }

    fn member(&mut self) -> Option<Step> {
        self.blank();
        if self.take("*") {
            return Some(Step::Members);
        }
        if self.0.starts_with('"') {
            return self.quoted().map(Step::Member);
        }
        let name = self.name()?;
        if !self.take("(") {
            return Some(Step::Member(name));
        }
        self.take(")").then_some(())?;
        match name.as_str() {
            "type" => Some(Step::Type),
            "size" => Some(Step::Size),
            _ => None,
        }
    }

    fn places(&mut self) -> Option<Step> {
        if self.take("*") {
            return self.take("]").then_some(Step::Items);
        }
        let mut places = Vec::new();
        loop {
            let from = self.place()?;
            let to = if self.word("to") { Some(self.place()?) } else { None };
            places.push((from, to));
            if self.take("]") {
                return Some(Step::Places(places));
            }
            self.take(",").then_some(())?;
        }
    }

    fn place(&mut self) -> Option<Place> {
        if !self.word("last") {
            self.blank();
            return self.number()?.parse().ok().map(Place::At);
        }
        if !self.take("-") {
            return Some(Place::Last(0));
        }
        self.blank();
        self.number()?.parse().ok().map(Place::Last)
    }

    fn any(&mut self) -> Option<Predicate> {
        let mut left = self.all()?;
        while self.take("||") {
            left = Predicate::Or(Box::new(left), Box::new(self.all()?));
        }
        Some(left)
    }

    fn all(&mut self) -> Option<Predicate> {
        let mut left = self.one()?;
        while self.take("&&") {
            left = Predicate::And(Box::new(left), Box::new(self.one()?));
        }
        Some(left)
    }

    fn one(&mut self) -> Option<Predicate> {
        if self.take("!") {
            self.take("(").then_some(())?;
            let inside = self.any()?;
            return self.take(")").then(|| Predicate::Not(Box::new(inside)));
        }
        if self.word("exists") {
            self.take("(").then_some(())?;
            let inside = self.path()?;
            return self.take(")").then_some(Predicate::Exists(inside));
        }
        if self.take("(") {
            let inside = self.any()?;
            return self.take(")").then_some(inside);
        }
        let left = self.path()?;
        if self.word("starts") {
            self.word("with").then_some(())?;
            return Some(Predicate::StartsWith(left, self.path()?));
        }
        let sign = SIGNS.into_iter().find(|sign| self.take(sign))?;
        Some(Predicate::Compare(left, sign, self.path()?))
    }
}
