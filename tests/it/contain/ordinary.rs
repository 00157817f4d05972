//! The same tests as an ordinary user, where they were started as root.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::support::{LAUNCHER, Place, launcher};

/// Nobody: as on a laptop, a user who owns what they run and cannot become another.
const ORDINARY: u32 = 65534;

#[test]
fn everything_again_as_an_ordinary_user() {
    if !nix::unistd::getuid().is_root() {
        // All the others run as one now; what they cannot show is that we really are.
        assert!(fs::read("/etc/shadow").is_err());
        return;
    }
    let place = Place::new();
    // The build folder may lie where only root can go.
    let tests = copy(&std::env::current_exe().expect("this binary"), &place.path("tests"));
    let launcher = copy(&launcher(), &place.path("launcher"));
    let home = place.folder("home");
    let output = Command::new(tests)
        .args(["contain::", "--skip", "everything_again", "--test-threads", "2"])
        .uid(ORDINARY)
        .gid(ORDINARY)
        .current_dir(&home)
        .env(LAUNCHER, launcher)
        .env("HOME", &home)
        .output()
        .expect("runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    let passed = text.lines().find_map(|line| line.strip_prefix("test result: ok. ")?.split_once(" passed"));
    let passed: u32 = passed.and_then(|(count, _)| count.parse().ok()).expect("a result line");
    assert!(passed > 25, "most of it ran: {text}");
}

fn copy(from: &Path, to: &Path) -> std::path::PathBuf {
    fs::copy(from, to).expect("copied");
    fs::set_permissions(to, fs::Permissions::from_mode(0o755)).expect("for all");
    to.to_owned()
}
