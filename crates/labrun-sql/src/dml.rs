//! Statements for the engine of queries: what each is, and the heads that Athena adds around a query.

use crate::cursor::{Cursor, Parsed};
use crate::ddl::{TableName, qualified};
use crate::query::parse::query;
use crate::query::tree::Query;
use crate::syntax::SyntaxError;
use crate::token::Token;

/// Verbs that Athena's messages list (measured; `USING`, `OPTIMIZE` and `VACUUM` are not in that list).
const VERBS: &str = "ALTER ANALYZE CALL COMMENT COMMIT CREATE DEALLOCATE DELETE DENY DESC DESCRIBE DROP EXECUTE EXPLAIN GRANT INSERT MERGE \
PREPARE REFRESH RESET REVOKE ROLLBACK SET SHOW START TRUNCATE UNLOAD UPDATE USE";

/// A statement that reads or writes data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dml {
    /// `SELECT`, `WITH`, `VALUES`, `TABLE t`
    Select(Box<Query>),
    /// `INSERT INTO`
    Insert(Insert),
    /// `CREATE TABLE .. AS`
    CreateTableAs(CreateTableAs),
    /// `UNLOAD`
    Unload(Unload),
    /// `EXPLAIN`
    Explain(Explain),
    /// `UPDATE`
    Update,
    /// `DELETE FROM`
    Delete,
    /// `MERGE INTO`
    Merge,
    /// `OPTIMIZE`
    Optimize,
    /// `VACUUM`
    Vacuum,
    /// `SHOW FUNCTIONS`
    ShowFunctions,
}

/// `INSERT INTO t [(columns)] query`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insert {
    /// Where rows go.
    pub table: TableName,
    /// If written.
    pub columns: Vec<String>,
    /// What gives the rows.
    pub query: Box<Query>,
}

/// `CREATE TABLE t [(columns)] [WITH (..)] AS query [WITH [NO] DATA]` (create-table-as)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTableAs {
    /// The new table.
    pub name: TableName,
    /// Nothing happens if it is there.
    pub if_not_exists: bool,
    /// If written.
    pub columns: Vec<String>,
    /// `WITH (..)`, keys as written.
    pub properties: Vec<(String, Value)>,
    /// What gives the rows.
    pub query: Box<Query>,
    /// Not `WITH NO DATA`.
    pub with_data: bool,
}

/// `UNLOAD (query) TO 's3://..' [WITH (..)]` (unload)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unload {
    /// What gives the rows.
    pub query: Box<Query>,
    /// Where files go.
    pub location: String,
    /// `WITH (..)`, keys as written.
    pub properties: Vec<(String, Value)>,
}

/// `EXPLAIN [ANALYZE] [(options)] statement` (athena-explain-statement)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explain {
    /// The statement is run.
    pub analyze: bool,
    /// `FORMAT` and `TYPE`, in upper case.
    pub options: Vec<(String, String)>,
    /// What is explained; never an EXPLAIN.
    pub statement: Box<Dml>,
}

/// The value of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `'text'`
    Text(String),
    /// As it was written.
    Number(String),
    /// `true`, `false`
    Boolean(bool),
    /// `ARRAY[..]`
    List(Vec<Value>),
}

impl Dml {
    pub(crate) fn substatement(&self) -> &'static str {
        match self {
            Dml::Select(_) => "SELECT",
            Dml::Insert(_) => "INSERT",
            Dml::CreateTableAs(_) => "CREATE_TABLE_AS_SELECT",
            Dml::Unload(_) => "UNLOAD",
            Dml::Explain(_) => "EXPLAIN",
            Dml::Update => "UPDATE",
            Dml::Delete => "DELETE",
            Dml::Merge => "MERGE",
            Dml::Optimize => "OPTIMIZE",
            Dml::Vacuum => "VACUUM",
            Dml::ShowFunctions => "SHOW_FUNCTIONS",
        }
    }
}

/// By its first word; `None` for what is no query.
pub(crate) fn read(cursor: &mut Cursor) -> Parsed<Option<Dml>> {
    let word = cursor.now().raw.to_uppercase();
    let found = match word.as_str() {
        "SELECT" | "WITH" | "VALUES" | "TABLE" | "(" => Dml::Select(whole_query(cursor)?),
        "INSERT" => insert(cursor).map(Dml::Insert)?,
        "CREATE" => create(cursor).map(Dml::CreateTableAs)?,
        "UNLOAD" => unload(cursor).map(Dml::Unload)?,
        "EXPLAIN" => explain(cursor).map(Dml::Explain)?,
        "UPDATE" => only(cursor, &["UPDATE"], Dml::Update)?,
        "DELETE" => only(cursor, &["DELETE", "FROM"], Dml::Delete)?,
        "MERGE" => only(cursor, &["MERGE", "INTO"], Dml::Merge)?,
        "OPTIMIZE" => only(cursor, &["OPTIMIZE"], Dml::Optimize)?,
        "VACUUM" => only(cursor, &["VACUUM"], Dml::Vacuum)?,
        "SHOW" => show_functions(cursor)?,
        _ => return Ok(None),
    };
    Ok(Some(found))
}

/// The words, and a table.
fn only(cursor: &mut Cursor, words: &[&'static str], kind: Dml) -> Parsed<Dml> {
    cursor.expect_all(words)?;
    qualified(cursor)?;
    Ok(kind)
}

/// The rest is a query.
fn whole_query(cursor: &mut Cursor) -> Parsed<Box<Query>> {
    let query = query(cursor)?;
    cursor.end()?;
    Ok(Box::new(query))
}

/// A statement in a statement. None is explained twice: a long row of them would be a deep stack.
pub(crate) fn inner(cursor: &mut Cursor) -> Parsed<Dml> {
    if cursor.now().token == Token::End {
        return Err(no_statement(cursor));
    }
    let refusal = cursor.fault_for("<query>");
    if cursor.sees(&["EXPLAIN"]) || cursor.sees(&["SHOW"]) {
        return Err(refusal);
    }
    read(cursor)?.ok_or(refusal)
}

/// No statement opens here.
pub(crate) fn no_statement(cursor: &mut Cursor) -> Box<SyntaxError> {
    VERBS.split(' ').for_each(|verb| cursor.want_word(verb));
    cursor.want("<query>");
    cursor.fault()
}

fn insert(cursor: &mut Cursor) -> Parsed<Insert> {
    cursor.expect_all(&["INSERT", "INTO"])?;
    let table = qualified(cursor)?;
    let columns = if !opens_query(cursor) && cursor.sees_sign('(') { names(cursor)? } else { Vec::new() };
    Ok(Insert { table, columns, query: whole_query(cursor)? })
}

/// Behind one parenthesis or more.
fn opens_query(cursor: &Cursor) -> bool {
    let inside = (0..).map(|at| cursor.after(at)).find(|lexeme| !lexeme.is_sign('('));
    inside.is_some_and(|lexeme| ["SELECT", "WITH", "VALUES", "TABLE"].iter().any(|word| lexeme.is_word(word)))
}

fn names(cursor: &mut Cursor) -> Parsed<Vec<String>> {
    cursor.in_parens(|cursor| cursor.list(Cursor::name))
}

fn create(cursor: &mut Cursor) -> Parsed<CreateTableAs> {
    cursor.expect_all(&["CREATE", "TABLE"])?;
    let if_not_exists = cursor.phrase(&["IF", "NOT", "EXISTS"])?;
    let name = qualified(cursor)?;
    let columns = if cursor.sees_sign('(') { names(cursor)? } else { Vec::new() };
    let properties = if cursor.take("WITH") { properties(cursor)? } else { Vec::new() };
    cursor.expect("AS")?;
    let query = Box::new(parenthesized(cursor)?);
    let with = cursor.take("WITH");
    let with_data = !(with && cursor.take("NO"));
    if with {
        cursor.expect("DATA")?;
    }
    cursor.end()?;
    Ok(CreateTableAs { name, if_not_exists, columns, properties, query, with_data })
}

/// Only here parentheses may stand around a query with `WITH`.
fn parenthesized(cursor: &mut Cursor) -> Parsed<Query> {
    let with = cursor.now().is_sign('(') && cursor.after(1).is_word("WITH");
    if with { cursor.in_parens(query) } else { query(cursor) }
}

fn unload(cursor: &mut Cursor) -> Parsed<Unload> {
    cursor.expect("UNLOAD")?;
    let query = Box::new(cursor.in_parens(query)?);
    cursor.expect("TO")?;
    let location = cursor.text()?;
    let properties = if cursor.take("WITH") { properties(cursor)? } else { Vec::new() };
    cursor.end()?;
    Ok(Unload { query, location, properties })
}

fn explain(cursor: &mut Cursor) -> Parsed<Explain> {
    cursor.expect("EXPLAIN")?;
    let analyze = cursor.take("ANALYZE");
    let options =
        if !opens_query(cursor) && cursor.sees_sign('(') { cursor.in_parens(|cursor| cursor.list(option))? } else { Vec::new() };
    Ok(Explain { analyze, options, statement: Box::new(inner(cursor)?) })
}

fn option(cursor: &mut Cursor) -> Parsed<(String, String)> {
    let key = if cursor.take("FORMAT") { "FORMAT" } else { "TYPE" };
    if key == "TYPE" {
        cursor.expect(key)?;
    }
    let values: &[&str] = match key {
        "FORMAT" => &["GRAPHVIZ", "JSON", "TEXT"],
        _ => &["DISTRIBUTED", "IO", "LOGICAL", "VALIDATE"],
    };
    match values.iter().find(|value| cursor.take(value)) {
        Some(value) => Ok((key.to_owned(), (*value).to_owned())),
        None => Err(cursor.fault()),
    }
}

fn properties(cursor: &mut Cursor) -> Parsed<Vec<(String, Value)>> {
    cursor.in_parens(|cursor| cursor.list(property))
}

fn property(cursor: &mut Cursor) -> Parsed<(String, Value)> {
    let key = cursor.name()?;
    cursor.expect_sign('=')?;
    Ok((key, value(cursor)?))
}

fn value(cursor: &mut Cursor) -> Parsed<Value> {
    if cursor.take("ARRAY") {
        cursor.expect_sign('[')?;
        let items = if cursor.now().is_sign(']') { Vec::new() } else { cursor.list(value)? };
        cursor.expect_sign(']')?;
        return Ok(Value::List(items));
    }
    if cursor.take("TRUE") {
        return Ok(Value::Boolean(true));
    }
    if cursor.take("FALSE") {
        return Ok(Value::Boolean(false));
    }
    if cursor.now().token == Token::Number {
        let digits = cursor.now().raw.to_owned();
        cursor.advance();
        return Ok(Value::Number(digits));
    }
    cursor.want("<number>");
    cursor.text().map(Value::Text)
}

fn show_functions(cursor: &mut Cursor) -> Parsed<Dml> {
    cursor.expect_all(&["SHOW", "FUNCTIONS"])?;
    if cursor.take("LIKE") {
        cursor.text()?;
    }
    cursor.end()?;
    Ok(Dml::ShowFunctions)
}
