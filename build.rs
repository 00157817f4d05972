//! Rebuilds when embedded content changes: `include_dir` alone does not notice new files.

fn main() {
    for folder in ["labs", "solutions", "runtimes"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
