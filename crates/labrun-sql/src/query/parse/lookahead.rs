//! What the tokens to come are, where the first one does not tell.

use crate::cursor::Cursor;
use crate::token::{Lexeme, Token};

/// More parentheses than queries may have around them.
const PARENTHESES: usize = 1_000;

/// Whether a query may open here. `TABLE (` is a call of a function.
pub(super) fn opens(cursor: &Cursor) -> bool {
    cursor.now().is_sign('(') || opens_at(cursor, 0)
}

fn opens_at(cursor: &Cursor, count: usize) -> bool {
    let lexeme = cursor.after(count);
    let table = lexeme.is_word("TABLE") && !cursor.after(count + 1).is_sign('(');
    table || ["SELECT", "VALUES", "WITH"].iter().any(|word| lexeme.is_word(word))
}

/// What a parenthesis holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// No query, or one that is only a part.
    Other,
    /// `((query))`: a query, or a value or relation that is one.
    Either,
    /// A query.
    Query,
}

/// What the parenthesis holds that stands `count` tokens from here. Of several ones that open together the innermost holds a query or
/// none does, and what follows it tells whether the outer ones hold a query too: `((SELECT 1) UNION SELECT 2)`, but `((SELECT 1) + 1)`.
pub(super) fn holds(cursor: &Cursor, count: usize) -> Holds {
    let open = (0..PARENTHESES).take_while(|step| cursor.after(count + step).is_sign('(')).count();
    if open == 0 || !opens_at(cursor, count + open) {
        return Holds::Other;
    }
    if open == 1 {
        return Holds::Query;
    }
    // The grammar has `WITH` in the parentheses of a value or a relation, and not in those of a query's part.
    if cursor.after(count + open).is_word("WITH") {
        return Holds::Other;
    }
    outer(cursor, count + open, open)
}

/// From inside of the innermost on, up to what follows the second one.
fn outer(cursor: &Cursor, mut at: usize, mut open: usize) -> Holds {
    let mut inside = 0_usize;
    loop {
        let lexeme = cursor.after(at);
        at += 1;
        match lexeme.token {
            Token::End => return Holds::Query,
            Token::Sign('(') => inside += 1,
            Token::Sign(')') if inside > 0 => inside -= 1,
            Token::Sign(')') => {
                open -= 1;
                let closes = cursor.after(at).is_sign(')');
                if !closes && !continues_query(cursor, at) {
                    return Holds::Other;
                }
                if open == 1 {
                    return if closes { Holds::Either } else { Holds::Query };
                }
            }
            _ => {}
        }
    }
}

/// Whether what stands there can follow a part of a query.
fn continues_query(cursor: &Cursor, count: usize) -> bool {
    let (word, next) = (cursor.after(count), cursor.after(count + 1));
    let is = |words: &[&str], lexeme: &Lexeme| words.iter().any(|word| lexeme.is_word(word));
    let number = next.token == Token::Number || next.is_sign('?');
    is(&["EXCEPT", "INTERSECT", "ORDER", "UNION"], word)
        || (is(&["LIMIT"], word) && (number || is(&["ALL"], next)))
        || (is(&["OFFSET"], word) && number)
        || (is(&["FETCH"], word) && is(&["FIRST", "NEXT"], next))
}

/// `name -> ..`, `(name, ..) -> ..`, `() -> ..`
pub(super) fn opens_lambda(cursor: &Cursor) -> bool {
    if !cursor.now().is_sign('(') {
        return cursor.sees_name(0) && cursor.after(1).is_operator("->");
    }
    let mut at = 1;
    while cursor.sees_name(at) && cursor.after(at + 1).is_sign(',') {
        at += 2;
    }
    // Nothing else has empty parentheses where a value stands.
    (at == 1 && cursor.after(1).is_sign(')'))
        || (cursor.sees_name(at) && cursor.after(at + 1).is_sign(')') && cursor.after(at + 2).is_operator("->"))
}

/// `name (`, `a.b.name (`
pub(super) fn opens_call(cursor: &Cursor) -> bool {
    let mut at = 0;
    while cursor.sees_name(at) {
        let next = cursor.after(at + 1);
        if !next.is_sign('.') {
            return next.is_sign('(');
        }
        at += 2;
    }
    false
}

/// `ALL` and `DISTINCT`, where something follows of which they can be said. `ALL` is a name too.
pub(super) fn quantifier(cursor: &mut Cursor) -> Option<bool> {
    let next = cursor.after(1);
    let named = matches!(next.token, Token::End | Token::Sign(',' | ')' | '.')) || next.is_word("FROM") || next.is_word("AS");
    if !(cursor.sees(&["ALL"]) && named) && cursor.take("ALL") {
        return Some(false);
    }
    cursor.take("DISTINCT").then_some(true)
}
