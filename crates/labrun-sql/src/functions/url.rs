//! Functions of URLs (functions/url), which are read as Java's `URI` reads them.

mod parse;

use parse::Url;

use super::Library;
use super::rows::rows;
use crate::fault::{Fault, Outcome};

pub(super) fn register(library: &mut Library) {
    rows!(library, "url_extract_fragment(varchar) -> varchar", |url: Text| -> Text? {
        Ok(Url::read(url).map(|url| parse::decoded(url.fragment.unwrap_or_default())))
    });
    rows!(library, "url_extract_host(varchar) -> varchar", |url: Text| -> Text? {
        Ok(Url::read(url).map(|url| url.host.unwrap_or_default().to_owned()))
    });
    rows!(library, "url_extract_path(varchar) -> varchar", |url: Text| -> Text? {
        Ok(Url::read(url).map(|url| parse::decoded(url.path)))
    });
    rows!(library, "url_extract_port(varchar) -> bigint", |url: Text| -> Bigint? { Ok(Url::read(url).and_then(|url| url.port)) });
    rows!(library, "url_extract_protocol(varchar) -> varchar", |url: Text| -> Text? {
        Ok(Url::read(url).map(|url| url.scheme.unwrap_or_default().to_owned()))
    });
    rows!(library, "url_extract_query(varchar) -> varchar", |url: Text| -> Text? {
        Ok(Url::read(url).map(|url| parse::decoded(url.query.unwrap_or_default())))
    });
    rows!(library, "url_extract_parameter(varchar, varchar) -> varchar", |url: Text, name: Text| -> Text? {
        Url::read(url).and_then(|url| parameter(url.query.unwrap_or_default(), name)).map(decode).transpose()
    });
    rows!(library, "url_encode(varchar) -> varchar", |text: Text| -> Text { Ok(encode(text)) });
    rows!(library, "url_decode(varchar) -> varchar", |text: Text| -> Text { decode(text) });
}

/// The first of that name; without `=` it is empty.
fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.into_iter().find(|(own, _)| *own == name).map(|(_, value)| value)
}

/// As a form sends it.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'*' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

fn decode(text: &str) -> Outcome<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let [high, low, behind @ ..] = rest else {
                    return Err(Fault::argument("URLDecoder: Incomplete trailing escape (%) pattern"));
                };
                let pair = String::from_utf8_lossy(&[*high, *low]).into_owned();
                let byte = parse::hexadecimal(*high, *low).ok_or_else(|| {
                    let at = usize::from(high.is_ascii_hexdigit());
                    let words = "URLDecoder: Illegal hex characters in escape (%) pattern - Error at index";
                    Fault::argument(format!("{words} {at} in: \"{pair}\""))
                })?;
                bytes.push(byte);
                rest = behind;
            }
            other => bytes.push(*other),
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
