//! The entries of a column of maps as two columns, so that a lambda is called once for all of them.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, MapArray, StructArray};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::datatypes::DataType;

use crate::fault::{Fault, Outcome};
use crate::functions::array::{gathered, lengths, rows};
use crate::sqltype::SqlType;

/// All entries one after another. A null map has none.
pub(super) struct Entries {
    pub(super) keys: ArrayRef,
    pub(super) values: ArrayRef,
    /// Of each entry, the row of its map.
    pub(super) rows: Vec<u32>,
    /// Of each map.
    pub(super) lengths: Vec<usize>,
    pub(super) nulls: Option<NullBuffer>,
}

impl Entries {
    pub(super) fn of(column: &ArrayRef) -> Outcome<Self> {
        let maps = column.as_map();
        let lengths = lengths(maps.offsets(), maps.nulls());
        let keys = gathered(maps.keys(), maps.offsets(), maps.nulls())?;
        let values = gathered(maps.values(), maps.offsets(), maps.nulls())?;
        Ok(Entries { keys, values, rows: rows(&lengths), lengths, nulls: maps.nulls().cloned() })
    }
}

/// Maps of so many entries each.
pub(super) fn map(
    keys: ArrayRef,
    values: ArrayRef,
    lengths: &[usize],
    nulls: Option<NullBuffer>,
    kind: &SqlType,
) -> Outcome<ArrayRef> {
    let DataType::Map(field, sorted) = kind.arrow() else {
        return Err(Fault::new("GENERIC_INTERNAL_ERROR", format!("{kind} is no map")));
    };
    let DataType::Struct(fields) = field.data_type().clone() else {
        return Err(Fault::new("GENERIC_INTERNAL_ERROR", "a map's entries are no rows"));
    };
    let entries = StructArray::try_new(fields, vec![keys, values], None)?;
    let offsets = OffsetBuffer::from_lengths(lengths.iter().copied());
    Ok(Arc::new(MapArray::try_new(field, offsets, entries, nulls, sorted)?))
}
