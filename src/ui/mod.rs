//! The only code that writes to the terminal: data to stdout, talk to stderr, color only where it adds to words.

pub(crate) mod columns;
pub(crate) mod diagnostics;
pub(crate) mod page;
pub(crate) mod printer;
pub(crate) mod progress;
pub(crate) mod quiz;
pub(crate) mod score;
pub(crate) mod terminal;
pub(crate) mod theme;

pub(crate) use printer::Ui;
