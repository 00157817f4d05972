//! `||` of texts, bytes and arrays; `concat` is the same with more arguments (functions/string, functions/array).

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::rows::rows;
use crate::functions::text::{arrays, with_item};
use crate::functions::{Call, Library};
use crate::sqltype::SqlType;

pub(super) fn register(library: &mut Library) {
    rows!(library, "||(varchar, varchar) -> varchar", |left: Text, right: Text| -> Text {
        let mut joined = String::with_capacity(left.len() + right.len());
        joined.push_str(left);
        joined.push_str(right);
        Ok(joined)
    });
    library.values("||(char(x), char(y)) -> char(x)", |call, values| Ok(chars(call, values))).giving(char_type);
    rows!(library, "||(varbinary, varbinary) -> varbinary", |left: Bytes, right: Bytes| -> Bytes { Ok([left, right].concat()) });
    library.values("||(array(T), array(T)) -> array(T)", |_, values| Ok(arrays(values)));
    library.nullable("||(array(T), T) -> array(T)", |_, values| Ok(with_item(&values[0], &values[1], false)));
    library.nullable("||(T, array(T)) -> array(T)", |_, values| Ok(with_item(&values[1], &values[0], true)));
}

fn char_type(kinds: &[SqlType]) -> Outcome<SqlType> {
    match kinds {
        [SqlType::Char(left), SqlType::Char(right)] if left + right <= 65_536 => Ok(SqlType::Char(left + right)),
        [SqlType::Char(left), SqlType::Char(right)] => {
            Err(Fault::argument(format!("CHAR length must be in range [0, 65536], got {}", left + right)))
        }
        _ => Err(Fault::new("GENERIC_INTERNAL_ERROR", "chars without a length")),
    }
}

/// The first keeps its blanks, if anything comes after them.
fn chars(call: &Call, values: &[Datum]) -> Datum {
    match (values, &call.kinds[0]) {
        ([Datum::Text(left), Datum::Text(right)], SqlType::Char(length)) => {
            if right.is_empty() {
                return Datum::Text(left.clone());
            }
            let missing = (*length as usize).saturating_sub(left.chars().count());
            Datum::Text(format!("{left}{}{right}", " ".repeat(missing)))
        }
        _ => Datum::Null,
    }
}
