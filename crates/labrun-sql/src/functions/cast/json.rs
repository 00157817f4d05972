//! A JSON text as a tree that keeps numbers as they are written: a decimal may have more digits than a double.

use std::iter::Peekable;
use std::str::CharIndices;

/// A value of JSON.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Boolean(bool),
    /// As it is written.
    Number(String),
    Text(String),
    Array(Vec<Json>),
    /// In the order of the text.
    Object(Vec<(String, Json)>),
}

/// Deeper ones are refused, as they are by what reads them elsewhere.
const DEEPEST: usize = 128;

struct Scan<'a> {
    text: &'a str,
    letters: Peekable<CharIndices<'a>>,
}

impl Json {
    /// `None` where it is no JSON.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut scan = Scan { text, letters: text.char_indices().peekable() };
        let found = scan.value(0)?;
        scan.blank();
        scan.letters.next().is_none().then_some(found)
    }

    /// As `json_parse` keeps it: members in the order of their names.
    pub(crate) fn sorted(self) -> Self {
        match self {
            Json::Array(items) => Json::Array(items.into_iter().map(Json::sorted).collect()),
            Json::Object(members) => {
                let mut members: Vec<_> = members.into_iter().map(|(name, value)| (name, value.sorted())).collect();
                members.sort_by(|(left, _), (right, _)| left.cmp(right));
                Json::Object(members)
            }
            plain => plain,
        }
    }

    /// Without blanks.
    pub(crate) fn write(&self) -> String {
        match self {
            Json::Null => "null".to_owned(),
            Json::Boolean(value) => value.to_string(),
            Json::Number(text) => text.clone(),
            Json::Text(text) => quoted(text),
            Json::Array(items) => format!("[{}]", items.iter().map(Json::write).collect::<Vec<_>>().join(",")),
            Json::Object(members) => {
                let members = members.iter().map(|(name, value)| format!("{}:{}", quoted(name), value.write()));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }
        }
    }
}

/// Texts can always be written as JSON.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

impl Scan<'_> {
    fn blank(&mut self) {
        while self.letters.next_if(|(_, letter)| matches!(letter, ' ' | '\t' | '\n' | '\r')).is_some() {}
    }

    fn take(&mut self, letter: char) -> bool {
        self.blank();
        self.letters.next_if(|(_, next)| *next == letter).is_some()
    }

    fn place(&mut self) -> usize {
        self.letters.peek().map_or(self.text.len(), |(at, _)| *at)
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.blank();
        if depth > DEEPEST {
            return None;
        }
        match self.letters.peek()?.1 {
            '{' => self.object(depth),
            '[' => self.array(depth),
            '"' => self.string().map(Json::Text),
            't' | 'f' | 'n' => self.word(),
            _ => self.number(),
        }
    }

    fn array(&mut self, depth: usize) -> Option<Json> {
        self.letters.next();
        let mut items = Vec::new();
        if self.take(']') {
            return Some(Json::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take(']') {
                return Some(Json::Array(items));
            }
            self.take(',').then_some(())?;
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        self.letters.next();
        let mut members = Vec::new();
        if self.take('}') {
            return Some(Json::Object(members));
        }
        loop {
            self.blank();
            let name = self.string()?;
            self.take(':').then_some(())?;
            members.push((name, self.value(depth + 1)?));
            if self.take('}') {
                return Some(Json::Object(members));
            }
            self.take(',').then_some(())?;
        }
    }

    /// The end is found here, the escapes are read elsewhere.
    fn string(&mut self) -> Option<String> {
        let start = self.place();
        self.letters.next_if(|(_, letter)| *letter == '"')?;
        loop {
            match self.letters.next()?.1 {
                '\\' => self.letters.next().map(|_| ())?,
                '"' => break,
                _ => {}
            }
        }
        let end = self.place();
        serde_json::from_str(&self.text[start..end]).ok()
    }

    fn run(&mut self, of: fn(char) -> bool) -> &str {
        let start = self.place();
        while self.letters.next_if(|(_, letter)| of(*letter)).is_some() {}
        let end = self.place();
        &self.text[start..end]
    }

    fn word(&mut self) -> Option<Json> {
        match self.run(|letter| letter.is_ascii_lowercase()) {
            "null" => Some(Json::Null),
            "true" => Some(Json::Boolean(true)),
            "false" => Some(Json::Boolean(false)),
            _ => None,
        }
    }

    fn number(&mut self) -> Option<Json> {
        let text = self.run(|letter| letter.is_ascii_digit() || matches!(letter, '+' | '-' | '.' | 'e' | 'E'));
        serde_json::from_str::<serde_json::Number>(text).ok()?;
        Some(Json::Number(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn what_is_read_is_written() {
        for (text, expected) in [
            ("[1, 2.50, -1e3 , null]", Some("[1,2.50,-1e3,null]")),
            (r#"{"b": "\u0041\n", "a": {}}"#, Some(r#"{"b":"A\n","a":{}}"#)),
            ("123456789012345678901234567890.5", Some("123456789012345678901234567890.5")),
            ("[1,]", None),
            ("01", None),
            ("{\"a\"}", None),
            ("1 2", None),
            ("", None),
        ] {
            assert_eq!(Json::read(text).map(|json| json.write()).as_deref(), expected, "{text}");
        }
    }
}
