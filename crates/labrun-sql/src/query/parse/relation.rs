//! What `FROM` names: tables, queries, calls of functions, and joins of them.

use super::expression::expression;
use super::lookahead::{Holds, holds};
use super::name::{alias, name, names, qualified};
use super::query::query;
use crate::cursor::{Cursor, Parsed};
use crate::query::tree::{Expr, Join, JoinCriteria, JoinKind, Name, Relation, RelationKind, Sample, TableAlias};
use crate::syntax::{Position, SyntaxError};

/// Joins, from the left.
pub(super) fn relation(cursor: &mut Cursor) -> Parsed<Relation> {
    cursor.nested(|cursor| {
        let place = cursor.place();
        let mut left = cursor.beside(sampled)?;
        while let Some((kind, natural)) = join_kind(cursor)? {
            let (right, criteria) = joined(cursor, kind, natural)?;
            cursor.link()?;
            left = bare(RelationKind::Join(Box::new(Join { kind, left, right, criteria })), place);
        }
        Ok(left)
    })
}

fn bare(kind: RelationKind, place: Position) -> Relation {
    Relation { kind, alias: None, sample: None, place }
}

/// Up to `JOIN`, and whether it is `NATURAL`.
fn join_kind(cursor: &mut Cursor) -> Parsed<Option<(JoinKind, bool)>> {
    if cursor.phrase(&["CROSS", "JOIN"])? {
        return Ok(Some((JoinKind::Cross, false)));
    }
    let natural = cursor.take("NATURAL");
    let kind = match () {
        () if cursor.take("JOIN") => return Ok(Some((JoinKind::Inner, natural))),
        () if cursor.take("INNER") => JoinKind::Inner,
        () if outer(cursor, "LEFT") => JoinKind::Left,
        () if outer(cursor, "RIGHT") => JoinKind::Right,
        () if outer(cursor, "FULL") => JoinKind::Full,
        () if natural => return Err(cursor.fault()),
        () => return Ok(None),
    };
    cursor.expect("JOIN")?;
    Ok(Some((kind, natural)))
}

fn outer(cursor: &mut Cursor, side: &'static str) -> bool {
    let found = cursor.take(side);
    if found {
        cursor.take("OUTER");
    }
    found
}

/// After `JOIN`. The grammar lets a relation with joins of its own stand there if a condition follows.
fn joined(cursor: &mut Cursor, kind: JoinKind, natural: bool) -> Parsed<(Relation, JoinCriteria)> {
    if natural {
        return Ok((cursor.beside(sampled)?, JoinCriteria::Natural));
    }
    if kind == JoinKind::Cross {
        return Ok((cursor.beside(sampled)?, JoinCriteria::None));
    }
    let right = relation(cursor)?;
    if cursor.take("ON") {
        return Ok((right, JoinCriteria::On(expression(cursor)?)));
    }
    cursor.expect("USING")?;
    Ok((right, JoinCriteria::Using(names(cursor)?)))
}

fn sampled(cursor: &mut Cursor) -> Parsed<Relation> {
    let aliased = aliased(cursor)?;
    let place = cursor.place();
    if cursor.take("MATCH_RECOGNIZE") {
        return Err(SyntaxError::not_emulated(place, "MATCH_RECOGNIZE"));
    }
    let sample = if cursor.take("TABLESAMPLE") { Some(sample(cursor)?) } else { None };
    Ok(Relation { sample, ..aliased })
}

fn sample(cursor: &mut Cursor) -> Parsed<Sample> {
    let system = !cursor.take("BERNOULLI");
    if system {
        cursor.expect("SYSTEM")?;
    }
    Ok(Sample { system, percentage: cursor.in_parens(expression)? })
}

fn aliased(cursor: &mut Cursor) -> Parsed<Relation> {
    let place = cursor.place();
    let kind = primary(cursor)?;
    let alias = match alias(cursor)? {
        Some(name) => {
            let columns = if cursor.sees_sign('(') { names(cursor)? } else { Vec::new() };
            Some(TableAlias { name, columns })
        }
        None => None,
    };
    Ok(Relation { kind, alias, sample: None, place })
}

fn primary(cursor: &mut Cursor) -> Parsed<RelationKind> {
    if holds(cursor, 0) != Holds::Other {
        return cursor.in_parens(query).map(|query| RelationKind::Query(Box::new(query)));
    }
    if cursor.take_sign('(') {
        cursor.want("<query>");
        let inside = relation(cursor)?;
        cursor.expect_sign(')')?;
        return Ok(RelationKind::Nested(Box::new(inside)));
    }
    if cursor.take("UNNEST") {
        return unnest(cursor);
    }
    let called = cursor.after(1).is_sign('(');
    if called && cursor.take("LATERAL") {
        return cursor.in_parens(query).map(|query| RelationKind::Lateral(Box::new(query)));
    }
    if cursor.take("TABLE") {
        return cursor.in_parens(function);
    }
    if called && cursor.sees(&["JSON_TABLE"]) {
        return Err(SyntaxError::not_emulated(cursor.place(), "JSON_TABLE"));
    }
    cursor.want("'LATERAL'");
    table(cursor)
}

fn table(cursor: &mut Cursor) -> Parsed<RelationKind> {
    let name = qualified(cursor)?;
    let place = cursor.place();
    if cursor.take("FOR") {
        if cursor.take("TIMESTAMP") {
            return Err(SyntaxError::not_emulated(place, "FOR TIMESTAMP AS OF, which is for Iceberg tables"));
        }
        cursor.expect("VERSION")?;
        return Err(SyntaxError::not_emulated(place, "FOR VERSION AS OF, which is for Iceberg tables"));
    }
    Ok(RelationKind::Table(name))
}

fn unnest(cursor: &mut Cursor) -> Parsed<RelationKind> {
    let arguments = cursor.in_parens(|cursor| cursor.list(expression))?;
    Ok(RelationKind::Unnest { arguments, ordinality: cursor.phrase(&["WITH", "ORDINALITY"])? })
}

/// In the parentheses of `TABLE`.
fn function(cursor: &mut Cursor) -> Parsed<RelationKind> {
    let name = qualified(cursor)?;
    let arguments = cursor.in_parens(|cursor| if cursor.sees_sign(')') { Ok(Vec::new()) } else { cursor.list(argument) })?;
    Ok(RelationKind::Function { name, arguments })
}

fn argument(cursor: &mut Cursor) -> Parsed<(Option<Name>, Expr)> {
    let named = cursor.sees_name(0) && cursor.after(1).is_operator("=>");
    let name = if named { Some(name(cursor)?) } else { None };
    if named {
        cursor.advance();
    }
    let place = cursor.place();
    if cursor.after(1).is_sign('(') {
        if cursor.take("TABLE") {
            return Err(SyntaxError::not_emulated(place, "tables as arguments of functions"));
        }
        if cursor.take("DESCRIPTOR") {
            return Err(SyntaxError::not_emulated(place, "DESCRIPTOR"));
        }
    }
    Ok((name, expression(cursor)?))
}
