//! Forms with a grammar of their own. Most are functions in the tree.

use super::call::{filter, function, known};
use super::expression::{bracketed, expression, value};
use super::lookahead::quantifier;
use super::name::name;
use super::query::{order_by, query};
use super::{literal, types};
use crate::cursor::{Cursor, Parsed};
use crate::query::tree::{Expr, ExprKind, QualifiedName};
use crate::syntax::SyntaxError;

/// What `EXTRACT` takes.
const FIELDS: &str = "YEAR QUARTER MONTH WEEK DAY DAY_OF_MONTH DAY_OF_WEEK DOW DAY_OF_YEAR DOY YEAR_OF_WEEK YOW HOUR MINUTE SECOND \
TIMEZONE_MINUTE TIMEZONE_HOUR";

pub(super) fn case(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    cursor.expect("CASE")?;
    let operand = if cursor.sees(&["WHEN"]) {
        None
    } else {
        cursor.want("'WHEN'");
        Some(expression(cursor)?)
    };
    cursor.expect("WHEN")?;
    let mut branches = vec![branch(cursor)?];
    while cursor.take("WHEN") {
        branches.push(branch(cursor)?);
    }
    let otherwise = if cursor.take("ELSE") { Some(expression(cursor)?) } else { None };
    cursor.expect("END")?;
    Ok(Expr::new(ExprKind::Case { operand, branches, otherwise }, place))
}

/// After `WHEN`.
fn branch(cursor: &mut Cursor) -> Parsed<(Expr, Expr)> {
    let condition = expression(cursor)?;
    cursor.expect("THEN")?;
    Ok((condition, expression(cursor)?))
}

/// `CAST`, `TRY_CAST`
pub(super) fn cast(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    let attempt = !cursor.take("CAST");
    if attempt {
        cursor.expect("TRY_CAST")?;
    }
    let (value, to) = cursor.in_parens(|cursor| {
        let value = expression(cursor)?;
        cursor.expect("AS")?;
        Ok((value, types::type_name(cursor)?))
    })?;
    Ok(Expr::new(ExprKind::Cast { value, to, attempt }, place))
}

pub(super) fn exists(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    cursor.expect("EXISTS")?;
    Ok(Expr::new(ExprKind::Exists(Box::new(cursor.in_parens(query)?)), place))
}

pub(super) fn extract(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    cursor.expect("EXTRACT")?;
    let (field, value) = cursor.in_parens(|cursor| {
        let field = name(cursor)?;
        cursor.expect("FROM")?;
        Ok((field, cursor.nested(value)?))
    })?;
    let upper = field.text.to_uppercase();
    if !FIELDS.split(' ').any(|known| known == upper) {
        return Err(SyntaxError::grammar(field.place, format!("Invalid EXTRACT field: {}", field.text)));
    }
    Ok(Expr::new(ExprKind::Extract { field: upper, value }, place))
}

/// `GROUPING(column, ..)`
pub(super) fn grouping(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    cursor.expect("GROUPING")?;
    let columns = cursor.in_parens(|cursor| if cursor.sees_sign(')') { Ok(Vec::new()) } else { cursor.list(column) })?;
    Ok(known("grouping", place, columns))
}

fn column(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    let mut column = Expr::new(ExprKind::Name(name(cursor)?), place);
    while cursor.take_sign('.') {
        cursor.link()?;
        column = Expr::new(ExprKind::Field(column, name(cursor)?), place);
    }
    Ok(column)
}

/// `NORMALIZE(text [, form])`
pub(super) fn normalize(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    cursor.expect("NORMALIZE")?;
    let arguments = cursor.in_parens(|cursor| {
        let mut arguments = vec![cursor.nested(value)?];
        if cursor.take_sign(',') {
            arguments.push(normal_form(cursor)?);
        }
        Ok(arguments)
    })?;
    Ok(known("normalize", place, arguments))
}

fn normal_form(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    match ["NFC", "NFD", "NFKC", "NFKD"].into_iter().find(|form| cursor.take(form)) {
        Some(form) => Ok(Expr::new(ExprKind::Text(form.to_owned()), place)),
        None => Err(cursor.fault()),
    }
}

/// `POSITION(part IN text)`
pub(super) fn position(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    cursor.expect("POSITION")?;
    let arguments = cursor.in_parens(|cursor| {
        let part = cursor.nested(value)?;
        cursor.expect("IN")?;
        Ok(vec![part, cursor.nested(value)?])
    })?;
    Ok(known("position", place, arguments))
}

/// `TRIM([[LEADING | TRAILING | BOTH] [characters] FROM] text)`, `TRIM(text, characters)`
pub(super) fn trim(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    cursor.expect("TRIM")?;
    let (name, arguments) = cursor.in_parens(|cursor| {
        let side = side(cursor);
        if cursor.take("FROM") {
            return Ok((side.unwrap_or("trim"), vec![cursor.nested(value)?]));
        }
        let first = cursor.nested(value)?;
        if side.is_none() && cursor.take_sign(',') {
            return Ok(("trim", vec![first, cursor.nested(value)?]));
        }
        if cursor.take("FROM") {
            return Ok((side.unwrap_or("trim"), vec![cursor.nested(value)?, first]));
        }
        match side {
            Some(_) => Err(cursor.fault()),
            None => Ok(("trim", vec![first])),
        }
    })?;
    Ok(known(name, place, arguments))
}

/// The function for the side. The words are names too.
fn side(cursor: &mut Cursor) -> Option<&'static str> {
    let name = cursor.after(1).is_sign(')') || cursor.after(1).is_sign(',') || cursor.after(1).is_sign('.');
    let sides = [("BOTH", "trim"), ("LEADING", "ltrim"), ("TRAILING", "rtrim")];
    sides.into_iter().find(|(word, _)| cursor.take_before(word, |_| !name)).map(|(_, function)| function)
}

/// `LISTAGG([DISTINCT] value [, separator] [ON OVERFLOW ..]) WITHIN GROUP (ORDER BY ..) [FILTER ..]`
pub(super) fn listagg(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    let mut listagg = function(QualifiedName { parts: vec![name(cursor)?] }, Vec::new());
    cursor.in_parens(|cursor| {
        listagg.distinct = quantifier(cursor) == Some(true);
        listagg.arguments.push(expression(cursor)?);
        if cursor.take_sign(',') {
            listagg.arguments.push(literal::text(cursor)?);
        }
        listagg.on_overflow = if cursor.phrase(&["ON", "OVERFLOW"])? { overflow(cursor)? } else { None };
        Ok(())
    })?;
    cursor.expect_all(&["WITHIN", "GROUP"])?;
    listagg.order_by = cursor.in_parens(|cursor| {
        if cursor.sees(&["ORDER"]) {
            return order_by(cursor);
        }
        cursor.want("'ORDER'");
        Err(cursor.fault())
    })?;
    listagg.filter = filter(cursor)?;
    Ok(Expr::new(ExprKind::Function(listagg), place))
}

fn overflow(cursor: &mut Cursor) -> Parsed<Option<(Option<String>, bool)>> {
    if cursor.take("ERROR") {
        return Ok(None);
    }
    cursor.expect("TRUNCATE")?;
    let filler = literal::take_text(cursor)?;
    let counted = cursor.take("WITH");
    if !counted {
        cursor.expect("WITHOUT")?;
    }
    cursor.expect("COUNT")?;
    Ok(Some((filler, counted)))
}

/// `CURRENT_DATE` and others without parentheses.
pub(super) fn current(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    let word = cursor.now().raw.to_ascii_lowercase();
    cursor.advance();
    Ok(known(&word, place, Vec::new()))
}

/// `CURRENT_TIMESTAMP[(precision)]` and others.
pub(super) fn current_time(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    let word = cursor.now().raw.to_ascii_lowercase();
    cursor.advance();
    let precision = if cursor.sees_sign('(') { vec![cursor.in_parens(precision)?] } else { Vec::new() };
    Ok(known(&word, place, precision))
}

fn precision(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    Ok(Expr::new(ExprKind::Integer(cursor.integer()?.to_string()), place))
}

/// `ARRAY[..]`
pub(super) fn array(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    cursor.expect("ARRAY")?;
    cursor.expect_sign('[')?;
    let items = if cursor.sees_sign(']') { Vec::new() } else { cursor.list(bracketed)? };
    cursor.expect_sign(']')?;
    Ok(Expr::new(ExprKind::Array(items), place))
}

/// `ROW(..)`
pub(super) fn row(cursor: &mut Cursor) -> Parsed<Expr> {
    let place = cursor.place();
    cursor.expect("ROW")?;
    // For the words that the message lists: as a call it could be empty or ordered.
    let fields = cursor.in_parens(|cursor| {
        let fields = cursor.list(bracketed)?;
        cursor.want("'ORDER'");
        Ok(fields)
    })?;
    Ok(Expr::new(ExprKind::Row(fields), place))
}
