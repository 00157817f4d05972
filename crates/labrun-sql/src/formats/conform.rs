//! Columns of a file in the form of the table's types: other widths, names and units become those of [`SqlType::arrow`].

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, ListArray, MapArray, StringViewArray, StructArray, TimestampMillisecondArray, new_null_array,
};
use datafusion::arrow::compute::{CastOptions, cast, cast_with_options};
use datafusion::arrow::datatypes::{
    DataType, Field, TimeUnit, TimestampMicrosecondType, TimestampNanosecondType, TimestampSecondType,
};

use super::scalar;
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

/// The same values as the table has them. `Err` where the file's type is another kind of thing than the table's.
pub(crate) fn conform(column: &ArrayRef, kind: &SqlType) -> Outcome<ArrayRef> {
    let target = kind.arrow();
    if *column.data_type() == target && !is_cut(kind) {
        return Ok(Arc::clone(column));
    }
    match (kind, column.data_type()) {
        (_, DataType::Null) => Ok(new_null_array(&target, column.len())),
        (_, DataType::Dictionary(_, value)) => conform(&cast(column, value)?, kind),
        (SqlType::Array(item), DataType::List(_)) => list(column.as_list(), item),
        (SqlType::Array(_), DataType::LargeList(item) | DataType::FixedSizeList(item, _) | DataType::ListView(item)) => {
            conform(&cast(column, &DataType::List(Arc::clone(item)))?, kind)
        }
        (SqlType::Map(key, value), DataType::Map(..)) => map(column.as_map(), key, value, &target),
        (SqlType::Row(fields), DataType::Struct(_)) => row(column.as_struct(), fields, &target),
        (SqlType::Timestamp(_), DataType::Timestamp(unit, _)) => milliseconds(column, *unit),
        (SqlType::Varchar(_) | SqlType::Char(_), from) if is_texty(from) => text(column, kind),
        (_, from) if converts(from, &target) => {
            let strict = CastOptions { safe: false, ..CastOptions::default() };
            cast_with_options(column, &target, &strict).map_err(|error| Fault::new("HIVE_BAD_DATA", error.to_string()))
        }
        (_, from) => Err(mismatch(from, kind)),
    }
}

/// Trino's refusal, without the names of the column and the file.
pub(crate) fn mismatch(from: &DataType, kind: &SqlType) -> Fault {
    Fault::new("HIVE_BAD_DATA", format!("The file's type {from} is incompatible with type {kind} defined in table schema"))
}

fn is_cut(kind: &SqlType) -> bool {
    matches!(kind, SqlType::Varchar(Some(_)) | SqlType::Char(_))
}

fn is_texty(from: &DataType) -> bool {
    use DataType::{Binary, BinaryView, FixedSizeBinary, LargeBinary, LargeUtf8, Utf8, Utf8View};
    matches!(from, Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView | FixedSizeBinary(_))
}

/// What a plain type of a file may be in a table.
pub(crate) fn converts(from: &DataType, target: &DataType) -> bool {
    let whole = from.is_integer();
    match target {
        _ if from == target => true,
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => whole,
        DataType::Float32 | DataType::Float64 => whole || from.is_floating(),
        DataType::Decimal128(..) => {
            whole
                || matches!(
                    from,
                    DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) | DataType::Decimal256(..)
                )
        }
        DataType::Binary => is_texty(from),
        DataType::Utf8View => is_texty(from),
        DataType::Date32 => matches!(from, DataType::Date64),
        DataType::Timestamp(..) => matches!(from, DataType::Timestamp(..) | DataType::Date32),
        _ => false,
    }
}

fn list(column: &ListArray, item: &SqlType) -> Outcome<ArrayRef> {
    let field = Arc::new(Field::new_list_field(item.arrow(), true));
    let values = conform(column.values(), item)?;
    Ok(Arc::new(ListArray::try_new(field, column.offsets().clone(), values, column.nulls().cloned())?))
}

fn map(column: &MapArray, key: &SqlType, value: &SqlType, target: &DataType) -> Outcome<ArrayRef> {
    let DataType::Map(entries, sorted) = target else { return Err(mismatch(column.data_type(), key)) };
    let DataType::Struct(fields) = entries.data_type() else { return Err(mismatch(column.data_type(), key)) };
    let columns = vec![conform(column.keys(), key)?, conform(column.values(), value)?];
    let inside = StructArray::try_new(fields.clone(), columns, None)?;
    let (offsets, nulls) = (column.offsets().clone(), column.nulls().cloned());
    Ok(Arc::new(MapArray::try_new(Arc::clone(entries), offsets, inside, nulls, *sorted)?))
}

/// Fields by their names in any case; those that the file lacks are NULL.
fn row(column: &StructArray, fields: &[(Option<String>, SqlType)], target: &DataType) -> Outcome<ArrayRef> {
    let DataType::Struct(form) = target else { return Err(Fault::new("GENERIC_INTERNAL_ERROR", "a row's form is no struct")) };
    let columns = fields.iter().enumerate().map(|(at, (name, kind))| {
        let found = match name {
            Some(name) => column.column_names().iter().position(|known| known.eq_ignore_ascii_case(name)),
            None => (at < column.num_columns()).then_some(at),
        };
        match found {
            Some(found) => conform(column.column(found), kind),
            None => Ok(new_null_array(&kind.arrow(), column.len())),
        }
    });
    let columns = columns.collect::<Outcome<Vec<_>>>()?;
    Ok(Arc::new(StructArray::try_new_with_length(form.clone(), columns, column.nulls().cloned(), column.len())?))
}

/// Rounded half up, as version 3 does (engine-versions-reference-0003). A zone is UTC's.
fn milliseconds(column: &ArrayRef, unit: TimeUnit) -> Outcome<ArrayRef> {
    let rounded = |value: i64, per: i64| (value.div_euclid(per)) + i64::from(value.rem_euclid(per) * 2 >= per);
    let column: TimestampMillisecondArray = match unit {
        TimeUnit::Nanosecond => column.as_primitive::<TimestampNanosecondType>().unary(|value| rounded(value, 1_000_000)),
        TimeUnit::Microsecond => column.as_primitive::<TimestampMicrosecondType>().unary(|value| rounded(value, 1_000)),
        TimeUnit::Second => column.as_primitive::<TimestampSecondType>().try_unary(|value| {
            value.checked_mul(1_000).ok_or(datafusion::arrow::error::ArrowError::ArithmeticOverflow("timestamp".to_owned()))
        })?,
        TimeUnit::Millisecond => return Ok(cast(column, &DataType::Timestamp(TimeUnit::Millisecond, None))?),
    };
    Ok(Arc::new(column))
}

/// Varchar and char cut at their length.
fn text(column: &ArrayRef, kind: &SqlType) -> Outcome<ArrayRef> {
    let column = match column.data_type() {
        DataType::FixedSizeBinary(_) => cast(column, &DataType::Binary)?,
        _ => Arc::clone(column),
    };
    let whole = cast(&column, &DataType::Utf8View)?;
    if !is_cut(kind) {
        return Ok(whole);
    }
    let cut = whole.as_string_view().iter().map(|text| text.map(|text| scalar::cut(text, kind)));
    Ok(Arc::new(cut.collect::<StringViewArray>()))
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{Int32Array, StringArray, TimestampNanosecondArray};

    use super::*;
    use crate::datum::{Datum, read};

    fn conformed(column: impl Array + 'static, kind: &str) -> Result<Vec<Datum>, String> {
        let kind = SqlType::parse(kind).unwrap();
        let column: ArrayRef = Arc::new(column);
        let made = conform(&column, &kind).map_err(|fault| fault.to_string())?;
        assert_eq!(*made.data_type(), kind.arrow());
        Ok((0..made.len()).map(|row| read(&made, &kind, row)).collect())
    }

    #[test]
    fn widths_units_and_lengths() {
        assert_eq!(conformed(Int32Array::from(vec![Some(5), None]), "bigint"), Ok(vec![Datum::Integer(5), Datum::Null]));
        assert_eq!(conformed(Int32Array::from(vec![5]), "double"), Ok(vec![Datum::Double(5.0)]));
        assert_eq!(conformed(Int32Array::from(vec![5]), "decimal(5,2)"), Ok(vec![Datum::Decimal(500)]));
        assert!(conformed(Int32Array::from(vec![500]), "tinyint").is_err());
        let moments = TimestampNanosecondArray::from(vec![1_500_000, -1_500_001]).with_timezone("UTC");
        assert_eq!(conformed(moments, "timestamp(3)"), Ok(vec![Datum::Timestamp(2_000_000), Datum::Timestamp(-2_000_000)]));
        assert_eq!(conformed(StringArray::from(vec!["abcd"]), "char(2)"), Ok(vec![Datum::Text("ab".to_owned())]));
        let fault = conformed(StringArray::from(vec!["1"]), "integer").unwrap_err();
        assert_eq!(fault, "HIVE_BAD_DATA: The file's type Utf8 is incompatible with type integer defined in table schema");
    }
}
