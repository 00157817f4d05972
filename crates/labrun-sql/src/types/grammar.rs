//! How types are written.

use super::Type;
use crate::cursor::{Cursor, Parsed};
use crate::syntax::SyntaxError;
use crate::token::{Dialect, Token};

/// Deeper than any real table, and no danger to the stack.
const DEEPEST: usize = 64;

/// Types that are one word, each under the name that the Data Catalog has for it first.
const WORDS: [(&str, Type); 13] = [
    ("boolean", Type::Boolean),
    ("tinyint", Type::TinyInt),
    ("smallint", Type::SmallInt),
    ("int", Type::Int),
    ("integer", Type::Int),
    ("bigint", Type::BigInt),
    ("float", Type::Float),
    ("double", Type::Double),
    ("string", Type::String),
    ("binary", Type::Binary),
    ("date", Type::Date),
    ("timestamp", Type::Timestamp),
    // Decimals without digits have ten before the point (`[hive]`; create-table has the scale).
    ("decimal", Type::Decimal(10, 0)),
];

pub(super) fn word(plain: &Type) -> &'static str {
    WORDS.iter().find(|(_, kind)| kind == plain).map_or("", |(word, _)| word)
}

/// A type in a statement; names of fields are folded to lower case.
pub(crate) fn read(cursor: &mut Cursor) -> Parsed<Type> {
    Reader { cursor, depth: 0, stored: false }.any()
}

/// A type in the Data Catalog, whose fields may have any name.
pub(super) fn stored(text: &str) -> Parsed<Type> {
    let mut cursor = Cursor::new(text, Dialect::Hive)?;
    let found = Reader { cursor: &mut cursor, depth: 0, stored: true }.any()?;
    cursor.end()?;
    Ok(found)
}

struct Reader<'a, 'b> {
    cursor: &'a mut Cursor<'b>,
    depth: usize,
    stored: bool,
}

impl Reader<'_, '_> {
    fn any(&mut self) -> Parsed<Type> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(SyntaxError::grammar(self.cursor.place(), format!("types are nested deeper than {DEEPEST}")));
        }
        let found = match self.nested()? {
            Some(found) => found,
            None => self.primitive()?,
        };
        self.depth -= 1;
        Ok(found)
    }

    fn nested(&mut self) -> Parsed<Option<Type>> {
        if self.cursor.take("ARRAY") {
            self.cursor.expect_sign('<')?;
            let item = self.any()?;
            self.cursor.expect_sign('>')?;
            return Ok(Some(Type::Array(Box::new(item))));
        }
        if self.cursor.take("MAP") {
            self.cursor.expect_sign('<')?;
            let key = self.primitive()?;
            self.cursor.expect_sign(',')?;
            let value = self.any()?;
            self.cursor.expect_sign('>')?;
            return Ok(Some(Type::Map(Box::new(key), Box::new(value))));
        }
        if self.cursor.take("STRUCT") { self.fields().map(Some) } else { Ok(None) }
    }

    fn fields(&mut self) -> Parsed<Type> {
        self.cursor.expect_sign('<')?;
        let mut fields = Vec::new();
        loop {
            fields.push(self.field()?);
            if !self.cursor.take_sign(',') {
                break;
            }
        }
        self.cursor.expect_sign('>')?;
        Ok(Type::Struct(fields))
    }

    /// `name:type [COMMENT 'text']`; the Data Catalog has no place for the comment.
    fn field(&mut self) -> Parsed<(String, Type)> {
        let name = if self.stored { self.stored_name()? } else { self.cursor.name()? };
        self.cursor.expect_sign(':')?;
        let kind = self.any()?;
        if self.cursor.take("COMMENT") {
            self.cursor.text()?;
        }
        Ok((name, kind))
    }

    /// Crawlers name fields after keys of JSON: everything before the colon is the name.
    fn stored_name(&mut self) -> Parsed<String> {
        let start = self.cursor.now().start;
        let quoted = match &self.cursor.now().token {
            Token::Backticked(name) => Some(name.clone()),
            _ => None,
        };
        while !self.cursor.now().is_sign(':') {
            if matches!(self.cursor.now().token, Token::End)
                || ['<', '>', ','].iter().any(|sign| self.cursor.now().is_sign(*sign))
            {
                self.cursor.want("<identifier>");
                return Err(self.cursor.fault());
            }
            self.cursor.advance();
        }
        Ok(quoted.unwrap_or_else(|| self.cursor.since(start).to_owned()))
    }

    fn primitive(&mut self) -> Parsed<Type> {
        for (word, kind) in &WORDS {
            if self.cursor.take(word) {
                return match kind {
                    Type::Decimal(..) => self.decimal(),
                    plain => Ok(plain.clone()),
                };
            }
        }
        if self.cursor.take("CHAR") {
            return self.cursor.in_parens(Cursor::integer).map(Type::Char);
        }
        if self.cursor.take("VARCHAR") {
            return self.cursor.in_parens(Cursor::integer).map(Type::Varchar);
        }
        Err(self.cursor.fault())
    }

    fn decimal(&mut self) -> Parsed<Type> {
        if !self.cursor.take_sign('(') {
            return Ok(Type::Decimal(10, 0));
        }
        let precision = self.cursor.integer()?;
        let scale = if self.cursor.take_sign(',') { self.cursor.integer()? } else { 0 };
        self.cursor.expect_sign(')')?;
        Ok(Type::Decimal(precision, scale))
    }
}
