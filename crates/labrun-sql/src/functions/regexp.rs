//! Functions of regular expressions (functions/regexp), whose syntax is Java's with look-around and references back.

mod pattern;
mod replacement;
mod search;

use super::Library;

pub(super) fn register(library: &mut Library) {
    search::register(library);
    replacement::register(library);
}
