//! Names, texts and numbers at a cursor.

use super::{Cursor, Parsed, Wanted};
use crate::reserved::is_reserved;
use crate::syntax::SyntaxError;
use crate::token::{Dialect, Token};

impl Cursor<'_> {
    /// Whether a name stands `count` tokens from here; one that Trino will refuse is one too.
    pub(crate) fn sees_name(&self, count: usize) -> bool {
        let lexeme = self.after(count);
        match lexeme.token {
            Token::Word => !is_reserved(lexeme.raw, self.dialect),
            Token::DoubleQuoted(_) | Token::Backticked(_) | Token::DigitWord => true,
            _ => false,
        }
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
            (_, Dialect::Trino) => return self.no_name_of_trino(),
            _ => None,
        };
        match name {
            Some(name) => {
                self.advance();
                Ok(name)
            }
            None => {
                self.wants(Wanted::Thing("<identifier>"));
                Err(self.fault())
            }
        }
    }

    /// With Trino's messages for what is nearly a name.
    fn no_name_of_trino(&mut self) -> Parsed<String> {
        let message = match &self.now().token {
            Token::Backticked(_) => "backquoted identifiers are not supported; use double quotes to quote identifiers",
            Token::DigitWord => "identifiers must not start with a digit; surround the identifier with double quotes",
            Token::DoubleQuoted(_) => "Zero-length delimited identifier not allowed",
            _ => {
                self.wants(Wanted::Thing("<identifier>"));
                return Err(self.fault());
            }
        };
        Err(SyntaxError::grammar(self.place(), message))
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
            None => self.wants(Wanted::Thing("<string>")),
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
                self.wants(Wanted::Thing("<integer>"));
                Err(self.fault())
            }
        }
    }
}
