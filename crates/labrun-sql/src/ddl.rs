//! Statements that the catalog executes, as data. Names are in lower case, as they are stored; texts are unquoted.

mod alter;
mod create_table;
mod database;
mod describe;
mod drop;
mod name;
mod partition;
mod properties;
mod row_format;
mod show;
mod view;

pub use alter::{Action, AlterTable, NewPartition};
pub use create_table::{Buckets, Column, CreateTable, Storage};
pub use database::{AlterDatabase, CreateDatabase, DropDatabase};
pub use describe::{Describe, Detail};
pub use drop::DropNamed;
pub use name::TableName;
pub use partition::PartitionSpec;
pub use row_format::{Delimiters, RowFormat};
pub use show::{ShowListing, ShowProperties};
pub use view::CreateView;

use crate::cursor::{Cursor, Parsed};
use crate::syntax::SyntaxError;
use crate::token::Lexeme;

pub(crate) use name::qualified;

/// Pairs of texts, in the order in which they were written.
pub type Properties = Vec<(String, String)>;

/// A statement for the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ddl {
    /// `CREATE DATABASE`, `CREATE SCHEMA`
    CreateDatabase(CreateDatabase),
    /// `DROP DATABASE`, `DROP SCHEMA`
    DropDatabase(DropDatabase),
    /// `ALTER DATABASE .. SET DBPROPERTIES`
    AlterDatabase(AlterDatabase),
    /// `CREATE EXTERNAL TABLE`
    CreateTable(Box<CreateTable>),
    /// `DROP TABLE`
    DropTable(DropNamed),
    /// `ALTER TABLE`
    AlterTable(AlterTable),
    /// `MSCK REPAIR TABLE`
    Repair(TableName),
    /// `CREATE [OR REPLACE] VIEW`
    CreateView(CreateView),
    /// `DROP VIEW`
    DropView(DropNamed),
    /// `SHOW DATABASES`, `SHOW SCHEMAS`: the pattern
    ShowDatabases(Option<String>),
    /// `SHOW TABLES`
    ShowTables(ShowListing),
    /// `SHOW VIEWS`
    ShowViews(ShowListing),
    /// `SHOW PARTITIONS`
    ShowPartitions(TableName),
    /// `SHOW COLUMNS`
    ShowColumns(TableName),
    /// `SHOW CREATE TABLE`
    ShowCreateTable(TableName),
    /// `SHOW CREATE VIEW`
    ShowCreateView(TableName),
    /// `SHOW TBLPROPERTIES`
    ShowProperties(ShowProperties),
    /// `DESCRIBE`, `DESC`
    Describe(Describe),
}

impl Ddl {
    /// Whether it only reads.
    pub fn shows(&self) -> bool {
        self.substatement().starts_with("SHOW") || matches!(self, Ddl::Describe(_))
    }

    /// Measured: CREATE_DATABASE, SHOW_DATABASES, SHOW_TABLES, DESCRIBE_TABLE, MSCK_REPAIR. The others are made after their pattern.
    pub(crate) fn substatement(&self) -> &'static str {
        match self {
            Ddl::CreateDatabase(_) => "CREATE_DATABASE",
            Ddl::DropDatabase(_) => "DROP_DATABASE",
            Ddl::AlterDatabase(_) => "ALTER_DATABASE",
            Ddl::CreateTable(_) => "CREATE_TABLE",
            Ddl::DropTable(_) => "DROP_TABLE",
            Ddl::AlterTable(alter) => alter.action.substatement(),
            Ddl::Repair(_) => "MSCK_REPAIR",
            Ddl::CreateView(_) => "CREATE_VIEW",
            Ddl::DropView(_) => "DROP_VIEW",
            Ddl::ShowDatabases(_) => "SHOW_DATABASES",
            Ddl::ShowTables(_) => "SHOW_TABLES",
            Ddl::ShowViews(_) => "SHOW_VIEWS",
            Ddl::ShowPartitions(_) => "SHOW_PARTITIONS",
            Ddl::ShowColumns(_) => "SHOW_COLUMNS",
            Ddl::ShowCreateTable(_) => "SHOW_CREATE_TABLE",
            Ddl::ShowCreateView(_) => "SHOW_CREATE_VIEW",
            Ddl::ShowProperties(_) => "SHOW_TBLPROPERTIES",
            Ddl::Describe(_) => "DESCRIBE_TABLE",
        }
    }
}

/// `CREATE` that is no query.
pub(crate) fn create(cursor: &mut Cursor) -> Parsed<Ddl> {
    cursor.expect("CREATE")?;
    if cursor.take("EXTERNAL") {
        cursor.expect("TABLE")?;
        return create_table::read(cursor, true).map(|table| Ddl::CreateTable(Box::new(table)));
    }
    if cursor.take("TABLE") {
        return create_table::read(cursor, false).map(|table| Ddl::CreateTable(Box::new(table)));
    }
    if cursor.take("DATABASE") || cursor.take("SCHEMA") {
        return database::create(cursor).map(Ddl::CreateDatabase);
    }
    // For the list of what could stand here.
    let _ = cursor.take("OR") || cursor.take("VIEW");
    Err(cursor.fault())
}

pub(crate) fn create_view(cursor: &mut Cursor) -> Parsed<Ddl> {
    view::create(cursor).map(Ddl::CreateView)
}

pub(crate) fn drop_view(cursor: &mut Cursor) -> Parsed<Ddl> {
    drop::view(cursor).map(Ddl::DropView)
}

pub(crate) fn drop(cursor: &mut Cursor) -> Parsed<Ddl> {
    cursor.expect("DROP")?;
    if cursor.take("DATABASE") || cursor.take("SCHEMA") {
        return database::drop(cursor).map(Ddl::DropDatabase);
    }
    if cursor.take("TABLE") {
        return drop::named(cursor).map(Ddl::DropTable);
    }
    let _ = cursor.take("VIEW");
    Err(cursor.fault())
}

pub(crate) fn alter(cursor: &mut Cursor) -> Parsed<Ddl> {
    cursor.expect("ALTER")?;
    if cursor.take("DATABASE") || cursor.take("SCHEMA") {
        return database::alter(cursor).map(Ddl::AlterDatabase);
    }
    if cursor.take("TABLE") {
        return alter::read(cursor).map(Ddl::AlterTable);
    }
    Err(cursor.fault())
}

pub(crate) fn repair(cursor: &mut Cursor) -> Parsed<Ddl> {
    cursor.expect_all(&["MSCK", "REPAIR", "TABLE"])?;
    name::read(cursor).map(Ddl::Repair)
}

pub(crate) fn show(cursor: &mut Cursor) -> Parsed<Ddl> {
    show::read(cursor)
}

pub(crate) fn describe(cursor: &mut Cursor) -> Parsed<Ddl> {
    describe::read(cursor).map(Ddl::Describe)
}

/// The format of a table that this crate has no part of, if a text names one.
fn foreign_format(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let formats =
        [("iceberg", "Iceberg tables"), ("delta", "Delta Lake tables"), ("hudi", "Hudi tables"), ("ion", "the Ion format")];
    let named = |mark: &str| {
        text == mark || (text.starts_with("com.amazon.ionhiveserde") && mark == "ion") || text.contains(&format!(".{mark}."))
    };
    formats.iter().find(|(mark, _)| named(mark)).map(|(_, format)| *format)
}

fn refuse_format(lexeme: &Lexeme, text: &str) -> Parsed<()> {
    match foreign_format(text) {
        Some(format) => Err(SyntaxError::not_emulated(lexeme.place, format)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_are_not_here() {
        for (text, format) in [
            ("ION", Some("the Ion format")),
            ("com.amazon.ionhiveserde.IonHiveSerDe", Some("the Ion format")),
            ("org.apache.iceberg.mr.hive.HiveIcebergSerDe", Some("Iceberg tables")),
            ("io.delta.hive.DeltaInputFormat", Some("Delta Lake tables")),
            ("delta", Some("Delta Lake tables")),
            ("org.apache.hudi.hadoop.HoodieParquetInputFormat", Some("Hudi tables")),
            ("PARQUET", None),
            ("org.apache.hadoop.mapred.TextInputFormat", None),
        ] {
            assert_eq!(foreign_format(text), format, "{text}");
        }
    }
}
