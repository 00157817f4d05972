//! What a cursor takes, and what it says when it does not.

use super::*;

#[test]
fn faults_name_what_was_asked_for_here_and_nothing_else() {
    let mut cursor = Cursor::new("a b", Dialect::Hive).unwrap();
    assert!(!cursor.take("X") && cursor.take("A"));
    assert!(!cursor.take("Z") && !cursor.take_sign('(') && cursor.take_text().is_none());
    assert_eq!(cursor.end().unwrap_err().to_string(), "line 1:3: mismatched input 'b'. Expecting: '(', 'Z', <EOF>, <string>");
    assert_eq!(cursor.fault_for("<query>").message, "mismatched input 'b'. Expecting: <query>");
}

#[test]
fn names_by_dialect() {
    let name = |text: &str, dialect| Cursor::new(text, dialect).unwrap().name().ok();
    for (text, hive, trino) in [
        ("Abc", Some("abc"), Some("abc")),
        ("`A b`", Some("a b"), None),
        ("\"A b\"", None, Some("a b")),
        ("\"\"", None, None),
        ("date", None, Some("date")),
        ("first", Some("first"), None),
        ("_a", None, Some("_a")),
        ("1a", Some("1a"), None),
        ("1", None, None),
    ] {
        assert_eq!((name(text, Dialect::Hive).as_deref(), name(text, Dialect::Trino).as_deref()), (hive, trino), "{text}");
    }
}

#[test]
fn the_end_is_never_passed() {
    let mut cursor = Cursor::new("a ; ;", Dialect::Hive).unwrap();
    (0..5).for_each(|_| cursor.advance());
    assert!(cursor.end().is_ok() && cursor.after(9).token == Token::End);
    assert_eq!((cursor.rest(), cursor.end_of_statement()), ("", 2));
}

#[test]
fn tails_are_cut_as_whole_words() {
    let mut cursor = Cursor::new("q with no data", Dialect::Trino).unwrap();
    assert!(!cursor.cut_tail(&["WITH", "DATA"]) && !cursor.cut_tail(&["Q", "WITH", "NO", "DATA"]));
    assert!(cursor.cut_tail(&["WITH", "NO", "DATA"]));
    assert_eq!(cursor.rest(), "q");
}

#[test]
fn pairs_of_parentheses_are_skipped_whole() {
    let mut cursor = Cursor::new("f(a, [b, c]), d", Dialect::Trino).unwrap();
    cursor.skip_to_comma();
    assert_eq!(cursor.since(0), "f(a, [b, c])");
}
