//! Solutions and mutants: `steps.toml` and `mutant.toml`, `schema = 1`.
//!
//! ```toml
//! schema = 1
//! [[step]]
//! task = "see"
//! name = "first-run"
//! run = "{{job}}"                       # the same actions as in a probe
//! ```
//! A mutant is the solution with one step or one file replaced:
//! ```toml
//! schema = 1
//! title = "The script is changed but never uploaded"
//! replaces = "upload"                   # a step, by the [[step]]s here (none: it is left out); or a file that lies here
//! red = "commit.once"                   # the first check that goes red, task.check
//! because = "not-uploaded"              # the diagnosis shown
//! fails = true                          # only where a run of it is meant to FAIL
//! ```

use super::action::Action;
use super::read::{SCHEMA, read_action};
use crate::document::diagnostic::{Diagnostic, Fault, Faults};
use crate::document::node::{self, Text};
use crate::document::table::Table;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    pub task: Text,
    pub name: Text,
    pub action: Action,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mutant {
    pub title: String,
    pub replaces: Text,
    pub red: Text,
    pub because: Text,
    pub fails: bool,
    pub steps: Vec<Step>,
}

/// Reads `steps.toml`.
pub(crate) fn steps(file: &str, source: &str) -> (Vec<Step>, Vec<Diagnostic>) {
    let faults = Faults::new(file, source);
    let root = node::parse(&faults);
    let table = Table::open(&root, "steps.toml", &faults);
    table.schema(SCHEMA);
    let steps = read_steps(&table);
    for (at, step) in steps.iter().enumerate() {
        if steps[..at].iter().any(|other| other.name.value == step.name.value) {
            faults.add(step.name.span.clone(), Fault::new(format!("there are two steps named `{}`", step.name.value)));
        }
    }
    table.done();
    (steps, faults.finish())
}

/// Reads `mutant.toml`; what it replaces is judged by `check_mutant`, which knows the solution.
pub(crate) fn mutant(file: &str, source: &str) -> (Mutant, Vec<Diagnostic>) {
    let faults = Faults::new(file, source);
    let root = node::parse(&faults);
    let table = Table::open(&root, "mutant.toml", &faults);
    table.schema(SCHEMA);
    let mutant = Mutant {
        title: table.need_text("title").value,
        replaces: table.need_text("replaces"),
        red: table.need_text("red"),
        because: table.need_text("because"),
        fails: table.flag("fails").unwrap_or_default(),
        steps: read_steps(&table),
    };
    table.done();
    (mutant, faults.finish())
}

fn read_steps(table: &Table<'_>) -> Vec<Step> {
    let step = |step: Table<'_>| {
        let (task, name) = (step.need_text("task"), step.need_text("name"));
        let action = read_action(&step);
        step.done();
        Some(Step { task, name, action: action? })
    };
    table.tables("step").into_iter().filter_map(step).collect()
}
