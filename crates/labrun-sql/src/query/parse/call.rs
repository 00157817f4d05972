//! Calls of functions, with what aggregates and windows add to them.

use super::expression::{bracketed, expression, value};
use super::lookahead::quantifier;
use super::name::qualified;
use super::query::order_by;
use super::window;
use crate::cursor::{Cursor, Parsed};
use crate::query::tree::{Expr, ExprKind, Function, Name, QualifiedName};
use crate::syntax::Position;
use crate::token::{Lexeme, Token};

/// `name (..) ..`
pub(super) fn call(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    let mut function = function(qualified(cursor)?, Vec::new());
    cursor.expect_sign('(')?;
    function.star = cursor.take_sign('*');
    if !function.star {
        arguments(cursor, &mut function)?;
    }
    cursor.expect_sign(')')?;
    function.filter = filter(cursor)?;
    window(cursor, &mut function)?;
    Ok(Expr::new(ExprKind::Function(function), place))
}

/// `[IGNORE NULLS | RESPECT NULLS] OVER ..`
fn window(cursor: &mut Cursor, function: &mut Function) -> Parsed<()> {
    function.ignore_nulls = if function.star { None } else { nulls(cursor)? };
    // Alone, `OVER` is a name; after the other words it is not.
    let named = !cursor.after(1).is_sign('(') && !cursor.sees_name(1);
    let over = cursor.take_before("OVER", |_| !named);
    if over {
        function.over = Some(window::over(cursor)?);
    }
    if over || function.ignore_nulls.is_none() { Ok(()) } else { Err(cursor.fault()) }
}

/// With arguments and nothing else. In a box from the start: nested calls are nested frames.
pub(super) fn function(name: QualifiedName, arguments: Vec<Expr>) -> Box<Function> {
    Box::new(Function {
        name,
        arguments,
        star: false,
        distinct: false,
        order_by: Vec::new(),
        filter: None,
        ignore_nulls: None,
        over: None,
        on_overflow: None,
    })
}

/// Of a form that is a function in the tree.
pub(super) fn known(name: &str, place: Position, arguments: Vec<Expr>) -> Expr {
    let name = Name { text: name.to_owned(), quoted: false, place };
    Expr::new(ExprKind::Function(function(QualifiedName { parts: vec![name] }, arguments)), place)
}

fn arguments(cursor: &mut Cursor, function: &mut Function) -> Parsed<()> {
    let quantified = quantifier(cursor);
    function.distinct = quantified == Some(true);
    let empty = cursor.now().is_sign(')') || cursor.sees(&["ORDER"]);
    if quantified.is_some() || !empty {
        if quantified.is_none() {
            cursor.want("')'");
            cursor.want("'ORDER'");
        }
        function.arguments = cursor.list(bracketed)?;
        from(cursor, function)?;
    }
    function.order_by = order_by(cursor)?;
    Ok(())
}

/// `SUBSTRING(a FROM b [FOR c])` is `substring(a, b, c)`.
fn from(cursor: &mut Cursor, function: &mut Function) -> Parsed<()> {
    let substring = function.name.parts.len() == 1 && function.name.parts[0].text.eq_ignore_ascii_case("substring");
    if substring && function.arguments.len() == 1 && cursor.take("FROM") {
        function.arguments.push(value(cursor)?);
        if cursor.take("FOR") {
            function.arguments.push(value(cursor)?);
        }
    }
    Ok(())
}

/// `FILTER (WHERE ..)`
pub(super) fn filter(cursor: &mut Cursor) -> Parsed<Option<Expr>> {
    if !cursor.take_before("FILTER", |next| next.is_sign('(')) {
        return Ok(None);
    }
    cursor.in_parens(|cursor| {
        cursor.expect("WHERE")?;
        expression(cursor).map(Some)
    })
}

/// `IGNORE NULLS`, `RESPECT NULLS`
fn nulls(cursor: &mut Cursor) -> Parsed<Option<bool>> {
    let before = |next: &Lexeme| next.is_word("NULLS") || next.token == Token::End;
    for (word, ignore) in [("IGNORE", true), ("RESPECT", false)] {
        if cursor.take_before(word, before) {
            cursor.expect("NULLS")?;
            return Ok(Some(ignore));
        }
    }
    Ok(None)
}
