//! `reduce`: the lambda is called once for all first items, then for all second ones, ..

use datafusion::arrow::array::{Array, ArrayRef, UInt32Array};
use datafusion::arrow::compute::{concat, take};

use super::items::Items;
use crate::fault::Outcome;
use crate::functions::call::Bound;
use crate::functions::{Call, Library};

pub(super) fn register(library: &mut Library) {
    library.columns("reduce(array(T), S, function(S, T, S), function(S, R)) -> R", reduce);
}

fn reduce(call: &Call) -> Outcome<ArrayRef> {
    let items = Items::of(&call.columns[0])?;
    let order = longest_first(&items.lengths);
    let state = fold(call.lambda(0)?, &items, &order, &call.columns[1])?;
    let made = call.lambda(1)?.call(&[state], &order)?;
    let mut places = vec![None; call.rows];
    for (at, row) in order.iter().enumerate() {
        let valid = items.nulls.as_ref().is_none_or(|nulls| nulls.is_valid(*row as usize));
        places[*row as usize] = valid.then_some(at as u32);
    }
    Ok(take(&made, &UInt32Array::from(places), None)?)
}

/// Rows by the length of their arrays: those that go on are always the first ones.
fn longest_first(lengths: &[usize]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..lengths.len() as u32).collect();
    order.sort_by_key(|row| std::cmp::Reverse(lengths[*row as usize]));
    order
}

/// The last state of each row, in this order of rows.
fn fold(lambda: &Bound, items: &Items, order: &[u32], initial: &ArrayRef) -> Outcome<ArrayRef> {
    let starts = items.starts();
    let mut state = take(initial, &UInt32Array::from_iter_values(order.iter().copied()), None)?;
    // Ended ones, the last row first.
    let mut ended: Vec<ArrayRef> = Vec::new();
    for step in 0.. {
        let active = order.partition_point(|row| items.lengths[*row as usize] > step);
        ended.push(state.slice(active, state.len() - active));
        if active == 0 {
            break;
        }
        let places = order[..active].iter().map(|row| (starts[*row as usize] + step) as u32);
        let now = take(&items.values, &UInt32Array::from_iter_values(places), None)?;
        state = lambda.call(&[state.slice(0, active), now], &order[..active])?;
    }
    let parts: Vec<&dyn Array> = ended.iter().rev().map(AsRef::as_ref).collect();
    Ok(concat(&parts)?)
}
