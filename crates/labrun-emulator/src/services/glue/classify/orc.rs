//! ORC: the types in the footer, read by hand: postscript, compression chunks, protobuf.
//!
//! Source: ORC specification v1, "File Tail" and "Compression".

use std::cell::Cell;
use std::io::Read as _;

use super::kind::{Column, Kind};
use super::{Format, Found, Sample, Unread};

const MAGIC: &[u8] = b"ORC";
/// No footer is so big.
const MOST: u64 = 64 * 1024 * 1024;
/// Nor does a type lie deeper.
const DEEPEST: usize = 100;

pub(super) fn classify(sample: &Sample) -> Result<Option<Found>, Unread> {
    if !sample.head.starts_with(MAGIC) {
        return Ok(None);
    }
    let damaged = || Unread("the ORC footer can't be read".to_owned());
    let (length, rest) = sample.tail.split_last().ok_or_else(damaged)?;
    let (rest, postscript) = rest.split_at_checked(rest.len().saturating_sub(usize::from(*length))).ok_or_else(damaged)?;
    let postscript = fields(postscript).filter(|fields| text(fields, 8000) == Some("ORC".into())).ok_or_else(damaged)?;
    let footer = usize::try_from(number(&postscript, 1)).map_err(|_| damaged())?;
    let footer = rest.len().checked_sub(footer).map(|start| &rest[start..]).ok_or_else(damaged)?;
    let footer = unpack(footer, number(&postscript, 2))?;
    let footer = fields(&footer).ok_or_else(damaged)?;
    let types: Vec<Fields> = messages(&footer, 4).map(fields).collect::<Option<_>>().ok_or_else(damaged)?;
    let columns = match kind(&types, 0, 0, &Cell::new(types.len())) {
        Some(Kind::Struct(columns)) => columns,
        Some(other) => vec![Column::new("col0", other)],
        None => return Err(damaged()),
    };
    Ok(Some(Found::new("orc", columns, number(&footer, 6), Format::Orc)))
}

/// Chunks of three bytes' header each: twice the length, plus one if the chunk is as it was.
fn unpack(bytes: &[u8], codec: u64) -> Result<Vec<u8>, Unread> {
    if codec == 0 {
        return Ok(bytes.to_vec());
    }
    let damaged = || Unread("the ORC footer can't be unpacked".to_owned());
    let (mut rest, mut all) = (bytes, Vec::new());
    while let [a, b, c, after @ ..] = rest {
        let header = u32::from_le_bytes([*a, *b, *c, 0]);
        let (chunk, after) = after.split_at_checked((header >> 1) as usize).ok_or_else(damaged)?;
        rest = after;
        match codec {
            _ if header & 1 == 1 => all.extend_from_slice(chunk),
            1 => {
                flate2::read::DeflateDecoder::new(chunk).take(MOST).read_to_end(&mut all).map_err(|_| damaged())?;
            }
            2 => all.extend(snap::raw::Decoder::new().decompress_vec(chunk).map_err(|_| damaged())?),
            other => {
                let name = ["lzo", "lz4", "zstd"].get(other as usize - 3).unwrap_or(&"an unknown codec");
                return Err(Unread(format!("labrun does not read ORC files compressed with {name}")));
            }
        }
    }
    Ok(all)
}

/// A type of the footer, which is a tree written as a list: who asks for more types than there are has a list that is none.
fn kind(types: &[Fields], at: usize, depth: usize, left: &Cell<usize>) -> Option<Kind> {
    let this = types.get(at).filter(|_| depth < DEEPEST)?;
    left.set(left.get().checked_sub(1)?);
    let below = subtypes(this);
    let child = |at: usize| below.get(at).and_then(|at| kind(types, usize::try_from(*at).ok()?, depth + 1, left));
    let length = |field: u64| u32::try_from(number(this, field)).unwrap_or_default();
    Some(match number(this, 1) {
        10 => Kind::Array(Box::new(child(0)?)),
        11 => Kind::Map(Box::new(child(0)?), Box::new(child(1)?)),
        12 => {
            let names = messages(this, 3).map(|name| String::from_utf8_lossy(name).into_owned());
            Kind::Struct(names.enumerate().map(|(at, name)| Some(Column::new(name, child(at)?))).collect::<Option<_>>()?)
        }
        14 => Kind::Decimal(length(5), length(6)),
        16 => Kind::Varchar(length(4)),
        17 => Kind::Char(length(4)),
        simple => leaf(simple)?,
    })
}

fn leaf(number: u64) -> Option<Kind> {
    let kinds = [
        Kind::Boolean,
        Kind::TinyInt,
        Kind::SmallInt,
        Kind::Int,
        Kind::BigInt,
        Kind::Float,
        Kind::Double,
        Kind::String,
        Kind::Binary,
        Kind::Timestamp,
    ];
    match number {
        13 => Some(Kind::String),
        15 => Some(Kind::Date),
        18 => Some(Kind::Timestamp),
        simple => kinds.get(usize::try_from(simple).ok()?).cloned(),
    }
}

enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

type Fields<'a> = Vec<(u64, Field<'a>)>;

/// The fields of a protobuf message.
fn fields(mut bytes: &[u8]) -> Option<Fields<'_>> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes)?;
        let field = match tag & 7 {
            0 => Field::Number(varint(&mut bytes)?),
            1 => Field::Bytes(take(&mut bytes, 8)?),
            2 => {
                let length = usize::try_from(varint(&mut bytes)?).ok()?;
                Field::Bytes(take(&mut bytes, length)?)
            }
            5 => Field::Bytes(take(&mut bytes, 4)?),
            _ => return None,
        };
        all.push((tag >> 3, field));
    }
    Some(all)
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)?[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn number(fields: &Fields, tag: u64) -> u64 {
    fields.iter().find_map(|(known, field)| matches!(field, Field::Number(_) if *known == tag).then_some(field)).map_or(
        0,
        |field| match field {
            Field::Number(number) => *number,
            Field::Bytes(_) => 0,
        },
    )
}

fn messages<'a>(fields: &'a Fields<'a>, tag: u64) -> impl Iterator<Item = &'a [u8]> {
    fields.iter().filter_map(move |(known, field)| match field {
        Field::Bytes(bytes) if *known == tag => Some(*bytes),
        _ => None,
    })
}

fn text(fields: &Fields, tag: u64) -> Option<String> {
    messages(fields, tag).next().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
}

/// Packed, or one by one.
fn subtypes(fields: &Fields) -> Vec<u64> {
    let mut all = Vec::new();
    for (_, field) in fields.iter().filter(|(tag, _)| *tag == 2) {
        match field {
            Field::Number(number) => all.push(*number),
            Field::Bytes(packed) => {
                let mut rest = *packed;
                while let Some(number) = varint(&mut rest) {
                    all.push(number);
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::super::whole;
    use super::*;

    /// Written by pyarrow 17: id bigint, name string, price decimal(10,2), tags array<string>, s struct<a:int,d:date>,
    /// m map<string,double>, at timestamp; two rows.
    const FILES: [(&str, &str); 4] = [
        ("zlib", include_str!("fixtures/zlib.orc.base64")),
        ("snappy", include_str!("fixtures/snappy.orc.base64")),
        ("none", include_str!("fixtures/none.orc.base64")),
        ("zstd", include_str!("fixtures/zstd.orc.base64")),
    ];

    #[test]
    fn types_under_each_codec() {
        for (codec, file) in FILES {
            let bytes = STANDARD.decode(file.trim()).unwrap();
            let found = classify(&whole(&bytes));
            if codec == "zstd" {
                assert_eq!(found, Err(Unread("labrun does not read ORC files compressed with zstd".into())));
                continue;
            }
            let found = found.unwrap().unwrap();
            let columns: Vec<String> = found.columns.iter().map(|column| format!("{} {}", column.name, column.kind)).collect();
            let expected = "id bigint;name string;price decimal(10,2);tags array<string>;s struct<a:int,d:date>;\
                m map<string,double>;at timestamp";
            assert_eq!((columns.join(";").as_str(), found.records), (expected, 2), "{codec}");
        }
    }

    #[test]
    fn a_type_that_holds_itself_is_none() {
        // type { kind: STRUCT, subtypes: [0, 0], fieldNames: ["a", "b"] }
        let this: &[u8] = b"\x08\x0c\x12\x02\x00\x00\x1a\x01a\x1a\x01b";
        assert_eq!(kind(&[fields(this).unwrap()], 0, 0, &Cell::new(1)), None);
    }

    #[test]
    fn what_is_damaged_is_told() {
        assert!(classify(&whole(b"ORC")).is_err());
        assert!(classify(&whole(b"ORC and then text")).is_err());
        assert_eq!(classify(&whole(b"a,b")), Ok(None));
    }
}
