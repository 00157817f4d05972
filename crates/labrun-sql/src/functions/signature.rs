//! What a function takes and gives, as Trino's documentation writes it: `lpad(varchar, bigint, varchar) -> varchar`.
//!
//! A capital letter is any type, and the same letter the same type: `element_at(map(K, V), K) -> V`. A small letter in parentheses is a
//! length, precision or scale. Three dots end a parameter that is given once or more; `any` is a type that no other has to do with.
//! `where T orderable` (or `comparable`) ends it.

use std::collections::BTreeMap;
use std::fmt;

use crate::sqltype::{SqlType, VARCHAR};

/// What a function takes and gives.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    pub(crate) name: &'static str,
    parameters: Vec<Pattern>,
    variadic: bool,
    returns: Pattern,
    bounds: Vec<(char, Bounded)>,
    text: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bounded {
    Orderable,
    Comparable,
}

/// A type with places that are not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Pattern {
    Variable(char),
    /// `any`
    Any,
    /// `varchar(x)`, `decimal(p, s)`, ..
    Sized(&'static str, Vec<char>),
    Array(Box<Pattern>),
    Map(Box<Pattern>, Box<Pattern>),
    Row(Vec<Pattern>),
    Function(Vec<Pattern>, Box<Pattern>),
    Known(SqlType),
}

/// What stands in a call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ArgumentType {
    Value(SqlType),
    /// With so many parameters; its result is known once they are.
    Lambda(usize),
}

#[derive(Clone, Debug, Default)]
struct Bindings {
    types: BTreeMap<char, SqlType>,
    numbers: BTreeMap<char, u32>,
}

/// A signature that fits a call.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    /// What each argument is to be coerced to. A lambda's result may be `unknown` here.
    pub(crate) parameters: Vec<SqlType>,
    patterns: Vec<Pattern>,
    returns: Pattern,
    bindings: Bindings,
}

impl Signature {
    /// Signatures are part of the program: one that can't be read is a bug, and panics.
    pub(crate) fn parse(text: &'static str) -> Self {
        let read = || {
            let (head, bounds) = text.split_once(" where ").unwrap_or((text, ""));
            let (call, returns) = head.split_once(" -> ")?;
            let (name, inside) = call.split_once('(')?;
            let inside = inside.strip_suffix(')')?;
            let (inside, variadic) = inside.strip_suffix("...").map_or((inside, false), |inside| (inside, true));
            let parameters = split(inside).into_iter().map(pattern).collect::<Option<Vec<_>>>()?;
            let bounds = bounds.split(',').filter(|bound| !bound.is_empty()).map(bound).collect::<Option<Vec<_>>>()?;
            Some(Signature { name, parameters, variadic, returns: pattern(returns)?, bounds, text })
        };
        read().unwrap_or_else(|| panic!("the signature can't be read: {text}"))
    }

    /// Without coercion.
    pub(crate) fn fits(&self, arguments: &[ArgumentType]) -> Option<Bound> {
        self.bind(arguments, false)
    }

    /// Where arguments may be coerced.
    pub(crate) fn fits_coerced(&self, arguments: &[ArgumentType]) -> Option<Bound> {
        self.bind(arguments, true)
    }

    fn bind(&self, arguments: &[ArgumentType], coerce: bool) -> Option<Bound> {
        let mut patterns = self.expanded(arguments.len())?;
        for (pattern, argument) in patterns.iter_mut().zip(arguments) {
            if let (Pattern::Any, ArgumentType::Value(kind)) = (&pattern, argument) {
                *pattern = Pattern::Known(kind.clone());
            }
        }
        let mut bindings = Bindings::default();
        for (pattern, argument) in patterns.iter().zip(arguments) {
            match (pattern, argument) {
                (Pattern::Function(parameters, _), ArgumentType::Lambda(count)) if parameters.len() == *count => {}
                (Pattern::Function(..), _) | (_, ArgumentType::Lambda(_)) => return None,
                (pattern, ArgumentType::Value(kind)) => bindings.unify(pattern, kind, coerce).then_some(())?,
            }
        }
        let in_bounds = |(name, bounded): &(char, Bounded)| {
            bindings.types.get(name).is_none_or(|kind| match bounded {
                Bounded::Orderable => kind.is_orderable(),
                Bounded::Comparable => kind.is_comparable(),
            })
        };
        if !self.bounds.iter().all(in_bounds) {
            return None;
        }
        let parameters: Vec<SqlType> = patterns.iter().map(|pattern| bindings.resolve(pattern)).collect();
        let accepted = parameters.iter().zip(arguments).all(|(parameter, argument)| match argument {
            ArgumentType::Value(kind) if coerce => kind.coerces_to(parameter),
            // Text of a length is text: a varchar parameter takes it as it is, before a char one does.
            ArgumentType::Value(kind) => kind == parameter || (kind.is_varchar() && *parameter == VARCHAR),
            ArgumentType::Lambda(_) => true,
        });
        accepted.then(|| Bound { parameters, patterns, returns: self.returns.clone(), bindings })
    }

    /// One pattern an argument.
    fn expanded(&self, count: usize) -> Option<Vec<Pattern>> {
        if !self.variadic {
            return (count == self.parameters.len()).then(|| self.parameters.clone());
        }
        let last = self.parameters.last()?;
        let extra = count.checked_sub(self.parameters.len())?;
        Some(self.parameters.iter().cloned().chain(std::iter::repeat_n(last.clone(), extra)).collect())
    }
}

impl Bound {
    /// Binds what a lambda gives; `parameters` are up to date after it.
    pub(crate) fn lambda_gives(&mut self, at: usize, result: &SqlType) -> bool {
        let Some(Pattern::Function(_, returns)) = self.patterns.get(at).cloned() else { return false };
        if !self.bindings.unify(&returns, result, true) {
            return false;
        }
        self.parameters = self.patterns.iter().map(|pattern| self.bindings.resolve(pattern)).collect();
        true
    }

    /// What the call gives.
    pub(crate) fn returns(&self) -> SqlType {
        self.bindings.resolve(&self.returns)
    }

    /// Each parameter of this becomes the other's without a cast: this is the more specific one.
    pub(crate) fn is_within(&self, other: &Bound) -> bool {
        self.parameters.len() == other.parameters.len()
            && self.parameters.iter().zip(&other.parameters).all(|(mine, theirs)| mine.coerces_to(theirs))
    }
}

impl Bindings {
    /// Whether the type has this form; learns what letters stand for.
    fn unify(&mut self, pattern: &Pattern, kind: &SqlType, coerce: bool) -> bool {
        match (pattern, kind) {
            (Pattern::Variable(name), kind) => self.learn(*name, kind, coerce),
            (Pattern::Array(item), SqlType::Array(kind)) => self.unify(item, kind, coerce),
            (Pattern::Map(key, value), SqlType::Map(key_kind, value_kind)) => {
                self.unify(key, key_kind, coerce) && self.unify(value, value_kind, coerce)
            }
            (Pattern::Row(fields), SqlType::Row(kinds)) => {
                fields.len() == kinds.len() && fields.iter().zip(kinds).all(|(field, (_, kind))| self.unify(field, kind, coerce))
            }
            (Pattern::Sized(base, names), kind) => self.measure(base, names, kind, coerce),
            (Pattern::Known(known), kind) => {
                // A text of any length is text.
                (known.is_varchar() && kind.is_varchar()) || if coerce { kind.coerces_to(known) } else { kind == known }
            }
            (_, SqlType::Unknown) => coerce,
            _ => false,
        }
    }

    fn learn(&mut self, name: char, kind: &SqlType, coerce: bool) -> bool {
        let met = match self.types.get(&name) {
            None => Some(kind.clone()),
            Some(known) if coerce => known.common(kind),
            Some(known) => (known == kind).then(|| kind.clone()),
        };
        let Some(met) = met else { return false };
        self.types.insert(name, met);
        true
    }

    /// Of `varchar(x)` and the like: the base must be the same, or become it.
    fn measure(&mut self, base: &str, names: &[char], kind: &SqlType, coerce: bool) -> bool {
        let coerced = if coerce { to_base(base, kind) } else { Some(kind.clone()) };
        let Some(sizes) = coerced.as_ref().and_then(|kind| sizes(base, kind)) else { return false };
        for (name, size) in names.iter().zip(sizes) {
            let known = self.numbers.get(name).copied().unwrap_or(0);
            self.numbers.insert(*name, known.max(size));
        }
        true
    }

    fn resolve(&self, pattern: &Pattern) -> SqlType {
        match pattern {
            Pattern::Variable(name) => self.types.get(name).cloned().unwrap_or(SqlType::Unknown),
            Pattern::Array(item) => SqlType::array(self.resolve(item)),
            Pattern::Map(key, value) => SqlType::map(self.resolve(key), self.resolve(value)),
            Pattern::Row(fields) => SqlType::Row(fields.iter().map(|field| (None, self.resolve(field))).collect()),
            Pattern::Function(parameters, result) => {
                let parameters = parameters.iter().map(|parameter| self.resolve(parameter)).collect();
                SqlType::Function(parameters, Box::new(self.resolve(result)))
            }
            Pattern::Sized(base, names) => {
                let size = |at: usize| names.get(at).and_then(|name| self.numbers.get(name)).copied().unwrap_or(0);
                sized(base, size(0), size(1))
            }
            Pattern::Known(kind) => kind.clone(),
            Pattern::Any => SqlType::Unknown,
        }
    }
}

/// A varchar without a length; larger than any.
const UNBOUNDED: u32 = u32::MAX;

fn sizes(base: &str, kind: &SqlType) -> Option<Vec<u32>> {
    Some(match (base, kind) {
        ("varchar", SqlType::Varchar(length)) => vec![length.unwrap_or(UNBOUNDED)],
        ("char", SqlType::Char(length)) => vec![*length],
        ("decimal", SqlType::Decimal(precision, scale)) => vec![u32::from(*precision), u32::try_from(*scale).ok()?],
        ("timestamp", SqlType::Timestamp(precision))
        | ("timestamptz", SqlType::TimestampTz(precision))
        | ("time", SqlType::Time(precision))
        | ("timetz", SqlType::TimeTz(precision)) => vec![u32::from(*precision)],
        _ => return None,
    })
}

fn sized(base: &str, first: u32, second: u32) -> SqlType {
    let small = first.min(38) as u8;
    match base {
        "varchar" => SqlType::Varchar((first != UNBOUNDED).then_some(first)),
        "char" => SqlType::Char(first),
        "decimal" => SqlType::Decimal(small, second as i8),
        "timestamp" => SqlType::Timestamp(small),
        "timestamptz" => SqlType::TimestampTz(small),
        "time" => SqlType::Time(small),
        _ => SqlType::TimeTz(small),
    }
}

/// The least type of a base that a type becomes.
fn to_base(base: &str, kind: &SqlType) -> Option<SqlType> {
    let least = match base {
        "varchar" => match kind {
            SqlType::Char(length) => return Some(SqlType::Varchar(Some(*length))),
            _ => SqlType::Varchar(Some(0)),
        },
        "decimal" if matches!(kind, SqlType::Real | SqlType::Double) => return None,
        "decimal" => SqlType::Decimal(1, 0),
        "char" => SqlType::Char(0),
        "timestamp" => SqlType::Timestamp(0),
        "timestamptz" => SqlType::TimestampTz(0),
        "time" => SqlType::Time(0),
        _ => SqlType::TimeTz(0),
    };
    let met = kind.common(&least)?;
    sizes(base, &met).map(|_| met)
}

/// At commas outside of parentheses.
fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    if !text[start..].trim().is_empty() {
        parts.push(text[start..].trim());
    }
    parts
}

fn pattern(text: &str) -> Option<Pattern> {
    let text = text.trim();
    if let [letter] = text.as_bytes()
        && letter.is_ascii_uppercase()
    {
        return Some(Pattern::Variable(char::from(*letter)));
    }
    if text == "any" {
        return Some(Pattern::Any);
    }
    let inside = |head: &str| text.strip_prefix(head)?.strip_suffix(')');
    if let Some(inside) = inside("array(") {
        return pattern(inside).map(|item| Pattern::Array(Box::new(item)));
    }
    if let Some(inside) = inside("map(") {
        let [key, value] = split(inside)[..] else { return None };
        return Some(Pattern::Map(Box::new(pattern(key)?), Box::new(pattern(value)?)));
    }
    if let Some(inside) = inside("row(") {
        return split(inside).into_iter().map(pattern).collect::<Option<_>>().map(Pattern::Row);
    }
    if let Some(inside) = inside("function(") {
        let mut kinds = split(inside).into_iter().map(pattern).collect::<Option<Vec<_>>>()?;
        let result = kinds.pop()?;
        return Some(Pattern::Function(kinds, Box::new(result)));
    }
    sized_pattern(text).or_else(|| SqlType::parse(text).ok().map(Pattern::Known))
}

fn sized_pattern(text: &str) -> Option<Pattern> {
    let (text, zoned) = text.strip_suffix(" with time zone").map_or((text, false), |text| (text, true));
    let (base, inside) = text.strip_suffix(')')?.split_once('(')?;
    let names = split(inside).into_iter().map(|name| match name.as_bytes() {
        [letter] if letter.is_ascii_lowercase() => Some(char::from(*letter)),
        _ => None,
    });
    let names = names.collect::<Option<Vec<_>>>()?;
    let base = match (base, zoned) {
        ("timestamp", true) => "timestamptz",
        ("time", true) => "timetz",
        ("varchar", false) => "varchar",
        ("char", false) => "char",
        ("decimal", false) => "decimal",
        ("timestamp", false) => "timestamp",
        ("time", false) => "time",
        _ => return None,
    };
    Some(Pattern::Sized(base, names))
}

fn bound(text: &str) -> Option<(char, Bounded)> {
    let (name, what) = text.trim().split_once(' ')?;
    let bounded = match what {
        "orderable" => Bounded::Orderable,
        "comparable" => Bounded::Comparable,
        _ => return None,
    };
    Some((name.chars().next()?, bounded))
}

/// As Trino's messages list what a function takes: `lpad(varchar(x), bigint, varchar(y))`.
impl fmt::Display for Signature {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = self.text.split(" -> ").next().unwrap_or(self.text);
        out.write_str(&head.replace("...", ""))?;
        self.bounds.iter().try_for_each(|(name, bounded)| {
            let word = if *bounded == Bounded::Orderable { "orderable" } else { "comparable" };
            write!(out, " {name}:{word}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ArgumentType, Signature};
    use crate::sqltype::SqlType;

    fn call(signature: &'static str, arguments: &[&str]) -> Option<String> {
        let arguments: Vec<ArgumentType> =
            arguments.iter().map(|text| ArgumentType::Value(SqlType::parse(text).unwrap())).collect();
        let bound = Signature::parse(signature).fits_coerced(&arguments)?;
        let parameters: Vec<String> = bound.parameters.iter().map(ToString::to_string).collect();
        Some(format!("{} -> {}", parameters.join(", "), bound.returns()))
    }

    #[test]
    fn letters_stand_for_what_is_given() {
        for (signature, arguments, expected) in [
            ("length(varchar) -> bigint", &["varchar(3)"][..], Some("varchar -> bigint")),
            ("upper(varchar(x)) -> varchar(x)", &["varchar(3)"], Some("varchar(3) -> varchar(3)")),
            ("upper(varchar(x)) -> varchar(x)", &["varchar"], Some("varchar -> varchar")),
            (
                "concat(varchar...) -> varchar",
                &["varchar(1)", "varchar", "varchar"],
                Some("varchar, varchar, varchar -> varchar"),
            ),
            (
                "element_at(map(K, V), K) -> V",
                &["map(varchar, bigint)", "varchar(1)"],
                Some("map(varchar, bigint), varchar -> bigint"),
            ),
            ("contains(array(T), T) -> boolean", &["array(integer)", "bigint"], Some("array(bigint), bigint -> boolean")),
            ("contains(array(T), T) -> boolean", &["array(integer)", "varchar"], None),
            ("abs(decimal(p, s)) -> decimal(p, s)", &["integer"], Some("decimal(10,0) -> decimal(10,0)")),
            ("abs(decimal(p, s)) -> decimal(p, s)", &["double"], None),
            ("max_of(T, T) -> T where T orderable", &["map(integer, integer)", "unknown"], None),
            (
                "date_add(varchar, bigint, timestamp(p)) -> timestamp(p)",
                &["varchar(3)", "integer", "date"],
                Some("varchar, bigint, timestamp(0) -> timestamp(0)"),
            ),
            ("sqrt(double) -> double", &["unknown"], Some("double -> double")),
            ("format(varchar, any...) -> varchar", &["varchar", "date", "double"], Some("varchar, date, double -> varchar")),
        ] {
            assert_eq!(call(signature, arguments).as_deref(), expected, "{signature} of {arguments:?}");
        }
    }

    #[test]
    fn a_lambda_gives_the_last_letter() {
        let signature = Signature::parse("transform(array(T), function(T, U)) -> array(U)");
        let kinds = [ArgumentType::Value(SqlType::parse("array(integer)").unwrap()), ArgumentType::Lambda(1)];
        let mut bound = signature.fits(&kinds).unwrap();
        assert_eq!(bound.parameters[1].to_string(), "function(integer,unknown)");
        assert!(bound.lambda_gives(1, &SqlType::Double));
        assert_eq!(bound.returns().to_string(), "array(double)");
    }
}
