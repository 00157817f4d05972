//! How values of a type lie in memory. Several types share a form (text and json): what a column means is known from its [`SqlType`] alone.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Fields, IntervalUnit, TimeUnit};

use super::SqlType;

/// The name of an entry's struct in a map, and of its two fields.
const MAP_NAMES: (&str, &str, &str) = ("entries", "key", "value");

impl SqlType {
    /// One form for each type; all text is `Utf8View`.
    ///
    /// A value with a zone is a struct of its instant and the zone's name: two zones of one instant are equal, and both are kept.
    pub fn arrow(&self) -> DataType {
        match self {
            SqlType::Unknown => DataType::Null,
            SqlType::Boolean => DataType::Boolean,
            SqlType::TinyInt => DataType::Int8,
            SqlType::SmallInt => DataType::Int16,
            SqlType::Integer => DataType::Int32,
            SqlType::BigInt => DataType::Int64,
            SqlType::Real => DataType::Float32,
            SqlType::Double => DataType::Float64,
            SqlType::Decimal(precision, scale) => DataType::Decimal128(*precision, *scale),
            SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Json => DataType::Utf8View,
            SqlType::Varbinary | SqlType::Uuid | SqlType::IpAddress | SqlType::HyperLogLog => DataType::Binary,
            SqlType::Date => DataType::Date32,
            SqlType::Time(_) => DataType::Time64(TimeUnit::Nanosecond),
            SqlType::TimeTz(_) => zoned(DataType::Time64(TimeUnit::Nanosecond)),
            SqlType::Timestamp(precision) => DataType::Timestamp(unit(*precision), None),
            SqlType::TimestampTz(precision) => zoned(DataType::Timestamp(unit(*precision), None)),
            SqlType::YearToMonth => DataType::Interval(IntervalUnit::YearMonth),
            SqlType::DayToSecond => DataType::Duration(TimeUnit::Millisecond),
            SqlType::Array(item) => DataType::List(Arc::new(Field::new_list_field(item.arrow(), true))),
            SqlType::Map(key, value) => DataType::Map(entries(key, value), false),
            SqlType::Row(fields) => DataType::Struct(row(fields)),
            // A lambda is never a column.
            SqlType::Function(..) => DataType::Null,
        }
    }
}

/// Of a timestamp: what holds its digits.
pub(crate) fn unit(precision: u8) -> TimeUnit {
    match precision {
        0..=3 => TimeUnit::Millisecond,
        4..=6 => TimeUnit::Microsecond,
        _ => TimeUnit::Nanosecond,
    }
}

fn zoned(instant: DataType) -> DataType {
    DataType::Struct(Fields::from(vec![Field::new("instant", instant, true), Field::new("zone", DataType::Utf8View, true)]))
}

fn entries(key: &SqlType, value: &SqlType) -> Arc<Field> {
    let (name, key_name, value_name) = MAP_NAMES;
    let fields = vec![Field::new(key_name, key.arrow(), false), Field::new(value_name, value.arrow(), true)];
    Arc::new(Field::new(name, DataType::Struct(Fields::from(fields)), false))
}

fn row(fields: &[(Option<String>, SqlType)]) -> Fields {
    fields
        .iter()
        .enumerate()
        .map(|(at, (name, field))| Field::new(field_name(at, name.as_deref()), field.arrow(), true))
        .collect()
}

/// A field without a name is called by its place, as Trino shows it.
pub(crate) fn field_name(at: usize, name: Option<&str>) -> String {
    name.map_or_else(|| format!("field{at}"), ToOwned::to_owned)
}
