//! The words of a partition expression.

#[derive(Debug, PartialEq)]
pub(super) enum Token {
    /// A name or a keyword.
    Word(String),
    /// A name in quotes (`"` or a backtick), never a keyword.
    Quoted(String),
    Text(String),
    Number(String),
    Symbol(&'static str),
}

/// Longer ones first.
const SYMBOLS: [&str; 10] = ["<>", "!=", "<=", ">=", "=", "<", ">", "(", ")", ","];

const KEYWORDS: [&str; 8] = ["AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "IS", "NULL"];

impl Token {
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Token::Word(own) if own.eq_ignore_ascii_case(word))
    }

    pub(super) fn is_literal(&self) -> bool {
        matches!(self, Token::Text(_) | Token::Number(_))
    }

    /// The name that it is, if it can be one.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Token::Quoted(name) => Some(name),
            Token::Word(name) if !KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(name)) => Some(name),
            _ => None,
        }
    }
}

/// None if the text has something that is no token.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '\'' => quoted(rest, '\'').map(|(text, after)| (Token::Text(text), after))?,
            '"' | '`' => quoted(rest, first).map(|(name, after)| (Token::Quoted(name), after))?,
            '-' | '+' | '.' | '0'..='9' => number(rest)?,
            _ if first.is_alphabetic() || first == '_' => word(rest),
            _ => {
                let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol))?;
                (Token::Symbol(symbol), &rest[symbol.len()..])
            }
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Some(tokens)
}

/// A quote inside is written twice.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut found = String::new();
    let mut rest = &text[1..];
    loop {
        let end = rest.find(quote)?;
        found.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix(quote) {
            Some(after) => {
                found.push(quote);
                rest = after;
            }
            None => return Some((found, rest)),
        }
    }
}

fn number(text: &str) -> Option<(Token, &str)> {
    let signless = text.strip_prefix(['-', '+']).unwrap_or(text);
    let length = signless.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(signless.len());
    let (digits, rest) = signless.split_at(length);
    // `2024x` and `1e5` are no numbers.
    if digits.is_empty() || rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
        return None;
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    Some((Token::Number(format!("{sign}{digits}")), rest))
}

fn word(text: &str) -> (Token, &str) {
    let length = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    let (word, rest) = text.split_at(length);
    (Token::Word(word.to_owned()), rest)
}
