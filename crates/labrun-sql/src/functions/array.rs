//! Functions of arrays, and of lambdas over them (functions/array, functions/lambda).

mod chance;
mod combinations;
mod items;
mod join;
mod matches;
mod membership;
mod reduce;
mod sequence;
mod sets;
mod shape;
mod sort;
mod transform;
mod vectors;

pub(crate) use items::{gathered, lengths, rows};
pub(crate) use membership::is_nan;
pub(crate) use sets::histogram;
pub(crate) use transform::{certain, counts};

use super::Library;

pub(super) fn register(library: &mut Library) {
    shape::register(library);
    chance::register(library);
    combinations::register(library);
    join::register(library);
    matches::register(library);
    membership::register(library);
    reduce::register(library);
    sequence::register(library);
    sets::register(library);
    sort::register(library);
    transform::register(library);
    vectors::register(library);
}
