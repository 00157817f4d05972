//! Functions of text (functions/string, functions/conversion).

mod bytes;
mod concatenate;
mod distance;
mod format;
mod letters;
mod maps;
mod numbers;
mod pad;
mod parts;
mod search;
mod slice;
mod stem;
mod trim;

pub(crate) use concatenate::{arrays, with_item};
pub(crate) use search::place as place_of;

use super::Library;

pub(super) fn register(library: &mut Library) {
    letters::register(library);
    pad::register(library);
    trim::register(library);
    slice::register(library);
    search::register(library);
    parts::register(library);
    maps::register(library);
    concatenate::register(library);
    bytes::register(library);
    distance::register(library);
    stem::register(library);
    format::register(library);
    numbers::register(library);
}
