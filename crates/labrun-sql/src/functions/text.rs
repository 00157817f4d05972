//! Functions of text (functions/string).

use super::Library;
use super::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "length(varchar) -> bigint", |text: Text| -> Bigint { Ok(text.chars().count() as i64) });
    rows!(library, "lower(varchar(x)) -> varchar(x)", |text: Text| -> Text { Ok(text.to_lowercase()) });
    rows!(library, "upper(varchar(x)) -> varchar(x)", |text: Text| -> Text { Ok(text.to_uppercase()) });
    rows!(library, "reverse(varchar(x)) -> varchar(x)", |text: Text| -> Text { Ok(text.chars().rev().collect()) });
}
