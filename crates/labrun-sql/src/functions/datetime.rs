//! Dates, times and timestamps: their parts, arithmetic and text (functions/datetime).

mod add;
mod convert;
mod diff;
mod duration;
mod fields;
mod format;
mod iso;
mod joda;
mod mysql;
mod part;
mod read;
mod truncate;
mod unit;
mod unix;
mod write;

use super::Library;

pub(super) fn register(library: &mut Library) {
    part::register(library);
    truncate::register(library);
    add::register(library);
    diff::register(library);
    unix::register(library);
    iso::register(library);
    duration::register(library);
    convert::register(library);
    format::register(library);
}
