//! The functions of Trino: each is its signature, as Trino's documentation writes it, and a body in Trino's semantics.
//!
//! A file a group. A function is declared in one place:
//! ```text
//! rows!(library, "repeat_text(varchar, bigint) -> varchar", |text: Text, times: Bigint| -> Text { Ok(text.repeat(times as usize)) });
//! library.values("array_first(array(T)) -> T", |_, arguments| ..);
//! ```
//! `rows!` reads typed values and is null where an argument is; `values` works on [`crate::datum::Datum`]s, for what has any type.

mod aggregate;
mod array;
mod attempt;
mod binary;
mod call;
pub(crate) mod cast;
mod collect;
pub(crate) mod construct;
mod datetime;
mod extremes;
mod json;
mod library;
mod map;
mod math;
mod operators;
mod regexp;
mod rows;
mod scalar;
mod signature;
mod teradata;
mod text;
mod unique;
mod url;

pub(crate) use aggregate::{AVERAGE, WHOLE_SUM};
pub(crate) use call::{Call, Lambda};
pub(crate) use collect::Collected;
pub(crate) use json::standard as json_standard;
pub(crate) use library::{Library, library};
pub(crate) use scalar::{Body, Udf};
pub(crate) use signature::ArgumentType;

fn register(library: &mut Library) {
    aggregate::register(library);
    array::register(library);
    datetime::register(library);
    json::register(library);
    map::register(library);
    attempt::register(library);
    operators::register(library);
    math::register(library);
    text::register(library);
    regexp::register(library);
    url::register(library);
    binary::register(library);
    extremes::register(library);
    teradata::register(library);
    unique::register(library);
}
