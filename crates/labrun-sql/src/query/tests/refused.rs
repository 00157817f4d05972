//! Refused: text, place, whose refusal, words. The lists that Trino's own tests have (TestSqlParserErrorHandling) are the same here.

mod queries;

use super::{SyntaxError, parse, parse_expression};
use crate::syntax::Reason::{self, Grammar, Rule};

type Refused = (&'static str, (usize, usize), Reason, &'static str);

#[rustfmt::skip]
const EXPRESSIONS: &[Refused] = &[
    ("", (1, 1), Grammar, "mismatched input '<EOF>'. Expecting: <expression>"),
    ("1 + 1 x", (1, 7), Grammar, "mismatched input 'x'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <EOF>, <predicate>"),
    ("a,", (1, 2), Grammar, "mismatched input ','. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <EOF>, <predicate>"),
    ("a b", (1, 3), Grammar, "mismatched input 'b'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <EOF>, <predicate>"),
    ("SELECT 1", (1, 1), Grammar, "mismatched input 'SELECT'. Expecting: <expression>"),
    ("(SELECT 1) x", (1, 12), Grammar, "mismatched input 'x'. Expecting: '%', '*', '+', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||', <EOF>, <predicate>"),
    ("1;2", (1, 2), Rule, "Only one sql statement is allowed. Got: 1;2"),
];

fn compare(all: &[Refused], refuse: impl Fn(&str) -> Option<SyntaxError>) {
    for (text, place, reason, message) in all {
        let error = refuse(text).unwrap_or_else(|| panic!("accepted: {text}"));
        assert_eq!((error.line, error.column), *place, "{text}: {error}");
        assert_eq!((error.reason, error.message.as_str()), (*reason, *message), "{text}");
    }
}

#[test]
fn with_place_and_words() {
    compare(queries::ALL, |text| parse(text).err());
    compare(EXPRESSIONS, |text| parse_expression(text).err());
}
