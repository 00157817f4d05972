//! The `labrun` program: parse → run → exit code.
//!
//! Direction of use: `main → cli → commands → {engine, progress, ui}`, `engine → {lab, cloud}`.

mod cli;
mod cloud;
mod commands;
mod document;
mod engine;
mod exit;
mod lab;
mod progress;
mod quiz;
mod ui;
mod whole;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    if let Some(code) = commands::contain::take_over() {
        return code;
    }
    let cli = cli::Cli::parse();
    let ended = commands::run(cli);
    ended
        .unwrap_or_else(|failure| {
            ui::Ui::default().failure(&failure);
            exit::Exit::CouldNotTell
        })
        .into()
}
