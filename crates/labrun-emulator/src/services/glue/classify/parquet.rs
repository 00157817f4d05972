//! Parquet: the schema in the footer, nested types in Hive's spelling.

use parquet::basic::{ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::file::metadata::{FooterTail, ParquetMetaDataReader};
use parquet::schema::types::Type;

use super::kind::{Column, Kind};
use super::{Format, Found, Sample, Unread};

const MAGIC: &[u8] = b"PAR1";
/// Length of the footer, then the magic bytes.
const END: usize = 8;

pub(super) fn classify(sample: &Sample) -> Result<Option<Found>, Unread> {
    if !sample.head.starts_with(MAGIC) || !sample.tail.ends_with(MAGIC) {
        return Ok(None);
    }
    let damaged = |fault: &dyn std::fmt::Display| Unread(format!("the Parquet footer can't be read: {fault}"));
    let end: [u8; END] =
        sample.tail[sample.tail.len().saturating_sub(END)..].try_into().map_err(|_| damaged(&"it is cut off"))?;
    let footer = FooterTail::try_new(&end).map_err(|fault| damaged(&fault))?;
    let start = sample.tail.len().checked_sub(END + footer.metadata_length()).ok_or_else(|| damaged(&"it is too long"))?;
    let metadata = ParquetMetaDataReader::decode_metadata(&sample.tail[start..sample.tail.len() - END]);
    let metadata = metadata.map_err(|fault| damaged(&fault))?;
    let file = metadata.file_metadata();
    let columns = fields(file.schema_descr().root_schema());
    Ok(Some(Found::new("parquet", columns, u64::try_from(file.num_rows()).unwrap_or_default(), Format::Parquet)))
}

fn fields(group: &Type) -> Vec<Column> {
    group.get_fields().iter().map(|field| Column::new(field.name(), kind(field))).collect()
}

/// A repeated field outside of a list is an array of what it is.
fn kind(field: &Type) -> Kind {
    let info = field.get_basic_info();
    let repeated = info.has_repetition() && info.repetition() == Repetition::REPEATED;
    let single = if field.is_primitive() { primitive(field) } else { group(field) };
    if repeated { Kind::Array(Box::new(single)) } else { single }
}

fn group(field: &Type) -> Kind {
    let info = field.get_basic_info();
    let children = field.get_fields();
    let is = |logical: &LogicalType, converted: ConvertedType| {
        info.logical_type_ref() == Some(logical) || info.converted_type() == converted
    };
    match children {
        [repeated] if is(&LogicalType::List, ConvertedType::LIST) => Kind::Array(Box::new(element(repeated))),
        [entry] if is(&LogicalType::Map, ConvertedType::MAP) || info.converted_type() == ConvertedType::MAP_KEY_VALUE => {
            match entry.is_group().then(|| entry.get_fields()) {
                Some([key, value]) => Kind::Map(Box::new(kind(key)), Box::new(kind(value))),
                _ => Kind::Struct(fields(field)),
            }
        }
        _ => Kind::Struct(fields(field)),
    }
}

/// What a list holds. Source: Parquet's LogicalTypes.md, "Lists", with its rules for old files of two levels.
fn element(repeated: &Type) -> Kind {
    if repeated.is_primitive() {
        return primitive(repeated);
    }
    match repeated.get_fields() {
        [only] if repeated.name() != "array" && !repeated.name().ends_with("_tuple") => kind(only),
        _ => Kind::Struct(fields(repeated)),
    }
}

fn primitive(field: &Type) -> Kind {
    let info = field.get_basic_info();
    if let Some(kind) = info.logical_type_ref().and_then(logical) {
        return kind;
    }
    let Type::PrimitiveType { physical_type, precision, scale, .. } = field else { return Kind::String };
    match info.converted_type() {
        ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Kind::String,
        ConvertedType::DATE => Kind::Date,
        ConvertedType::TIMESTAMP_MILLIS | ConvertedType::TIMESTAMP_MICROS => Kind::Timestamp,
        ConvertedType::DECIMAL => decimal(*precision, *scale),
        ConvertedType::INT_8 => Kind::TinyInt,
        ConvertedType::INT_16 => Kind::SmallInt,
        _ => physical(*physical_type),
    }
}

fn logical(logical: &LogicalType) -> Option<Kind> {
    match logical {
        LogicalType::String | LogicalType::Enum | LogicalType::Json => Some(Kind::String),
        LogicalType::Date => Some(Kind::Date),
        LogicalType::Timestamp { .. } => Some(Kind::Timestamp),
        LogicalType::Decimal(decimal_type) => Some(decimal(decimal_type.precision, decimal_type.scale)),
        LogicalType::Integer(integer) => match (integer.bit_width, integer.is_signed) {
            (8, true) => Some(Kind::TinyInt),
            (16, true) => Some(Kind::SmallInt),
            _ => None,
        },
        _ => None,
    }
}

fn decimal(precision: i32, scale: i32) -> Kind {
    Kind::Decimal(u32::try_from(precision).unwrap_or(38), u32::try_from(scale).unwrap_or_default())
}

fn physical(kind: Physical) -> Kind {
    match kind {
        Physical::BOOLEAN => Kind::Boolean,
        Physical::INT32 => Kind::Int,
        Physical::INT64 => Kind::BigInt,
        Physical::INT96 => Kind::Timestamp,
        Physical::FLOAT => Kind::Float,
        Physical::DOUBLE => Kind::Double,
        Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY => Kind::Binary,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use super::super::whole;
    use super::*;

    const SCHEMA: &str = "message m {
        required int64 id; optional int32 n; optional binary name (STRING); optional binary raw; optional int32 day (DATE);
        optional int64 at (TIMESTAMP(MILLIS,true)); optional int96 old; optional int32 small (INTEGER(16,true));
        optional fixed_len_byte_array(5) price (DECIMAL(10,2)); optional double d; optional float f; optional boolean ok;
        optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
        optional group m (MAP) { repeated group key_value { required binary key (STRING); optional int32 value; } }
        optional group s { optional int32 a; optional group l (LIST) { repeated group list { optional group element { optional int64 x; } } } }
        repeated int32 r;
    }";

    fn file() -> Vec<u8> {
        let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
        let mut bytes = Vec::new();
        SerializedFileWriter::new(&mut bytes, schema, Arc::new(WriterProperties::builder().build())).unwrap().close().unwrap();
        bytes
    }

    #[test]
    fn types_in_hives_spelling() {
        let found = classify(&whole(&file())).unwrap().unwrap();
        let columns: Vec<String> = found.columns.iter().map(|column| format!("{} {}", column.name, column.kind)).collect();
        let expected = "id bigint;n int;name string;raw binary;day date;at timestamp;old timestamp;small smallint;\
            price decimal(10,2);d double;f float;ok boolean;tags array<string>;m map<string,int>;\
            s struct<a:int,l:array<struct<x:bigint>>>;r array<int>";
        assert_eq!(columns.join(";"), expected);
    }

    #[test]
    fn a_damaged_footer_is_told() {
        let mut bytes = file();
        let at = bytes.len() - 8;
        bytes[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(classify(&whole(&bytes)).is_err());
        assert!(classify(&whole(b"PAR1")).is_err());
        assert_eq!(classify(&whole(b"a,b")), Ok(None));
    }
}
