//! `cargo xtask <chore>`: what keeps generated files and invariants true. Each chore is one module; this file only picks one.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for the project's own people"
)]

mod models;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask <chore>

  models add SERVICE…   write crates/labrun-wire/models/SERVICE.json out of botocore's model
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        ["models", "add", ref services @ ..] if !services.is_empty() => models::add(services),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

/// The repository's root, whatever the working directory.
fn root() -> std::path::PathBuf {
    let manifest = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}
