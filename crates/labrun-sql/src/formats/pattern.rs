//! Rows out of lines by a regular expression: RegexSerDe and GrokSerDe (regex-serde, grok-serde). A line that does not match is NULL.

use std::collections::BTreeMap;

use datafusion::arrow::array::ArrayRef;
use fancy_regex::{Captures, Regex};

use super::column::Column;
use super::{Rows, java};
use crate::fault::{Fault, Outcome};
use crate::grok;
use crate::sqltype::SqlType;

/// A pattern, and the group of each column.
#[derive(Debug)]
pub(super) struct Pattern {
    regex: Regex,
    groups: Vec<Option<usize>>,
    kinds: Vec<SqlType>,
    /// The groups are not as many as the columns: the first line that matches fails.
    mismatched: bool,
}

impl Pattern {
    /// RegexSerDe: the first group is the first column.
    pub(super) fn regex(options: &BTreeMap<String, String>, columns: &[(String, SqlType)]) -> Outcome<Self> {
        let Some(written) = options.get("input.regex").filter(|text| !text.is_empty()) else {
            return Err(Fault::new("HIVE_INVALID_METADATA", "This table does not have serde property \"input.regex\"!"));
        };
        let flags = if options.get("input.regex.case.insensitive").is_some_and(|is| is.eq_ignore_ascii_case("true")) {
            "(?i)"
        } else {
            ""
        };
        let regex = compiled(&format!("{flags}^(?:{})$", java::translated(written)))?;
        let count = regex.captures_len() - 1;
        let groups = (0..columns.len()).map(|at| (at < count).then_some(at + 1)).collect();
        Ok(Self::new(regex, groups, columns, count != columns.len()))
    }

    /// GrokSerDe: the fields of the pattern by their names, which columns have in lower case; by their places if no name fits.
    pub(super) fn grok(options: &BTreeMap<String, String>, columns: &[(String, SqlType)]) -> Outcome<Self> {
        let invalid = |why: String| Fault::new("HIVE_INVALID_METADATA", why);
        let format = options.get("input.format").ok_or_else(|| invalid("GrokSerDe needs input.format".to_owned()))?;
        let custom = options.get("input.grokCustomPatterns").map_or("", String::as_str).replace("\\n", "\n");
        let expanded = grok::expand(format, &custom).map_err(invalid)?;
        let regex = compiled(&format!("^(?:{})$", java::translated(&expanded.regex)))?;
        let called = |name: &str, bare: bool| {
            expanded.fields.iter().find(|field| field.is_bare == bare && field.name.eq_ignore_ascii_case(name))
        };
        let named = |name: &str| called(name, false).or_else(|| called(name, true));
        let by_place: Vec<_> = expanded.fields.iter().filter(|field| !field.is_bare).collect();
        let by_name = columns.iter().any(|(name, _)| named(name).is_some());
        let groups = columns.iter().enumerate().map(|(at, (name, _))| {
            let field = if by_name { named(name) } else { by_place.get(at).copied() }?;
            regex.capture_names().position(|group| group == Some(&field.group))
        });
        let groups = groups.collect();
        Ok(Self::new(regex, groups, columns, false))
    }

    fn new(regex: Regex, groups: Vec<Option<usize>>, columns: &[(String, SqlType)], mismatched: bool) -> Self {
        Pattern { regex, groups, kinds: columns.iter().map(|(_, kind)| kind.clone()).collect(), mismatched }
    }

    fn captures<'l>(&self, line: &'l str) -> Outcome<Option<Captures<'l, str>>> {
        let found = self.regex.captures(line).map_err(|error| Fault::new("HIVE_CURSOR_ERROR", error.to_string()))?;
        if found.is_some() && self.mismatched {
            return Err(Fault::new("HIVE_CURSOR_ERROR", "Number of matching groups doesn't match the number of columns"));
        }
        Ok(found)
    }
}

fn compiled(pattern: &str) -> Outcome<Regex> {
    Regex::new(pattern).map_err(|error| Fault::new("HIVE_INVALID_METADATA", format!("The table's pattern is not valid: {error}")))
}

impl Rows for Pattern {
    fn columns(&self, lines: &[&[u8]], wanted: &[usize]) -> Outcome<Vec<ArrayRef>> {
        let mut columns: Vec<Column> = wanted.iter().map(|at| Column::new(&self.kinds[*at], lines.len())).collect();
        for line in lines {
            let text = String::from_utf8_lossy(line);
            let captures = self.captures(&text)?;
            for (column, at) in columns.iter_mut().zip(wanted) {
                let group = self.groups[*at].and_then(|group| captures.as_ref()?.get(group));
                match group {
                    Some(found) => column.push(found.as_str().as_bytes()),
                    None => column.push_null(),
                }
            }
        }
        columns.into_iter().map(Column::finish).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datum::{Datum, read};

    type Make = fn(&BTreeMap<String, String>, &[(String, SqlType)]) -> Outcome<Pattern>;

    fn rows(make: Make, options: &[(&str, &str)], columns: &[(&str, &str)], lines: &[&str]) -> Result<Vec<Vec<Datum>>, String> {
        let options = options.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let columns: Vec<_> = columns.iter().map(|(name, kind)| ((*name).to_owned(), SqlType::parse(kind).unwrap())).collect();
        let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
        let wanted: Vec<usize> = (0..columns.len()).collect();
        let made =
            make(&options, &columns).and_then(|pattern| pattern.columns(&lines, &wanted)).map_err(|fault| fault.to_string())?;
        let row = |row| made.iter().zip(&columns).map(|(column, (_, kind))| read(column, kind, row)).collect();
        Ok((0..lines.len()).map(row).collect())
    }

    fn text(text: &str) -> Datum {
        Datum::Text(text.to_owned())
    }

    #[test]
    fn groups_are_columns() {
        let options = [("input.regex", r#"^(\w+)\s+"([^"]*)"(?: (\d+))?$"#)];
        let columns = [("a", "varchar"), ("b", "varchar"), ("c", "integer")];
        let found = rows(Pattern::regex, &options, &columns, &["x \"y z\" 5", "x \"\"", "no match at all"]).unwrap();
        assert_eq!(found[0], [text("x"), text("y z"), Datum::Integer(5)]);
        assert_eq!(found[1], [text("x"), text(""), Datum::Null]);
        assert_eq!(found[2], [Datum::Null, Datum::Null, Datum::Null]);
    }

    #[test]
    fn look_around_and_the_whole_line() {
        let options = [("input.regex", r"(?!#)(.+?)")];
        let found = rows(Pattern::regex, &options, &[("a", "varchar")], &["abc", "#abc"]).unwrap();
        assert_eq!(found, [[text("abc")], [Datum::Null]]);
    }

    #[test]
    fn other_groups_than_columns() {
        let options = [("input.regex", "(a)(b)")];
        let fault = rows(Pattern::regex, &options, &[("a", "varchar")], &["ab"]).unwrap_err();
        assert_eq!(fault, "HIVE_CURSOR_ERROR: Number of matching groups doesn't match the number of columns");
        assert!(rows(Pattern::regex, &[("input.regex", "(a")], &[("a", "varchar")], &[]).is_err());
        assert!(rows(Pattern::regex, &[], &[("a", "varchar")], &[]).is_err());
    }

    #[test]
    fn grok_by_name() {
        let options = [
            ("input.format", "%{SYSLOGBASE} %{QUEUE:queue_id}: %{GREEDYDATA:Message}"),
            ("input.grokCustomPatterns", "QUEUE [0-9A-F]{7,12}"),
        ];
        let columns = [("message", "varchar"), ("queue_id", "varchar"), ("other", "varchar")];
        let line = "Feb  9 07:15:00 m4eastmail postfix/smtpd[19305]: B88C4120838: connect from unknown[192.168.55.4]";
        let found = rows(Pattern::grok, &options, &columns, &[line, "x"]).unwrap();
        assert_eq!(found[0], [text("connect from unknown[192.168.55.4]"), text("B88C4120838"), Datum::Null]);
        assert_eq!(found[1], [Datum::Null, Datum::Null, Datum::Null]);
    }

    #[test]
    fn grok_with_several_patterns_of_its_own() {
        let options = [
            ("input.format", r#"%{NOTSPACE:owner} \[%{INSIDE_BRACKETS:time}\] "?%{INSIDE_QS:uri}"? %{NUMBER:status:int}"#),
            ("input.grokCustomPatterns", "INSIDE_QS ([^\"]*)\\nINSIDE_BRACKETS ([^\\]]*)"),
        ];
        let columns = [("owner", "varchar"), ("time", "varchar"), ("uri", "varchar"), ("status", "integer")];
        let found = rows(Pattern::grok, &options, &columns, &["me [06/Feb/2019:00:00:38 +0000] \"GET /a b\" 200"]).unwrap();
        assert_eq!(found[0], [text("me"), text("06/Feb/2019:00:00:38 +0000"), text("GET /a b"), Datum::Integer(200)]);
        let unknown = rows(Pattern::grok, &[("input.format", "%{NOPE:a}")], &columns, &[]).unwrap_err();
        assert!(unknown.contains("NOPE"), "{unknown}");
    }
}
