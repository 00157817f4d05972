//! Trino's types: what a query computes with. Tables have Hive's ([`crate::types`]), which are fewer.

mod arrow;
mod coerce;
mod parse;

use std::fmt;

pub(crate) use arrow::{field_name, unit};

use crate::types::Type;

/// A type of a value in a query.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SqlType {
    /// Of a bare `NULL`.
    Unknown,
    /// `boolean`
    Boolean,
    /// `tinyint`
    TinyInt,
    /// `smallint`
    SmallInt,
    /// `integer`
    Integer,
    /// `bigint`
    BigInt,
    /// `real`
    Real,
    /// `double`
    Double,
    /// `decimal(precision,scale)`
    Decimal(u8, i8),
    /// `varchar`, `varchar(length)`
    Varchar(Option<u32>),
    /// `char(length)`; values are kept without the blanks at their end
    Char(u32),
    /// `varbinary`
    Varbinary,
    /// `date`
    Date,
    /// `time(precision)`
    Time(u8),
    /// `time(precision) with time zone`
    TimeTz(u8),
    /// `timestamp(precision)`
    Timestamp(u8),
    /// `timestamp(precision) with time zone`
    TimestampTz(u8),
    /// `interval year to month`
    YearToMonth,
    /// `interval day to second`
    DayToSecond,
    /// `json`
    Json,
    /// `uuid`
    Uuid,
    /// `ipaddress`
    IpAddress,
    /// `HyperLogLog`
    HyperLogLog,
    /// `array(item)`
    Array(Box<SqlType>),
    /// `map(key, value)`
    Map(Box<SqlType>, Box<SqlType>),
    /// `row(name type, ..)`
    Row(Vec<(Option<String>, SqlType)>),
    /// Of a lambda: `function(argument,..,result)`
    Function(Vec<SqlType>, Box<SqlType>),
}

/// `varchar`
pub const VARCHAR: SqlType = SqlType::Varchar(None);

impl SqlType {
    /// Of a column of a table.
    pub fn of_column(kind: &Type) -> Self {
        match kind {
            Type::Boolean => SqlType::Boolean,
            Type::TinyInt => SqlType::TinyInt,
            Type::SmallInt => SqlType::SmallInt,
            Type::Int => SqlType::Integer,
            Type::BigInt => SqlType::BigInt,
            Type::Float => SqlType::Real,
            Type::Double => SqlType::Double,
            // Both are 38 at most: Hive's grammar has checked it.
            Type::Decimal(precision, scale) => SqlType::Decimal(*precision as u8, *scale as i8),
            Type::Char(length) => SqlType::Char(*length),
            Type::Varchar(length) => SqlType::Varchar(Some(*length)),
            Type::String => VARCHAR,
            Type::Binary => SqlType::Varbinary,
            Type::Date => SqlType::Date,
            Type::Timestamp => SqlType::Timestamp(3),
            Type::Array(item) => SqlType::array(Self::of_column(item)),
            Type::Map(key, value) => SqlType::map(Self::of_column(key), Self::of_column(value)),
            Type::Struct(fields) => {
                SqlType::Row(fields.iter().map(|(name, field)| (Some(name.to_lowercase()), Self::of_column(field))).collect())
            }
        }
    }

    /// The type that a table keeps such values in; `None` where Hive has none (data-types).
    pub fn to_column(&self) -> Option<Type> {
        Some(match self {
            SqlType::Boolean => Type::Boolean,
            SqlType::TinyInt => Type::TinyInt,
            SqlType::SmallInt => Type::SmallInt,
            SqlType::Integer => Type::Int,
            SqlType::BigInt => Type::BigInt,
            SqlType::Real => Type::Float,
            SqlType::Double => Type::Double,
            SqlType::Decimal(precision, scale) => Type::Decimal(u32::from(*precision), u32::try_from(*scale).ok()?),
            SqlType::Char(length) => Type::Char(*length),
            SqlType::Varchar(Some(length)) if *length <= 65535 => Type::Varchar(*length),
            SqlType::Varchar(_) => Type::String,
            SqlType::Varbinary => Type::Binary,
            SqlType::Date => Type::Date,
            SqlType::Timestamp(_) => Type::Timestamp,
            SqlType::Array(item) => Type::Array(Box::new(item.to_column()?)),
            SqlType::Map(key, value) => Type::Map(Box::new(key.to_column()?), Box::new(value.to_column()?)),
            SqlType::Row(fields) => {
                let fields = fields.iter().map(|(name, field)| Some((name.clone()?, field.to_column()?)));
                Type::Struct(fields.collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }

    /// `array(item)`
    pub fn array(item: SqlType) -> Self {
        SqlType::Array(Box::new(item))
    }

    /// `map(key, value)`
    pub fn map(key: SqlType, value: SqlType) -> Self {
        SqlType::Map(Box::new(key), Box::new(value))
    }

    /// Without parameters, as a column's description has it: `decimal`, `timestamp with time zone`.
    pub fn base(&self) -> String {
        match self {
            SqlType::Decimal(..) => "decimal".to_owned(),
            SqlType::Varchar(_) => "varchar".to_owned(),
            SqlType::Char(_) => "char".to_owned(),
            SqlType::Time(_) => "time".to_owned(),
            SqlType::TimeTz(_) => "time with time zone".to_owned(),
            SqlType::Timestamp(_) => "timestamp".to_owned(),
            SqlType::TimestampTz(_) => "timestamp with time zone".to_owned(),
            SqlType::Real => "float".to_owned(),
            SqlType::Array(_) => "array".to_owned(),
            SqlType::Map(..) => "map".to_owned(),
            SqlType::Row(_) => "row".to_owned(),
            other => other.to_string(),
        }
    }

    /// Whole numbers of any width.
    pub fn is_integer(&self) -> bool {
        matches!(self, SqlType::TinyInt | SqlType::SmallInt | SqlType::Integer | SqlType::BigInt)
    }

    /// What arithmetic works on.
    pub fn is_numeric(&self) -> bool {
        self.is_integer() || matches!(self, SqlType::Real | SqlType::Double | SqlType::Decimal(..))
    }

    /// `varchar` of any length.
    pub fn is_varchar(&self) -> bool {
        matches!(self, SqlType::Varchar(_))
    }

    /// Values can be told equal: `=`, `GROUP BY`, `DISTINCT`.
    pub fn is_comparable(&self) -> bool {
        match self {
            SqlType::HyperLogLog | SqlType::Function(..) => false,
            SqlType::Array(item) => item.is_comparable(),
            SqlType::Map(key, value) => key.is_comparable() && value.is_comparable(),
            SqlType::Row(fields) => fields.iter().all(|(_, field)| field.is_comparable()),
            _ => true,
        }
    }

    /// Values have an order: `<`, `ORDER BY`, `max`.
    pub fn is_orderable(&self) -> bool {
        match self {
            SqlType::Json | SqlType::Map(..) | SqlType::HyperLogLog | SqlType::Function(..) => false,
            SqlType::Array(item) => item.is_orderable(),
            SqlType::Row(fields) => fields.iter().all(|(_, field)| field.is_orderable()),
            _ => true,
        }
    }
}

/// As Trino writes it, with parameters.
impl fmt::Display for SqlType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SqlType::Unknown => out.write_str("unknown"),
            SqlType::Boolean => out.write_str("boolean"),
            SqlType::TinyInt => out.write_str("tinyint"),
            SqlType::SmallInt => out.write_str("smallint"),
            SqlType::Integer => out.write_str("integer"),
            SqlType::BigInt => out.write_str("bigint"),
            SqlType::Real => out.write_str("real"),
            SqlType::Double => out.write_str("double"),
            SqlType::Decimal(precision, scale) => write!(out, "decimal({precision},{scale})"),
            SqlType::Varchar(None) => out.write_str("varchar"),
            SqlType::Varchar(Some(length)) => write!(out, "varchar({length})"),
            SqlType::Char(length) => write!(out, "char({length})"),
            SqlType::Varbinary => out.write_str("varbinary"),
            SqlType::Date => out.write_str("date"),
            SqlType::Time(precision) => write!(out, "time({precision})"),
            SqlType::TimeTz(precision) => write!(out, "time({precision}) with time zone"),
            SqlType::Timestamp(precision) => write!(out, "timestamp({precision})"),
            SqlType::TimestampTz(precision) => write!(out, "timestamp({precision}) with time zone"),
            SqlType::YearToMonth => out.write_str("interval year to month"),
            SqlType::DayToSecond => out.write_str("interval day to second"),
            SqlType::Json => out.write_str("json"),
            SqlType::Uuid => out.write_str("uuid"),
            SqlType::IpAddress => out.write_str("ipaddress"),
            SqlType::HyperLogLog => out.write_str("HyperLogLog"),
            SqlType::Array(item) => write!(out, "array({item})"),
            SqlType::Map(key, value) => write!(out, "map({key}, {value})"),
            SqlType::Row(fields) => row(out, fields),
            SqlType::Function(arguments, result) => {
                out.write_str("function(")?;
                arguments.iter().try_for_each(|argument| write!(out, "{argument},"))?;
                write!(out, "{result})")
            }
        }
    }
}

fn row(out: &mut fmt::Formatter<'_>, fields: &[(Option<String>, SqlType)]) -> fmt::Result {
    out.write_str("row(")?;
    for (at, (name, field)) in fields.iter().enumerate() {
        out.write_str(if at == 0 { "" } else { ", " })?;
        match name {
            Some(name) => write!(out, "{name} {field}")?,
            None => write!(out, "{field}")?,
        }
    }
    out.write_str(")")
}
