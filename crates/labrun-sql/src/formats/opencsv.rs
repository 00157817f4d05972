//! OpenCSVSerde: fields in quotes, all of them text (csv-serde). Other types are made of the text, and what is wrong fails the query.
//!
//! A line is a row: quotes that are still open at its end lose their field, as in `opencsv` 2.3.

use std::collections::BTreeMap;

use datafusion::arrow::array::ArrayRef;

use super::{Rows, scalar};
use crate::datum::{self, Datum};
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

/// The signs of a table; its columns.
#[derive(Debug)]
pub(super) struct OpenCsv {
    separator: char,
    quote: char,
    escape: char,
    kinds: Vec<SqlType>,
}

impl OpenCsv {
    pub(super) fn new(options: &BTreeMap<String, String>, columns: &[(String, SqlType)]) -> Self {
        let sign = |key: &str, otherwise| options.get(key).and_then(|text| text.chars().next()).unwrap_or(otherwise);
        // `[hive]` A double quote as escape stands for the parser's own, which is a backslash.
        let escape = match sign("escapeChar", '\\') {
            '"' => '\\',
            other => other,
        };
        OpenCsv {
            separator: sign("separatorChar", ','),
            quote: sign("quoteChar", '"'),
            escape,
            kinds: columns.iter().map(|(_, kind)| kind.clone()).collect(),
        }
    }

    fn fields(&self, line: &str) -> Vec<String> {
        let signs: Vec<char> = line.chars().collect();
        let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
        let mut at = 0;
        while let Some(sign) = signs.get(at).copied() {
            let next = signs.get(at + 1).copied();
            if sign == self.escape && sign != self.quote {
                // Outside of quotes, and before other signs, it is dropped alone.
                if let Some(next) = next.filter(|next| quoted && (*next == self.quote || *next == self.escape)) {
                    field.push(next);
                    at += 1;
                }
            } else if sign == self.quote {
                if quoted && next == Some(self.quote) {
                    field.push(sign);
                    at += 1;
                } else {
                    self.inside_field(&signs, at, &mut field);
                    quoted = !quoted;
                }
            } else if sign == self.separator && !quoted {
                fields.push(std::mem::take(&mut field));
            } else {
                field.push(sign);
            }
            at += 1;
        }
        if !quoted {
            fields.push(field);
        }
        fields
    }

    /// A quote in the middle of a field is part of it; blanks before a quote are not.
    fn inside_field(&self, signs: &[char], at: usize, field: &mut String) {
        let before = at.checked_sub(1).and_then(|before| signs.get(before));
        let after = signs.get(at + 1);
        let amid = at > 2 && before != Some(&self.separator) && after.is_some_and(|after| *after != self.separator);
        if !amid {
            return;
        }
        if !field.is_empty() && field.chars().all(char::is_whitespace) {
            field.clear();
        } else {
            field.push(self.quote);
        }
    }
}

impl Rows for OpenCsv {
    fn columns(&self, lines: &[&[u8]], wanted: &[usize]) -> Outcome<Vec<ArrayRef>> {
        let mut columns: Vec<Vec<Datum>> = wanted.iter().map(|_| Vec::with_capacity(lines.len())).collect();
        for line in lines {
            let mut fields = self.fields(&String::from_utf8_lossy(line));
            for (column, at) in columns.iter_mut().zip(wanted) {
                column.push(match fields.get_mut(*at) {
                    Some(field) => value(std::mem::take(field), *at, &self.kinds[*at])?,
                    None => Datum::Null,
                });
            }
        }
        columns.iter().zip(wanted).map(|(column, at)| datum::column(column, &self.kinds[*at])).collect()
    }
}

fn value(text: String, at: usize, kind: &SqlType) -> Outcome<Datum> {
    let bytes = text.as_bytes();
    let found = match kind {
        SqlType::Varchar(None) => return Ok(Datum::Text(text)),
        SqlType::Varchar(_) | SqlType::Char(_) => return Ok(Datum::Text(scalar::cut(&text, kind).to_owned())),
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
        OpenCsv::new(&options, &[])
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
            assert_eq!(csv(&[]).fields(line), fields, "{line}");
        }
        let other = csv(&[("separatorChar", ";"), ("quoteChar", "'"), ("escapeChar", "#")]);
        assert_eq!(other.fields("'a;b';'c#'d'"), ["a;b", "c'd"]);
        assert_eq!(csv(&[("escapeChar", "\"")]).fields("\"a\"\"b\""), ["a\"b"]);
    }

    fn one(kind: &str, field: &str) -> Result<Datum, String> {
        let kind = SqlType::parse(kind).unwrap();
        let csv = OpenCsv::new(&BTreeMap::new(), &[("a".to_owned(), VARCHAR), ("b".to_owned(), kind.clone())]);
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
            csv(&[]).fields(&line);
        }
    }
}
