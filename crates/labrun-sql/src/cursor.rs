//! A place in a row of tokens, which remembers what it was asked for there: that is what the error names.

use std::collections::BTreeSet;
use std::fmt;

use crate::syntax::{Position, Reason, SyntaxError};
use crate::token::{Dialect, Lexeme, Scanner, Token};

mod depth;
mod name;

use depth::Depth;

pub(crate) type Parsed<T> = Result<T, Box<SyntaxError>>;

/// What could have stood here.
#[derive(Clone, Copy, Debug)]
enum Wanted {
    /// A word, in any case, or a sign of several characters.
    Word(&'static str),
    Sign(char),
    /// As the message has it.
    Thing(&'static str),
}

impl fmt::Display for Wanted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wanted::Word(word) => write!(out, "'{}'", word.to_uppercase()),
            Wanted::Sign(sign) => write!(out, "'{sign}'"),
            Wanted::Thing(thing) => out.write_str(thing),
        }
    }
}

pub(crate) struct Cursor<'a> {
    text: &'a str,
    lexemes: Vec<Lexeme<'a>>,
    at: usize,
    dialect: Dialect,
    expected: Vec<Wanted>,
    depth: Depth,
    /// How many `?` it is past.
    pub(crate) parameters: usize,
    /// Where what a `SELECT` gives begins: only there an expression may be followed by `.*`.
    pub(crate) item: Option<usize>,
    /// In parentheses of an expression, not in those of a query.
    pub(crate) bracketed: bool,
    /// The first block comment inside of the statement.
    pub(crate) comment: Option<Position>,
}

impl<'a> Cursor<'a> {
    /// A semicolon may end the text; nothing may follow it.
    pub(crate) fn new(text: &'a str, dialect: Dialect) -> Parsed<Self> {
        let (mut lexemes, comment) = Scanner::new(text, dialect).all()?;
        let semicolon = lexemes.iter().position(|lexeme| lexeme.is_sign(';'));
        if let Some(at) = semicolon {
            if lexemes[at..].iter().any(|lexeme| !lexeme.is_sign(';') && lexeme.token != Token::End) {
                let message = format!("Only one sql statement is allowed. Got: {}", text.trim());
                return Err(SyntaxError::new(lexemes[at].place, Reason::Rule, message));
            }
            lexemes[at].token = Token::End;
            lexemes[at].raw = "";
            lexemes.truncate(at + 1);
        }
        Ok(Cursor {
            text,
            lexemes,
            at: 0,
            dialect,
            expected: Vec::new(),
            depth: Depth::default(),
            parameters: 0,
            item: None,
            bracketed: false,
            comment,
        })
    }

    /// The last token is the end, and no step goes past it.
    pub(crate) fn now(&self) -> &Lexeme<'a> {
        &self.lexemes[self.at]
    }

    pub(crate) fn after(&self, count: usize) -> &Lexeme<'a> {
        &self.lexemes[(self.at + count).min(self.lexemes.len() - 1)]
    }

    pub(crate) fn place(&self) -> Position {
        self.now().place
    }

    /// The one before this, if there is one.
    pub(crate) fn before(&self) -> Option<&Lexeme<'a>> {
        self.at.checked_sub(1).map(|at| &self.lexemes[at])
    }

    pub(crate) fn at(&self, index: usize) -> &Lexeme<'a> {
        &self.lexemes[index.min(self.lexemes.len() - 1)]
    }

    /// How many tokens it is past.
    pub(crate) fn index(&self) -> usize {
        self.at
    }

    /// How far away the parenthesis is that closes the one `count` tokens from here.
    pub(crate) fn closing(&self, count: usize) -> Option<usize> {
        let mut depth = 0;
        self.lexemes
            .get(self.at + count..)?
            .iter()
            .position(|lexeme| {
                depth += i32::from(lexeme.is_sign('(')) - i32::from(lexeme.is_sign(')'));
                depth == 0
            })
            .map(|length| count + length)
    }

    pub(crate) fn advance(&mut self) {
        self.at = (self.at + 1).min(self.lexemes.len() - 1);
        self.expected.clear();
    }

    fn wants(&mut self, what: Wanted) {
        self.expected.push(what);
    }

    /// Without asking for it: an error does not name the word.
    pub(crate) fn sees(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(at, word)| self.after(at).is_word(word))
    }

    pub(crate) fn take(&mut self, word: &'static str) -> bool {
        let found = self.now().is_word(word);
        if found {
            self.advance();
        } else {
            self.wants(Wanted::Word(word));
        }
        found
    }

    pub(crate) fn expect(&mut self, word: &'static str) -> Parsed<()> {
        if self.take(word) { Ok(()) } else { Err(self.fault()) }
    }

    /// All words or, if the first is not there, none.
    pub(crate) fn phrase(&mut self, words: &[&'static str]) -> Parsed<bool> {
        let Some((first, rest)) = words.split_first() else { return Ok(true) };
        if !self.take(first) {
            return Ok(false);
        }
        for word in rest {
            self.expect(word)?;
        }
        Ok(true)
    }

    pub(crate) fn expect_all(&mut self, words: &[&'static str]) -> Parsed<()> {
        words.iter().try_for_each(|word| self.expect(word))
    }

    pub(crate) fn take_sign(&mut self, sign: char) -> bool {
        let found = self.now().is_sign(sign);
        if found {
            self.advance();
        } else {
            self.wants(Wanted::Sign(sign));
        }
        found
    }

    /// Asks for it, and does not step past it.
    pub(crate) fn sees_sign(&mut self, sign: char) -> bool {
        let found = self.now().is_sign(sign);
        if !found {
            self.wants(Wanted::Sign(sign));
        }
        found
    }

    /// Of one character or several.
    pub(crate) fn take_operator(&mut self, operator: &'static str) -> bool {
        let lexeme = self.now();
        let found = matches!(lexeme.token, Token::Sign(_) | Token::Operator(_)) && lexeme.raw == operator;
        if found {
            self.advance();
        } else {
            self.wants(Wanted::Word(operator));
        }
        found
    }

    /// A word that means something only if a token follows of which this is true.
    pub(crate) fn take_before(&mut self, word: &'static str, next: impl Fn(&Lexeme) -> bool) -> bool {
        if self.sees(&[word]) && !next(self.after(1)) {
            self.wants(Wanted::Word(word));
            return false;
        }
        self.take(word)
    }

    pub(crate) fn expect_sign(&mut self, sign: char) -> Parsed<()> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.fault()) }
    }

    /// One or more, parted by commas.
    pub(crate) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.take_sign(',') {
            items.push(item(self)?);
        }
        Ok(items)
    }

    pub(crate) fn in_parens<T>(&mut self, inside: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.expect_sign('(')?;
        let found = inside(self)?;
        self.expect_sign(')')?;
        Ok(found)
    }

    /// Says what else could stand here.
    pub(crate) fn want(&mut self, what: &'static str) {
        self.wants(Wanted::Thing(what));
    }

    /// The same, of a word.
    pub(crate) fn want_word(&mut self, word: &'static str) {
        self.wants(Wanted::Word(word));
    }

    /// Whether one of the texts to come is this, in any case.
    pub(crate) fn has_text(&self, wanted: &str) -> bool {
        self.lexemes[self.at..].iter().any(|lexeme| match &lexeme.token {
            Token::Text(text) | Token::DoubleQuoted(text) => text.eq_ignore_ascii_case(wanted),
            _ => false,
        })
    }

    pub(crate) fn end(&mut self) -> Parsed<()> {
        if self.now().token == Token::End {
            return Ok(());
        }
        self.wants(Wanted::Thing("<EOF>"));
        Err(self.fault())
    }

    /// In bytes: at the semicolon, or the end of the text.
    pub(crate) fn end_of_statement(&self) -> usize {
        self.lexemes[self.lexemes.len() - 1].start
    }

    /// From here to the end, as it was written.
    pub(crate) fn rest(&self) -> &'a str {
        self.text[self.now().start..self.end_of_statement()].trim_end()
    }

    /// From a token on, up to the one before this.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        self.text[start..self.now().start].trim_end()
    }

    /// Of the token here, where one thing could have stood.
    pub(crate) fn fault_for(&self, what: &str) -> Box<SyntaxError> {
        let lexeme = self.now();
        let input = if lexeme.token == Token::End { "<EOF>" } else { lexeme.raw };
        SyntaxError::grammar(lexeme.place, format!("mismatched input '{input}'. Expecting: {what}"))
    }

    /// Of the token here; the list is what was asked for.
    pub(crate) fn fault(&self) -> Box<SyntaxError> {
        let expected: BTreeSet<String> = self.expected.iter().map(Wanted::to_string).collect();
        self.fault_for(&expected.into_iter().collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests;
