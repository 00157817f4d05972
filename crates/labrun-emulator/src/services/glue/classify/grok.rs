//! Grok: named patterns over lines of text.
//!
//! Source: Glue Developer Guide, "Writing grok custom classifiers". The built-in patterns are [`labrun_sql::grok`]'s;
//! `%{PATTERN:field:type}` knows byte, short, int, long, double, boolean and string.

use labrun_sql::grok;
use regex::Regex;

use super::kind::{Column, Kind};
use super::{Format, Found};

#[derive(Clone, Debug)]
pub(in super::super) struct Grok {
    classification: String,
    pattern: String,
    custom: String,
    regex: Regex,
    columns: Vec<Column>,
}

impl Grok {
    /// Says what is wrong with the pattern.
    pub(in super::super) fn new(classification: &str, pattern: &str, custom: &str) -> Result<Self, String> {
        let expanded = grok::expand(pattern, custom)?;
        let regex =
            Regex::new(&format!("^{}$", expanded.regex)).map_err(|fault| format!("The grok pattern is not valid: {fault}"))?;
        let named = expanded.fields.iter().filter(|field| !field.is_bare);
        let columns =
            named.map(|field| Ok(Column::new(field.name.to_lowercase(), type_named(field.kind.as_deref().unwrap_or("string"))?)));
        let columns = columns.collect::<Result<_, String>>()?;
        Ok(Grok {
            classification: classification.to_owned(),
            pattern: pattern.to_owned(),
            custom: custom.to_owned(),
            regex,
            columns,
        })
    }

    /// "Each line": most of them must match.
    pub(super) fn classify(&self, text: &str) -> Option<Found> {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let (all, matching) =
            lines.fold((0, 0), |(all, matching), line| (all + 1, matching + u64::from(self.regex.is_match(line))));
        if self.columns.is_empty() || matching * 2 <= all {
            return None;
        }
        let format = Format::Grok { pattern: self.pattern.clone(), custom: self.custom.clone() };
        Some(Found::new(&self.classification, self.columns.clone(), matching, format))
    }
}

fn type_named(name: &str) -> Result<Kind, String> {
    Ok(match name {
        "byte" => Kind::TinyInt,
        "short" => Kind::SmallInt,
        "int" => Kind::Int,
        "long" => Kind::BigInt,
        "double" => Kind::Double,
        "boolean" => Kind::Boolean,
        "string" => Kind::String,
        other => return Err(format!("{other} is not a data type of grok patterns.")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_types_and_own_patterns() {
        let custom = "CODE [A-Z]{3}\nPAIR %{CODE:code}-%{INT:n:int}";
        let grok = Grok::new("mine", "%{TIMESTAMP_ISO8601:at} %{PAIR} %{GREEDYDATA:rest}", custom).unwrap();
        let found = grok.classify("2024-01-01T00:00:00Z ABC-1 x y\n2024-01-01T00:00:01Z ABC-2 z\nodd\n").unwrap();
        let columns: Vec<String> = found.columns.iter().map(|column| format!("{} {}", column.name, column.kind)).collect();
        assert_eq!(columns, ["at string", "code string", "n int", "rest string"]);
        assert_eq!((found.classification.as_str(), found.records), ("mine", 2));
        assert_eq!(grok.classify("a,b\n1,2\n"), None);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (pattern, custom, part) in [
            ("%{NONE:a}", "", "NONE"),
            ("%{WORD:a", "", "without"),
            ("%{A:a}", "A %{A}", "itself"),
            ("%{WORD:a:date}", "", "date"),
        ] {
            let fault = Grok::new("x", pattern, custom).unwrap_err();
            assert!(fault.contains(part), "{fault}");
        }
    }

    #[test]
    fn apache() {
        let grok = Grok::new("combined", "%{COMBINEDAPACHELOG}", "").unwrap();
        let line = "1.2.3.4 - frank [10/Oct/2000:13:55:36 -0700] \"GET /a?b=1 HTTP/1.0\" 200 2326 \"http://x/\" \"Mozilla\"\n";
        assert_eq!(grok.classify(line).unwrap().columns.len(), 12);
    }
}
