//! LazySimpleSerDe: fields parted by one character, no quotes (lazy-simple-serde). What can't be read is null.
//!
//! ```text
//! 1,Ann,red|green,home:1|work:2
//! ```
//! Fields that the line lacks are NULL, and those that the table lacks are nothing.

mod nested;

use std::collections::BTreeMap;

use datafusion::arrow::array::ArrayRef;

pub(super) use nested::Separators;

use super::Rows;
use super::column::Column;
use crate::fault::Outcome;
use crate::sqltype::SqlType;

/// The separators of a table; its columns.
#[derive(Debug)]
pub(crate) struct Lazy {
    separators: Separators,
    kinds: Vec<SqlType>,
}

impl Lazy {
    pub(crate) fn new(options: &BTreeMap<String, String>, columns: &[(String, SqlType)]) -> Self {
        Lazy { separators: Separators::of(options), kinds: columns.iter().map(|(_, kind)| kind.clone()).collect() }
    }
}

impl Rows for Lazy {
    fn columns(&self, lines: &[&[u8]], wanted: &[usize]) -> Outcome<Vec<ArrayRef>> {
        let mut columns: Vec<Column> = wanted.iter().map(|at| Column::new(&self.kinds[*at], lines.len())).collect();
        let count = wanted.iter().max().map_or(0, |last| last + 1);
        let mut fields: Vec<&[u8]> = Vec::with_capacity(count);
        for line in lines {
            fields.clear();
            self.separators.split(line, 0, count, &mut fields);
            for (column, at) in columns.iter_mut().zip(wanted) {
                match fields.get(*at) {
                    Some(field) if !self.separators.is_null(field) => self.push(column, field),
                    _ => column.push_null(),
                }
            }
        }
        columns.into_iter().map(Column::finish).collect()
    }
}

impl Lazy {
    fn push(&self, column: &mut Column, field: &[u8]) {
        match column {
            Column::Values(rows, kind) => rows.push(self.separators.value(field, kind, 1)),
            Column::Text(..) if self.separators.escapes(field) => column.push(&self.separators.plain(field)),
            _ => column.push(field),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datum::{Datum, read};

    fn rows(options: &[(&str, &str)], kinds: &[&str], lines: &[&str]) -> Vec<Vec<Datum>> {
        let options = options.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let kinds: Vec<SqlType> = kinds.iter().map(|kind| SqlType::parse(kind).unwrap()).collect();
        let columns: Vec<_> = kinds.iter().enumerate().map(|(at, kind)| (format!("c{at}"), kind.clone())).collect();
        let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
        let wanted: Vec<usize> = (0..kinds.len()).collect();
        let made = Lazy::new(&options, &columns).columns(&lines, &wanted).unwrap();
        (0..lines.len()).map(|row| made.iter().zip(&kinds).map(|(column, kind)| read(column, kind, row)).collect()).collect()
    }

    fn text(text: &str) -> Datum {
        Datum::Text(text.to_owned())
    }

    const COMMA: [(&str, &str); 3] = [("field.delim", ","), ("colelction.delim", "|"), ("mapkey.delim", ":")];

    #[test]
    fn short_long_and_null() {
        let found = rows(&COMMA, &["integer", "varchar", "double"], &["1,a,2.5,more", "x", "\\N,\\N,", ""]);
        assert_eq!(found[0], [Datum::Integer(1), text("a"), Datum::Double(2.5)]);
        assert_eq!(found[1], [Datum::Null, Datum::Null, Datum::Null]);
        assert_eq!(found[2], [Datum::Null, Datum::Null, Datum::Null]);
        assert_eq!(found[3], [Datum::Null, Datum::Null, Datum::Null]);
        assert_eq!(rows(&COMMA, &["varchar", "varchar"], &[","]), [[text(""), text("")]]);
    }

    #[test]
    fn nulls_as_they_are_defined() {
        let found = rows(&[("field.delim", ","), ("serialization.null.format", "")], &["varchar", "varchar"], &[",\\N"]);
        assert_eq!(found, [[Datum::Null, text("\\N")]]);
    }

    #[test]
    fn the_field_separator_is_control_a_unless_it_is_said() {
        assert_eq!(rows(&[], &["varchar", "varchar"], &["a\u{1}b"]), [[text("a"), text("b")]]);
        assert_eq!(rows(&[("serialization.format", "1")], &["varchar", "varchar"], &["a\u{1}b"]), [[text("a"), text("b")]]);
        assert_eq!(rows(&[("field.delim", "9")], &["varchar", "varchar"], &["a\tb"]), [[text("a"), text("b")]]);
    }

    #[test]
    fn escapes() {
        let options = [("field.delim", ","), ("escape.delim", "\\")];
        assert_eq!(rows(&options, &["varchar", "integer"], &["a\\,b\\\\,7"]), [[text("a,b\\"), Datum::Integer(7)]]);
        assert_eq!(rows(&options, &["varchar", "varchar"], &["\\N,\\n"]), [[Datum::Null, text("\n")]]);
    }

    #[test]
    fn types_within_types() {
        let kinds = ["array(integer)", "map(varchar, integer)", "row(a integer, b array(varchar))"];
        let found = rows(&COMMA, &kinds, &["1|x|\\N,home:1|work:|home:9,5|p:q", ",,"]);
        let map = [(text("home"), Datum::Integer(1)), (text("work"), Datum::Null)];
        assert_eq!(found[0][0], Datum::Array(vec![Datum::Integer(1), Datum::Null, Datum::Null]));
        assert_eq!(found[0][1], Datum::Map(map.to_vec()));
        assert_eq!(found[0][2], Datum::Row(vec![Datum::Integer(5), Datum::Array(vec![text("p"), text("q")])]));
        assert_eq!(found[1][..2], [Datum::Array(vec![]), Datum::Map(vec![])]);
    }

    #[test]
    fn the_fourth_separator_and_on_are_control_characters() {
        let found = rows(&COMMA, &["array(array(array(varchar)))"], &["a\u{4}b:c|d"]);
        let items = |items: &[&str]| Datum::Array(items.iter().map(|item| text(item)).collect());
        let inner = Datum::Array(vec![items(&["a", "b"]), items(&["c"])]);
        assert_eq!(found[0][0], Datum::Array(vec![inner, Datum::Array(vec![items(&["d"])])]));
    }

    const SIGNS: [char; 13] = ['1', '-', '.', ':', ',', '\\', '\u{2}', '\u{3}', '\u{4}', 'e', 'ä', ' ', '0'];

    #[test]
    fn random_bytes_are_rows() {
        let mut chance = fastrand::Rng::with_seed(3);
        let options: [(&str, &str); 2] = [("escape.delim", "\\"), ("field.delim", ",")];
        let kinds = ["decimal(5,2)", "timestamp(3)", "map(integer, array(row(a date, b varbinary)))", "char(2)", "real"];
        for _ in 0..3_000 {
            let line: String = (0..chance.usize(..40)).map(|_| chance.choice(SIGNS).unwrap()).collect();
            rows(&options, &kinds, &[&line]);
        }
    }
}
