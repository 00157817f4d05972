//! What a file is: bytes in, classification and schema out. No IO.
//!
//! Source: Glue Developer Guide, "Defining and managing classifiers": custom classifiers come first, in their order, then the
//! built-in ones: avro, orc, parquet, json, csv of those that are built. What none of them knows is `UNKNOWN`. What is known to
//! be something that is not built is not guessed at: [`Unread`] says so.

mod avro;
mod compress;
mod csv;
mod grok;
mod json;
mod json_path;
mod kind;
mod orc;
mod parquet;

pub(super) use csv::{CsvRules, HeaderRule, Serde};
pub(super) use grok::Grok;
pub(super) use json_path::JsonPath;
pub(super) use kind::{Column, merged};

/// What was read of an object: its beginning and its end, which are the same where it was read whole.
pub(super) struct Sample<'a> {
    pub(super) head: &'a [u8],
    pub(super) tail: &'a [u8],
    pub(super) whole: bool,
}

/// A classifier that someone wrote.
pub(super) enum Custom {
    Csv(CsvRules),
    Json(JsonPath),
    Grok(Grok),
}

/// What a file was found to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) classification: String,
    /// Of the file as a whole: what a format does inside is its own business.
    pub(super) compression: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) records: u64,
    pub(super) format: Format,
}

/// What a table must say beside its columns, so that a reader finds its way.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Format {
    Csv { delimiter: char, quote: char, header: bool, quoted: bool, serde: Serde },
    Json { path: Option<String> },
    Parquet,
    Orc,
    Avro { schema: String },
    Grok { pattern: String, custom: String },
    Unknown,
}

impl Found {
    fn new(classification: &str, columns: Vec<Column>, records: u64, format: Format) -> Self {
        Found { classification: classification.to_owned(), compression: "none", columns, records, format }
    }
}

/// Why a file is left out.
#[derive(Debug, PartialEq)]
pub(super) struct Unread(pub(super) String);

/// Classifies an object.
pub(super) fn classify(sample: &Sample, custom: &[Custom]) -> Result<Found, Unread> {
    let Some(unpacked) = compress::unpack(sample)? else { return plain(sample, custom) };
    let inner = Sample { head: &unpacked.bytes, tail: &unpacked.bytes, whole: unpacked.whole };
    Ok(Found { compression: unpacked.name, ..plain(&inner, custom)? })
}

fn plain(sample: &Sample, custom: &[Custom]) -> Result<Found, Unread> {
    let text = text(sample);
    let by_custom = text.and_then(|text| custom.iter().find_map(|one| by_custom(one, text)));
    if let Some(found) = by_custom {
        return Ok(found);
    }
    if let Some(found) = binary(sample)? {
        return Ok(found);
    }
    let Some(text) = text else { return Ok(unknown()) };
    if let Some(found) = json::classify(text) {
        return Ok(found);
    }
    if !sample.whole && text.starts_with(['[', '{']) {
        // A record that goes over many lines ends with the file, not with a line.
        return Err(Unread("labrun reads large JSON files only if each line is a record".to_owned()));
    }
    refuse_unbuilt(text)?;
    Ok(csv::classify(text, &CsvRules::default()).unwrap_or_else(unknown))
}

fn unknown() -> Found {
    Found::new("UNKNOWN", Vec::new(), 0, Format::Unknown)
}

fn by_custom(custom: &Custom, text: &str) -> Option<Found> {
    match custom {
        Custom::Csv(rules) => csv::classify(text, rules),
        Custom::Json(path) => json::classify_by(text, path),
        Custom::Grok(grok) => grok.classify(text),
    }
}

fn binary(sample: &Sample) -> Result<Option<Found>, Unread> {
    if let Some(found) = avro::classify(sample)? {
        return Ok(Some(found));
    }
    if let Some(found) = orc::classify(sample)? {
        return Ok(Some(found));
    }
    parquet::classify(sample)
}

/// The text of a file; one that was cut ends with its last whole line.
fn text<'a>(sample: &Sample<'a>) -> Option<&'a str> {
    let bytes = match sample.whole {
        true => sample.head,
        false => &sample.head[..=sample.head.iter().rposition(|byte| *byte == b'\n')?],
    };
    std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

/// Built-in classifiers of AWS that labrun lacks, where their files can be told for sure.
fn refuse_unbuilt(text: &str) -> Result<(), Unread> {
    let begin = text.trim_start_matches('\u{feff}').trim_start();
    let first = begin.lines().next().unwrap_or_default();
    let what = if begin.starts_with("<?xml") || (begin.starts_with('<') && begin.trim_end().ends_with('>')) {
        "xml"
    } else if begin.starts_with("$ion_1_0") {
        "ion"
    } else if regex::Regex::new(r#"^\S+ \S+ \S+ \[\d{2}/\w{3}/\d{4}:[^\]]+\] ""#).is_ok_and(|log| log.is_match(first)) {
        "combined_apache and apache"
    } else {
        return Ok(());
    };
    Err(Unread(format!("labrun does not implement the classifier {what}")))
}

#[cfg(test)]
pub(super) fn whole(bytes: &[u8]) -> Sample<'_> {
    Sample { head: bytes, tail: bytes, whole: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_knows_is_unknown() {
        for bytes in [&b"hello there\n"[..], b"\x00\x01\x02", b""] {
            assert_eq!(classify(&whole(bytes), &[]), Ok(unknown()));
        }
    }

    #[test]
    fn what_is_not_built_is_refused_by_name() {
        for (text, name) in [
            ("<?xml version=\"1.0\"?><a/>", "xml"),
            ("<rows><row a=\"1\"/></rows>\n", "xml"),
            ("1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 23\n", "apache"),
        ] {
            let Err(Unread(reason)) = classify(&whole(text.as_bytes()), &[]) else { panic!("{text}") };
            assert!(reason.contains(name), "{reason}");
        }
    }

    #[test]
    fn a_cut_file_ends_with_its_last_whole_line() {
        let bytes = b"a,b\n1,2\n3,4\n5";
        let found = classify(&Sample { head: bytes, tail: bytes, whole: false }, &[]).unwrap();
        assert_eq!((found.classification.as_str(), found.records), ("csv", 2));
        let bytes = b"[{\"a\":1},\n{\"a\":2}";
        assert!(classify(&Sample { head: bytes, tail: bytes, whole: false }, &[]).is_err());
    }
}
