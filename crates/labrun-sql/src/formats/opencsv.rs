//! OpenCSVSerde: fields in quotes, all of them text (csv-serde). Other types are made of the text, and what is wrong fails the query.
//!
//! A line is a row: quotes that are still open at its end lose their field, as in `opencsv` 2.3.

use std::borrow::Cow;
use std::collections::BTreeMap;

use datafusion::arrow::array::ArrayRef;

use super::column::Column;
use super::{Rows, scalar};
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

/// The signs of a table; its columns.
#[derive(Debug)]
pub(super) struct OpenCsv {
    separator: u8,
    quote: u8,
    escape: u8,
    kinds: Vec<SqlType>,
}

impl OpenCsv {
    pub(super) fn new(options: &BTreeMap<String, String>, columns: &[(String, SqlType)]) -> Outcome<Self> {
        let sign = |key: &str, otherwise: u8| match options.get(key).and_then(|text| text.bytes().next()) {
            None => Ok(otherwise),
            Some(sign) if sign.is_ascii() => Ok(sign),
            Some(_) => Err(Fault::not_emulated(format!("a {key} that is not ASCII"))),
        };
        // `[hive]` A double quote as escape stands for the parser's own, which is a backslash.
        let escape = match sign("escapeChar", b'\\')? {
            b'"' => b'\\',
            other => other,
        };
        Ok(OpenCsv {
            separator: sign("separatorChar", b',')?,
            quote: sign("quoteChar", b'"')?,
            escape,
            kinds: columns.iter().map(|(_, kind)| kind.clone()).collect(),
        })
    }

    fn fields<'l>(&self, line: &'l [u8]) -> Vec<Cow<'l, [u8]>> {
        if memchr::memchr2(self.quote, self.escape, line).is_none() {
            return line.split(|byte| *byte == self.separator).map(Cow::Borrowed).collect();
        }
        let (mut fields, mut field, mut quoted) = (Vec::new(), Vec::new(), false);
        let mut at = 0;
        while let Some(sign) = line.get(at).copied() {
            let next = line.get(at + 1).copied();
            if sign == self.escape && sign != self.quote {
                // Outside of quotes, and before other signs, it is dropped alone.
                if let Some(next) = next.filter(|next| quoted && (*next == self.quote || *next == self.escape)) {
                    field.push(next);
                    at += 1;
                }
            } else if sign == self.quote && quoted && next == Some(sign) {
                field.push(sign);
                at += 1;
            } else if sign == self.quote {
                self.inside_field(line, at, &mut field);
                quoted = !quoted;
            } else if sign == self.separator && !quoted {
                fields.push(Cow::Owned(std::mem::take(&mut field)));
            } else {
                field.push(sign);
            }
            at += 1;
        }
        if !quoted {
            fields.push(Cow::Owned(field));
        }
        fields
    }

    /// A quote in the middle of a field is part of it; blanks before a quote are not.
    fn inside_field(&self, line: &[u8], at: usize, field: &mut Vec<u8>) {
        let follows = at > 2 && line[at - 1] != self.separator;
        let amid = follows && line.get(at + 1).is_some_and(|after| *after != self.separator);
        if !amid {
            return;
        }
        if !field.is_empty() && field.iter().all(u8::is_ascii_whitespace) {
            field.clear();
        } else {
            field.push(self.quote);
        }
    }
}

impl Rows for OpenCsv {
    fn columns(&self, lines: &[&[u8]], wanted: &[usize]) -> Outcome<Vec<ArrayRef>> {
        let mut columns: Vec<Column> = wanted.iter().map(|at| Column::new(&self.kinds[*at], lines.len())).collect();
        for line in lines {
            let fields = self.fields(line);
            for (column, at) in columns.iter_mut().zip(wanted) {
                match (fields.get(*at), column) {
                    (None, column) => column.push_null(),
                    (Some(field), column @ Column::Text(..)) => column.push(field),
                    (Some(field), column) => {
                        let value = value(&String::from_utf8_lossy(field), *at, &self.kinds[*at])?;
                        column.push_datum(&value)?;
                    }
                }
            }
        }
        columns.into_iter().map(Column::finish).collect()
    }
}

fn value(text: &str, at: usize, kind: &SqlType) -> Outcome<Datum> {
    let bytes = text.as_bytes();
    let found = match kind {
        // `Parent builder is null`: troubleshooting-athena.
        SqlType::Array(_) | SqlType::Map(..) | SqlType::Row(_) | SqlType::Varbinary => {
            return Err(Fault::new("GENERIC_INTERNAL_ERROR", "Parent builder is null"));
        }
        SqlType::Date => text.parse().ok().map(Datum::Date),
        SqlType::Timestamp(_) => {
            text.parse::<i64>().ok().map(|milliseconds| Datum::Timestamp(i128::from(milliseconds) * 1_000_000))
        }
        kind if kind.is_integer() => scalar::datum(bytes, kind).filter(|_| !bytes.contains(&b'.')),
        kind => scalar::datum(bytes, kind),
    };
    found.ok_or_else(|| {
        let why = match kind {
            SqlType::Double | SqlType::Real if text.trim().is_empty() => "empty String".to_owned(),
            _ => format!("For input string: \"{text}\""),
        };
        Fault::new("HIVE_BAD_DATA", format!("Error parsing field value '{text}' for field {at}: {why}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datum::read;

    fn csv(options: &[(&str, &str)]) -> OpenCsv {
        let options = options.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        OpenCsv::new(&options, &[]).unwrap()
    }

    fn fields_of(csv: &OpenCsv, line: &str) -> Vec<String> {
        csv.fields(line.as_bytes()).iter().map(|field| String::from_utf8(field.to_vec()).unwrap()).collect()
    }

    #[test]
    fn fields_of_a_line() {
        for (line, fields) in [
            ("a,b,", &["a", "b", ""][..]),
            ("\"a\",\"b,c\"", &["a", "b,c"]),
            ("\"a\"\"b\",c", &["a\"b", "c"]),
            (r#""a\"b","c\\d","e\nf""#, &["a\"b", "c\\d", "enf"]),
            (r"a\b,c", &["ab", "c"]),
            ("a,   \"b\"", &["a", "b"]),
            ("abc\"d\"ef,g", &["abc\"d\"ef", "g"]),
            ("a,\"open, b", &["a"]),
            ("", &[""]),
            ("ä,ö", &["ä", "ö"]),
        ] {
            assert_eq!(fields_of(&csv(&[]), line), fields, "{line}");
        }
        let other = csv(&[("separatorChar", ";"), ("quoteChar", "'"), ("escapeChar", "#")]);
        assert_eq!(fields_of(&other, "'a;b';'c#'d'"), ["a;b", "c'd"]);
        assert_eq!(fields_of(&csv(&[("escapeChar", "\"")]), "\"a\"\"b\""), ["a\"b"]);
    }

    fn one(kind: &str, field: &str) -> Result<Datum, String> {
        let kind = SqlType::parse(kind).unwrap();
        let csv = OpenCsv::new(&BTreeMap::new(), &[("a".to_owned(), VARCHAR), ("b".to_owned(), kind.clone())]).unwrap();
        let line = format!("x,\"{field}\"");
        let made = csv.columns(&[line.as_bytes()], &[1]).map_err(|fault| fault.to_string())?;
        Ok(read(&made[0], &kind, 0))
    }

    use crate::sqltype::VARCHAR;

    #[test]
    fn other_types_than_text() {
        assert_eq!(one("integer", "12"), Ok(Datum::Integer(12)));
        assert_eq!(one("boolean", "TRUE"), Ok(Datum::Boolean(true)));
        assert_eq!(one("date", "18276"), Ok(Datum::Date(18_276)));
        assert_eq!(one("timestamp(3)", "1579059880000"), Ok(Datum::Timestamp(1_579_059_880_000_000_000)));
        for (kind, field, why) in [
            ("integer", "", "For input string: \"\""),
            ("bigint", "1.5", "For input string: \"1.5\""),
            ("double", "", "empty String"),
            ("double", "x", "For input string: \"x\""),
            ("date", "2020-01-15", "For input string: \"2020-01-15\""),
        ] {
            let words = format!("HIVE_BAD_DATA: Error parsing field value '{field}' for field 1: {why}");
            assert_eq!(one(kind, field), Err(words));
        }
        assert_eq!(one("array(integer)", "1"), Err("GENERIC_INTERNAL_ERROR: Parent builder is null".to_owned()));
    }

    #[test]
    fn random_lines_never_panic() {
        let mut chance = fastrand::Rng::with_seed(11);
        for _ in 0..5_000 {
            let line: String = (0..chance.usize(..20)).map(|_| chance.choice(['"', '\\', ',', ' ', 'a', 'ä']).unwrap()).collect();
            csv(&[]).fields(line.as_bytes());
        }
    }
}
