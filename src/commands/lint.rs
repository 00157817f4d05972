//! `labrun lint`: every fault of labs, solutions, mutants and question banks, at once.

use std::path::Path;

use crate::cli::Lint;
use crate::document::diagnostic::{Diagnostic, Faults, Severity};
use crate::engine::banks::{self, Read};
use crate::engine::{content, home};
use crate::exit::{Exit, Failure, Outcome};
use crate::lab::plan::counted;
use crate::quiz::bank::Item;
use crate::quiz::coverage;
use crate::quiz::lint::{self, Surroundings};
use crate::ui::Ui;

pub(super) fn run(args: Lint) -> Outcome {
    let ui = Ui { json: super::json(args.format.format) };
    let (labs, banks) = chosen(&args.content)?;
    let mut found = Vec::new();
    for name in &labs {
        found.extend(super::content_named(name)?.lint());
    }
    found.extend(lint_banks(&banks));
    ui.diagnostics(&found);
    let faults = found.iter().filter(|fault| fault.severity == Severity::Error).count();
    let warnings = found.len() - faults;
    let of: Vec<String> = [(labs.len(), "lab"), (banks.len(), "bank")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| counted(count, noun))
        .collect();
    let said = if faults == 0 { "no faults".to_owned() } else { counted(faults, "fault") };
    let warned = if warnings == 0 { String::new() } else { format!(", {}", counted(warnings, "warning")) };
    ui.say(&format!("{}: {said}{warned}", of.join(", ")));
    if let Some(file) = &args.coverage {
        write_coverage(file)?;
    }
    Ok(if faults == 0 { Exit::Done } else { Exit::NotYet })
}

/// What is named, labs and banks apart; all where nothing is.
fn chosen(names: &[String]) -> Result<(Vec<String>, Vec<Read>), Failure> {
    if names.is_empty() {
        return Ok((content::ids().into_iter().map(str::to_owned).collect(), banks::all()));
    }
    let (mut labs, mut chosen) = (Vec::new(), Vec::new());
    for name in names {
        match banks::find(name) {
            Ok(bank) => chosen.push(bank),
            Err((message, _)) if name.ends_with(".toml") => return Err(Failure::new(message)),
            // A name that no bank has is a lab's; if there is none either, that is said.
            Err(_) => labs.push(name.clone()),
        }
    }
    Ok((labs, chosen))
}

fn lint_banks(banks: &[Read]) -> Vec<Diagnostic> {
    let embedded = banks::all();
    let checks = checks();
    let today = home::today();
    let mut found = Vec::new();
    for read in banks {
        let others = embedded.iter().filter(|other| other.bank.id.value != read.bank.id.value);
        let others: Vec<&Item> = others.flat_map(|other| &other.bank.items).collect();
        let name = Path::new(&read.file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let has_check = |check: &str| checks.iter().any(|known| known == check);
        let faults = Faults::new(&read.file, &read.source);
        lint::bank(&read.bank, &faults, &Surroundings { name: &name, today: &today, has_check: &has_check, others: &others });
        let mut own = read.faults.clone();
        own.extend(faults.finish());
        own.sort_by_key(|fault| (fault.line, fault.column));
        found.extend(own);
    }
    found
}

/// Every check of every lab, as items name it.
fn checks() -> Vec<String> {
    let mut checks = Vec::new();
    for content in content::ids().into_iter().filter_map(|id| content::find(id).ok()) {
        let lab = &content.lab;
        let of = |task: &crate::lab::file::Task| -> Vec<String> {
            task.checks.iter().map(|check| format!("{}/{}.{}", lab.id.value, task.id.value, check.id.value)).collect()
        };
        checks.extend(lab.tasks.iter().flat_map(of));
    }
    checks
}

fn write_coverage(file: &Path) -> Result<(), Failure> {
    let labs: Vec<(String, Vec<String>)> = content::ids()
        .into_iter()
        .filter_map(|id| content::find(id).ok())
        .map(|content| (content.lab.id.value.clone(), content.lab.skills.iter().map(|skill| skill.value.clone()).collect()))
        .collect();
    let table = coverage::table(&banks::library(), &labs);
    std::fs::write(file, table).map_err(|error| Failure::new(format!("`{}`: {error}", file.display())))
}
