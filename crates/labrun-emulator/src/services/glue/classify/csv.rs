//! CSV: which delimiter, whether there is a header, and what type each column has.
//!
//! Source: Glue Developer Guide, "Built-in CSV classifier" and "Writing CSV custom classifiers".

use super::kind::{Column, Kind};
use super::{Format, Found};

/// In this order: "Comma (,), Pipe (|), Tab (\t), Semicolon (;), Ctrl-A (\u0001)".
const DELIMITERS: [char; 5] = [',', '|', '\t', ';', '\u{1}'];
/// "Except for the last column, every column in a potential header has content that is fewer than 150 characters."
const LONGEST_HEADER: usize = 150;
/// Rows with another number of cells than the first may be one in so many.
const RAGGED: usize = 10;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in super::super) enum HeaderRule {
    #[default]
    Unknown,
    Present,
    Absent,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in super::super) enum Serde {
    #[default]
    LazySimple,
    OpenCsv,
}

/// How a classifier looks at CSV. The default is the built-in one.
#[derive(Clone, Debug)]
pub(in super::super) struct CsvRules {
    pub(in super::super) delimiter: Option<char>,
    pub(in super::super) quote: char,
    pub(in super::super) header: HeaderRule,
    pub(in super::super) names: Vec<String>,
    pub(in super::super) trim: bool,
    pub(in super::super) single_column: bool,
    pub(in super::super) serde: Serde,
}

impl Default for CsvRules {
    fn default() -> Self {
        CsvRules {
            delimiter: None,
            quote: '"',
            header: HeaderRule::Unknown,
            names: Vec::new(),
            trim: true,
            single_column: false,
            serde: Serde::LazySimple,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Cell {
    text: String,
    quoted: bool,
}

type Row = Vec<Cell>;

pub(super) fn classify(text: &str, rules: &CsvRules) -> Option<Found> {
    let only = rules.delimiter.map(|one| vec![one]);
    let (delimiter, rows) = only.unwrap_or_else(|| DELIMITERS.to_vec()).into_iter().find_map(|delimiter| {
        let rows = rows(text, delimiter, rules.quote);
        regular(&rows, rules).then_some((delimiter, rows))
    })?;
    let header = match rules.header {
        HeaderRule::Present => true,
        HeaderRule::Absent => false,
        HeaderRule::Unknown => has_header(&rows, rules.trim),
    };
    let (first, data) = rows.split_first()?;
    let data = if header { data } else { &rows };
    // "The table schema must have at least two columns and two rows of data": a file with custom rules is taken at its word.
    let least = if rules.delimiter.is_some() || rules.header != HeaderRule::Unknown { 1 } else { 2 };
    if data.len() < least {
        return None;
    }
    let columns = columns(first, header, data, rules)?;
    let quoted = rows.iter().flatten().any(|cell| cell.quoted);
    let format = Format::Csv { delimiter, quote: rules.quote, header, quoted, serde: rules.serde };
    Some(Found::new("csv", columns, data.len() as u64, format))
}

/// Are these rows a table? The guide does not say how many may be out of step.
fn regular(rows: &[Row], rules: &CsvRules) -> bool {
    let Some(width) = rows.first().map(Vec::len) else { return false };
    let least = if rules.single_column { 1 } else { 2 };
    let odd = rows.iter().filter(|row| row.len() != width).count();
    width >= least && odd * RAGGED <= rows.len()
}

fn columns(first: &Row, header: bool, data: &[Row], rules: &CsvRules) -> Option<Vec<Column>> {
    if !rules.names.is_empty() && rules.names.len() != first.len() {
        return None;
    }
    let named = |at: usize, cell: &Cell| match rules.names.get(at) {
        Some(name) => name.clone(),
        None if header && !cell.text.trim().is_empty() => cell.text.trim().to_lowercase(),
        None => format!("col{at}"),
    };
    let typed = |at: usize| {
        let cells = data.iter().filter_map(|row| row.get(at));
        cells.map(|cell| kind(&cell.text, rules.trim)).fold(Kind::Null, |all, kind| all.or_text(&kind))
    };
    Some(first.iter().enumerate().map(|(at, cell)| Column::new(named(at, cell), typed(at))).collect())
}

/// Numbers are bigint or double; all else, dates and truth values too, stays text.
fn kind(text: &str, trim: bool) -> Kind {
    let text = if trim { text.trim() } else { text };
    let number = |text: &str| text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E'));
    if text.is_empty() {
        Kind::Null
    } else if text.parse::<i64>().is_ok() {
        Kind::BigInt
    } else if number(text) && text.parse::<f64>().is_ok() {
        Kind::Double
    } else {
        Kind::String
    }
}

/// "Every column in a potential header parses as a STRING data type" and "the header row must be sufficiently different from the
/// data rows": some row has a cell that is none. The last column may be empty, for trailing delimiters.
fn has_header(rows: &[Row], trim: bool) -> bool {
    let Some((first, data)) = rows.split_first() else { return false };
    let last = first.len().saturating_sub(1);
    let fits = first.iter().enumerate().all(|(at, cell)| match kind(&cell.text, trim) {
        Kind::String => at == last || cell.text.chars().count() < LONGEST_HEADER,
        Kind::Null => at == last && at > 0,
        _ => false,
    });
    fits && data.iter().flatten().any(|cell| !matches!(kind(&cell.text, trim), Kind::String | Kind::Null))
}

/// All rows with something in them; quoted cells may hold delimiters, line ends and doubled quotes.
fn rows(text: &str, delimiter: char, quote: char) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = Row::new();
    let mut chars = text.chars().peekable();
    while chars.peek().is_some() {
        let (cell, ended) = cell(&mut chars, delimiter, quote);
        row.push(cell);
        if ended {
            rows.push(std::mem::take(&mut row));
        }
    }
    if !row.is_empty() {
        // The text ended behind a delimiter.
        row.push(Cell::default());
        rows.push(row);
    }
    rows.retain(|row| row.len() > 1 || row.iter().any(|cell| !cell.text.is_empty()));
    rows
}

/// One cell, and whether its row ends with it.
fn cell(chars: &mut std::iter::Peekable<std::str::Chars>, delimiter: char, quote: char) -> (Cell, bool) {
    let mut cell = Cell::default();
    let mut inside = false;
    while let Some(next) = chars.next() {
        if inside {
            match next == quote {
                true if chars.next_if_eq(&quote).is_some() => cell.text.push(quote),
                true => inside = false,
                false => cell.text.push(next),
            }
        } else if next == quote && cell.text.is_empty() && !cell.quoted {
            (inside, cell.quoted) = (true, true);
        } else if next == delimiter {
            return (cell, false);
        } else if next == '\n' {
            if cell.text.ends_with('\r') {
                cell.text.pop();
            }
            return (cell, true);
        } else {
            cell.text.push(next);
        }
    }
    (cell, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(Vec<String>, Format, u64)> {
        let found = classify(text, &CsvRules::default())?;
        let columns = found.columns.iter().map(|column| format!("{} {}", column.name, column.kind)).collect();
        Some((columns, found.format, found.records))
    }

    fn shape(delimiter: char, header: bool, quoted: bool) -> Format {
        Format::Csv { delimiter, quote: '"', header, quoted, serde: Serde::LazySimple }
    }

    #[test]
    fn a_header_and_types() {
        let text = "ID,Name,Price,Day,Ok\n1,a,1.5,2024-01-01,true\n2,b,2,2024-01-02,false\n";
        let columns = ["id bigint", "name string", "price double", "day string", "ok string"];
        assert_eq!(found(text), Some((columns.map(str::to_owned).to_vec(), shape(',', true, false), 2)));
    }

    #[test]
    fn only_text_has_no_header() {
        let (columns, format, records) = found("name,city\nann,rome\nbob,oslo\n").unwrap();
        assert_eq!(columns, ["col0 string", "col1 string"]);
        assert_eq!((format, records), (shape(',', false, false), 3));
    }

    #[test]
    fn every_delimiter() {
        for delimiter in DELIMITERS {
            let text = format!("a{delimiter}b\r\n1{delimiter}x y\r\n2{delimiter}\r\n");
            assert_eq!(found(&text).unwrap().1, shape(delimiter, true, false));
        }
    }

    #[test]
    fn quotes_hold_delimiters_and_lines() {
        let (columns, format, records) = found("id,say\n1,\"a, \"\"b\"\"\nc\"\n2,d\n").unwrap();
        assert_eq!((columns.len(), format, records), (2, shape(',', true, true), 2));
    }

    #[test]
    fn what_is_no_table() {
        for text in ["one\ntwo\nthree\n", "a,b\n1,2\n", "a,b\n", "some text, more\nand a line without\n", ""] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn a_trailing_delimiter_and_empty_cells() {
        let (columns, ..) = found("a,b,\n1,,\n2,3,\n").unwrap();
        assert_eq!(columns, ["a bigint", "b bigint", "col2 string"]);
    }

    #[test]
    fn custom_rules() {
        let rules = CsvRules {
            delimiter: Some('#'),
            quote: '\'',
            header: HeaderRule::Absent,
            names: vec!["x".into(), "y".into()],
            ..CsvRules::default()
        };
        let found = classify("'1#2'#a\n", &rules).unwrap();
        assert_eq!(found.columns, [Column::new("x", Kind::String), Column::new("y", Kind::String)]);
        assert_eq!(classify("1#2#3\n", &rules), None);
        let one = CsvRules { single_column: true, header: HeaderRule::Present, ..CsvRules::default() };
        assert_eq!(classify("n\n1\n2\n", &one).unwrap().columns, [Column::new("n", Kind::BigInt)]);
    }

    #[test]
    fn trimming() {
        let text = "a,b\n 1,x\n 2,y\n";
        assert_eq!(found(text).unwrap().0[0], "a bigint");
        let rules = CsvRules { trim: false, header: HeaderRule::Present, ..CsvRules::default() };
        assert_eq!(classify(text, &rules).unwrap().columns[0].kind, Kind::String);
    }
}
