//! `cargo xtask <chore>`: what keeps generated files and invariants true. Each chore is one module; this file only picks one.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the project's own people")]

mod coverage;
mod models;
mod spark_jar;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask <chore>

  models add SERVICE…   write crates/labrun-wire/models/SERVICE.json out of botocore's model
  coverage              write the coverage table of SEMANTICS.md
  spark-jar             build runtimes/spark/labrun-spark.jar (needs javac)
  tidy                  check what no compiler checks
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        ["models", "add", ref services @ ..] if !services.is_empty() => models::add(services),
        ["coverage"] => coverage::write(),
        ["spark-jar"] => spark_jar::build(),
        ["tidy"] => tidy::run(),
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
