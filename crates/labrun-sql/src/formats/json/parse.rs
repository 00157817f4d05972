//! JSON out of text: as `org.json` takes it, or strictly. Numbers keep their digits.

use std::borrow::Cow;

/// A value of JSON.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json<'t> {
    Null,
    Boolean(bool),
    /// As it is written.
    Number(&'t str),
    Text(Cow<'t, str>),
    Array(Vec<Json<'t>>),
    Object(Vec<(Cow<'t, str>, Json<'t>)>),
}

type Read<T> = Result<T, String>;

/// Values nested deeper are refused: nothing of a table is.
const DEEPEST: usize = 200;

/// As `org.json` reads it: single quotes, words without quotes, `;` for a comma, and whatever follows the end.
pub(super) fn lenient(text: &str) -> Read<Json<'_>> {
    Parser { text, at: 0, strict: false }.value(0)
}

/// As RFC 8259 defines it.
pub(super) fn strict(text: &str) -> Read<Json<'_>> {
    let mut parser = Parser { text, at: 0, strict: true };
    if text.is_empty() {
        return Err("No content to map due to end-of-input".to_owned());
    }
    let value = parser.value(0)?;
    match parser.next_sign() {
        None => Ok(value),
        Some(sign) => Err(parser.fault(&format!("Unexpected character ('{sign}')"))),
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    strict: bool,
}

impl<'t> Parser<'t> {
    fn fault(&self, why: &str) -> String {
        let at = self.text[..self.at].chars().count();
        if self.strict { format!("{why} at column {at}") } else { format!("{why} at {at} [character {} line 1]", at + 1) }
    }

    /// The next character behind blanks, which stays.
    fn next_sign(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        let blank = |sign: char| if self.strict { " \t\r\n".contains(sign) } else { sign <= ' ' };
        self.at += rest.len() - rest.trim_start_matches(blank).len();
        self.text[self.at..].chars().next()
    }

    /// Goes on behind the next character if it is one of these.
    fn take(&mut self, signs: &[char]) -> bool {
        let found = self.next_sign().filter(|sign| signs.contains(sign));
        self.at += found.map_or(0, char::len_utf8);
        found.is_some()
    }

    fn value(&mut self, depth: usize) -> Read<Json<'t>> {
        if depth > DEEPEST {
            return Err(self.fault("Values are nested too deep"));
        }
        match self.next_sign() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('"') => self.text('"').map(Json::Text),
            Some('\'') if !self.strict => self.text('\'').map(Json::Text),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Read<Json<'t>> {
        self.at += 1;
        let mut entries = Vec::new();
        if self.take(&['}']) {
            return Ok(Json::Object(entries));
        }
        loop {
            let key = self.key()?;
            if !self.take(if self.strict { &[':'] } else { &[':', '='] }) {
                return Err(self.fault("Expected a ':' after a key"));
            }
            if !self.strict && self.text.as_bytes()[self.at - 1] == b'=' && self.text[self.at..].starts_with('>') {
                self.at += 1;
            }
            entries.push((key, self.value(depth + 1)?));
            if self.take(&['}']) {
                return Ok(Json::Object(entries));
            }
            if !self.comma() {
                return Err(self.fault(self.open_end("Expected a ',' or '}'", "expected close marker for OBJECT")));
            }
            if !self.strict && self.take(&['}']) {
                return Ok(Json::Object(entries));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Read<Json<'t>> {
        self.at += 1;
        let mut items = Vec::new();
        if self.take(&[']']) {
            return Ok(Json::Array(items));
        }
        loop {
            // An item that is left out is null to `org.json`.
            if !self.strict && self.next_sign() == Some(',') {
                items.push(Json::Null);
            } else {
                items.push(self.value(depth + 1)?);
            }
            if self.take(&[']']) {
                return Ok(Json::Array(items));
            }
            if !self.comma() {
                return Err(self.fault(self.open_end("Expected a ',' or ']'", "expected close marker for ARRAY")));
            }
            if !self.strict && self.take(&[']']) {
                return Ok(Json::Array(items));
            }
        }
    }

    fn comma(&mut self) -> bool {
        self.take(if self.strict { &[','] } else { &[',', ';'] })
    }

    /// What each of the two says of a text that ends too early.
    fn open_end(&self, lenient: &'static str, strict: &'static str) -> &'static str {
        if self.strict && self.at >= self.text.len() {
            return if strict.ends_with("ARRAY") {
                "Unexpected end-of-input: expected close marker for ARRAY"
            } else {
                "Unexpected end-of-input: expected close marker for OBJECT"
            };
        }
        lenient
    }

    fn key(&mut self) -> Read<Cow<'t, str>> {
        match self.next_sign() {
            Some('"') => self.text('"'),
            Some('\'') if !self.strict => self.text('\''),
            None if !self.strict => Err(self.fault("A JSONObject text must end with '}'")),
            None => Err(self.fault("Unexpected end-of-input: expected close marker for OBJECT")),
            Some(sign) if self.strict => Err(self.fault(&format!("Unexpected character ('{sign}')"))),
            Some(_) => match self.bare() {
                "" => Err(self.fault("Missing value")),
                word => Ok(Cow::Borrowed(word)),
            },
        }
    }

    fn text(&mut self, quote: char) -> Read<Cow<'t, str>> {
        self.at += 1;
        let start = self.at;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let Some(length) = rest.find([quote, '\\', '\n', '\r']) else {
                self.at = self.text.len();
                return Err(self.fault("Unterminated string"));
            };
            let piece = &rest[..length];
            self.at += length + 1;
            match rest.as_bytes()[length] {
                b'\\' => {
                    text.push_str(piece);
                    text.push(self.escape()?);
                }
                b'\n' | b'\r' => return Err(self.fault("Unterminated string")),
                _ if start + length + 1 == self.at => return Ok(Cow::Borrowed(piece)),
                _ => {
                    text.push_str(piece);
                    return Ok(Cow::Owned(text));
                }
            }
        }
    }

    fn escape(&mut self) -> Read<char> {
        let sign = self.text[self.at..].chars().next().ok_or_else(|| self.fault("Unterminated string"))?;
        self.at += sign.len_utf8();
        Ok(match sign {
            'b' => '\u{8}',
            't' => '\t',
            'n' => '\n',
            'f' => '\u{c}',
            'r' => '\r',
            '"' | '\\' | '/' => sign,
            '\'' if !self.strict => sign,
            'u' => self.unicode()?,
            _ => return Err(self.fault("Illegal escape.")),
        })
    }

    /// Half a surrogate pair is no character.
    fn unicode(&mut self) -> Read<char> {
        let first = self.hex()?;
        if (0xD800..0xDC00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            let before = self.at;
            self.at += 2;
            let second = self.hex()?;
            if (0xDC00..0xE000).contains(&second) {
                return Ok(char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)).unwrap_or('\u{FFFD}'));
            }
            self.at = before;
        }
        Ok(char::from_u32(first).unwrap_or('\u{FFFD}'))
    }

    fn hex(&mut self) -> Read<u32> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let number = number.ok_or_else(|| self.fault("Illegal escape."))?;
        self.at += 4;
        Ok(number)
    }

    /// Up to a sign that ends words.
    fn bare(&mut self) -> &'t str {
        let rest = &self.text[self.at..];
        let end = rest.find(|sign: char| sign < ' ' || ",:]}/\\\"[{;=#".contains(sign)).unwrap_or(rest.len());
        self.at += end;
        rest[..end].trim()
    }

    fn word(&mut self) -> Read<Json<'t>> {
        let start = self.at;
        let word = self.bare();
        let is = |name: &str| if self.strict { word == name } else { word.eq_ignore_ascii_case(name) };
        if is("null") {
            return Ok(Json::Null);
        }
        if is("true") || is("false") {
            return Ok(Json::Boolean(word.len() == 4));
        }
        if is_number(word, self.strict) {
            return Ok(Json::Number(word));
        }
        if !self.strict && !word.is_empty() {
            return Ok(Json::Text(Cow::Borrowed(word)));
        }
        self.at = start;
        Err(match (self.strict, word) {
            (true, "") if start >= self.text.len() => self.fault("Unexpected end-of-input"),
            (true, _) => self.fault(&format!("Unrecognized token '{word}'")),
            (false, _) => self.fault("Missing value"),
        })
    }
}

fn is_number(word: &str, strict: bool) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let starts = digits.starts_with(|sign: char| sign.is_ascii_digit() || (!strict && sign == '.'));
    let leading_zero = digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit();
    starts
        && !(strict && leading_zero)
        && word.bytes().all(|byte| b"0123456789+-.eE".contains(&byte))
        && word.parse::<f64>().is_ok()
}
