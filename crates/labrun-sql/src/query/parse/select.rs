//! `SELECT` and its clauses.

use super::expression::expression;
use super::group::group_by;
use super::lookahead::quantifier;
use super::name::{alias, name, names};
use super::relation::relation;
use super::window;
use crate::cursor::{Cursor, Parsed};
use crate::query::tree::{Expr, Name, Select, SelectItem, Window};
use crate::syntax::Position;

/// After `SELECT`, which stands at this place.
pub(super) fn select(cursor: &mut Cursor, place: Position) -> Parsed<Select> {
    let distinct = quantifier(cursor).unwrap_or(false);
    let items = cursor.list(item)?;
    let from = if cursor.take("FROM") { cursor.list(relation)? } else { Vec::new() };
    let filter = clause(cursor, "WHERE")?;
    let group_by = if cursor.phrase(&["GROUP", "BY"])? { Some(group_by(cursor)?) } else { None };
    let having = clause(cursor, "HAVING")?;
    let windows = if cursor.take("WINDOW") { cursor.list(window)? } else { Vec::new() };
    Ok(Select { distinct, items, from, filter, group_by, having, windows, place })
}

fn clause(cursor: &mut Cursor, word: &'static str) -> Parsed<Option<Expr>> {
    if cursor.take(word) { expression(cursor).map(Some) } else { Ok(None) }
}

fn item(cursor: &mut Cursor) -> Parsed<SelectItem> {
    let place = cursor.place();
    if cursor.take_sign('*') {
        return Ok(SelectItem::All(place));
    }
    let outer = cursor.item.replace(cursor.index());
    let expr = expression(cursor)?;
    cursor.item = outer;
    if cursor.now().is_sign('.') && cursor.after(1).is_sign('*') {
        cursor.advance();
        cursor.advance();
        let aliases = if cursor.take("AS") { names(cursor)? } else { Vec::new() };
        return Ok(SelectItem::AllOf { of: expr, aliases });
    }
    Ok(SelectItem::Expr { expr, alias: alias(cursor)? })
}

/// One of `WINDOW`.
fn window(cursor: &mut Cursor) -> Parsed<(Name, Window)> {
    let name = name(cursor)?;
    cursor.expect("AS")?;
    Ok((name, window::specification(cursor)?))
}
