//! A fault in a content file: where it is, what is wrong, what to do. Collected, never thrown: readers go on.
//!
//! Rendering is left to `ui`.

use std::cell::RefCell;
use std::ops::Range;

/// One fault, complete in itself: whoever shows it needs no access to the file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Diagnostic {
    pub severity: Severity,
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// How many characters the caret covers, at least one.
    pub width: usize,
    /// The line of the file that `line` names.
    pub text: String,
    pub message: String,
    /// What stands beside the caret.
    pub label: Option<String>,
    pub hint: Option<String>,
}

/// Whether the file is wrong, or only worth a look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    #[default]
    Error,
    Warning,
}

/// Collects the faults of one file.
pub(crate) struct Faults<'s> {
    file: &'s str,
    source: &'s str,
    list: RefCell<Vec<Diagnostic>>,
}

/// What is said about a fault, before its place is known.
#[derive(Debug, Default)]
pub(crate) struct Fault {
    severity: Severity,
    message: String,
    label: Option<String>,
    hint: Option<String>,
}

impl Fault {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Fault { message: message.into(), ..Fault::default() }
    }

    pub(crate) fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds "did you mean" where one of `known` is close to `typed`.
    pub(crate) fn did_you_mean<'k>(self, typed: &str, known: impl IntoIterator<Item = &'k str>) -> Self {
        match closest(typed, known) {
            Some(name) => self.hint(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

impl<'s> Faults<'s> {
    pub(crate) fn new(file: &'s str, source: &'s str) -> Self {
        Faults { file, source, list: RefCell::default() }
    }

    pub(crate) fn source(&self) -> &'s str {
        self.source
    }

    pub(crate) fn add(&self, span: Range<usize>, fault: Fault) {
        let start = span.start.min(self.source.len());
        let before = &self.source[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let text = self.source[line_start..].lines().next().unwrap_or_default();
        let column = self.source[line_start..start].chars().count() + 1;
        let width = self.source[start..span.end.clamp(start, self.source.len())].lines().next().unwrap_or_default();
        self.list.borrow_mut().push(Diagnostic {
            severity: fault.severity,
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            column,
            width: width.chars().count().max(1),
            text: text.to_owned(),
            message: fault.message,
            label: fault.label,
            hint: fault.hint,
        });
    }

    /// All faults, in the order of the file.
    pub(crate) fn finish(self) -> Vec<Diagnostic> {
        let mut list = self.list.into_inner();
        list.sort_by_key(|fault| (fault.line, fault.column));
        list
    }
}

/// The name of `known` that someone who typed `typed` most likely meant.
pub(crate) fn closest<'k>(typed: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let limit = (typed.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&typed.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
