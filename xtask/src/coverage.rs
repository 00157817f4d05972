//! The coverage table in SEMANTICS.md: per service what is implemented, which input members are refused, which only echoed. Asked of
//! the running code, so it can't claim more than there is.

use std::fmt::Write as _;
use std::fs;

use labrun_emulator::Coverage;

const BEGIN: &str = "<!-- coverage: written by `cargo xtask coverage` -->";
const END: &str = "<!-- end of coverage -->";

/// Writes the table.
pub(crate) fn write() -> Result<(), String> {
    let path = crate::root().join("SEMANTICS.md");
    let text = fs::read_to_string(&path).map_err(|fault| format!("SEMANTICS.md: {fault}"))?;
    fs::write(&path, replaced(&text)?).map_err(|fault| format!("SEMANTICS.md: {fault}"))
}

/// What a test has to say: members that no model knows, and a table that is not what the code says.
pub(crate) fn stale() -> Result<Vec<String>, String> {
    let mut faults: Vec<String> = labrun_emulator::coverage()
        .iter()
        .flat_map(|coverage| coverage.unknown.iter().map(|member| format!("{}: the model has no {member}", coverage.service)))
        .collect();
    let text = fs::read_to_string(crate::root().join("SEMANTICS.md")).map_err(|fault| format!("SEMANTICS.md: {fault}"))?;
    if replaced(&text)? != text {
        faults.push("SEMANTICS.md: the coverage table is stale; run `cargo xtask coverage`".to_owned());
    }
    Ok(faults)
}

fn replaced(text: &str) -> Result<String, String> {
    let (head, rest) = text.split_once(BEGIN).ok_or("SEMANTICS.md has no place for the coverage table")?;
    let (_, tail) = rest.split_once(END).ok_or("SEMANTICS.md has no end of the coverage table")?;
    Ok(format!("{head}{BEGIN}\n\n{}\n{END}{tail}", table(&labrun_emulator::coverage())))
}

fn table(coverage: &[Coverage]) -> String {
    let mut text = String::new();
    for service in coverage {
        let _ = writeln!(text, "### {}: {} of {} operations\n", service.service, service.operations.len(), service.all);
        let _ = writeln!(text, "{}\n", service.operations.join(", "));
        if !service.echoed.is_empty() {
            let _ = writeln!(text, "Only stored and returned: {}\n", service.echoed.join(", "));
        }
        let _ = writeln!(text, "| operation | members that are refused unless they ask for nothing |\n|---|---|");
        for (operation, members) in &service.refused {
            let _ = writeln!(text, "| {operation} | {} |", members.join(", "));
        }
        text.push('\n');
    }
    text
}
