//! Grok: named patterns over lines of text. Tables are read by them, and crawlers find them.
//!
//! Source: Glue Developer Guide, "Writing grok custom classifiers", with its list of built-in patterns. Those are written here for
//! an engine without look-around; `%{PATTERN:field:type}` gives a field, and `%{PATTERN}` at the top one of the pattern's own name.

use std::collections::HashMap;
use std::fmt::Write as _;

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
    ("SYSLOGPROG", r"%{PROG:program}(?:\[%{POSINT:pid}\])?"),
    ("SYSLOGHOST", r"%{IPORHOST}"),
    ("SYSLOGFACILITY", r"<%{NONNEGINT:facility}.%{NONNEGINT:priority}>"),
    ("SYSLOGBASE", r"%{SYSLOGTIMESTAMP:timestamp} (?:%{SYSLOGFACILITY} )?%{SYSLOGHOST:logsource} %{SYSLOGPROG}:"),
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

/// What a pattern with all that it names comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expanded {
    /// A regular expression, in which each field is the group that [`Field::group`] names.
    pub regex: String,
    /// In the order of the pattern, each name once.
    pub fields: Vec<Field>,
}

/// What a pattern finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As it is written.
    pub name: String,
    /// The third part of `%{PATTERN:field:type}`.
    pub kind: Option<String>,
    /// The name of a group.
    pub group: String,
    /// Called by its pattern's name alone.
    pub is_bare: bool,
}

/// Puts in what a pattern names; `custom` has a pattern a line, its name first. `Err` says what is wrong.
pub fn expand(pattern: &str, custom: &str) -> Result<Expanded, String> {
    let own = custom.lines().filter_map(|line| line.trim().split_once(char::is_whitespace));
    let names = BUILT_IN.iter().copied().chain(own.map(|(name, text)| (name, text.trim()))).collect();
    let mut expansion = Expansion { names, found: Expanded::default() };
    expansion.expand(pattern, 0)?;
    Ok(expansion.found)
}

struct Expansion<'p> {
    names: HashMap<&'p str, &'p str>,
    found: Expanded,
}

impl Expansion<'_> {
    fn expand(&mut self, pattern: &str, depth: usize) -> Result<(), String> {
        if depth > DEEPEST {
            return Err("The grok pattern names itself.".to_owned());
        }
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("%{") {
            self.found.regex.push_str(before);
            let (reference, after) = after.split_once('}').ok_or("The grok pattern has a %{ without its }.")?;
            self.reference(reference, depth)?;
            rest = after;
        }
        self.found.regex.push_str(rest);
        Ok(())
    }

    fn reference(&mut self, reference: &str, depth: usize) -> Result<(), String> {
        let mut parts = reference.splitn(3, ':');
        let (name, field, kind) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        let pattern = *self.names.get(name).ok_or_else(|| format!("The grok pattern {name} is not known."))?;
        let called = field.or_else(|| (depth == 0).then_some(name));
        let same = |known: &Field, called: &str| known.is_bare == field.is_none() && known.name.eq_ignore_ascii_case(called);
        let known = |called: &str| self.found.fields.iter().any(|known| same(known, called));
        match called.filter(|called| !known(called)) {
            None => self.found.regex.push_str("(?:"),
            Some(called) => {
                let group = format!("g{}", self.found.fields.len());
                let _infallible = write!(self.found.regex, "(?<{group}>");
                let (name, kind) = (called.to_owned(), kind.map(ToOwned::to_owned));
                self.found.fields.push(Field { name, kind, group, is_bare: field.is_none() });
            }
        }
        self.expand(pattern, depth + 1)?;
        self.found.regex.push(')');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_pattern_compiles() {
        for (name, _) in BUILT_IN {
            let found = expand(&format!("%{{{name}:a}}"), "").unwrap_or_else(|why| panic!("{name}: {why}"));
            assert!(fancy_regex::Regex::new(&found.regex).is_ok(), "{name}: {}", found.regex);
        }
    }

    #[test]
    fn fields_and_their_types() {
        let found = expand("%{PAIR} %{WORD:code}", "CODE [A-Z]{3}\nPAIR %{CODE:code}-%{INT:n:int}").unwrap();
        let fields: Vec<_> =
            found.fields.iter().map(|field| (field.name.as_str(), field.kind.as_deref(), field.is_bare)).collect();
        assert_eq!(fields, [("PAIR", None, true), ("code", None, false), ("n", Some("int"), false)]);
        for (pattern, custom, part) in [("%{NONE:a}", "", "NONE"), ("%{WORD:a", "", "without"), ("%{A:a}", "A %{A}", "itself")] {
            let why = expand(pattern, custom).unwrap_err();
            assert!(why.contains(part), "{why}");
        }
    }
}
