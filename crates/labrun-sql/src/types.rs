//! Hive's types, as the Data Catalog keeps them, and their names in Trino (data-types).

mod grammar;
mod trino;

use std::fmt;

use crate::syntax::SyntaxError;

pub(crate) use grammar::read;

/// A type of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `boolean`
    Boolean,
    /// `tinyint`
    TinyInt,
    /// `smallint`
    SmallInt,
    /// `int`, `integer`
    Int,
    /// `bigint`
    BigInt,
    /// `float`
    Float,
    /// `double`
    Double,
    /// `decimal(precision,scale)`
    Decimal(u32, u32),
    /// `char(length)`
    Char(u32),
    /// `varchar(length)`
    Varchar(u32),
    /// `string`
    String,
    /// `binary`
    Binary,
    /// `date`
    Date,
    /// `timestamp`
    Timestamp,
    /// `array<item>`
    Array(Box<Type>),
    /// `map<key,value>`
    Map(Box<Type>, Box<Type>),
    /// `struct<name:type,..>`
    Struct(Vec<(String, Type)>),
}

/// A type that is written well and cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TypeError {
    /// Not a type at all.
    #[error("{text} is not a type: {fault}")]
    Unreadable {
        /// What was read.
        text: String,
        /// Where it stops being a type.
        fault: SyntaxError,
    },
    /// Hive's words (`[hive]`, `ParseUtils`).
    #[error("Decimal precision out of allowed range [1,38]")]
    Precision,
    /// Hive's words.
    #[error("Decimal scale must be less than or equal to precision")]
    Scale,
    /// Hive's words.
    #[error("{kind} length {length} out of allowed range [1, {most}]")]
    Length {
        /// `Char` or `Varchar`.
        kind: &'static str,
        /// What was asked for.
        length: u32,
        /// What there is.
        most: u32,
    },
}

impl Type {
    /// A type as it stands in the Data Catalog; names of fields keep their case.
    pub fn parse(text: &str) -> Result<Self, TypeError> {
        let found = grammar::stored(text).map_err(|fault| TypeError::Unreadable { text: text.to_owned(), fault: *fault })?;
        found.check()?;
        Ok(found)
    }

    /// Out of Trino's spelling. Types that tables cannot have, such as `json` and `timestamp with time zone`, are errors.
    pub fn from_trino(text: &str) -> Result<Self, TypeError> {
        trino::read(text).map_err(|fault| TypeError::Unreadable { text: text.to_owned(), fault: *fault })
    }

    /// The limits of lengths and precisions (data-types).
    pub fn check(&self) -> Result<(), TypeError> {
        match self {
            Type::Decimal(precision, _) if !(1..=38).contains(precision) => Err(TypeError::Precision),
            Type::Decimal(precision, scale) if scale > precision => Err(TypeError::Scale),
            Type::Char(length) => in_range("Char", *length, 255),
            Type::Varchar(length) => in_range("Varchar", *length, 65535),
            Type::Array(item) => item.check(),
            Type::Map(key, value) => key.check().and_then(|()| value.check()),
            Type::Struct(fields) => fields.iter().try_for_each(|(_, field)| field.check()),
            _ => Ok(()),
        }
    }

    /// As the engine for queries calls it.
    pub fn to_trino(&self) -> String {
        match self {
            Type::Int => "integer".to_owned(),
            Type::Float => "real".to_owned(),
            Type::String => "varchar".to_owned(),
            Type::Binary => "varbinary".to_owned(),
            Type::Timestamp => "timestamp(3)".to_owned(),
            Type::Array(item) => format!("array({})", item.to_trino()),
            Type::Map(key, value) => format!("map({}, {})", key.to_trino(), value.to_trino()),
            Type::Struct(fields) => {
                let fields: Vec<String> = fields.iter().map(|(name, field)| format!("{name} {}", field.to_trino())).collect();
                format!("row({})", fields.join(", "))
            }
            other => other.to_string(),
        }
    }
}

fn in_range(kind: &'static str, length: u32, most: u32) -> Result<(), TypeError> {
    if (1..=most).contains(&length) { Ok(()) } else { Err(TypeError::Length { kind, length, most }) }
}

/// In Hive's spelling, without spaces, as the Data Catalog keeps types.
impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Decimal(precision, scale) => write!(out, "decimal({precision},{scale})"),
            Type::Char(length) => write!(out, "char({length})"),
            Type::Varchar(length) => write!(out, "varchar({length})"),
            Type::Array(item) => write!(out, "array<{item}>"),
            Type::Map(key, value) => write!(out, "map<{key},{value}>"),
            Type::Struct(fields) => {
                out.write_str("struct<")?;
                for (at, (name, field)) in fields.iter().enumerate() {
                    write!(out, "{}{name}:{field}", if at == 0 { "" } else { "," })?;
                }
                out.write_str(">")
            }
            plain => out.write_str(grammar::word(plain)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_and_printed_in_one_spelling() {
        for (text, hive, trino) in [
            ("INT", "int", "integer"),
            ("integer", "int", "integer"),
            ("float", "float", "real"),
            ("string", "string", "varchar"),
            ("binary", "binary", "varbinary"),
            ("timestamp", "timestamp", "timestamp(3)"),
            ("date", "date", "date"),
            ("decimal", "decimal(10,0)", "decimal(10,0)"),
            ("decimal( 5 )", "decimal(5,0)", "decimal(5,0)"),
            ("decimal(38,2)", "decimal(38,2)", "decimal(38,2)"),
            ("char(3)", "char(3)", "char(3)"),
            ("varchar(65535)", "varchar(65535)", "varchar(65535)"),
            ("array<array<int>>", "array<array<int>>", "array(array(integer))"),
            ("map<string, double>", "map<string,double>", "map(varchar, double)"),
            ("struct<a:int, B : array<string>>", "struct<a:int,B:array<string>>", "row(a integer, B array(varchar))"),
            ("struct<my-key:int,`of`:string>", "struct<my-key:int,of:string>", "row(my-key integer, of varchar)"),
        ] {
            let read = Type::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((read.to_string().as_str(), read.to_trino().as_str()), (hive, trino), "{text}");
            assert_eq!(Type::parse(&read.to_string()), Ok(read));
        }
    }

    #[test]
    fn out_of_trinos_spelling() {
        for (trino, hive) in [
            ("integer", "int"),
            ("varchar", "string"),
            ("varchar(2147483647)", "string"),
            ("varchar(5)", "varchar(5)"),
            ("real", "float"),
            ("decimal(10, 2)", "decimal(10,2)"),
            ("timestamp(3)", "timestamp"),
            ("map(varchar, array(row(\"a b\" integer, end varbinary)))", "map<string,array<struct<a b:int,end:binary>>>"),
        ] {
            assert_eq!(Type::from_trino(trino).map(|kind| kind.to_string()), Ok(hive.to_owned()));
        }
        for text in ["json", "timestamp(3) with time zone", "uuid", ""] {
            assert!(Type::from_trino(text).is_err(), "{text}");
        }
        assert!(Type::from_trino(&format!("{}integer", "array(".repeat(500))).is_err());
    }

    #[test]
    fn what_is_no_type() {
        for text in
            ["", "real", "row(a int)", "array", "array<int", "map<array<int>,int>", "struct<a>", "int int", "varchar", "char(x)"]
        {
            assert!(matches!(Type::parse(text), Err(TypeError::Unreadable { .. })), "{text}");
        }
        let deep = format!("{}int{}", "array<".repeat(500), ">".repeat(500));
        assert!(Type::parse(&deep).is_err());
    }

    #[test]
    fn limits() {
        for (text, message) in [
            ("decimal(39)", "Decimal precision out of allowed range [1,38]"),
            ("decimal(0)", "Decimal precision out of allowed range [1,38]"),
            ("array<decimal(3,4)>", "Decimal scale must be less than or equal to precision"),
            ("char(256)", "Char length 256 out of allowed range [1, 255]"),
            ("struct<a:map<int,varchar(0)>>", "Varchar length 0 out of allowed range [1, 65535]"),
        ] {
            assert_eq!(Type::parse(text).unwrap_err().to_string(), message);
        }
    }
}
