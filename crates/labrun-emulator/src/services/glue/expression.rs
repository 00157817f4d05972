//! Expressions over partition keys, as GetPartitions takes them: a SQL `WHERE` of comparisons with literals, typed by the key.
//!
//! Source: Glue API reference, GetPartitions, Expression: `= <> > < >= <= AND OR IN BETWEEN LIKE NOT IS NULL` and parentheses, over
//! string, date, timestamp, int, bigint, long, tinyint, smallint and decimal. NULL is what Hive writes for it. As in SQL, what is
//! neither true nor false selects nothing.

mod literal;
mod token;

use labrun_wire::AwsResult;

use super::error;
use super::storage::Column;
use literal::{Kind, Literal};
use token::Token;

/// Hive's name for a partition whose key is NULL.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// Parentheses and NOTs may be this deep.
const DEPTH: usize = 100;

pub(super) struct Expression {
    /// None selects everything.
    root: Option<Node>,
    keys: Vec<Key>,
}

struct Key {
    name: String,
    declared: String,
    kind: Option<Kind>,
}

enum Node {
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Compare(usize, Operator, Literal),
    Between(usize, Literal, Literal),
    In(usize, Vec<Literal>),
    Like(usize, Vec<char>),
    IsNull(usize),
}

#[derive(Clone, Copy)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    fn of(symbol: &str) -> Option<Self> {
        Some(match symbol {
            "=" => Operator::Equal,
            "<>" | "!=" => Operator::NotEqual,
            "<" => Operator::Less,
            "<=" => Operator::LessOrEqual,
            ">" => Operator::Greater,
            ">=" => Operator::GreaterOrEqual,
            _ => return None,
        })
    }

    /// The same comparison with its sides changed.
    fn turned(self) -> Self {
        match self {
            Operator::Less => Operator::Greater,
            Operator::LessOrEqual => Operator::GreaterOrEqual,
            Operator::Greater => Operator::Less,
            Operator::GreaterOrEqual => Operator::LessOrEqual,
            same => same,
        }
    }

    fn holds(self, left: &Literal, right: &Literal) -> bool {
        match self {
            Operator::Equal => left == right,
            Operator::NotEqual => left != right,
            Operator::Less => left < right,
            Operator::LessOrEqual => left <= right,
            Operator::Greater => left > right,
            Operator::GreaterOrEqual => left >= right,
        }
    }
}

impl Expression {
    pub(super) fn parse(text: &str, columns: &[Column]) -> AwsResult<Self> {
        let keys: Vec<Key> = columns.iter().map(Key::of).collect();
        if text.trim().is_empty() {
            return Ok(Expression { root: None, keys });
        }
        let tokens = token::tokens(text).ok_or_else(error::invalid_expression)?;
        let mut parser = Parser { tokens: &tokens, at: 0, keys: &keys, depth: 0 };
        let root = parser.or()?;
        if parser.at != tokens.len() {
            return Err(error::invalid_expression());
        }
        Ok(Expression { root: Some(root), keys })
    }

    /// Tells whether the partition with these values is selected.
    pub(super) fn matches(&self, values: &[String]) -> AwsResult<bool> {
        match &self.root {
            None => Ok(true),
            Some(root) => Ok(self.value(root, values)? == Some(true)),
        }
    }

    /// SQL's three values: none is "unknown".
    fn value(&self, node: &Node, values: &[String]) -> AwsResult<Option<bool>> {
        match node {
            Node::And(left, right) => match (self.value(left, values)?, self.value(right, values)?) {
                (Some(false), _) | (_, Some(false)) => Ok(Some(false)),
                (Some(true), Some(true)) => Ok(Some(true)),
                _ => Ok(None),
            },
            Node::Or(left, right) => match (self.value(left, values)?, self.value(right, values)?) {
                (Some(true), _) | (_, Some(true)) => Ok(Some(true)),
                (Some(false), Some(false)) => Ok(Some(false)),
                _ => Ok(None),
            },
            Node::Not(inner) => Ok(self.value(inner, values)?.map(|truth| !truth)),
            Node::IsNull(key) => Ok(Some(self.text(*key, values).is_none())),
            Node::Compare(key, operator, literal) => self.test(*key, values, |own| operator.holds(own, literal)),
            Node::Between(key, low, high) => self.test(*key, values, |own| own >= low && own <= high),
            Node::In(key, list) => self.test(*key, values, |own| list.contains(own)),
            Node::Like(key, pattern) => Ok(self.text(*key, values).map(|text| like(&text.chars().collect::<Vec<_>>(), pattern))),
        }
    }

    fn text<'v>(&self, key: usize, values: &'v [String]) -> Option<&'v str> {
        values.get(key).map(String::as_str).filter(|value| *value != NULL)
    }

    fn test(&self, key: usize, values: &[String], holds: impl Fn(&Literal) -> bool) -> AwsResult<Option<bool>> {
        let Some(text) = self.text(key, values) else { return Ok(None) };
        let Some(Key { kind: Some(kind), .. }) = self.keys.get(key) else { return Ok(None) };
        let own = kind.read(text).ok_or_else(|| error::wrong_type(text, kind.name()))?;
        Ok(Some(holds(&own)))
    }
}

impl Key {
    fn of(column: &Column) -> Self {
        let declared = column.kind.clone().unwrap_or_default();
        Key { name: column.name.to_lowercase(), kind: Kind::of(&declared), declared }
    }
}

struct Parser<'p> {
    tokens: &'p [Token],
    at: usize,
    keys: &'p [Key],
    depth: usize,
}

impl Parser<'_> {
    fn word(&self, word: &str) -> bool {
        self.tokens.get(self.at).is_some_and(|token| token.is_word(word))
    }

    /// Steps over a word if it is the next one.
    fn take(&mut self, word: &str) -> bool {
        let there = self.word(word);
        self.at += usize::from(there);
        there
    }

    fn take_symbol(&mut self, symbol: &str) -> bool {
        let there = matches!(self.tokens.get(self.at), Some(Token::Symbol(found)) if *found == symbol);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, there: bool) -> AwsResult<()> {
        if there { Ok(()) } else { Err(error::invalid_expression()) }
    }

    fn or(&mut self) -> AwsResult<Node> {
        let mut left = self.and()?;
        while self.take("OR") {
            left = Node::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> AwsResult<Node> {
        let mut left = self.not()?;
        while self.take("AND") {
            left = Node::And(Box::new(left), Box::new(self.not()?));
        }
        Ok(left)
    }

    fn not(&mut self) -> AwsResult<Node> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(error::invalid_expression());
        }
        let node = if self.take("NOT") {
            Node::Not(Box::new(self.not()?))
        } else if self.take_symbol("(") {
            let inner = self.or()?;
            let closed = self.take_symbol(")");
            self.expect(closed)?;
            inner
        } else {
            self.predicate()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn predicate(&mut self) -> AwsResult<Node> {
        if self.tokens.get(self.at).is_some_and(Token::is_literal) {
            // A literal may stand first: `2024 <= year`.
            let literal = self.at;
            self.at += 1;
            let operator = self.operator()?;
            let key = self.key()?;
            let literal = self.literal_at(literal, key)?;
            return Ok(Node::Compare(key, operator.turned(), literal));
        }
        let key = self.key()?;
        if self.take("IS") {
            let not = self.take("NOT");
            let null = self.take("NULL");
            self.expect(null)?;
            return Ok(negated(not, Node::IsNull(key)));
        }
        let not = self.take("NOT");
        let node = if self.take("IN") {
            self.list(key)?
        } else if self.take("BETWEEN") {
            let low = self.literal(key)?;
            let and = self.take("AND");
            self.expect(and)?;
            Node::Between(key, low, self.literal(key)?)
        } else if self.take("LIKE") {
            self.like(key)?
        } else if not {
            return Err(error::invalid_expression());
        } else {
            let operator = self.operator()?;
            Node::Compare(key, operator, self.literal(key)?)
        };
        Ok(negated(not, node))
    }

    fn operator(&mut self) -> AwsResult<Operator> {
        let found = match self.tokens.get(self.at) {
            Some(Token::Symbol(symbol)) => Operator::of(symbol),
            _ => None,
        };
        self.at += 1;
        found.ok_or_else(error::invalid_expression)
    }

    /// A partition key by its name in any case; of a type that expressions can be over.
    fn key(&mut self) -> AwsResult<usize> {
        let name = self.tokens.get(self.at).and_then(Token::name).ok_or_else(error::invalid_expression)?;
        self.at += 1;
        let key = self.keys.iter().position(|key| key.name == name.to_lowercase()).ok_or_else(error::invalid_expression)?;
        match &self.keys[key] {
            Key { kind: Some(_), .. } => Ok(key),
            Key { name, declared, .. } => {
                Err(error::invalid_input(format!("Unsupported type {declared} of the partition key {name} in an expression.")))
            }
        }
    }

    fn literal(&mut self, key: usize) -> AwsResult<Literal> {
        self.at += 1;
        self.literal_at(self.at - 1, key)
    }

    fn literal_at(&self, at: usize, key: usize) -> AwsResult<Literal> {
        let kind = self.keys.get(key).and_then(|key| key.kind).ok_or_else(error::invalid_expression)?;
        match self.tokens.get(at) {
            Some(Token::Text(text)) => kind.read(text).ok_or_else(error::invalid_expression),
            Some(Token::Number(number)) if kind.is_number() => kind.read(number).ok_or_else(error::invalid_expression),
            _ => Err(error::invalid_expression()),
        }
    }

    fn list(&mut self, key: usize) -> AwsResult<Node> {
        let open = self.take_symbol("(");
        self.expect(open)?;
        let mut list = vec![self.literal(key)?];
        while self.take_symbol(",") {
            list.push(self.literal(key)?);
        }
        let closed = self.take_symbol(")");
        self.expect(closed)?;
        Ok(Node::In(key, list))
    }

    /// Only texts are like something.
    fn like(&mut self, key: usize) -> AwsResult<Node> {
        let text = self.keys.get(key).is_some_and(|key| key.kind == Some(Kind::Text));
        self.expect(text)?;
        let pattern = match self.tokens.get(self.at) {
            Some(Token::Text(pattern)) => pattern.chars().collect(),
            _ => return Err(error::invalid_expression()),
        };
        self.at += 1;
        Ok(Node::Like(key, pattern))
    }
}

fn negated(not: bool, node: Node) -> Node {
    if not { Node::Not(Box::new(node)) } else { node }
}

/// `%` stands for any text, `_` for one letter. Goes back to the last `%` where it fails, so it is never worse than quadratic.
fn like(text: &[char], pattern: &[char]) -> bool {
    let (mut at, mut place) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(place) {
            Some('%') => {
                back = Some((place + 1, at));
                place += 1;
            }
            Some(letter) if *letter == '_' || *letter == text[at] => {
                at += 1;
                place += 1;
            }
            _ => match back {
                Some((after, from)) => {
                    back = Some((after, from + 1));
                    (place, at) = (after, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[place..].iter().all(|letter| *letter == '%')
}

#[cfg(test)]
mod tests;
