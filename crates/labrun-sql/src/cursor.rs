//! A place in a row of tokens, which remembers what it was asked for there: that is what the error names.

use std::collections::BTreeSet;

use crate::reserved::is_reserved;
use crate::syntax::{Position, Reason, SyntaxError};
use crate::token::{Dialect, Lexeme, Scanner, Token};

pub(crate) type Parsed<T> = Result<T, SyntaxError>;

pub(crate) struct Cursor<'a> {
    text: &'a str,
    lexemes: Vec<Lexeme<'a>>,
    at: usize,
    dialect: Dialect,
    expected: BTreeSet<String>,
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
        Ok(Cursor { text, lexemes, at: 0, dialect, expected: BTreeSet::new(), comment })
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

    pub(crate) fn advance(&mut self) {
        self.at = (self.at + 1).min(self.lexemes.len() - 1);
        self.expected.clear();
    }

    fn wants(&mut self, what: impl Into<String>) {
        self.expected.insert(what.into());
    }

    /// Without asking for it: an error does not name the word.
    pub(crate) fn sees(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(at, word)| self.after(at).is_word(word))
    }

    pub(crate) fn take(&mut self, word: &str) -> bool {
        let found = self.now().is_word(word);
        if found {
            self.advance();
        } else {
            self.wants(format!("'{word}'"));
        }
        found
    }

    pub(crate) fn expect(&mut self, word: &str) -> Parsed<()> {
        if self.take(word) { Ok(()) } else { Err(self.fault()) }
    }

    /// All words or, if the first is not there, none.
    pub(crate) fn phrase(&mut self, words: &[&str]) -> Parsed<bool> {
        let Some((first, rest)) = words.split_first() else { return Ok(true) };
        if !self.take(first) {
            return Ok(false);
        }
        for word in rest {
            self.expect(word)?;
        }
        Ok(true)
    }

    pub(crate) fn expect_all(&mut self, words: &[&str]) -> Parsed<()> {
        words.iter().try_for_each(|word| self.expect(word))
    }

    pub(crate) fn take_sign(&mut self, sign: char) -> bool {
        let found = self.now().is_sign(sign);
        if found {
            self.advance();
        } else {
            self.wants(format!("'{sign}'"));
        }
        found
    }

    /// Asks for it, and does not step past it.
    pub(crate) fn sees_sign(&mut self, sign: char) -> bool {
        let found = self.now().is_sign(sign);
        if !found {
            self.wants(format!("'{sign}'"));
        }
        found
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

    /// A name as it is stored: in lower case (tables-databases-columns-names).
    pub(crate) fn name(&mut self) -> Parsed<String> {
        self.name_as_written().map(|name| name.to_lowercase())
    }

    pub(crate) fn name_as_written(&mut self) -> Parsed<String> {
        let lexeme = self.now();
        let name = match (&lexeme.token, self.dialect) {
            (Token::Word, Dialect::Hive) if lexeme.raw.starts_with('_') => None,
            (Token::Word, dialect) if !is_reserved(lexeme.raw, dialect) => Some(lexeme.raw.to_owned()),
            (Token::Backticked(name), Dialect::Hive) | (Token::DoubleQuoted(name), Dialect::Trino) if !name.is_empty() => {
                Some(name.clone())
            }
            (Token::Backticked(_), Dialect::Trino) => return Err(self.backtick()),
            _ => None,
        };
        match name {
            Some(name) => {
                self.advance();
                Ok(name)
            }
            None => {
                self.wants("<identifier>");
                Err(self.fault())
            }
        }
    }

    /// Trino's message.
    fn backtick(&self) -> SyntaxError {
        SyntaxError::grammar(self.place(), "backquoted identifiers are not supported; use double quotes to quote identifiers")
    }

    /// In Trino's statements no name is in backticks, wherever it stands.
    pub(crate) fn refuse_backticks(&mut self) -> Parsed<()> {
        match self.lexemes.iter().position(|lexeme| matches!(lexeme.token, Token::Backticked(_))) {
            Some(at) => {
                self.at = at;
                Err(self.backtick())
            }
            None => Ok(()),
        }
    }

    /// A text; for Hive, in either quotes.
    pub(crate) fn text(&mut self) -> Parsed<String> {
        match self.take_text() {
            Some(text) => Ok(text),
            None => Err(self.fault()),
        }
    }

    pub(crate) fn take_text(&mut self) -> Option<String> {
        let text = match (&self.now().token, self.dialect) {
            (Token::Text(text), _) | (Token::DoubleQuoted(text), Dialect::Hive) => Some(text.clone()),
            _ => None,
        };
        match text {
            Some(_) => self.advance(),
            None => self.wants("<string>"),
        }
        text
    }

    pub(crate) fn integer(&mut self) -> Parsed<u32> {
        let number = (self.now().token == Token::Number).then(|| self.now().raw.parse().ok()).flatten();
        match number {
            Some(number) => {
                self.advance();
                Ok(number)
            }
            None => {
                self.wants("<integer>");
                Err(self.fault())
            }
        }
    }

    /// Past whole pairs of parentheses and brackets, up to a comma or a closing one that is outside of all.
    pub(crate) fn skip_to_comma(&mut self) {
        self.skip_until(|lexeme| lexeme.is_sign(','));
    }

    /// Up to the closing parenthesis of the one that we are in.
    pub(crate) fn skip_to_closing(&mut self) {
        self.skip_until(|_| false);
    }

    fn skip_until(&mut self, stop: impl Fn(&Lexeme) -> bool) {
        let mut depth = 0;
        while self.now().token != Token::End {
            let lexeme = self.now();
            let closes = lexeme.is_sign(')') || lexeme.is_sign(']');
            if depth == 0 && (closes || stop(lexeme)) {
                return;
            }
            depth += i32::from(lexeme.is_sign('(') || lexeme.is_sign('[')) - i32::from(closes);
            self.advance();
        }
    }

    /// Says what else could stand here.
    pub(crate) fn want(&mut self, what: &str) {
        self.wants(what);
    }

    /// Whether one of the texts to come is this, in any case.
    pub(crate) fn has_text(&self, wanted: &str) -> bool {
        self.lexemes[self.at..].iter().any(|lexeme| match &lexeme.token {
            Token::Text(text) | Token::DoubleQuoted(text) => text.eq_ignore_ascii_case(wanted),
            _ => false,
        })
    }

    /// Cuts words off the end of the statement, if it ends so.
    pub(crate) fn cut_tail(&mut self, words: &[&str]) -> bool {
        let end = self.lexemes.len() - 1;
        let Some(start) = end.checked_sub(words.len()).filter(|start| *start > self.at) else { return false };
        let found = words.iter().zip(&self.lexemes[start..end]).all(|(word, lexeme)| lexeme.is_word(word));
        if found {
            self.lexemes.truncate(start + 1);
            self.lexemes[start].token = Token::End;
            self.lexemes[start].raw = "";
        }
        found
    }

    pub(crate) fn end(&mut self) -> Parsed<()> {
        if self.now().token == Token::End {
            return Ok(());
        }
        self.wants("<EOF>");
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

    pub(crate) fn take_rest(&mut self) -> &'a str {
        let rest = self.rest();
        self.at = self.lexemes.len() - 1;
        rest
    }

    /// From a token on, up to the one before this.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        self.text[start..self.now().start].trim_end()
    }

    /// Of the token here, where one thing could have stood.
    pub(crate) fn fault_for(&self, what: &str) -> SyntaxError {
        let lexeme = self.now();
        SyntaxError::grammar(lexeme.place, format!("mismatched input '{}'. Expecting: {what}", lexeme.raw))
    }

    /// Of the token here; the list is what was asked for.
    pub(crate) fn fault(&self) -> SyntaxError {
        let lexeme = self.now();
        let input = if lexeme.token == Token::End { "<EOF>" } else { lexeme.raw };
        let expected = self.expected.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        SyntaxError::grammar(lexeme.place, format!("mismatched input '{input}'. Expecting: {expected}"))
    }
}

#[cfg(test)]
mod tests;
