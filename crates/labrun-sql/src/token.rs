//! Words, texts and signs of a statement, each with its place. The two engines read quotes unlike.

use crate::cursor::Parsed;
use crate::syntax::{Position, SyntaxError};

/// Whose rules a text is read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Names in backticks; texts in single or double quotes, with backslashes.
    Hive,
    /// Names in double quotes; texts in single quotes, no backslashes.
    Trino,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Word,
    Number,
    /// A name in backticks, without them.
    Backticked(String),
    /// In double quotes: a name in Trino, a text in Hive.
    DoubleQuoted(String),
    /// In single quotes.
    Text(String),
    /// `U&'..'`, with its escapes. Only in Trino.
    Unicode(String),
    /// `X'..'`. Only in Trino.
    Binary(String),
    /// A name that opens with a digit, which Trino knows only to refuse it.
    DigitWord,
    /// Of several characters. Only in Trino.
    Operator(&'static str),
    Sign(char),
    End,
}

#[derive(Clone, Debug)]
pub(crate) struct Lexeme<'a> {
    pub(crate) token: Token,
    pub(crate) raw: &'a str,
    /// In bytes.
    pub(crate) start: usize,
    pub(crate) place: Position,
}

impl Lexeme<'_> {
    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.token == Token::Word && self.raw.eq_ignore_ascii_case(word)
    }

    pub(crate) fn is_sign(&self, sign: char) -> bool {
        self.token == Token::Sign(sign)
    }

    pub(crate) fn is_operator(&self, operator: &str) -> bool {
        matches!(self.token, Token::Operator(found) if found == operator)
    }
}

/// Trino's signs of several characters.
const OPERATORS: [&str; 7] = ["<>", "!=", "<=", ">=", "||", "->", "=>"];

/// Reads one token after the other.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    place: Position,
    dialect: Dialect,
    /// Semicolons before it are nothing.
    begun: bool,
    /// Where the first block comment stands that has a token before it.
    pub(crate) comment: Option<Position>,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str, dialect: Dialect) -> Self {
        Scanner { text, at: 0, place: Position { line: 1, column: 1 }, dialect, begun: false, comment: None }
    }

    /// All tokens, the end too.
    pub(crate) fn all(mut self) -> Parsed<(Vec<Lexeme<'a>>, Option<Position>)> {
        let mut found: Vec<Lexeme<'a>> = Vec::new();
        loop {
            let lexeme = self.next()?;
            let end = lexeme.token == Token::End;
            found.push(lexeme);
            if end {
                return Ok((found, self.comment));
            }
        }
    }

    pub(crate) fn next(&mut self) -> Parsed<Lexeme<'a>> {
        self.skip()?;
        self.begun = true;
        let (start, place) = (self.at, self.place);
        let token = match (self.peek(), self.dialect) {
            (None, _) => Token::End,
            (Some(quote @ ('`' | '"' | '\'')), dialect) => {
                let before = (self.at, self.place);
                match self.quoted(quote) {
                    Ok(inside) => name_or_text(quote, inside),
                    // For Trino a quote that is never closed is a sign that stands nowhere in the grammar.
                    Err(_) if dialect == Dialect::Trino => {
                        (self.at, self.place) = before;
                        self.sign()
                    }
                    Err(fault) => return Err(fault),
                }
            }
            (Some(_), Dialect::Trino) => self.trino(),
            (Some(letter), Dialect::Hive) if letter.is_alphanumeric() || letter == '_' => self.word(),
            (Some(_), Dialect::Hive) => self.sign(),
        };
        Ok(Lexeme { token, raw: &self.text[start..self.at], start, place })
    }

    fn sign(&mut self) -> Token {
        self.step().map_or(Token::End, Token::Sign)
    }

    /// What Hive has not, or otherwise.
    fn trino(&mut self) -> Token {
        let rest = &self.text[self.at..];
        if let Some(token) = self.prefixed(rest) {
            return token;
        }
        if let Some((length, token)) = number(rest) {
            self.steps(length);
            return token;
        }
        let word = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        if word > 0 {
            self.steps(word);
            return Token::Word;
        }
        match OPERATORS.iter().find(|operator| rest.starts_with(**operator)) {
            Some(operator) => {
                self.steps(operator.len());
                Token::Operator(operator)
            }
            None => self.sign(),
        }
    }

    /// `X'..'` and `U&'..'`
    fn prefixed(&mut self, rest: &str) -> Option<Token> {
        let opens = |prefix: &str| rest.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        let (length, make): (usize, fn(String) -> Token) = match () {
            () if opens("X'") => (1, Token::Binary),
            () if opens("U&'") => (2, Token::Unicode),
            () => return None,
        };
        let before = (self.at, self.place);
        self.steps(length);
        match self.quoted('\'') {
            Ok(inside) => Some(make(inside)),
            Err(_) => {
                (self.at, self.place) = before;
                None
            }
        }
    }

    fn steps(&mut self, count: usize) {
        for _ in 0..count {
            self.step();
        }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn step(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        if letter == '\n' {
            self.place = Position { line: self.place.line + 1, column: 1 };
        } else {
            self.place.column += 1;
        }
        Some(letter)
    }

    /// Past white space and comments.
    fn skip(&mut self) -> Parsed<()> {
        loop {
            let rest = &self.text[self.at..];
            if rest.starts_with("--") {
                while self.peek().is_some_and(|letter| letter != '\n') {
                    self.step();
                }
            } else if rest.starts_with("/*") {
                self.block(rest)?;
            } else if self.peek().is_some_and(|letter| letter.is_whitespace() || (letter == ';' && !self.begun)) {
                self.step();
            } else {
                return Ok(());
            }
        }
    }

    fn block(&mut self, rest: &str) -> Parsed<()> {
        let Some(length) = rest[2..].find("*/") else {
            return Err(SyntaxError::grammar(self.place, "a comment that opens with '/*' is never closed"));
        };
        if self.begun {
            self.comment.get_or_insert(self.place);
        }
        let end = self.at + length + 4;
        while self.at < end {
            self.step();
        }
        Ok(())
    }

    /// Hive's names may open with a digit (`[hive]`, lexer rule Identifier): only digits are a number.
    fn word(&mut self) -> Token {
        let start = self.at;
        let number = self.peek().is_some_and(|letter| letter.is_ascii_digit());
        while let Some(letter) = self.peek() {
            let fraction = number && letter == '.' && self.text[start..self.at].bytes().all(|byte| byte.is_ascii_digit());
            if !(letter.is_alphanumeric() || letter == '_' || fraction) {
                break;
            }
            self.step();
        }
        let raw = &self.text[start..self.at];
        let digits = raw.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if digits { Token::Number } else { Token::Word }
    }

    /// The inside of quotes; a doubled quote is one of the text.
    fn quoted(&mut self, quote: char) -> Parsed<String> {
        let open = self.place;
        let mut inside = String::new();
        self.step();
        while let Some(letter) = self.step() {
            if letter == '\\' && quote != '`' && self.dialect == Dialect::Hive {
                self.escape(&mut inside);
            } else if letter != quote {
                inside.push(letter);
            } else if self.peek() == Some(quote) {
                self.step();
                inside.push(quote);
            } else {
                return Ok(inside);
            }
        }
        Err(SyntaxError::grammar(open, format!("mismatched input '{quote}'. The quote is never closed")))
    }

    /// After a backslash (`[hive]`, `BaseSemanticAnalyzer.unescapeSQLString`): three octal digits, `\uXXXX`, or one letter.
    fn escape(&mut self, inside: &mut String) {
        let rest = &self.text[self.at..];
        let octal = rest.get(..3).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let octal = octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()).filter(u8::is_ascii);
        let unicode = rest
            .strip_prefix('u')
            .and_then(|rest| rest.get(..4))
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let unicode = unicode.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        let (length, letter) = match (octal, unicode) {
            (Some(byte), _) => (3, Some(char::from(byte))),
            (_, Some(letter)) => (5, Some(letter)),
            _ => (1, None),
        };
        let first = self.peek();
        for _ in 0..length {
            self.step();
        }
        match (letter, first) {
            (Some(letter), _) => inside.push(letter),
            (None, Some(plain)) => push_plain(inside, plain),
            (None, None) => {}
        }
    }
}

fn name_or_text(quote: char, inside: String) -> Token {
    match quote {
        '`' => Token::Backticked(inside),
        '"' => Token::DoubleQuoted(inside),
        _ => Token::Text(inside),
    }
}

/// A number of Trino at the begin of a text, or the name that it would be (lexer rules INTEGER_VALUE, DECIMAL_VALUE, DOUBLE_VALUE,
/// DIGIT_IDENTIFIER): what is longest, and a number if both are.
fn number(text: &str) -> Option<(usize, Token)> {
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(0);
    let point = text[whole..].starts_with('.');
    let fraction = if point { digits(whole + 1) } else { 0 };
    if whole == 0 && fraction == 0 {
        return None;
    }
    let mantissa = whole + usize::from(point) + fraction;
    let exponent = text[mantissa..].strip_prefix(['e', 'E']).map_or(0, |rest| {
        let sign = usize::from(rest.starts_with(['+', '-']));
        let count = digits(mantissa + 1 + sign);
        if count == 0 { 0 } else { 1 + sign + count }
    });
    let name = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let length = mantissa + exponent;
    Some(if whole > 0 && name > length { (name, Token::DigitWord) } else { (length, Token::Number) })
}

fn push_plain(inside: &mut String, letter: char) {
    match letter {
        '0' => inside.push('\0'),
        'b' => inside.push('\u{8}'),
        'n' => inside.push('\n'),
        'r' => inside.push('\r'),
        't' => inside.push('\t'),
        'Z' => inside.push('\u{1a}'),
        // Hive leaves these two escaped, for the patterns of LIKE.
        '%' | '_' => inside.extend(['\\', letter]),
        other => inside.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str, dialect: Dialect) -> Vec<Token> {
        Scanner::new(text, dialect).all().unwrap().0.into_iter().map(|lexeme| lexeme.token).collect()
    }

    #[test]
    fn quotes_are_read_by_dialect() {
        let text = |text: &str| Token::Text(text.to_owned());
        assert_eq!(
            tokens(r"'it''s' '\t' '\001' '\u0041' '\\' '\%'", Dialect::Hive),
            [text("it's"), text("\t"), text("\u{1}"), text("A"), text("\\"), text("\\%"), Token::End]
        );
        assert_eq!(tokens(r"'a\'", Dialect::Trino), [text("a\\"), Token::End]);
        assert_eq!(tokens("`a``b`", Dialect::Hive), [Token::Backticked("a`b".to_owned()), Token::End]);
        assert_eq!(tokens(r#""\"""#, Dialect::Hive), [Token::DoubleQuoted("\"".to_owned()), Token::End]);
    }

    #[test]
    fn words_and_numbers() {
        assert_eq!(
            tokens("2020_x 12 1.5 a.b", Dialect::Hive),
            [Token::Word, Token::Number, Token::Number, Token::Word, Token::Sign('.'), Token::Word, Token::End]
        );
        assert_eq!(tokens("1e5 ?", Dialect::Trino), [Token::Number, Token::Sign('?'), Token::End]);
    }

    #[test]
    fn numbers_of_trino() {
        let raws = |text: &'static str| {
            let (found, _) = Scanner::new(text, Dialect::Trino).all().unwrap();
            found.into_iter().map(|lexeme| (lexeme.raw, lexeme.token)).take(2).collect::<Vec<_>>()
        };
        for text in ["1", "1.5", ".5", "1.", "1e3", "1.5E-3", ".5e+2", "1.e5"] {
            assert_eq!(raws(text), [(text, Token::Number), ("", Token::End)], "{text}");
        }
        for (text, first, second) in [
            ("1x", ("1x", Token::DigitWord), ("", Token::End)),
            ("1_000", ("1_000", Token::DigitWord), ("", Token::End)),
            ("1e5x", ("1e5x", Token::DigitWord), ("", Token::End)),
            ("1e+", ("1e", Token::DigitWord), ("+", Token::Sign('+'))),
            ("1.x", ("1.", Token::Number), ("x", Token::Word)),
            ("1..5", ("1.", Token::Number), (".5", Token::Number)),
            ("a.5", ("a", Token::Word), (".5", Token::Number)),
        ] {
            assert_eq!(raws(text), [first, second], "{text}");
        }
    }

    #[test]
    fn signs_and_prefixes_of_trino() {
        let operators = OPERATORS.map(Token::Operator);
        assert_eq!(tokens("<>!=<=>=||->=>", Dialect::Trino)[..7], operators);
        assert_eq!(
            tokens("x'6F' U&'a' x 'b' é", Dialect::Trino),
            [
                Token::Binary("6F".to_owned()),
                Token::Unicode("a".to_owned()),
                Token::Word,
                Token::Text("b".to_owned()),
                Token::Sign('é'),
                Token::End
            ]
        );
        assert_eq!(tokens("x'6", Dialect::Trino), [Token::Word, Token::Sign('\''), Token::Number, Token::End]);
        assert_eq!(tokens("<>", Dialect::Hive), [Token::Sign('<'), Token::Sign('>'), Token::End]);
    }

    #[test]
    fn comments_are_skipped_and_the_inner_one_is_remembered() {
        let (found, comment) = Scanner::new("/* a */ x -- '\n/* ; */ y", Dialect::Hive).all().unwrap();
        assert_eq!(found.iter().map(|lexeme| lexeme.raw).collect::<Vec<_>>(), ["x", "y", ""]);
        assert_eq!(comment, Some(Position { line: 2, column: 1 }));
        assert_eq!(found[1].place, Position { line: 2, column: 9 });
        assert_eq!(Scanner::new("/* a */ x", Dialect::Hive).all().unwrap().1, None);
    }

    #[test]
    fn what_is_never_closed() {
        for text in ["'a", "`a", "\"a", "/* a", "'a\\'"] {
            assert!(Scanner::new(text, Dialect::Hive).all().is_err(), "{text}");
        }
    }
}
