//! `OVER`, the windows of `WINDOW`, and their frames.

use super::expression::{after_column, expression};
use super::name::name;
use super::query::order_by;
use crate::cursor::{Cursor, Parsed};
use crate::query::tree::{Frame, FrameBound, FrameUnit, Name, Window};
use crate::token::Token;

/// After `OVER`.
pub(super) fn over(cursor: &mut Cursor) -> Parsed<Window> {
    if cursor.sees_sign('(') {
        return specification(cursor);
    }
    let base = name(cursor)?;
    let place = base.place;
    Ok(Window { base: Some(base), partition_by: Vec::new(), order_by: Vec::new(), frame: None, place })
}

/// In parentheses.
pub(super) fn specification(cursor: &mut Cursor) -> Parsed<Window> {
    let place = cursor.place();
    cursor.expect_sign('(')?;
    let base = base(cursor)?;
    let partition_by = if cursor.phrase(&["PARTITION", "BY"])? { cursor.list(expression)? } else { Vec::new() };
    let window = Window { base, partition_by, order_by: order_by(cursor)?, frame: frame(cursor)?, place };
    cursor.expect_sign(')')?;
    Ok(window)
}

/// The name of another window. Words that open what follows it are names too.
fn base(cursor: &mut Cursor) -> Parsed<Option<Name>> {
    let next = cursor.after(1);
    let last = next.is_sign(')') || ["GROUPS", "ORDER", "PARTITION", "RANGE", "ROWS"].iter().any(|word| next.is_word(word));
    let opens = ["GROUPS", "PARTITION", "RANGE", "ROWS"].iter().any(|word| cursor.sees(&[word]));
    if cursor.sees_name(0) && (last || !opens) {
        return name(cursor).map(Some);
    }
    cursor.want("<identifier>");
    Ok(None)
}

fn frame(cursor: &mut Cursor) -> Parsed<Option<Frame>> {
    let place = cursor.place();
    let unit = match () {
        () if cursor.take("ROWS") => FrameUnit::Rows,
        () if cursor.take("RANGE") => FrameUnit::Range,
        () if cursor.take("GROUPS") => FrameUnit::Groups,
        () => {
            cursor.want("'MEASURES'");
            return Ok(None);
        }
    };
    let (start, end) = if cursor.take("BETWEEN") {
        let start = bound(cursor)?;
        cursor.expect("AND")?;
        (start, bound(cursor)?)
    } else {
        if place_of_a_name(cursor) {
            ["')'", "'GROUPS'", "'MEASURES'", "'ORDER'", "'PARTITION'", "'RANGE'", "'ROWS'"]
                .iter()
                .for_each(|word| cursor.want(word));
        }
        (bound(cursor)?, FrameBound::CurrentRow)
    };
    Ok(Some(Frame { unit, start, end, place }))
}

/// Whether the unit before this could have been the name of a window, and this what follows it.
fn place_of_a_name(cursor: &Cursor) -> bool {
    cursor.index().checked_sub(2).is_some_and(|at| cursor.at(at).token == Token::Sign('('))
}

fn bound(cursor: &mut Cursor) -> Parsed<FrameBound> {
    if cursor.take("UNBOUNDED") {
        if cursor.take("PRECEDING") {
            return Ok(FrameBound::UnboundedPreceding);
        }
        // It is a name too.
        after_column(cursor);
        cursor.expect("FOLLOWING")?;
        return Ok(FrameBound::UnboundedFollowing);
    }
    if cursor.phrase(&["CURRENT", "ROW"])? {
        return Ok(FrameBound::CurrentRow);
    }
    let distance = expression(cursor)?;
    if cursor.take("PRECEDING") {
        return Ok(FrameBound::Preceding(distance));
    }
    cursor.expect("FOLLOWING")?;
    Ok(FrameBound::Following(distance))
}
