//! Percent-encoding as AWS's signatures and REST bindings have it (RFC 3986 unreserved characters stay).

/// Encodes everything but unreserved characters; `/` stays if `keep_slash`.
pub fn encode(text: &str, keep_slash: Slash) -> String {
    encode_bytes(text.as_bytes(), keep_slash)
}

/// What happens to `/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slash {
    Keep,
    Encode,
}

fn encode_bytes(bytes: &[u8], slash: Slash) -> String {
    let mut encoded = String::with_capacity(bytes.len() + 8);
    for &byte in bytes {
        let plain =
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') || (byte == b'/' && slash == Slash::Keep);
        if plain {
            encoded.push(byte as char);
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Decodes `%XX`; malformed escapes stay as they are. `None` if the result is no UTF-8.
pub fn decode(text: &str) -> Option<String> {
    String::from_utf8(decode_bytes(text.as_bytes())).ok()
}

fn decode_bytes(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let escaped = (text[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        let byte = escaped.and_then(|digits| std::str::from_utf8(digits).ok()).and_then(|d| u8::from_str_radix(d, 16).ok());
        bytes.push(byte.unwrap_or(text[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    bytes
}

/// Splits a raw query into decoded pairs, in order. `+` is a space in forms, and a plus in S3's URLs: `plus` says which.
pub fn pairs(raw: &str, plus: Plus) -> Vec<(String, String)> {
    let part = |text: &str| {
        let text = if plus == Plus::IsSpace { text.replace('+', " ") } else { text.to_owned() };
        String::from_utf8_lossy(&decode_bytes(text.as_bytes())).into_owned()
    };
    raw.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (part(key), part(value))
        })
        .collect()
}

/// What a `+` in a query means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plus {
    IsSpace,
    IsPlus,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_keys_survive() {
        for key in ["a b", "ü/+", "%41", "?&=", "a/../b", "//", "\n"] {
            assert_eq!(decode(&encode(key, Slash::Keep)).as_deref(), Some(key));
        }
        assert_eq!(encode("a/b c", Slash::Encode), "a%2Fb%20c");
    }

    #[test]
    fn pairs_keep_order_and_empty_values() {
        let found = pairs("uploads&prefix=a%2Fb&x=1+2", Plus::IsPlus);
        assert_eq!(found[0], ("uploads".into(), String::new()));
        assert_eq!(found[1].1, "a/b");
        assert_eq!(found[2].1, "1+2");
    }
}
