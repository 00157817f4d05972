//! Rebuilds when a model or a patch is added: `include_dir` alone does not notice new files.

fn main() {
    println!("cargo::rerun-if-changed=models");
}
