//! Functions of JSON (functions/json). The small paths of `json_extract` are [`path`].

mod array;
mod extract;
mod path;
pub(crate) mod standard;
mod value;

use super::Library;

pub(super) fn register(library: &mut Library) {
    array::register(library);
    extract::register(library);
    value::register(library);
}
