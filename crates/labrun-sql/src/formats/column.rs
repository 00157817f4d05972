//! A column under construction: plain types straight into Arrow's builders, the rest by way of values.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanBuilder, PrimitiveBuilder, StringViewBuilder};
use datafusion::arrow::datatypes::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMillisecondType,
};

use super::scalar;
use crate::datum::{self, Datum};
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

/// Rows of one column, as Hive reads them out of text.
pub(super) enum Column<'k> {
    Boolean(BooleanBuilder),
    TinyInt(PrimitiveBuilder<Int8Type>),
    SmallInt(PrimitiveBuilder<Int16Type>),
    Integer(PrimitiveBuilder<Int32Type>),
    BigInt(PrimitiveBuilder<Int64Type>),
    Real(PrimitiveBuilder<Float32Type>),
    Double(PrimitiveBuilder<Float64Type>),
    Decimal(PrimitiveBuilder<Decimal128Type>, u8, i8),
    Date(PrimitiveBuilder<Date32Type>),
    Timestamp(PrimitiveBuilder<TimestampMillisecondType>),
    Text(StringViewBuilder, &'k SqlType),
    /// Binary, and types with types inside.
    Values(Vec<Datum>, &'k SqlType),
}

fn room<T: ArrowPrimitiveType>(rows: usize) -> PrimitiveBuilder<T> {
    PrimitiveBuilder::with_capacity(rows)
}

impl<'k> Column<'k> {
    pub(super) fn new(kind: &'k SqlType, rows: usize) -> Self {
        match kind {
            SqlType::Boolean => Column::Boolean(BooleanBuilder::with_capacity(rows)),
            SqlType::TinyInt => Column::TinyInt(room(rows)),
            SqlType::SmallInt => Column::SmallInt(room(rows)),
            SqlType::Integer => Column::Integer(room(rows)),
            SqlType::BigInt => Column::BigInt(room(rows)),
            SqlType::Real => Column::Real(room(rows)),
            SqlType::Double => Column::Double(room(rows)),
            SqlType::Decimal(precision, scale) => Column::Decimal(room(rows).with_data_type(kind.arrow()), *precision, *scale),
            SqlType::Date => Column::Date(room(rows)),
            SqlType::Timestamp(_) => Column::Timestamp(room(rows)),
            SqlType::Varchar(_) | SqlType::Char(_) => Column::Text(StringViewBuilder::with_capacity(rows), kind),
            _ => Column::Values(Vec::with_capacity(rows), kind),
        }
    }

    /// A row out of its field, which is not NULL; what can't be read is.
    pub(super) fn push(&mut self, field: &[u8]) {
        match self {
            Column::Boolean(rows) => rows.append_option(scalar::boolean(field)),
            Column::TinyInt(rows) => rows.append_option(whole(field)),
            Column::SmallInt(rows) => rows.append_option(whole(field)),
            Column::Integer(rows) => rows.append_option(whole(field)),
            Column::BigInt(rows) => rows.append_option(scalar::integer(field)),
            Column::Real(rows) => rows.append_option(scalar::floating(field)),
            Column::Double(rows) => rows.append_option(scalar::floating(field)),
            Column::Decimal(rows, precision, scale) => rows.append_option(scalar::decimal(field, *precision, *scale)),
            Column::Date(rows) => rows.append_option(scalar::date(field)),
            Column::Timestamp(rows) => rows.append_option(scalar::timestamp(field)),
            Column::Text(rows, kind) => rows.append_value(scalar::cut(&String::from_utf8_lossy(field), kind)),
            Column::Values(rows, kind) => rows.push(scalar::datum(field, kind).unwrap_or(Datum::Null)),
        }
    }

    pub(super) fn push_null(&mut self) {
        match self {
            Column::Boolean(rows) => rows.append_null(),
            Column::TinyInt(rows) => rows.append_null(),
            Column::SmallInt(rows) => rows.append_null(),
            Column::Integer(rows) => rows.append_null(),
            Column::BigInt(rows) => rows.append_null(),
            Column::Real(rows) => rows.append_null(),
            Column::Double(rows) => rows.append_null(),
            Column::Decimal(rows, ..) => rows.append_null(),
            Column::Date(rows) => rows.append_null(),
            Column::Timestamp(rows) => rows.append_null(),
            Column::Text(rows, _) => rows.append_null(),
            Column::Values(rows, _) => rows.push(Datum::Null),
        }
    }

    /// A row out of a value of the column's type.
    pub(super) fn push_datum(&mut self, value: &Datum) -> Outcome<()> {
        match (self, value) {
            (column, Datum::Null) => column.push_null(),
            (Column::Boolean(rows), Datum::Boolean(value)) => rows.append_value(*value),
            (Column::TinyInt(rows), Datum::Integer(value)) => rows.append_option(i8::try_from(*value).ok()),
            (Column::SmallInt(rows), Datum::Integer(value)) => rows.append_option(i16::try_from(*value).ok()),
            (Column::Integer(rows), Datum::Integer(value)) => rows.append_option(i32::try_from(*value).ok()),
            (Column::BigInt(rows), Datum::Integer(value)) => rows.append_value(*value),
            (Column::Real(rows), Datum::Real(value)) => rows.append_value(*value),
            (Column::Double(rows), Datum::Double(value)) => rows.append_value(*value),
            (Column::Decimal(rows, ..), Datum::Decimal(value)) => rows.append_value(*value),
            (Column::Date(rows), Datum::Date(value)) => rows.append_value(*value),
            (Column::Timestamp(rows), Datum::Timestamp(value)) => {
                rows.append_option(i64::try_from(value.div_euclid(1_000_000)).ok());
            }
            (Column::Text(rows, _), Datum::Text(value)) => rows.append_value(value),
            (Column::Values(rows, _), value) => rows.push(value.clone()),
            _ => return Err(Fault::new("GENERIC_INTERNAL_ERROR", "a value of another type than its column")),
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Outcome<ArrayRef> {
        Ok(match self {
            Column::Boolean(mut rows) => Arc::new(rows.finish()),
            Column::TinyInt(mut rows) => Arc::new(rows.finish()),
            Column::SmallInt(mut rows) => Arc::new(rows.finish()),
            Column::Integer(mut rows) => Arc::new(rows.finish()),
            Column::BigInt(mut rows) => Arc::new(rows.finish()),
            Column::Real(mut rows) => Arc::new(rows.finish()),
            Column::Double(mut rows) => Arc::new(rows.finish()),
            Column::Decimal(mut rows, ..) => Arc::new(rows.finish()),
            Column::Date(mut rows) => Arc::new(rows.finish()),
            Column::Timestamp(mut rows) => Arc::new(rows.finish()),
            Column::Text(mut rows, _) => Arc::new(rows.finish()),
            Column::Values(rows, kind) => datum::column(&rows, kind)?,
        })
    }
}

fn whole<T: TryFrom<i64>>(field: &[u8]) -> Option<T> {
    T::try_from(scalar::integer(field)?).ok()
}
