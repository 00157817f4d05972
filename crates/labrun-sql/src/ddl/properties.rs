//! Lists of pairs: `('key' = 'value', ..)`.

use super::Properties;
use crate::cursor::{Cursor, Parsed};

pub(super) fn read(cursor: &mut Cursor) -> Parsed<Properties> {
    cursor.in_parens(|cursor| cursor.list(pair))
}

fn pair(cursor: &mut Cursor) -> Parsed<(String, String)> {
    let key = cursor.text()?;
    cursor.expect_sign('=')?;
    Ok((key, cursor.text()?))
}
