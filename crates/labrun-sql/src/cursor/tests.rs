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
fn parentheses_and_what_closes_them() {
    let cursor = Cursor::new("((a), (b)) c (", Dialect::Trino).unwrap();
    assert_eq!((cursor.closing(0), cursor.closing(1), cursor.closing(10)), (Some(8), Some(3), None));
}

#[test]
fn a_tree_is_as_high_as_its_highest_part() {
    let mut cursor = Cursor::new("", Dialect::Trino).unwrap();
    let leaf = |cursor: &mut Cursor| cursor.nested(|_| Ok(()));
    // Beside one another, they are no higher than one of them.
    assert!((0..10_000).all(|_| leaf(&mut cursor).is_ok()));
    assert!((0..2_400).all(|_| cursor.link().is_ok()));
    assert!(!(0..2_400).all(|_| cursor.link().is_ok()));
}
