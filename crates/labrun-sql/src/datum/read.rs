//! A value out of a column.

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{
    Date32Type, Decimal128Type, DurationMillisecondType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    IntervalYearMonthType, Time64NanosecondType, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType,
};

use super::{Datum, UTC, Zone};
use crate::sqltype::{SqlType, unit};

/// Rows of a column as values.
pub(crate) struct Reader<'a> {
    column: &'a ArrayRef,
    kind: &'a SqlType,
}

impl<'a> Reader<'a> {
    /// The column's form is that of the type.
    pub(crate) fn new(column: &'a ArrayRef, kind: &'a SqlType) -> Self {
        Reader { column, kind }
    }

    pub(crate) fn get(&self, row: usize) -> Datum {
        read(self.column, self.kind, row)
    }
}

/// The value in a row.
pub(crate) fn read(column: &ArrayRef, kind: &SqlType, row: usize) -> Datum {
    if column.is_null(row) || matches!(kind, SqlType::Unknown | SqlType::Function(..)) {
        return Datum::Null;
    }
    match kind {
        SqlType::Boolean => Datum::Boolean(column.as_boolean().value(row)),
        SqlType::TinyInt => Datum::Integer(column.as_primitive::<Int8Type>().value(row).into()),
        SqlType::SmallInt => Datum::Integer(column.as_primitive::<Int16Type>().value(row).into()),
        SqlType::Integer => Datum::Integer(column.as_primitive::<Int32Type>().value(row).into()),
        SqlType::BigInt => Datum::Integer(column.as_primitive::<Int64Type>().value(row)),
        SqlType::Real => Datum::Real(column.as_primitive::<Float32Type>().value(row)),
        SqlType::Double => Datum::Double(column.as_primitive::<Float64Type>().value(row)),
        SqlType::Decimal(..) => Datum::Decimal(column.as_primitive::<Decimal128Type>().value(row)),
        SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Json => Datum::Text(column.as_string_view().value(row).to_owned()),
        SqlType::Varbinary | SqlType::Uuid | SqlType::IpAddress | SqlType::HyperLogLog => {
            Datum::Binary(column.as_binary::<i32>().value(row).to_vec())
        }
        SqlType::YearToMonth => Datum::Months(column.as_primitive::<IntervalYearMonthType>().value(row)),
        SqlType::DayToSecond => Datum::Milliseconds(column.as_primitive::<DurationMillisecondType>().value(row)),
        SqlType::Array(item) => {
            let items = column.as_list::<i32>().value(row);
            Datum::Array((0..items.len()).map(|at| read(&items, item, at)).collect())
        }
        SqlType::Map(key, value) => {
            let entries = column.as_map().value(row);
            let (keys, values) = (entries.column(0), entries.column(1));
            Datum::Map((0..entries.len()).map(|at| (read(keys, key, at), read(values, value, at))).collect())
        }
        SqlType::Row(fields) => {
            let columns = column.as_struct().columns();
            Datum::Row(fields.iter().zip(columns).map(|((_, kind), column)| read(column, kind, row)).collect())
        }
        moment => self::moment(column, moment, row),
    }
}

fn moment(column: &ArrayRef, kind: &SqlType, row: usize) -> Datum {
    match kind {
        SqlType::Date => Datum::Date(column.as_primitive::<Date32Type>().value(row)),
        SqlType::Time(_) => Datum::Time(column.as_primitive::<Time64NanosecondType>().value(row)),
        SqlType::Timestamp(precision) => Datum::Timestamp(nanoseconds(column, *precision, row)),
        SqlType::TimeTz(_) => {
            let (time, zone) = zoned(column, row);
            Datum::TimeTz(time.as_primitive::<Time64NanosecondType>().value(row), zone)
        }
        SqlType::TimestampTz(precision) => {
            let (instant, zone) = zoned(column, row);
            Datum::TimestampTz(nanoseconds(instant, *precision, row), zone)
        }
        _ => Datum::Null,
    }
}

/// The moment's column and the row's zone. Zones come out of [`super::build`], so they can be read.
fn zoned(column: &ArrayRef, row: usize) -> (&ArrayRef, Zone) {
    let columns = column.as_struct().columns();
    (&columns[0], Zone::parse(columns[1].as_string_view().value(row)).unwrap_or(UTC))
}

fn nanoseconds(column: &ArrayRef, precision: u8, row: usize) -> i128 {
    match unit(precision) {
        TimeUnit::Nanosecond => column.as_primitive::<TimestampNanosecondType>().value(row).into(),
        TimeUnit::Microsecond => i128::from(column.as_primitive::<TimestampMicrosecondType>().value(row)) * 1_000,
        _ => i128::from(column.as_primitive::<TimestampMillisecondType>().value(row)) * 1_000_000,
    }
}
