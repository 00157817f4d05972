//! `labrun quiz export` and `import`: banks for and from other programs.

use std::path::Path;

use crate::cli::ExportTo;
use crate::engine::banks;
use crate::exit::{Exit, Failure, Outcome};
use crate::quiz::{anki, gift};
use crate::ui::Ui;

pub(super) fn export(bank: &str, to: ExportTo) -> Outcome {
    let read = banks::find(bank).map_err(|(message, hint)| hint.into_iter().fold(Failure::new(message), Failure::hint))?;
    let text = match to {
        ExportTo::Gift => gift::write(&read.bank),
        ExportTo::Anki => anki::write(&read.bank),
    };
    Ui::default().data(text.trim_end());
    Ok(Exit::Done)
}

/// The new bank goes to standard output; what GIFT has no words for is marked `TODO` there, and lint asks for it.
pub(super) fn import(file: &Path, id: &str) -> Outcome {
    let ui = Ui::default();
    let name = file.display().to_string();
    let source = std::fs::read_to_string(file).map_err(|error| Failure::new(format!("`{name}`: {error}")))?;
    let (text, faults) = gift::read(&name, &source, id);
    ui.diagnostics(&faults);
    if !faults.is_empty() {
        return Ok(Exit::NotYet);
    }
    ui.data(text.trim_end());
    ui.say("Skills, facts, pages and dates are not in a GIFT file: `labrun lint <bank>.toml` names what is to be filled in.");
    Ok(Exit::Done)
}
