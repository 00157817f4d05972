//! The only code that writes to the terminal: data to stdout, talk to stderr, color only where it adds to words.

pub(crate) mod columns;
pub(crate) mod diagnostics;
pub(crate) mod printer;
pub(crate) mod progress;
pub(crate) mod score;
pub(crate) mod theme;

pub(crate) use printer::Ui;
