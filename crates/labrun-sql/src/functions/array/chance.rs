//! `shuffle`: another order at each call.

use super::sets::items;
use crate::datum::Datum;
use crate::functions::Library;
use crate::functions::math::random_bits;

pub(super) fn register(library: &mut Library) {
    library
        .values("shuffle(array(T)) -> array(T)", |_, values| {
            let mut items = items(&values[0]).to_vec();
            for end in (1..items.len()).rev() {
                items.swap(end, (random_bits() % (end as u64 + 1)) as usize);
            }
            Ok(Datum::Array(items))
        })
        .volatile();
}
