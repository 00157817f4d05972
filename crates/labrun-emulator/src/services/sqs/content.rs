//! What a message is made of: its body, its attributes, their sizes and digests.
//!
//! Source: SQS Developer Guide, Message metadata, "Calculating the MD5 message digest for message attributes".

use std::collections::BTreeMap;

use labrun_wire::checksum::md5;
use labrun_wire::{AwsResult, Blob};
use serde::{Deserialize, Serialize};

use super::error;

/// In the order of names, which is the digest's too.
pub(super) type Attributes = BTreeMap<String, Attribute>;

/// SQS Developer Guide, Message metadata: "Each message can have up to 10 attributes".
const MOST_ATTRIBUTES: usize = 10;
const LONGEST_NAME: usize = 256;

/// `StringListValues` and `BinaryListValues` are "reserved for future use" by AWS.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Attribute {
    data_type: String,
    string_value: Option<String>,
    binary_value: Option<Blob>,
}

impl Attribute {
    #[cfg(test)]
    fn text(data_type: &str, value: &str) -> Self {
        Attribute { data_type: data_type.to_owned(), string_value: Some(value.to_owned()), binary_value: None }
    }

    /// `String`, `Number` or `Binary`, without the label that may follow.
    fn kind(&self) -> &str {
        self.data_type.split('.').next().unwrap_or_default()
    }

    fn bytes(&self) -> &[u8] {
        let text = self.string_value.as_deref().map(str::as_bytes);
        text.or(self.binary_value.as_ref().map(|blob| blob.0.as_slice())).unwrap_or_default()
    }

    fn check(&self, name: &str) -> AwsResult<()> {
        let fault = |fault: &str| Err(error::message_attribute(name, fault));
        let (text, binary) = (self.string_value.as_deref(), &self.binary_value);
        match (self.kind(), text, binary) {
            (_, Some(_), Some(_)) => fault("has more than one value."),
            ("String" | "Number", _, Some(_)) | ("Binary", Some(_), _) => fault("has a value that is not of its type."),
            ("String" | "Number" | "Binary", ..) if self.bytes().is_empty() => fault("must contain a non-empty value."),
            ("Number", Some(text), _) if !is_number(text) => fault("is of type Number and its value is no number."),
            ("String" | "Number", Some(text), _) => check_characters(text),
            ("Binary", ..) if self.data_type.len() <= LONGEST_NAME => Ok(()),
            _ => fault("has an invalid type: it must begin with Binary, Number or String."),
        }
    }

    fn encode(&self, buffer: &mut Vec<u8>) {
        let transport = if self.kind() == "Binary" { 2 } else { 1 };
        sized(buffer, self.data_type.as_bytes());
        buffer.push(transport);
        sized(buffer, self.bytes());
    }
}

fn sized(buffer: &mut Vec<u8>, bytes: &[u8]) {
    buffer.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    buffer.extend(bytes);
}

/// "A number can have up to 38 digits of precision, and it can be between 10^-128 and 10^+126."
fn is_number(text: &str) -> bool {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.trim_start_matches(['+', '-']).split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{}{fraction}", whole.trim_start_matches(['+', '-']));
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let precision = digits.trim_matches('0').len();
    plain && precision <= 38 && exponent.parse().is_ok_and(|exponent: i64| (-128..=126).contains(&exponent))
}

/// The digest of attributes; none where there are none.
pub(super) fn digest(attributes: &Attributes) -> Option<String> {
    let mut buffer = Vec::new();
    for (name, attribute) in attributes {
        sized(&mut buffer, name.as_bytes());
        attribute.encode(&mut buffer);
    }
    (!attributes.is_empty()).then(|| body_digest(&buffer))
}

pub(super) fn body_digest(body: &[u8]) -> String {
    hex::encode(md5(body))
}

/// What counts against a queue's largest message: "Name, Type, Value, and the message body".
pub(super) fn size(body: &str, attributes: &Attributes) -> usize {
    let of = |(name, attribute): (&String, &Attribute)| name.len() + attribute.data_type.len() + attribute.bytes().len();
    body.len() + attributes.iter().map(of).sum::<usize>()
}

pub(super) fn check(body: &str, attributes: &Attributes) -> AwsResult<()> {
    if body.is_empty() {
        return Err(error::missing("MessageBody"));
    }
    check_characters(body)?;
    if attributes.len() > MOST_ATTRIBUTES {
        return Err(error::message_attributes(attributes.len()));
    }
    attributes.iter().try_for_each(|(name, attribute)| {
        check_name(name)?;
        attribute.check(name)
    })
}

fn check_name(name: &str) -> AwsResult<()> {
    let lower = name.to_lowercase();
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    let dots = name.starts_with('.') || name.ends_with('.') || name.contains("..");
    let reserved = lower.starts_with("aws.") || lower.starts_with("amazon.");
    if letters && !dots && !reserved && (1..=LONGEST_NAME).contains(&name.len()) {
        return Ok(());
    }
    Err(error::message_attribute(name, "has an invalid name."))
}

fn check_characters(text: &str) -> AwsResult<()> {
    let allowed = |letter: char| matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}');
    if text.chars().all(allowed) { Ok(()) } else { Err(error::contents()) }
}

/// Takes the one system attribute that can be sent out of a request.
pub(super) fn trace_header(attributes: &Attributes) -> AwsResult<Option<String>> {
    if let Some(other) = attributes.keys().find(|name| *name != "AWSTraceHeader") {
        return Err(error::message_attribute(other, "is no system attribute that can be sent."));
    }
    let Some(header) = attributes.get("AWSTraceHeader") else { return Ok(None) };
    header.check("AWSTraceHeader")?;
    match &header.string_value {
        Some(value) if header.data_type == "String" => Ok(Some(value.clone())),
        _ => Err(error::message_attribute("AWSTraceHeader", "must be of type String.")),
    }
}

/// Which attributes a receiver asks for: `All` or `.*`, `prefix.*`, or a name.
pub(super) fn asked(attributes: &Attributes, names: &[String]) -> Attributes {
    let fits = |name: &str, asked: &str| match asked {
        "All" | ".*" => true,
        _ => asked.strip_suffix(".*").map_or(name == asked, |prefix| name.starts_with(prefix)),
    };
    let wanted = attributes.iter().filter(|(name, _)| names.iter().any(|asked| fits(name, asked)));
    wanted.map(|(name, attribute)| (name.clone(), attribute.clone())).collect()
}

/// A message group or deduplication id: "alphanumeric characters and punctuation", up to 128.
pub(super) fn check_identifier(value: &str, parameter: &str) -> AwsResult<()> {
    let fits = value.bytes().all(|byte| byte.is_ascii_graphic()) && (1..=128).contains(&value.len());
    if fits { Ok(()) } else { Err(error::identifier(value, parameter)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The buffer by hand, as the guide's steps say.
    #[test]
    fn a_digest_is_over_lengths_names_types_and_values() {
        let attributes = Attributes::from([("a".to_owned(), Attribute::text("Number.int", "7"))]);
        let buffer = b"\0\0\0\x01a\0\0\0\x0aNumber.int\x01\0\0\0\x017";
        assert_eq!(digest(&attributes), Some(body_digest(buffer)));
        assert_eq!(digest(&Attributes::new()), None);
    }

    #[test]
    fn numbers_have_at_most_38_digits() {
        for number in ["7", "-7", "+0.5", "1e126", "00012.500", &"9".repeat(38)] {
            assert!(is_number(number), "{number}");
        }
        for odd in ["", "x", "1e127", "1.2.3", "--", &"9".repeat(39)] {
            assert!(!is_number(odd), "{odd}");
        }
    }

    #[test]
    fn names_have_no_odd_dots() {
        for name in ["a", "a.b", "A-1_2"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for odd in ["", ".a", "a.", "a..b", "AWS.x", "amazon.x", "a b", "é"] {
            assert!(check_name(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_prefix_asks_for_all_that_begin_so() {
        let attributes: Attributes =
            ["bar.one", "bar.two", "foo"].map(|name| (name.to_owned(), Attribute::text("String", "x"))).into();
        let names = |asked: &str| asked_names(&attributes, asked);
        assert_eq!(names("bar.*"), ["bar.one", "bar.two"]);
        assert_eq!(names("foo"), ["foo"]);
        assert_eq!(names("All").len(), 3);
        assert_eq!(names(".*").len(), 3);
        assert!(names("ba").is_empty());
    }

    fn asked_names(attributes: &Attributes, name: &str) -> Vec<String> {
        asked(attributes, &[name.to_owned()]).into_keys().collect()
    }
}
