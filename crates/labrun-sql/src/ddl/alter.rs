//! `ALTER TABLE` for Hive tables (the alter-table-* pages).

use super::create_table::{self, Column};
use super::{PartitionSpec, Properties, TableName, name, partition, properties};
use crate::cursor::{Cursor, Parsed};
use crate::syntax::SyntaxError;

/// A table and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterTable {
    /// The table.
    pub table: TableName,
    /// `PARTITION (..)` before the action: of this partition only.
    pub partition: Option<PartitionSpec>,
    /// What is done.
    pub action: Action,
}

/// What `ALTER TABLE` does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// `ADD [IF NOT EXISTS] PARTITION ..`
    AddPartitions {
        /// Partitions that are there are passed over.
        if_not_exists: bool,
        /// What is added.
        partitions: Vec<NewPartition>,
    },
    /// `DROP [IF EXISTS] PARTITION ..`
    DropPartitions {
        /// Partitions that are not there are passed over.
        if_exists: bool,
        /// What is dropped; a spec of some of the keys means all partitions under it.
        partitions: Vec<PartitionSpec>,
    },
    /// `PARTITION (..) RENAME TO PARTITION (..)`: the new values
    RenamePartition(PartitionSpec),
    /// `ADD COLUMNS (..)`
    AddColumns(Vec<Column>),
    /// `REPLACE COLUMNS (..)`
    ReplaceColumns(Vec<Column>),
    /// `SET LOCATION ..`
    SetLocation(String),
    /// `SET TBLPROPERTIES (..)`
    SetProperties(Properties),
    /// `RENAME TO ..`, which fails as it runs
    RenameTo(TableName),
    /// `DROP COLUMN ..`, which fails as it runs
    DropColumn(String),
}

impl Action {
    pub(super) fn substatement(&self) -> &'static str {
        match self {
            Action::AddPartitions { .. } => "ALTER_TABLE_ADD_PARTITION",
            Action::DropPartitions { .. } => "ALTER_TABLE_DROP_PARTITION",
            Action::RenamePartition(_) => "ALTER_TABLE_RENAME_PARTITION",
            Action::AddColumns(_) => "ALTER_TABLE_ADD_COLUMNS",
            Action::ReplaceColumns(_) => "ALTER_TABLE_REPLACE_COLUMNS",
            Action::SetLocation(_) => "ALTER_TABLE_SET_LOCATION",
            Action::SetProperties(_) => "ALTER_TABLE_SET_TBLPROPERTIES",
            Action::RenameTo(_) => "ALTER_TABLE_RENAME",
            Action::DropColumn(_) => "ALTER_TABLE_DROP_COLUMN",
        }
    }
}

/// `PARTITION (..) [LOCATION ..]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPartition {
    /// Its values.
    pub spec: PartitionSpec,
    /// Under the table's if not written.
    pub location: Option<String>,
}

/// What Athena does not have (unsupported-ddl), by the words after the table's name.
const UNSUPPORTED: [&[&str]; 16] = [
    &["ARCHIVE"],
    &["UNARCHIVE"],
    &["TOUCH"],
    &["EXCHANGE"],
    &["CLUSTERED"],
    &["NOT", "CLUSTERED"],
    &["SKEWED"],
    &["NOT", "SKEWED"],
    &["NOT", "SORTED"],
    &["NOT", "STORED"],
    &["COMPACT"],
    &["CONCATENATE"],
    &["SET", "FILEFORMAT"],
    &["SET", "SERDEPROPERTIES"],
    &["SET", "SERDE"],
    &["SET", "SKEWED"],
];

/// What only Iceberg tables have (querying-iceberg-managing-tables).
const ICEBERG: [&[&str]; 2] = [&["CHANGE"], &["UNSET", "TBLPROPERTIES"]];

/// After the words `ALTER TABLE`.
pub(super) fn read(cursor: &mut Cursor) -> Parsed<AlterTable> {
    let table = name::read(cursor)?;
    let partition = partition::optional(cursor)?;
    let place = cursor.place();
    if let Some(words) = UNSUPPORTED.iter().find(|words| cursor.sees(words)) {
        return Err(SyntaxError::unsupported(place, &format!("ALTER TABLE {}", words.join(" "))));
    }
    if let Some(words) = ICEBERG.iter().find(|words| cursor.sees(words)) {
        return Err(SyntaxError::not_emulated(place, &format!("ALTER TABLE {}, which is for Iceberg tables", words.join(" "))));
    }
    let action = match partition {
        Some(_) => of_partition(cursor)?,
        None => of_table(cursor)?,
    };
    Ok(AlterTable { table, partition, action })
}

fn of_partition(cursor: &mut Cursor) -> Parsed<Action> {
    if cursor.phrase(&["RENAME", "TO"])? {
        return partition::read(cursor).map(Action::RenamePartition);
    }
    if cursor.phrase(&["ADD", "COLUMNS"])? {
        return create_table::columns(cursor).map(Action::AddColumns);
    }
    if cursor.phrase(&["REPLACE", "COLUMNS"])? {
        return create_table::columns(cursor).map(Action::ReplaceColumns);
    }
    cursor.expect_all(&["SET", "LOCATION"])?;
    cursor.text().map(Action::SetLocation)
}

fn of_table(cursor: &mut Cursor) -> Parsed<Action> {
    if cursor.take("ADD") {
        return add(cursor);
    }
    if cursor.take("DROP") {
        return drop(cursor);
    }
    if cursor.phrase(&["REPLACE", "COLUMNS"])? {
        return create_table::columns(cursor).map(Action::ReplaceColumns);
    }
    if cursor.phrase(&["RENAME", "TO"])? {
        return name::read(cursor).map(Action::RenameTo);
    }
    cursor.expect("SET")?;
    if cursor.take("LOCATION") {
        return cursor.text().map(Action::SetLocation);
    }
    cursor.expect("TBLPROPERTIES")?;
    properties::read(cursor).map(Action::SetProperties)
}

fn add(cursor: &mut Cursor) -> Parsed<Action> {
    if cursor.take("COLUMNS") {
        return create_table::columns(cursor).map(Action::AddColumns);
    }
    let if_not_exists = cursor.phrase(&["IF", "NOT", "EXISTS"])?;
    let mut partitions = vec![new_partition(cursor)?];
    while cursor.sees(&["PARTITION"]) {
        partitions.push(new_partition(cursor)?);
    }
    cursor.want("'PARTITION'");
    Ok(Action::AddPartitions { if_not_exists, partitions })
}

fn new_partition(cursor: &mut Cursor) -> Parsed<NewPartition> {
    let spec = partition::read(cursor)?;
    let location = if cursor.take("LOCATION") { Some(cursor.text()?) } else { None };
    Ok(NewPartition { spec, location })
}

fn drop(cursor: &mut Cursor) -> Parsed<Action> {
    if cursor.take("COLUMN") {
        return cursor.name().map(Action::DropColumn);
    }
    let if_exists = cursor.phrase(&["IF", "EXISTS"])?;
    let partitions = cursor.list(partition::read)?;
    Ok(Action::DropPartitions { if_exists, partitions })
}
