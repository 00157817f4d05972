//! Statements by the dozen: what is accepted, as what, and what is refused, where and with which words. Sources: unsupported-ddl,
//! reserved-words, create-table, the alter-table-* and show-* pages; measured places are named in the modules that do them.

mod accepted;
mod refused;

use super::*;

#[test]
fn text_is_without_what_stands_around_it() {
    for text in ["  ;SELECT 1;  ", "SELECT 1", "\n\tSELECT 1\n;\n;", "SELECT 1 ; -- done", "; SELECT 1 ; /* done */ ;"] {
        assert_eq!(parse(text).unwrap().text, "SELECT 1");
    }
}

#[test]
fn some_fail_as_they_run() {
    let failure =
        |text: &str| parse(text).unwrap().failure.map(|failure| (failure.category, failure.error_type, failure.message));
    let hive = |message: &str| Some((1, 1003, format!("FAILED: ParseException {message} cannot recognize input near '/' '*'")));
    assert_eq!(failure("DESCRIBE /* x */ t"), hive("line 1:9"));
    assert_eq!(failure("SHOW CREATE TABLE\n/* x */ t"), hive("line 2:0"));
    assert_eq!(failure("MSCK REPAIR TABLE t /* x */"), hive("line 1:20"));
    assert_eq!(failure("ALTER TABLE /* x */ t SET LOCATION 's3://b/'"), hive("line 1:12"));
    for text in ["/* x */ DESCRIBE t", "DESCRIBE t -- x", "SHOW TABLES /* x */", "DESCRIBE t", "SELECT /* x */ 1"] {
        assert_eq!(failure(text), None, "{text}");
    }
    let ddl = Some((2, 1006, "Query type not supported by DDL engine.".to_owned()));
    assert_eq!(failure("ALTER TABLE t RENAME TO u"), ddl);
    assert_eq!(failure("ALTER TABLE t DROP COLUMN a"), ddl);
}

#[test]
fn parameters_are_counted() {
    for (text, count) in [
        ("SELECT 1", 0),
        ("SELECT ?, '?' FROM t WHERE a = ? LIMIT ?", 3),
        ("PREPARE p FROM INSERT INTO t VALUES (?, ?)", 2),
        ("UNLOAD (SELECT ?) TO 's3://b/u/' WITH (format = 'ORC')", 1),
    ] {
        assert_eq!(parse(text).unwrap().parameters, count, "{text}");
    }
}

#[test]
fn long_rows_of_words_are_no_deep_stack() {
    assert!(parse(&"EXPLAIN ".repeat(30_000)).is_err());
    assert!(parse(&format!("PREPARE a FROM {}", "PREPARE a FROM ".repeat(20_000))).is_err());
    assert!(parse(&"(".repeat(200_000)).is_err());
    assert!(parse(&format!("SELECT {}", "(".repeat(200_000))).is_err());
    assert!(parse(&format!("CREATE EXTERNAL TABLE t (a {}", "array<".repeat(40_000))).is_err());
}
