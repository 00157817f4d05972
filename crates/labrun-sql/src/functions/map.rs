//! Functions of maps, and of lambdas over them (functions/map).

mod entries;
mod lambdas;
mod make;
mod parts;
mod zip;

pub(crate) use make::{Keys, multimap, put};

use super::Library;

pub(super) fn register(library: &mut Library) {
    lambdas::register(library);
    make::register(library);
    parts::register(library);
    zip::register(library);
}
