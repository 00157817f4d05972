//! `CREATE EXTERNAL TABLE` (create-table). The clauses have one order.

use super::{Properties, RowFormat, TableName, name, properties, refuse_format, row_format};
use crate::cursor::{Cursor, Parsed};
use crate::syntax::{Position, Reason, SyntaxError};
use crate::types::{self, Type};

/// A column, or a key of partitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type; [`crate::table`] checks its limits.
    pub kind: Type,
    /// `COMMENT`
    pub comment: Option<String>,
}

/// `CLUSTERED BY (..) INTO n BUCKETS`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buckets {
    /// By these columns.
    pub columns: Vec<String>,
    /// So many files.
    pub count: u32,
}

/// `STORED AS`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    /// A name, in upper case: `PARQUET`.
    Format(String),
    /// `INPUTFORMAT 'class' OUTPUTFORMAT 'class'`
    Classes {
        /// Reads files.
        input: String,
        /// Writes files.
        output: String,
    },
}

/// A table, clause by clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTable {
    /// Its name.
    pub name: TableName,
    /// Nothing happens if it is there.
    pub if_not_exists: bool,
    /// In their order, without the keys of partitions.
    pub columns: Vec<Column>,
    /// Of the table.
    pub comment: Option<String>,
    /// `PARTITIONED BY`
    pub partitioned_by: Vec<Column>,
    /// `CLUSTERED BY`
    pub clustered_by: Option<Buckets>,
    /// `ROW FORMAT`
    pub row_format: Option<RowFormat>,
    /// `STORED AS`
    pub stored_as: Option<Storage>,
    /// `WITH SERDEPROPERTIES`: after the SerDe, or after `STORED AS`.
    pub serde_properties: Properties,
    /// As it was written; [`crate::table`] checks it.
    pub location: Option<String>,
    /// `TBLPROPERTIES`
    pub properties: Properties,
}

const FORMATS: [&str; 7] = ["AVRO", "ION", "ORC", "PARQUET", "RCFILE", "SEQUENCEFILE", "TEXTFILE"];

/// After the word `TABLE`.
pub(super) fn read(cursor: &mut Cursor, external: bool) -> Parsed<CreateTable> {
    let place = cursor.place();
    let if_not_exists = cursor.phrase(&["IF", "NOT", "EXISTS"])?;
    let name = name::read(cursor)?;
    if cursor.sees(&["LIKE"]) {
        return Err(SyntaxError::unsupported(cursor.place(), "CREATE TABLE LIKE"));
    }
    if !external && cursor.has_text("iceberg") {
        return Err(SyntaxError::not_emulated(place, "Iceberg tables"));
    }
    let columns = if cursor.sees_sign('(') { columns(cursor)? } else { Vec::new() };
    let mut table = clauses(cursor, CreateTable { if_not_exists, columns, ..empty(name) })?;
    if cursor.take("TBLPROPERTIES") {
        let place = cursor.place();
        table.properties = properties::read(cursor)?;
        check_table_type(place, &table.properties)?;
    }
    cursor.end()?;
    plain(place, &table, external)?;
    Ok(table)
}

fn empty(name: TableName) -> CreateTable {
    CreateTable {
        name,
        if_not_exists: false,
        columns: Vec::new(),
        comment: None,
        partitioned_by: Vec::new(),
        clustered_by: None,
        row_format: None,
        stored_as: None,
        serde_properties: Vec::new(),
        location: None,
        properties: Vec::new(),
    }
}

fn clauses(cursor: &mut Cursor, mut table: CreateTable) -> Parsed<CreateTable> {
    if cursor.take("COMMENT") {
        table.comment = Some(cursor.text()?);
    }
    if cursor.phrase(&["PARTITIONED", "BY"])? {
        table.partitioned_by = columns(cursor)?;
    }
    if cursor.phrase(&["CLUSTERED", "BY"])? {
        table.clustered_by = Some(buckets(cursor)?);
    }
    if cursor.phrase(&["ROW", "FORMAT"])? {
        table.row_format = Some(row_format::read(cursor)?);
    }
    if matches!(table.row_format, Some(RowFormat::Serde(_))) {
        table.serde_properties = serde_properties(cursor)?;
    }
    storage_clauses(cursor, table)
}

fn storage_clauses(cursor: &mut Cursor, mut table: CreateTable) -> Parsed<CreateTable> {
    if cursor.phrase(&["STORED", "AS"])? {
        table.stored_as = Some(storage(cursor)?);
    }
    if table.serde_properties.is_empty() {
        table.serde_properties = serde_properties(cursor)?;
    }
    if cursor.take("LOCATION") {
        table.location = Some(cursor.text()?);
    }
    Ok(table)
}

/// `(name type [COMMENT 'text'], ..)`
pub(super) fn columns(cursor: &mut Cursor) -> Parsed<Vec<Column>> {
    cursor.in_parens(|cursor| cursor.list(column))
}

fn column(cursor: &mut Cursor) -> Parsed<Column> {
    let name = cursor.name()?;
    let kind = types::read(cursor)?;
    let comment = if cursor.take("COMMENT") { Some(cursor.text()?) } else { None };
    Ok(Column { name, kind, comment })
}

fn serde_properties(cursor: &mut Cursor) -> Parsed<Properties> {
    if cursor.phrase(&["WITH", "SERDEPROPERTIES"])? { properties::read(cursor) } else { Ok(Vec::new()) }
}

fn buckets(cursor: &mut Cursor) -> Parsed<Buckets> {
    let columns = cursor.in_parens(|cursor| cursor.list(Cursor::name))?;
    cursor.expect("INTO")?;
    let count = cursor.integer()?;
    cursor.expect("BUCKETS")?;
    Ok(Buckets { columns, count })
}

fn storage(cursor: &mut Cursor) -> Parsed<Storage> {
    let lexeme = cursor.now().clone();
    for format in FORMATS {
        if cursor.take(format) {
            refuse_format(&lexeme, format)?;
            return Ok(Storage::Format(format.to_owned()));
        }
    }
    cursor.expect("INPUTFORMAT")?;
    let lexeme = cursor.now().clone();
    let input = cursor.text()?;
    refuse_format(&lexeme, &input)?;
    cursor.expect("OUTPUTFORMAT")?;
    Ok(Storage::Classes { input, output: cursor.text()? })
}

/// The words for Iceberg are Athena's (querying-iceberg-creating-tables).
fn check_table_type(place: Position, properties: &Properties) -> Parsed<()> {
    let kind = properties.iter().find(|(key, _)| key.eq_ignore_ascii_case("table_type")).map(|(_, value)| value.as_str());
    let Some(kind) = kind else { return Ok(()) };
    if kind.eq_ignore_ascii_case("iceberg") {
        return Err(SyntaxError::new(place, Reason::Rule, "External keyword not supported for table type ICEBERG"));
    }
    match super::foreign_format(kind) {
        Some(format) => Err(SyntaxError::not_emulated(place, format)),
        None => Ok(()),
    }
}

/// Without `EXTERNAL` a table is an Iceberg table, which says so in its properties (create-table); the first words are measured.
fn plain(place: Position, table: &CreateTable, external: bool) -> Parsed<()> {
    if external {
        return Ok(());
    }
    let message = match table.location {
        None => "No location was specified for table. An S3 location must be specified",
        Some(_) => "Tables that are not Iceberg tables need the keyword EXTERNAL: CREATE EXTERNAL TABLE",
    };
    Err(SyntaxError::new(place, Reason::Rule, message))
}
