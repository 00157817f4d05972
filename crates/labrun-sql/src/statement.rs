//! What a statement is, and whether Athena would start it.

use crate::cursor::{Cursor, Parsed};
use crate::ddl::{self, Action, Ddl};
use crate::dml::{self, Dml};
use crate::prepared::{self, Prepared};
use crate::syntax::{Position, SyntaxError};
use crate::token::{Dialect, Lexeme, Scanner, Token};

/// A statement that Athena starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What it is.
    pub kind: Kind,
    /// Without white space and semicolons around it, and what comments follow the last one: how the query shows it.
    pub text: String,
    /// How many `?` are in it.
    pub parameters: usize,
    /// It starts, and fails for this reason as it runs.
    pub failure: Option<Failure>,
}

/// Who executes a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The catalog.
    Ddl(Ddl),
    /// The engine of queries.
    Query(Dml),
    /// The workgroup.
    Prepared(Prepared),
}

/// How a query ends that could never succeed (error-reference has the numbers).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// 1 is the system, 2 the user.
    pub category: i64,
    /// Of the error.
    pub error_type: i64,
    /// The reason of the state FAILED.
    pub message: String,
}

/// What Athena does not have: by unsupported-ddl, or because no page has it.
const UNSUPPORTED: &str = "ANALYZE CALL COMMENT COMMIT DENY DFS EXPORT GRANT IMPORT LOAD LOCK REFRESH RESET REVOKE ROLLBACK SET START TRUNCATE \
UNLOCK USE";

/// Words after `CREATE`, `DROP` and `ALTER` that Athena does not have.
const UNSUPPORTED_OBJECTS: &str = "FUNCTION INDEX MACRO MATERIALIZED MULTI PROTECTED ROLE TEMPORARY";

/// Reads one statement. An error is a refusal at the start: no query comes to be.
pub fn parse(text: &str) -> Result<Statement, SyntaxError> {
    let opening = Opening::of(text)?;
    opening.refuse()?;
    let mut cursor = Cursor::new(text, opening.dialect())?;
    let end = cursor.end_of_statement();
    let kind = read(&mut cursor, &opening)?;
    let failure = failure(&kind, cursor.comment);
    let text = text[..end].trim_matches(|letter: char| letter.is_whitespace() || letter == ';').to_owned();
    Ok(Statement { kind, text, parameters: cursor.parameters, failure })
}

impl Statement {
    /// `DDL`, `DML` or `UTILITY`. `OPTIMIZE` and CTAS are DDL, which was measured.
    pub fn statement_type(&self) -> &'static str {
        match &self.kind {
            Kind::Query(Dml::Optimize | Dml::CreateTableAs(_)) => "DDL",
            Kind::Query(Dml::ShowFunctions) | Kind::Prepared(_) => "UTILITY",
            Kind::Query(_) => "DML",
            Kind::Ddl(ddl) if ddl.shows() => "UTILITY",
            Kind::Ddl(_) => "DDL",
        }
    }

    /// `CREATE_TABLE`, `SHOW_TABLES`, .. A view that is described reports `DESC_VIEW`, which only the catalog knows.
    pub fn substatement_type(&self) -> &'static str {
        match &self.kind {
            Kind::Ddl(ddl) => ddl.substatement(),
            Kind::Query(dml) => dml.substatement(),
            Kind::Prepared(Prepared::Prepare { .. }) => "PREPARE",
            Kind::Prepared(Prepared::Execute { .. }) => "EXECUTE",
            Kind::Prepared(Prepared::Deallocate { .. }) => "DEALLOCATE_PREPARE",
        }
    }
}

fn read(cursor: &mut Cursor, opening: &Opening) -> Parsed<Kind> {
    let ddl = match (opening.word(0).as_str(), opening.word(1).as_str()) {
        ("CREATE", "OR" | "VIEW") => ddl::create_view(cursor)?,
        ("CREATE", _) if !opening.creates_as() => ddl::create(cursor)?,
        ("DROP", "VIEW") => ddl::drop_view(cursor)?,
        ("DROP", _) => ddl::drop(cursor)?,
        ("ALTER", _) => ddl::alter(cursor)?,
        ("MSCK", _) => ddl::repair(cursor)?,
        ("DESCRIBE" | "DESC", _) => ddl::describe(cursor)?,
        ("SHOW", word) if word != "FUNCTIONS" => ddl::show(cursor)?,
        ("PREPARE", _) => return prepared::prepare(cursor).map(Kind::Prepared),
        ("EXECUTE", _) => return prepared::execute(cursor).map(Kind::Prepared),
        ("DEALLOCATE", _) => return prepared::deallocate(cursor).map(Kind::Prepared),
        _ => return query(cursor),
    };
    cursor.end()?;
    Ok(Kind::Ddl(ddl))
}

fn query(cursor: &mut Cursor) -> Parsed<Kind> {
    match dml::read(cursor)? {
        Some(found) => Ok(Kind::Query(found)),
        None => Err(dml::no_statement(cursor)),
    }
}

fn failure(kind: &Kind, comment: Option<Position>) -> Option<Failure> {
    let Kind::Ddl(ddl) = kind else { return None };
    let hive = matches!(ddl, Ddl::ShowCreateTable(_) | Ddl::Describe(_) | Ddl::Repair(_) | Ddl::AlterTable(_));
    if let (true, Some(place)) = (hive, comment) {
        // Hive counts columns from 0 (`[hive]`); that it ends here is measured, the words are ours.
        let message =
            format!("FAILED: ParseException line {}:{} cannot recognize input near '/' '*'", place.line, place.column - 1);
        return Some(Failure { category: 1, error_type: 1003, message });
    }
    let Ddl::AlterTable(alter) = ddl else { return None };
    let fails = matches!(alter.action, Action::RenameTo(_) | Action::DropColumn(_));
    fails.then(|| Failure { category: 2, error_type: 1006, message: "Query type not supported by DDL engine.".to_owned() })
}

/// The first tokens, which say by whose rules the others are read.
struct Opening<'a> {
    text: &'a str,
    first: Vec<Lexeme<'a>>,
}

impl<'a> Opening<'a> {
    fn of(text: &'a str) -> Parsed<Self> {
        let mut scanner = Scanner::new(text, Dialect::Hive);
        let mut first: Vec<Lexeme<'a>> = Vec::new();
        for _ in 0..2 {
            // A quote that is never closed is told by the right rules later.
            match scanner.next() {
                Ok(lexeme) => first.push(lexeme),
                Err(fault) if first.is_empty() => return Err(fault),
                Err(_) => break,
            }
        }
        Ok(Opening { text, first })
    }

    /// In upper case; nothing for what is no word.
    fn word(&self, at: usize) -> String {
        let word = self.first.get(at).filter(|lexeme| lexeme.token == Token::Word);
        word.map(|lexeme| lexeme.raw.to_uppercase()).unwrap_or_default()
    }

    fn refuse(&self) -> Parsed<()> {
        let (first, second) = (self.word(0), self.word(1));
        let is_in = |list: &str, word: &str| list.split(' ').any(|listed| listed == word);
        let Some(place) = self.first.first().map(|lexeme| lexeme.place) else { return Ok(()) };
        if is_in(UNSUPPORTED, &first) {
            return Err(SyntaxError::unsupported(place, &first));
        }
        if matches!(first.as_str(), "CREATE" | "DROP" | "ALTER") && is_in(UNSUPPORTED_OBJECTS, &second) {
            return Err(SyntaxError::unsupported(place, &format!("{first} {second}")));
        }
        if first == "USING" && second == "EXTERNAL" {
            return Err(SyntaxError::not_emulated(place, "USING EXTERNAL FUNCTION"));
        }
        Ok(())
    }

    fn dialect(&self) -> Dialect {
        match (self.word(0).as_str(), self.word(1).as_str()) {
            ("CREATE", "VIEW" | "OR") => Dialect::Trino,
            ("CREATE", _) if self.creates_as() => Dialect::Trino,
            ("DROP", "VIEW") => self.drop_view(),
            ("CREATE" | "DROP" | "ALTER" | "MSCK" | "DESCRIBE" | "DESC", _) => Dialect::Hive,
            ("SHOW", word) if word != "FUNCTIONS" => Dialect::Hive,
            _ => Dialect::Trino,
        }
    }

    /// `DROP VIEW` takes names in either quotes.
    fn drop_view(&self) -> Dialect {
        if self.text.contains('`') { Dialect::Hive } else { Dialect::Trino }
    }

    /// `CREATE TABLE name [(..)] [WITH (..)] AS`: it is the words after the name that tell CTAS from Hive's statement.
    fn creates_as(&self) -> bool {
        if self.word(1) != "TABLE" {
            return false;
        }
        let mut scanner = Scanner::new(self.text, Dialect::Hive);
        let (mut depth, mut before_columns) = (0, true);
        while let Ok(lexeme) = scanner.next() {
            match lexeme.token {
                Token::End => return false,
                Token::Sign('(') => depth += 1,
                Token::Sign(')') => {
                    depth -= 1;
                    before_columns = false;
                }
                _ if depth > 0 => {}
                _ if lexeme.is_word("AS") => return true,
                _ if lexeme.is_word("WITH") && before_columns => return true,
                _ if !before_columns && !lexeme.is_word("WITH") => return false,
                _ => {}
            }
        }
        false
    }
}

#[cfg(test)]
mod tests;
