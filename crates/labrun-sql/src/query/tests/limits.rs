//! How deep and how long a query may be. Tests run in threads with 2 MB of stack.

use super::{parse, parse_expression};

const TOO_LARGE: &str = "line 1:1: statement is too large (stack overflow while parsing)";

/// `opens` so often, something, `closes` so often.
fn nested(opens: &str, inside: &str, closes: &str, count: usize) -> String {
    format!("{}{inside}{}", opens.repeat(count), closes.repeat(count))
}

#[test]
fn a_hundred_levels_are_read() {
    for (opens, closes) in [("(", ")"), ("f(", ")"), ("ARRAY[", "]"), ("a[", "]"), ("CASE WHEN a THEN ", " END"), ("x -> ", "")] {
        let text = format!("SELECT {}", nested(opens, "1", closes, 100));
        assert!(parse(&text).is_ok(), "{text}");
    }
    assert!(parse(&nested("(", "SELECT 1", ")", 100)).is_ok());
    assert!(parse(&format!("SELECT * FROM {}", nested("(", "t", ")", 100))).is_ok());
    assert!(parse(&format!("SELECT CAST(a AS {})", nested("array(", "integer", ")", 100))).is_ok());
    assert!(parse(&format!("SELECT {}", nested("(SELECT ", "1", ")", 50))).is_ok());
    assert!(parse(&nested("SELECT * FROM (", "SELECT 1", ")", 50)).is_ok());
}

#[test]
fn what_is_deeper_is_refused() {
    for (opens, closes) in [
        ("(", ")"),
        ("f(", ")"),
        ("(SELECT ", ")"),
        ("a IN (", ")"),
        ("a = ANY (SELECT ", ")"),
        ("a[", "]"),
        ("CASE WHEN ", " THEN 1 END"),
        ("CAST(", " AS bigint)"),
        ("EXISTS (SELECT * FROM t WHERE ", ")"),
        ("sum(a) OVER (PARTITION BY ", ")"),
        ("count(*) FILTER (WHERE ", ")"),
        ("LISTAGG(a) WITHIN GROUP (ORDER BY ", ")"),
        ("JSON_ARRAY(", ")"),
        ("JSON_VALUE(", ", '$')"),
        ("JSON_VALUE(a, '$' DEFAULT ", " ON EMPTY)"),
        ("JSON_OBJECT(KEY ", " VALUE 1)"),
        ("TRIM(BOTH FROM ", ")"),
        ("x -> ", ""),
        ("(SELECT * FROM UNNEST(", "))"),
        ("(SELECT * FROM t JOIN u ON ", ")"),
        ("(SELECT * FROM TABLE(f(a => ", ")))"),
        ("(SELECT * FROM t TABLESAMPLE SYSTEM (", "))"),
        ("(SELECT 1 FROM t GROUP BY GROUPING SETS ((", ")))"),
        ("(SELECT 1 FROM t WINDOW w AS (ORDER BY ", "))"),
        ("(VALUES ", ")"),
        ("(WITH q AS (SELECT ", ") SELECT 1)"),
        ("- ", ""),
        ("NOT ", ""),
    ] {
        let text = nested(opens, "1", closes, 5_000);
        assert_eq!(parse_expression(&text).unwrap_err().to_string(), TOO_LARGE, "{opens}");
        assert!(parse_expression(&opens.repeat(5_000)).is_err(), "{opens}");
    }
    for (opens, inside, closes) in [
        ("(", "SELECT 1", ")"),
        ("SELECT * FROM (", "t", ")"),
        ("SELECT * FROM LATERAL (", "SELECT 1", ")"),
        ("SELECT * FROM t JOIN (", "u", " ON a)"),
        ("WITH q AS (", "SELECT 1", ") SELECT 1"),
        ("VALUES (", "1", ")"),
        ("SELECT 1 UNION (", "SELECT 1", ")"),
    ] {
        assert_eq!(parse(&nested(opens, inside, closes, 5_000)).unwrap_err().to_string(), TOO_LARGE, "{opens}");
    }
    let relations = format!("SELECT * FROM {}", nested("(", "t", ")", 5_000));
    assert_eq!(parse(&relations).unwrap_err().to_string(), TOO_LARGE);
    let joins = format!("SELECT * FROM {}t", "t JOIN ".repeat(5_000));
    assert_eq!(parse(&joins).unwrap_err().to_string(), TOO_LARGE);
    let types = format!("CAST(a AS {})", nested("row(x ", "integer", ")", 5_000));
    assert_eq!(parse_expression(&types).unwrap_err().to_string(), TOO_LARGE);
}

#[test]
fn long_chains_are_read_and_longer_ones_refused() {
    for (first, next) in [
        ("1", " + 1"),
        ("1", " || 1"),
        ("1", " * 1 - 1"),
        ("a", ".b"),
        ("a", "[1]"),
        ("a", " AT TIME ZONE 'UTC'"),
        ("SELECT 1", " UNION SELECT 1"),
        ("SELECT 1", " INTERSECT SELECT 1"),
        ("SELECT * FROM t", " CROSS JOIN t"),
        ("SELECT * FROM t", " JOIN t ON a = 1 + 2"),
    ] {
        let text = |count: usize| {
            let chain = first.to_owned() + &next.repeat(count);
            if chain.starts_with("SELECT") { chain } else { format!("SELECT {chain}") }
        };
        let count = if next.contains('*') { 1_000 } else { 2_000 };
        assert!(parse(&text(count)).is_ok(), "{next}");
        assert_eq!(parse(&text(20_000)).unwrap_err().to_string(), TOO_LARGE, "{next}");
    }
}

/// Lists are as high as their highest part, however long.
#[test]
fn long_lists_are_read() {
    for (first, next) in [
        ("SELECT a = 1", " AND a + 1 = 1"),
        ("SELECT a = 1", " OR a = 1 AND t.a = 2"),
        ("SELECT 1", ", t.a + 1"),
        ("VALUES (1, 2)", ", (-1, f(2))"),
        ("SELECT 1 WHERE a IN (1", ", 2"),
        ("SELECT CASE", " WHEN a = 1 THEN t.b"),
        ("SELECT * FROM t", ", t AS x"),
        ("WITH q AS (SELECT 1)", ", q AS (SELECT 1)"),
        ("SELECT 1 ORDER BY a", ", t.b DESC"),
        ("SELECT 1 GROUP BY a", ", (b, c)"),
    ] {
        let closes = match first {
            "SELECT CASE" => " END",
            "SELECT 1 WHERE a IN (1" => ")",
            "WITH q AS (SELECT 1)" => "SELECT 1",
            _ => "",
        };
        let text = format!("{first}{}{closes}", next.repeat(10_000));
        assert!(parse(&text).is_ok(), "{next}");
    }
}
