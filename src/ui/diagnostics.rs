//! Shows the faults of content files, each with its line and a caret.

use owo_colors::Stream;

use super::Ui;
use super::theme::{Mark, bold, dim, paint};
use crate::document::diagnostic::{Diagnostic, Severity};

impl Ui {
    /// All faults, in order.
    pub(crate) fn diagnostics(&self, faults: &[Diagnostic]) {
        if self.json {
            return self.json(&faults);
        }
        for fault in faults {
            self.say(&rendered(fault));
        }
    }
}

/// ```text
/// error: `lab` has no member `minuts`
///   labs/x/lab.toml:7:1
/// 7 | minuts = 5
///   | ^^^^^^ unknown
///
/// hint: did you mean `minutes`?
/// ```
fn rendered(fault: &Diagnostic) -> String {
    let style = |text: &str, style| paint(text, style, Stream::Stderr);
    let number = fault.line.to_string();
    let gutter = " ".repeat(number.len());
    let text = fault.text.replace('\t', " ");
    let (word, mark) = match fault.severity {
        Severity::Error => ("error:", Mark::Red),
        Severity::Warning => ("warning:", Mark::Note),
    };
    let carets = style(&"^".repeat(fault.width), mark.style());
    let label = fault.label.as_deref().map(|label| format!(" {label}")).unwrap_or_default();
    let hint = fault.hint.as_deref().map(|hint| format!("\n{} {hint}\n", style("hint:", bold()))).unwrap_or_default();
    format!(
        "{} {}\n{gutter} {}\n{} {text}\n{} {}{carets}{label}\n{hint}",
        style(word, mark.style()),
        fault.message,
        style(&format!("{}:{}:{}", fault.file, fault.line, fault.column), dim()),
        style(&format!("{number} |"), dim()),
        style(&format!("{gutter} |"), dim()),
        " ".repeat(fault.column - 1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_has_its_line_a_caret_and_a_hint() {
        let fault = Diagnostic {
            severity: Severity::Error,
            file: "labs/x/lab.toml".into(),
            line: 31,
            column: 5,
            width: 6,
            text: "    minuts = 5".into(),
            message: "`lab` has no member `minuts`".into(),
            label: Some("unknown".into()),
            hint: Some("did you mean `minutes`?".into()),
        };
        owo_colors::set_override(false);
        assert_eq!(
            rendered(&fault),
            "\
error: `lab` has no member `minuts`
   labs/x/lab.toml:31:5
31 |     minuts = 5
   |     ^^^^^^ unknown

hint: did you mean `minutes`?
"
        );
        owo_colors::unset_override();
    }
}
