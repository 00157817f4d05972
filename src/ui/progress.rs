//! A line that moves while something long goes on; on a terminal only.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Ui;
use super::theme::Mark;

/// Shown until it is dropped or `done`.
pub(crate) struct Running {
    ui: Ui,
    label: String,
    bar: ProgressBar,
}

impl Ui {
    /// Something whose end cannot be told.
    pub(crate) fn spinner(&self, label: &str, message: &str) -> Running {
        self.running(label, message, ProgressBar::new_spinner(), "  {spinner} {prefix:12}{wide_msg}{elapsed:>6}")
    }

    /// Something that grows to about `total` megabytes.
    pub(crate) fn bar(&self, label: &str, total: u64) -> Running {
        self.running(
            label,
            "",
            ProgressBar::new(total),
            "  {spinner} {prefix:12}{msg:20} {bar:24} {pos:>5}/~{len} MB {elapsed:>6}",
        )
    }

    fn running(&self, label: &str, message: &str, bar: ProgressBar, template: &str) -> Running {
        let hidden = self.json || !std::io::IsTerminal::is_terminal(&std::io::stderr());
        bar.set_draw_target(if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() });
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━━ ").tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ "));
        }
        bar.set_prefix(label.to_owned());
        bar.set_message(message.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Running { ui: *self, label: label.to_owned(), bar }
    }
}

impl Running {
    pub(crate) fn at(&self, message: &str, position: u64) {
        if self.bar.message() != message && self.bar.is_hidden() {
            self.ui.step(Mark::Open, &self.label, message);
        }
        self.bar.set_message(message.to_owned());
        self.bar.set_position(position.min(self.bar.length().unwrap_or(position)));
    }

    /// Replaces the moving line by a finished one.
    pub(crate) fn done(self, text: &str) {
        let seconds = self.bar.elapsed().as_secs_f64();
        self.bar.finish_and_clear();
        self.ui.step(Mark::Done, &self.label, &format!("{text}   {seconds:.1} s"));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
