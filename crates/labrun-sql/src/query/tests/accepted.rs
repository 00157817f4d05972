//! Accepted: the text, and the canonical text of its tree.

mod expressions;
mod queries;

use super::{parse, parse_expression, print, shape};

type Accepted = (&'static str, &'static str);

#[test]
fn expressions_as_what() {
    for (text, canonical) in expressions::ALL {
        let found = parse_expression(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(print::expression(&found), *canonical, "{text}");
    }
}

#[test]
fn queries_as_what() {
    for (text, canonical) in queries::ALL {
        let found = parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(print::query(&found.query), *canonical, "{text}");
    }
}

/// What the canonical text leaves out was nothing but another spelling.
#[test]
fn canonical_texts_are_of_the_same_tree() {
    let expressions = expressions::ALL.iter().map(|(text, canonical)| (format!("VALUES {text}"), format!("VALUES {canonical}")));
    let queries = queries::ALL.iter().map(|(text, canonical)| ((*text).to_owned(), (*canonical).to_owned()));
    for (text, canonical) in expressions.chain(queries) {
        let [first, second] = [&text, &canonical].map(|text| parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}")));
        assert_eq!(shape(&first.query), shape(&second.query), "{text}");
        assert_eq!(print::query(&second.query), canonical, "{text}");
    }
}

/// Whatever is cut off or put in, the answer is a tree or a refusal.
#[test]
fn nothing_panics() {
    for (text, _) in expressions::ALL.iter().chain(queries::ALL) {
        for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let (before, after) = text.split_at(at);
            let _ = (parse(before), parse(after), parse_expression(before));
            for middle in ["'", "(", ")", ",", ".", " NOT "] {
                let _ = parse(&format!("SELECT {before}{middle}{after}"));
            }
        }
    }
}
