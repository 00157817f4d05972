//! Statements about databases; `SCHEMA` is another word for them (create-database, drop-database, alter-database-set-dbproperties).

use super::{Properties, properties};
use crate::cursor::{Cursor, Parsed};

/// `CREATE DATABASE`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateDatabase {
    /// Its name.
    pub name: String,
    /// Nothing happens if it is there.
    pub if_not_exists: bool,
    /// Glue's description.
    pub comment: Option<String>,
    /// Where its tables are by default.
    pub location: Option<String>,
    /// `WITH DBPROPERTIES`
    pub properties: Properties,
}

/// `DROP DATABASE`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropDatabase {
    /// Its name.
    pub name: String,
    /// Nothing happens if it is not there.
    pub if_exists: bool,
    /// With its tables; otherwise it must be empty.
    pub cascade: bool,
}

/// `ALTER DATABASE .. SET DBPROPERTIES`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterDatabase {
    /// Its name.
    pub name: String,
    /// They replace those with the same keys.
    pub properties: Properties,
}

pub(super) fn create(cursor: &mut Cursor) -> Parsed<CreateDatabase> {
    let if_not_exists = cursor.phrase(&["IF", "NOT", "EXISTS"])?;
    let name = cursor.name()?;
    let comment = if cursor.take("COMMENT") { Some(cursor.text()?) } else { None };
    let location = if cursor.take("LOCATION") { Some(cursor.text()?) } else { None };
    let with = cursor.phrase(&["WITH", "DBPROPERTIES"])?;
    let properties = if with { properties::read(cursor)? } else { Vec::new() };
    Ok(CreateDatabase { name, if_not_exists, comment, location, properties })
}

pub(super) fn drop(cursor: &mut Cursor) -> Parsed<DropDatabase> {
    let if_exists = cursor.phrase(&["IF", "EXISTS"])?;
    let name = cursor.name()?;
    let cascade = !cursor.take("RESTRICT") && cursor.take("CASCADE");
    Ok(DropDatabase { name, if_exists, cascade })
}

pub(super) fn alter(cursor: &mut Cursor) -> Parsed<AlterDatabase> {
    let name = cursor.name()?;
    cursor.expect_all(&["SET", "DBPROPERTIES"])?;
    Ok(AlterDatabase { name, properties: properties::read(cursor)? })
}
