//! A URL and its parts, by RFC 2396 as Java reads it: other letters of Unicode are allowed, blanks and quotes are not.

/// Parts as they are written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Url<'u> {
    pub(super) scheme: Option<&'u str>,
    pub(super) host: Option<&'u str>,
    pub(super) port: Option<i64>,
    pub(super) path: &'u str,
    pub(super) query: Option<&'u str>,
    pub(super) fragment: Option<&'u str>,
}

impl<'u> Url<'u> {
    /// `None` where it is no URL.
    pub(super) fn read(text: &'u str) -> Option<Self> {
        if text.is_empty() || !is_written_well(text) {
            return None;
        }
        let mut url = Url::default();
        let (text, fragment) = text.split_once('#').map_or((text, None), |(text, fragment)| (text, Some(fragment)));
        url.fragment = fragment;
        let mut rest = text;
        if let Some((scheme, behind)) = text.split_once(':').filter(|(scheme, _)| !scheme.contains(['/', '?'])) {
            is_scheme(scheme).then_some(())?;
            (url.scheme, rest) = (Some(scheme), behind);
            // Of `mailto:a@b` nothing more is known.
            if !rest.starts_with('/') {
                return (!rest.is_empty()).then_some(url);
            }
        }
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        url.query = query;
        url.path = rest;
        if let Some(behind) = rest.strip_prefix("//") {
            let (authority, path) = behind.find('/').map_or((behind, ""), |at| behind.split_at(at));
            url.path = path;
            (url.host, url.port) = server(authority).unwrap_or_default();
            if authority.is_empty() && path.is_empty() {
                return None;
            }
        }
        Some(url)
    }
}

fn is_written_well(text: &str) -> bool {
    let mut hashes = 0;
    text.char_indices().all(|(at, letter)| match letter {
        '%' => text.as_bytes().get(at + 1..at + 3).is_some_and(|pair| hexadecimal(pair[0], pair[1]).is_some()),
        '#' => {
            hashes += 1;
            hashes == 1
        }
        ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => false,
        other => !other.is_control() && !other.is_whitespace(),
    })
}

fn is_scheme(text: &str) -> bool {
    let fine = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.');
    text.starts_with(|letter: char| letter.is_ascii_alphabetic()) && text.chars().all(fine)
}

/// Host and port; `None` of an authority that is no server.
fn server(authority: &str) -> Option<(Option<&str>, Option<i64>)> {
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let (host, port) = match place.rfind(']') {
        Some(end) => (&place[..=end], place[end + 1..].strip_prefix(':')),
        None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
    };
    let port = match port {
        None | Some("") => None,
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse::<i32>().ok()?.into()),
        Some(_) => return None,
    };
    is_host(host).then_some((Some(host), port))
}

fn is_host(host: &str) -> bool {
    if let Some(inside) = host.strip_prefix('[').and_then(|inside| inside.strip_suffix(']')) {
        return inside.parse::<std::net::Ipv6Addr>().is_ok();
    }
    if host.parse::<std::net::Ipv4Addr>().is_ok() {
        return true;
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    let label = |label: &str| {
        let inside = label.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
        !label.is_empty() && inside && !label.starts_with('-') && !label.ends_with('-')
    };
    let top = host.rsplit('.').next().unwrap_or_default();
    host.split('.').all(label) && top.starts_with(|letter: char| letter.is_ascii_alphabetic())
}

pub(super) fn hexadecimal(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    Some((digit(high)? * 16 + digit(low)?) as u8)
}

/// Escapes as what they stand for; a plus stays one.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let escaped = match behind {
            [high, low, ..] if *first == b'%' => hexadecimal(*high, *low),
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
