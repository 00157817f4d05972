//! Which processes are there: read from `/proc`, or told by `ps` where there is none.

use std::path::Path;
use std::process::Command;

/// Processes whose command line or working folder has this word in it.
pub(crate) fn with_word(word: &str) -> Vec<String> {
    if !Path::new("/proc/self/cmdline").exists() {
        let listed = Command::new("ps").args(["-A", "-o", "pid=,command="]).output().expect("ps");
        return String::from_utf8_lossy(&listed.stdout).lines().filter(|line| line.contains(word)).map(str::to_owned).collect();
    }
    let entries = std::fs::read_dir("/proc").expect("processes").flatten();
    // A process that ends while it is looked at has no such file any more.
    let lines = entries.filter_map(|entry| {
        let line = std::fs::read(entry.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        let folder = std::fs::read_link(entry.path().join("cwd")).unwrap_or_default();
        Some(format!("{} {line}in {}", entry.file_name().display(), folder.display())).filter(|_| !line.is_empty())
    });
    lines.filter(|line| line.contains(word)).collect()
}
