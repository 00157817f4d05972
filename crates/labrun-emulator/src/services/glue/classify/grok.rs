//! Grok: named patterns over lines of text.
//!
//! Source: Glue Developer Guide, "Writing grok custom classifiers", with its list of built-in patterns. Those are written here for
//! an engine without look-around; `%{PATTERN:field:type}` knows byte, short, int, long, double, boolean and string.

use std::collections::HashMap;
use std::fmt::Write as _;

use regex::Regex;

use super::kind::{Column, Kind};
use super::{Format, Found};

const BUILT_IN: &[(&str, &str)] = &[
    ("USERNAME", r"[a-zA-Z0-9._-]+"),
    ("USER", r"%{USERNAME}"),
    ("INT", r"[+-]?[0-9]+"),
    ("BASE10NUM", r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"),
    ("NUMBER", r"%{BASE10NUM}"),
    ("BASE16NUM", r"[+-]?(?:0x)?[0-9A-Fa-f]+"),
    ("BOOLEAN", r"(?i:true|false)"),
    ("POSINT", r"\b[1-9][0-9]*\b"),
    ("NONNEGINT", r"\b[0-9]+\b"),
    ("WORD", r"\b\w+\b"),
    ("NOTSPACE", r"\S+"),
    ("SPACE", r"\s*"),
    ("DATA", r".*?"),
    ("GREEDYDATA", r".*"),
    ("QUOTEDSTRING", r#"(?:"(?:\\.|[^\\"])*"|'(?:\\.|[^\\'])*')"#),
    ("QS", r"%{QUOTEDSTRING}"),
    ("UUID", r"[A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}"),
    ("MAC", r"(?:[A-Fa-f0-9]{2}[:-]){5}[A-Fa-f0-9]{2}"),
    ("IPV6", r"[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*"),
    ("IPV4", r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"),
    ("IP", r"(?:%{IPV6}|%{IPV4})"),
    ("HOSTNAME", r"\b[0-9A-Za-z][0-9A-Za-z-]{0,62}(?:\.[0-9A-Za-z][0-9A-Za-z-]{0,62})*\.?"),
    ("HOST", r"%{HOSTNAME}"),
    ("IPORHOST", r"(?:%{IP}|%{HOSTNAME})"),
    ("HOSTPORT", r"%{IPORHOST}:%{POSINT}"),
    ("PATH", r"(?:%{UNIXPATH}|%{WINPATH})"),
    ("UNIXPATH", r"(?:/[\w_%!$@:.,~-]*)+"),
    ("WINPATH", r"(?:[A-Za-z]+:|\\)(?:\\[^\\?*]*)+"),
    ("URIPROTO", r"[A-Za-z]+(?:\+[A-Za-z+]+)?"),
    ("URIHOST", r"%{IPORHOST}(?::%{POSINT})?"),
    ("URIPATH", r"(?:/[A-Za-z0-9$.+!*'(){},~:;=@#%_-]*)+"),
    ("URIPARAM", r"\?[A-Za-z0-9$.+!*'|(){},~@#%&/=:;_?\[\]-]*"),
    ("URIPATHPARAM", r"%{URIPATH}(?:%{URIPARAM})?"),
    ("URI", r"%{URIPROTO}://(?:%{USER}(?::[^@]*)?@)?(?:%{URIHOST})?(?:%{URIPATHPARAM})?"),
    (
        "MONTH",
        r"\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b",
    ),
    ("MONTHNUM", r"(?:0?[1-9]|1[0-2])"),
    ("MONTHDAY", r"(?:0[1-9]|[12][0-9]|3[01]|[1-9])"),
    ("DAY", r"(?:Mon(?:day)?|Tue(?:sday)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?)"),
    ("YEAR", r"\d{4}|\d{2}"),
    ("HOUR", r"(?:2[0123]|[01]?[0-9])"),
    ("MINUTE", r"(?:[0-5][0-9])"),
    ("SECOND", r"(?:[0-5]?[0-9]|60)(?:[:.,][0-9]+)?"),
    ("TIME", r"%{HOUR}:%{MINUTE}(?::%{SECOND})?"),
    ("DATE_US", r"%{MONTHNUM}[/-]%{MONTHDAY}[/-]%{YEAR}"),
    ("DATE_EU", r"%{MONTHDAY}[./-]%{MONTHNUM}[./-]%{YEAR}"),
    ("DATE", r"(?:%{DATE_US}|%{DATE_EU})"),
    ("DATESTAMP", r"%{DATE}[- ]%{TIME}"),
    ("ISO8601_TIMEZONE", r"(?:Z|[+-]%{HOUR}(?::?%{MINUTE}))"),
    ("TIMESTAMP_ISO8601", r"\d{4}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}(?::?%{SECOND})?(?:%{ISO8601_TIMEZONE})?"),
    ("TZ", r"(?:[PMCE][SD]T|UTC)"),
    ("HTTPDATE", r"%{MONTHDAY}/%{MONTH}/\d{4}:%{TIME} %{INT}"),
    ("SYSLOGTIMESTAMP", r"%{MONTH} +%{MONTHDAY} %{TIME}"),
    ("PROG", r"[\w._/%-]+"),
    (
        "LOGLEVEL",
        r"(?i:trace|debug|notice|info|information|warn|warning|err|error|crit|critical|fatal|severe|emerg|emergency|alert)",
    ),
    (
        "COMMONAPACHELOG",
        r#"%{IPORHOST:clientip} %{USER:ident} %{USER:auth} \[%{HTTPDATE:timestamp}\] "(?:%{WORD:verb} %{NOTSPACE:request}(?: HTTP/%{NUMBER:httpversion})?|%{DATA:rawrequest})" %{NUMBER:response} (?:%{NUMBER:bytes}|-)"#,
    ),
    ("COMBINEDAPACHELOG", r"%{COMMONAPACHELOG} %{QS:referrer} %{QS:agent}"),
];

/// Patterns name patterns; deeper than this they name themselves.
const DEEPEST: usize = 24;

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
        let own = custom.lines().filter_map(|line| line.trim().split_once(char::is_whitespace));
        let names: HashMap<&str, &str> = BUILT_IN.iter().copied().chain(own.map(|(name, text)| (name, text.trim()))).collect();
        let mut expansion = Expansion { names, columns: Vec::new(), text: String::from("^") };
        expansion.expand(pattern, 0)?;
        expansion.text.push('$');
        let regex = Regex::new(&expansion.text).map_err(|fault| format!("The grok pattern is not valid: {fault}"))?;
        Ok(Grok {
            classification: classification.to_owned(),
            pattern: pattern.to_owned(),
            custom: custom.to_owned(),
            regex,
            columns: expansion.columns,
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

struct Expansion<'p> {
    names: HashMap<&'p str, &'p str>,
    columns: Vec<Column>,
    text: String,
}

impl Expansion<'_> {
    fn expand(&mut self, pattern: &str, depth: usize) -> Result<(), String> {
        if depth > DEEPEST {
            return Err("The grok pattern names itself.".to_owned());
        }
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("%{") {
            self.text.push_str(before);
            let (reference, after) = after.split_once('}').ok_or("The grok pattern has a %{ without its }.")?;
            self.reference(reference, depth)?;
            rest = after;
        }
        self.text.push_str(rest);
        Ok(())
    }

    fn reference(&mut self, reference: &str, depth: usize) -> Result<(), String> {
        let mut parts = reference.splitn(3, ':');
        let (name, field, kind) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        let pattern = *self.names.get(name).ok_or_else(|| format!("The grok pattern {name} is not known."))?;
        if let Some(field) = field {
            let column = Column::new(field.to_lowercase(), type_named(kind.unwrap_or("string"))?);
            if !self.columns.iter().any(|known| known.name == column.name) {
                self.columns.push(column);
            }
        }
        let _infallible = write!(self.text, "(?:");
        self.expand(pattern, depth + 1)?;
        self.text.push(')');
        Ok(())
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
    fn every_built_in_pattern_compiles() {
        for (name, _) in BUILT_IN {
            let built = Grok::new("x", &format!("%{{{name}:a}}"), "");
            assert!(built.is_ok(), "{name}: {built:?}");
        }
    }

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
