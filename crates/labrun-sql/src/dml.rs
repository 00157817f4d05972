//! Statements for the engine of queries: what each is, and the heads that Athena adds around a query. What is inside of the query is not
//! looked at here.

use crate::cursor::{Cursor, Parsed};
use crate::ddl::{TableName, qualified};
use crate::syntax::SyntaxError;
use crate::token::Token;

/// A statement that reads or writes data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dml {
    /// `SELECT`, `WITH`, `VALUES`, `TABLE t`
    Select,
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
    /// As it was written.
    pub query: String,
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
    /// As it was written.
    pub query: String,
    /// Not `WITH NO DATA`.
    pub with_data: bool,
}

/// `UNLOAD (query) TO 's3://..' [WITH (..)]` (unload)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unload {
    /// As it was written.
    pub query: String,
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
    /// As it was written.
    pub statement: String,
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
            Dml::Select => "SELECT",
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
        "SELECT" | "WITH" | "VALUES" | "TABLE" | "(" => select(cursor)?,
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
fn only(cursor: &mut Cursor, words: &[&str], kind: Dml) -> Parsed<Dml> {
    cursor.expect_all(words)?;
    qualified(cursor)?;
    Ok(kind)
}

fn select(cursor: &mut Cursor) -> Parsed<Dml> {
    cursor.refuse_backticks()?;
    if cursor.sees(&["WITH", "RECURSIVE"]) {
        return Err(SyntaxError::unsupported(cursor.place(), "WITH RECURSIVE"));
    }
    expect_query(cursor)?;
    cursor.advance();
    if cursor.now().token == Token::End {
        cursor.want("<expression>");
        return Err(cursor.fault());
    }
    Ok(Dml::Select)
}

/// A query opens here. Trino names it as one thing in its messages.
pub(crate) fn expect_query(cursor: &mut Cursor) -> Parsed<()> {
    let opens = ["SELECT", "WITH", "VALUES", "TABLE"].iter().any(|word| cursor.sees(&[word])) || cursor.now().is_sign('(');
    if opens {
        return Ok(());
    }
    cursor.want("<query>");
    Err(cursor.fault())
}

fn insert(cursor: &mut Cursor) -> Parsed<Insert> {
    cursor.refuse_backticks()?;
    cursor.expect_all(&["INSERT", "INTO"])?;
    let table = qualified(cursor)?;
    let columns = if !opens_query(cursor) && cursor.sees_sign('(') { names(cursor)? } else { Vec::new() };
    expect_query(cursor)?;
    Ok(Insert { table, columns, query: cursor.rest().to_owned() })
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
    cursor.refuse_backticks()?;
    cursor.expect_all(&["CREATE", "TABLE"])?;
    let if_not_exists = cursor.phrase(&["IF", "NOT", "EXISTS"])?;
    let name = qualified(cursor)?;
    let columns = if cursor.sees_sign('(') { names(cursor)? } else { Vec::new() };
    let properties = if cursor.take("WITH") { properties(cursor)? } else { Vec::new() };
    cursor.expect("AS")?;
    expect_query(cursor)?;
    let without = cursor.cut_tail(&["WITH", "NO", "DATA"]);
    let _ = without || cursor.cut_tail(&["WITH", "DATA"]);
    Ok(CreateTableAs { name, if_not_exists, columns, properties, query: cursor.rest().to_owned(), with_data: !without })
}

fn unload(cursor: &mut Cursor) -> Parsed<Unload> {
    cursor.refuse_backticks()?;
    cursor.expect("UNLOAD")?;
    cursor.expect_sign('(')?;
    expect_query(cursor)?;
    let start = cursor.now().start;
    cursor.skip_to_closing();
    let query = cursor.since(start).to_owned();
    cursor.expect_sign(')')?;
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
    Ok(Explain { analyze, options, statement: cursor.rest().to_owned() })
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
