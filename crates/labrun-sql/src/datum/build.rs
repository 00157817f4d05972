//! A column out of values.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, ListArray, MapArray, NullArray, PrimitiveArray, StringViewArray, StructArray,
};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Decimal128Type, DurationMillisecondType, Field, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, IntervalYearMonthType, Time64NanosecondType, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType,
};

use super::Datum;
use crate::fault::{Fault, Outcome};
use crate::sqltype::{SqlType, unit};

/// One row a value, in the form of the type. `Err` where a moment does not fit into it.
pub(crate) fn column(values: &[Datum], kind: &SqlType) -> Outcome<ArrayRef> {
    Ok(match kind {
        SqlType::Unknown | SqlType::Function(..) => Arc::new(NullArray::new(values.len())),
        SqlType::Boolean => Arc::new(BooleanArray::from_iter(values.iter().map(|value| match value {
            Datum::Boolean(value) => Some(*value),
            _ => None,
        }))),
        SqlType::TinyInt => integers::<Int8Type>(values),
        SqlType::SmallInt => integers::<Int16Type>(values),
        SqlType::Integer => integers::<Int32Type>(values),
        SqlType::BigInt => integers::<Int64Type>(values),
        SqlType::Real => {
            primitive::<Float32Type>(values, |value| if let Datum::Real(value) = value { Some(*value) } else { None })
        }
        SqlType::Double => {
            primitive::<Float64Type>(values, |value| if let Datum::Double(value) = value { Some(*value) } else { None })
        }
        SqlType::Decimal(precision, scale) => {
            let plain = values.iter().map(|value| if let Datum::Decimal(value) = value { Some(*value) } else { None });
            let column: PrimitiveArray<Decimal128Type> = plain.collect();
            Arc::new(column.with_precision_and_scale(*precision, *scale)?)
        }
        SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Json => {
            Arc::new(StringViewArray::from_iter(values.iter().map(|value| match value {
                Datum::Text(text) => Some(text.as_str()),
                _ => None,
            })))
        }
        SqlType::Varbinary | SqlType::Uuid | SqlType::IpAddress | SqlType::HyperLogLog => {
            Arc::new(BinaryArray::from_iter(values.iter().map(|value| match value {
                Datum::Binary(bytes) => Some(bytes.as_slice()),
                _ => None,
            })))
        }
        SqlType::Array(item) => list(values, item)?,
        SqlType::Map(key, value) => map(values, key, value, kind)?,
        SqlType::Row(fields) => row(values, fields, kind)?,
        moment => self::moment(values, moment)?,
    })
}

fn primitive<T: ArrowPrimitiveType>(values: &[Datum], get: impl Fn(&Datum) -> Option<T::Native>) -> ArrayRef {
    Arc::new(values.iter().map(get).collect::<PrimitiveArray<T>>())
}

/// A value that does not fit is a fault of the function that made it: functions check their ranges.
fn integers<T: ArrowPrimitiveType>(values: &[Datum]) -> ArrayRef
where
    T::Native: TryFrom<i64>,
{
    primitive::<T>(values, |value| match value {
        Datum::Integer(value) => T::Native::try_from(*value).ok(),
        _ => None,
    })
}

fn moment(values: &[Datum], kind: &SqlType) -> Outcome<ArrayRef> {
    Ok(match kind {
        SqlType::Date => primitive::<Date32Type>(values, |value| if let Datum::Date(day) = value { Some(*day) } else { None }),
        SqlType::Time(_) => time(values),
        SqlType::Timestamp(precision) => timestamps(values, *precision)?,
        SqlType::TimeTz(_) => zoned(values, kind, time(values))?,
        SqlType::TimestampTz(precision) => zoned(values, kind, timestamps(values, *precision)?)?,
        SqlType::YearToMonth => {
            primitive::<IntervalYearMonthType>(
                values,
                |value| if let Datum::Months(months) = value { Some(*months) } else { None },
            )
        }
        _ => primitive::<DurationMillisecondType>(
            values,
            |value| {
                if let Datum::Milliseconds(span) = value { Some(*span) } else { None }
            },
        ),
    })
}

fn time(values: &[Datum]) -> ArrayRef {
    primitive::<Time64NanosecondType>(values, |value| match value {
        Datum::Time(time) | Datum::TimeTz(time, _) => Some(*time),
        _ => None,
    })
}

fn timestamps(values: &[Datum], precision: u8) -> Outcome<ArrayRef> {
    let instants = values.iter().map(|value| match value {
        Datum::Timestamp(instant) | Datum::TimestampTz(instant, _) => Some(*instant),
        _ => None,
    });
    Ok(match unit(precision) {
        TimeUnit::Nanosecond => Arc::new(scaled::<TimestampNanosecondType>(instants, 1)?),
        TimeUnit::Microsecond => Arc::new(scaled::<TimestampMicrosecondType>(instants, 1_000)?),
        _ => Arc::new(scaled::<TimestampMillisecondType>(instants, 1_000_000)?),
    })
}

fn scaled<T: ArrowPrimitiveType<Native = i64>>(
    instants: impl Iterator<Item = Option<i128>>,
    nanoseconds: i128,
) -> Outcome<PrimitiveArray<T>> {
    let whole = |instant: i128| {
        i64::try_from(instant.div_euclid(nanoseconds))
            .map_err(|_| Fault::argument(format!("Timestamp out of range: {instant} ns")))
    };
    instants.map(|instant| instant.map(whole).transpose()).collect()
}

fn zoned(values: &[Datum], kind: &SqlType, moments: ArrayRef) -> Outcome<ArrayRef> {
    let zones = StringViewArray::from_iter(values.iter().map(|value| match value {
        Datum::TimestampTz(_, zone) | Datum::TimeTz(_, zone) => Some(zone.to_string()),
        _ => None,
    }));
    structs(kind, vec![moments, Arc::new(zones)], nulls(values), values.len())
}

fn nulls(values: &[Datum]) -> Option<NullBuffer> {
    Some(NullBuffer::from_iter(values.iter().map(|value| !value.is_null())))
}

fn structs(kind: &SqlType, columns: Vec<ArrayRef>, nulls: Option<NullBuffer>, rows: usize) -> Outcome<ArrayRef> {
    let DataType::Struct(fields) = kind.arrow() else {
        return Err(Fault::new("GENERIC_INTERNAL_ERROR", format!("{kind} is no row")));
    };
    Ok(Arc::new(StructArray::try_new_with_length(fields, columns, nulls, rows)?))
}

fn list(values: &[Datum], item: &SqlType) -> Outcome<ArrayRef> {
    let items = |value: &Datum| if let Datum::Array(items) = value { items.len() } else { 0 };
    let offsets = OffsetBuffer::from_lengths(values.iter().map(items));
    let inside: Vec<Datum> = values
        .iter()
        .filter_map(|value| if let Datum::Array(items) = value { Some(items) } else { None })
        .flatten()
        .cloned()
        .collect();
    let field = Arc::new(Field::new_list_field(item.arrow(), true));
    Ok(Arc::new(ListArray::try_new(field, offsets, column(&inside, item)?, nulls(values))?))
}

fn map(values: &[Datum], key: &SqlType, value: &SqlType, kind: &SqlType) -> Outcome<ArrayRef> {
    let DataType::Map(field, sorted) = kind.arrow() else {
        return Err(Fault::new("GENERIC_INTERNAL_ERROR", format!("{kind} is no map")));
    };
    let DataType::Struct(fields) = field.data_type().clone() else {
        return Err(Fault::new("GENERIC_INTERNAL_ERROR", "a map's entries are no rows"));
    };
    let count = |value: &Datum| if let Datum::Map(entries) = value { entries.len() } else { 0 };
    let offsets = OffsetBuffer::from_lengths(values.iter().map(count));
    let (mut keys, mut items) = (Vec::new(), Vec::new());
    for entries in values.iter().filter_map(|value| if let Datum::Map(entries) = value { Some(entries) } else { None }) {
        for (key, item) in entries {
            keys.push(key.clone());
            items.push(item.clone());
        }
    }
    let entries = StructArray::try_new(fields, vec![column(&keys, key)?, column(&items, value)?], None)?;
    Ok(Arc::new(MapArray::try_new(field, offsets, entries, nulls(values), sorted)?))
}

fn row(values: &[Datum], fields: &[(Option<String>, SqlType)], kind: &SqlType) -> Outcome<ArrayRef> {
    let columns = fields.iter().enumerate().map(|(at, (_, field))| {
        let inside: Vec<Datum> = values
            .iter()
            .map(|value| match value {
                Datum::Row(fields) => fields.get(at).cloned().unwrap_or(Datum::Null),
                _ => Datum::Null,
            })
            .collect();
        column(&inside, field)
    });
    let columns = columns.collect::<Outcome<Vec<_>>>()?;
    structs(kind, columns, nulls(values), values.len())
}

#[cfg(test)]
mod tests {
    use super::super::{Datum, UTC, Zone, read};
    use super::column;
    use crate::sqltype::SqlType;

    #[test]
    fn values_come_back_as_they_went_in() {
        let text = |text: &str| Datum::Text(text.to_owned());
        let cases = [
            ("boolean", vec![Datum::Boolean(true), Datum::Null]),
            ("tinyint", vec![Datum::Integer(-128)]),
            ("decimal(38,2)", vec![Datum::Decimal(10_i128.pow(37)), Datum::Null]),
            ("varchar", vec![text(""), text("long enough to be kept outside"), Datum::Null]),
            ("timestamp(3)", vec![Datum::Timestamp(-1_000_000)]),
            (
                "timestamp(9) with time zone",
                vec![Datum::TimestampTz(1, UTC), Datum::TimestampTz(1, Zone::Offset(-90)), Datum::Null],
            ),
            ("time(3)", vec![Datum::Time(1)]),
            ("interval day to second", vec![Datum::Milliseconds(-5)]),
            ("array(array(integer))", vec![Datum::Array(vec![Datum::Null, Datum::Array(vec![Datum::Integer(1)])]), Datum::Null]),
            ("map(varchar, bigint)", vec![Datum::Map(vec![(text("a"), Datum::Null)]), Datum::Null, Datum::Map(vec![])]),
            ("row(a integer, varchar)", vec![Datum::Row(vec![Datum::Null, text("x")]), Datum::Null]),
        ];
        for (kind, values) in cases {
            let kind = SqlType::parse(kind).unwrap();
            let made = column(&values, &kind).unwrap();
            assert_eq!(made.data_type(), &kind.arrow(), "{kind}");
            let back: Vec<Datum> = (0..values.len()).map(|row| read(&made, &kind, row)).collect();
            assert_eq!(back, values, "{kind}");
        }
    }

    #[test]
    fn zones() {
        let hour = 3_600 * 1_000_000_000_i128;
        let york = Zone::parse("America/New_York").unwrap();
        // 2024-03-10 02:30 does not exist there, 2024-11-03 01:30 does twice.
        let gap = 1_710_037_800 * 1_000_000_000_i128;
        assert_eq!(york.instant_of(gap), gap + 5 * hour);
        let twice = 1_730_597_400 * 1_000_000_000_i128;
        assert_eq!(york.instant_of(twice), twice + 4 * hour);
        assert_eq!(york.wall_at(york.instant_of(twice)), twice);
        for (text, shown) in
            [("+5:30", Some("+05:30")), ("-08", Some("-08:00")), ("UTC", Some("UTC")), ("+15:00", None), ("Mars", None)]
        {
            assert_eq!(Zone::parse(text).map(|zone| zone.to_string()).as_deref(), shown, "{text}");
        }
    }
}
