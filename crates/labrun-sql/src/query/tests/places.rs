//! Where the parts of a query stand.

use super::{parse, parse_expression};
use crate::query::tree::{Body, ExprKind, SelectItem, SetOperator};

#[test]
fn of_expressions() {
    for (text, column) in [
        ("  a", 3),
        ("  a.b.c", 3),
        ("a[1]", 1),
        ("(a).b", 1),
        ("(a)", 2),
        ("f(x)", 1),
        ("s.f(x) OVER w", 1),
        ("a + b", 3),
        ("a + b * c", 3),
        ("a * b + c", 7),
        ("a || b", 3),
        ("a <> b", 3),
        ("a = ANY (SELECT 1)", 3),
        ("a AND b", 1),
        ("(a OR b) OR c", 1),
        ("NOT a", 1),
        ("NOT NOT a = b", 1),
        ("- a", 1),
        ("a IS NOT NULL", 3),
        ("a NOT IN (1)", 3),
        ("a IN (SELECT 1)", 3),
        ("a BETWEEN 1 AND 2", 3),
        ("a LIKE b", 3),
        ("a IS DISTINCT FROM b", 3),
        ("a AT TIME ZONE 'UTC'", 3),
        ("CASE WHEN a THEN b END", 1),
        ("CAST(a AS bigint)", 1),
        ("(SELECT 1)", 1),
        ("(a, b)", 1),
        ("x -> x", 1),
        ("(x, y) -> x", 1),
        ("DATE '2020-01-01'", 1),
        ("CURRENT_DATE", 1),
    ] {
        let found = parse_expression(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!((found.place.line, found.place.column), (1, column), "{text}");
    }
}

#[test]
fn of_names_and_parts_of_queries() {
    let found = parse("WITH q AS (SELECT 1)\nSELECT t.a,\n  x.*\nFROM q t\n  JOIN u ON t.a = u.b").unwrap().query;
    assert_eq!((found.place.line, found.with[0].query.place.column), (1, 12));
    let Body::Select(select) = &found.body else { panic!("{found:?}") };
    assert_eq!((select.place.line, select.place.column), (2, 1));
    let SelectItem::Expr { expr, .. } = &select.items[0] else { panic!("{select:?}") };
    let ExprKind::Field(_, name) = expr.kind.as_ref() else { panic!("{expr:?}") };
    assert_eq!((name.place.line, name.place.column, expr.place.column), (2, 10, 8));
    let SelectItem::AllOf { of, .. } = &select.items[1] else { panic!("{select:?}") };
    assert_eq!((of.place.line, of.place.column), (3, 3));
    // A join stands where its left side does.
    assert_eq!((select.from[0].place.line, select.from[0].place.column), (4, 6));
}

#[test]
fn parameters_count_from_the_left() {
    let found = parse("SELECT ?, a FROM t WHERE b IN (?, ?) LIMIT ?").unwrap();
    assert_eq!(found.parameters, 4);
    assert_eq!(found.query.limit.map(|limit| *limit.count.kind), Some(ExprKind::Parameter(3)));
}

/// What the canonical text does not show.
#[test]
fn set_operations_bind_as_in_the_grammar() {
    let operators = |text: &str| {
        let mut body = parse(text).unwrap().query.body;
        let mut found = Vec::new();
        while let Body::Set(set) = body {
            let right = if let Body::Set(right) = &set.right { Some(right.operator) } else { None };
            found.push((set.operator, right));
            body = set.left;
        }
        found
    };
    let (union, intersect, except) = (SetOperator::Union, SetOperator::Intersect, SetOperator::Except);
    assert_eq!(operators("TABLE a UNION TABLE b INTERSECT TABLE c"), [(union, Some(intersect))]);
    assert_eq!(operators("TABLE a INTERSECT TABLE b UNION TABLE c"), [(union, None), (intersect, None)]);
    assert_eq!(operators("TABLE a EXCEPT TABLE b UNION TABLE c"), [(union, None), (except, None)]);
    assert_eq!(operators("TABLE a UNION TABLE b EXCEPT TABLE c"), [(except, None), (union, None)]);
}
