//! `labrun lint`: every fault of labs, solutions and mutants, at once.

use crate::cli::Lint;
use crate::engine::content;
use crate::exit::{Exit, Outcome};
use crate::lab::plan::counted;
use crate::ui::Ui;

pub(super) fn run(args: Lint) -> Outcome {
    let ui = Ui { json: super::json(args.format.format) };
    let names = if args.labs.is_empty() { content::ids().into_iter().map(str::to_owned).collect() } else { args.labs };
    let mut faults = Vec::new();
    for name in &names {
        faults.extend(super::content_named(name)?.lint());
    }
    ui.diagnostics(&faults);
    ui.say(&format!(
        "{}: {}",
        counted(names.len(), "lab"),
        if faults.is_empty() { "no faults".to_owned() } else { counted(faults.len(), "fault") }
    ));
    Ok(if faults.is_empty() { Exit::Done } else { Exit::NotYet })
}
