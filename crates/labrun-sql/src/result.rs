//! The files that a query leaves: its rows as CSV, and what its columns are (athena-sql.md, section 7, measured).

use crate::plan::OutputColumn;
use crate::sqltype::SqlType;

/// A row of a result; `None` is null.
pub type Row = Vec<Option<String>>;

/// One line: each value in quotes, quotes doubled; null is nothing between the commas.
pub fn write_line(into: &mut String, row: &[Option<String>]) {
    for (at, value) in row.iter().enumerate() {
        if at > 0 {
            into.push(',');
        }
        if let Some(text) = value {
            into.push('"');
            into.push_str(&text.replace('"', "\"\""));
            into.push('"');
        }
    }
    into.push('\n');
}

/// The rows of such a file, its heading first.
pub fn read_lines(text: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row: Row = Vec::new();
    let mut letters = text.chars().peekable();
    let mut value: Option<String> = None;
    while let Some(letter) = letters.next() {
        match letter {
            '"' => value = Some(quoted(&mut letters)),
            ',' => row.push(value.take()),
            '\n' => {
                row.push(value.take());
                rows.push(std::mem::take(&mut row));
            }
            other => value.get_or_insert_default().push(other),
        }
    }
    rows
}

/// Up to the closing quote; a doubled one is one of the text.
fn quoted(letters: &mut std::iter::Peekable<std::str::Chars>) -> String {
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if letters.peek() == Some(&'"') => {
                letters.next();
                text.push('"');
            }
            '"' => return text,
            other => text.push(other),
        }
    }
    text
}

/// What GetQueryResults says of a column: its type without parameters, its precision and scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// `varchar`, `decimal`, `float`, ..
    pub kind: String,
    /// Digits, or characters.
    pub precision: i64,
    /// Digits after the point.
    pub scale: i64,
    /// Text is.
    pub case_sensitive: bool,
}

/// Of a type as Trino writes it; `None` where it is no type of a query.
pub fn describe(kind: &str) -> Option<Described> {
    SqlType::parse(kind).ok().map(|kind| described(&kind))
}

fn described(kind: &SqlType) -> Described {
    let (precision, scale) = match kind {
        SqlType::TinyInt => (3, 0),
        SqlType::SmallInt => (5, 0),
        SqlType::Integer => (10, 0),
        SqlType::BigInt => (19, 0),
        SqlType::Real | SqlType::Double => (17, 0),
        SqlType::Decimal(precision, scale) => (i64::from(*precision), i64::from(*scale)),
        SqlType::Varchar(length) => (i64::from(length.unwrap_or(2_147_483_647)), 0),
        SqlType::Char(length) => (i64::from(*length), 0),
        SqlType::Time(precision)
        | SqlType::TimeTz(precision)
        | SqlType::Timestamp(precision)
        | SqlType::TimestampTz(precision) => (i64::from(*precision), 0),
        SqlType::Varbinary => (1_073_741_824, 0),
        _ => (0, 0),
    };
    Described { kind: kind.base(), precision, scale, case_sensitive: matches!(kind, SqlType::Varchar(_) | SqlType::Char(_)) }
}

/// The `.metadata` file: protobuf of the query's id and its columns.
pub fn metadata(query: &str, columns: &[OutputColumn]) -> Vec<u8> {
    let mut file = Vec::new();
    text(&mut file, 1, query.as_bytes());
    for column in columns {
        let about = described(&column.kind);
        let mut inside = Vec::new();
        text(&mut inside, 1, b"hive");
        text(&mut inside, 4, column.name.as_bytes());
        text(&mut inside, 5, column.name.as_bytes());
        text(&mut inside, 6, about.kind.as_bytes());
        number(&mut inside, 7, about.precision);
        number(&mut inside, 8, about.scale);
        number(&mut inside, 9, UNKNOWN);
        number(&mut inside, 10, i64::from(about.case_sensitive));
        text(&mut file, 4, &inside);
    }
    file
}

/// Whether a column can be null is not known.
const UNKNOWN: i64 = 3;

fn text(file: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    file.push(field << 3 | 2);
    varint(file, bytes.len() as u64);
    file.extend_from_slice(bytes);
}

/// What is zero is not written.
fn number(file: &mut Vec<u8>, field: u8, value: i64) {
    if value != 0 {
        file.push(field << 3);
        varint(file, value as u64);
    }
}

fn varint(file: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        file.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    file.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_as_they_went_in() {
        let rows = vec![
            vec![Some("a".to_owned()), None, Some(String::new())],
            vec![Some("say \"hi\",\nthen go".to_owned()), Some(",".to_owned()), None],
        ];
        let mut text = String::new();
        rows.iter().for_each(|row| write_line(&mut text, row));
        assert!(text.starts_with("\"a\",,\"\"\n"));
        assert_eq!(read_lines(&text), rows);
    }

    #[test]
    fn columns_in_protobuf() {
        let columns = [OutputColumn { name: "n".to_owned(), kind: SqlType::Integer }];
        let expected = b"\x0a\x02id\x22\x19\x0a\x04hive\x22\x01n\x2a\x01n\x32\x07integer\x38\x0a\x48\x03";
        assert_eq!(metadata("id", &columns), expected);
    }
}
