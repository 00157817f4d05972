//! A type out of its text, or out of a query's tree.

use super::{SqlType, VARCHAR};
use crate::cursor::{Cursor, Parsed};
use crate::fault::{Fault, Outcome};
use crate::query::tree::{TypeArgument, TypeName, TypeNameKind};
use crate::syntax::SyntaxError;
use crate::token::{Dialect, Token};

/// What a `char`, `varchar` or `decimal` without parameters and a `timestamp` without precision are.
const TIMESTAMP_PRECISION: u8 = 3;

/// More digits after the second do not fit into 64 bits, which is what Arrow has.
const FINEST: u32 = 9;

impl SqlType {
    /// Out of Trino's spelling, as in a signature of a function.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        let mut cursor = Cursor::new(text, Dialect::Trino)?;
        let found = read(&mut cursor)?;
        cursor.end()?;
        Ok(found)
    }

    /// As a cast names it. `Err` where no such type exists, or labrun does not have it.
    pub fn of(name: &TypeName) -> Outcome<Self> {
        of(name).map_err(|fault| fault.or_at(name.place))
    }
}

fn of(name: &TypeName) -> Outcome<SqlType> {
    match &name.kind {
        TypeNameKind::Named(word, arguments) => named(word, arguments),
        TypeNameKind::Timestamp { precision, zoned } => {
            let precision = fine(*precision, "TIMESTAMP")?;
            Ok(if *zoned { SqlType::TimestampTz(precision) } else { SqlType::Timestamp(precision) })
        }
        TypeNameKind::Time { precision, zoned } => {
            let precision = fine(*precision, "TIME")?;
            Ok(if *zoned { SqlType::TimeTz(precision) } else { SqlType::Time(precision) })
        }
        TypeNameKind::Interval(true) => Ok(SqlType::YearToMonth),
        TypeNameKind::Interval(false) => Ok(SqlType::DayToSecond),
        TypeNameKind::Row(fields) => {
            let fields = fields.iter().map(|(name, kind)| Ok((name.as_ref().map(|name| name.text.clone()), SqlType::of(kind)?)));
            fields.collect::<Outcome<_>>().map(SqlType::Row)
        }
    }
}

fn fine(precision: Option<u32>, what: &str) -> Outcome<u8> {
    match precision {
        None => Ok(TIMESTAMP_PRECISION),
        Some(digits @ 0..=FINEST) => Ok(digits as u8),
        Some(digits @ 10..=12) => Err(Fault::not_emulated(format!("{what} with {digits} digits after the second (9 at most)"))),
        Some(digits) => {
            Err(Fault::new("NUMERIC_VALUE_OUT_OF_RANGE", format!("{what} precision must be in range [0, 12]: {digits}")))
        }
    }
}

fn named(word: &str, arguments: &[TypeArgument]) -> Outcome<SqlType> {
    let unknown = || Fault::new("TYPE_MISMATCH", format!("Unknown type: {word}"));
    match (word, arguments) {
        ("varchar", []) => Ok(VARCHAR),
        ("varchar", [TypeArgument::Number(length)]) => Ok(SqlType::Varchar(Some(*length))),
        ("char", []) => Ok(SqlType::Char(1)),
        ("char", [TypeArgument::Number(length)]) if *length <= 65536 => Ok(SqlType::Char(*length)),
        ("char", [TypeArgument::Number(length)]) => {
            Err(Fault::argument(format!("CHAR length must be in range [0, 65536], got {length}")))
        }
        ("decimal" | "dec" | "numeric", []) => Ok(SqlType::Decimal(38, 0)),
        ("decimal" | "dec" | "numeric", [TypeArgument::Number(precision)]) => decimal(*precision, 0),
        ("decimal" | "dec" | "numeric", [TypeArgument::Number(precision), TypeArgument::Number(scale)]) => {
            decimal(*precision, *scale)
        }
        ("array", [TypeArgument::Type(item)]) => SqlType::of(item).map(SqlType::array),
        ("map", [TypeArgument::Type(key), TypeArgument::Type(value)]) => Ok(SqlType::map(SqlType::of(key)?, SqlType::of(value)?)),
        (word, []) => plain(word).ok_or_else(unknown),
        _ => Err(unknown()),
    }
}

fn decimal(precision: u32, scale: u32) -> Outcome<SqlType> {
    if !(1..=38).contains(&precision) {
        return Err(Fault::argument(format!("DECIMAL precision must be in range [1, 38]: {precision}")));
    }
    if scale > precision {
        return Err(Fault::argument(format!("DECIMAL scale must be in range [0, precision ({precision})]: {scale}")));
    }
    Ok(SqlType::Decimal(precision as u8, scale as i8))
}

fn plain(word: &str) -> Option<SqlType> {
    Some(match word {
        "unknown" => SqlType::Unknown,
        "boolean" => SqlType::Boolean,
        "tinyint" => SqlType::TinyInt,
        "smallint" => SqlType::SmallInt,
        "integer" | "int" => SqlType::Integer,
        "bigint" => SqlType::BigInt,
        "real" => SqlType::Real,
        "double" => SqlType::Double,
        "varbinary" => SqlType::Varbinary,
        "date" => SqlType::Date,
        "json" => SqlType::Json,
        "uuid" => SqlType::Uuid,
        "ipaddress" => SqlType::IpAddress,
        "hyperloglog" => SqlType::HyperLogLog,
        _ => return None,
    })
}

/// The same out of tokens, for signatures: they are written before a query is there.
fn read(cursor: &mut Cursor) -> Parsed<SqlType> {
    let word = cursor.now().raw.to_lowercase();
    if cursor.now().token != Token::Word {
        return Err(cursor.fault_for("<type>"));
    }
    cursor.advance();
    match word.as_str() {
        "array" => cursor.in_parens(read).map(SqlType::array),
        "map" => cursor.in_parens(|cursor| {
            let key = read(cursor)?;
            cursor.expect_sign(',')?;
            Ok(SqlType::map(key, read(cursor)?))
        }),
        "row" => cursor.in_parens(|cursor| cursor.list(field)).map(SqlType::Row),
        "function" => cursor.in_parens(|cursor| cursor.list(read)).map(|mut kinds| {
            let result = kinds.pop().unwrap_or(SqlType::Unknown);
            SqlType::Function(kinds, Box::new(result))
        }),
        "varchar" => Ok(SqlType::Varchar(parameter(cursor)?)),
        "char" => Ok(SqlType::Char(parameter(cursor)?.unwrap_or(1))),
        "decimal" => read_decimal(cursor),
        "timestamp" | "time" => moment(cursor, word == "time"),
        "interval" => interval(cursor),
        _ => plain(&word).ok_or_else(|| SyntaxError::grammar(cursor.place(), format!("Unknown type: {word}"))),
    }
}

fn parameter(cursor: &mut Cursor) -> Parsed<Option<u32>> {
    if cursor.now().is_sign('(') { cursor.in_parens(Cursor::integer).map(Some) } else { Ok(None) }
}

fn read_decimal(cursor: &mut Cursor) -> Parsed<SqlType> {
    cursor.in_parens(|cursor| {
        let precision = cursor.integer()?;
        let scale = if cursor.take_sign(',') { cursor.integer()? } else { 0 };
        Ok(SqlType::Decimal(precision as u8, scale as i8))
    })
}

fn moment(cursor: &mut Cursor, time: bool) -> Parsed<SqlType> {
    let precision = parameter(cursor)?.map_or(TIMESTAMP_PRECISION, |digits| digits as u8);
    let zoned = cursor.phrase(&["WITH", "TIME", "ZONE"])?;
    Ok(match (time, zoned) {
        (true, true) => SqlType::TimeTz(precision),
        (true, false) => SqlType::Time(precision),
        (false, true) => SqlType::TimestampTz(precision),
        (false, false) => SqlType::Timestamp(precision),
    })
}

fn interval(cursor: &mut Cursor) -> Parsed<SqlType> {
    if cursor.phrase(&["YEAR", "TO", "MONTH"])? {
        return Ok(SqlType::YearToMonth);
    }
    cursor.expect_all(&["DAY", "TO", "SECOND"])?;
    Ok(SqlType::DayToSecond)
}

fn field(cursor: &mut Cursor) -> Parsed<(Option<String>, SqlType)> {
    let named = matches!(cursor.after(1).token, Token::Word) && !cursor.after(1).is_word("WITH");
    let unnamed = !named || ["interval", "timestamp", "time"].contains(&cursor.now().raw.to_lowercase().as_str());
    if unnamed {
        return Ok((None, read(cursor)?));
    }
    let name = cursor.now().raw.to_owned();
    cursor.advance();
    Ok((Some(name), read(cursor)?))
}
