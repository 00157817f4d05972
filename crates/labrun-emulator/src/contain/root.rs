//! A root file system for one run: empty but for what was granted, everything read-only but the run's folder.
//!
//! Landlock refuses to open what was not granted, yet lets a program see that a file exists and change its mode or times.
//! With a root of its own the run cannot even name it. It also gives a `/tmp`, a `/dev/shm` and a `/proc` of the run's own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};

use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, unshare};
use nix::sys::statvfs::{FsFlags, statvfs};
use nix::unistd::pivot_root;

use super::channel::{Failure, OrFail};
use super::launch::{Launch, Layer};

/// What every program needs of the system. `/etc` only in part: names, certificates, and what Debian keeps there of Java.
pub(super) fn system_paths() -> Vec<PathBuf> {
    let fixed = [
        "/usr",
        "/bin",
        "/sbin",
        "/lib",
        "/lib32",
        "/lib64",
        "/libx32",
        "/nix/store",
        "/etc/alternatives",
        "/etc/ca-certificates",
        "/etc/crypto-policies",
        "/etc/group",
        "/etc/host.conf",
        "/etc/hosts",
        "/etc/ld.so.cache",
        "/etc/localtime",
        "/etc/mime.types",
        "/etc/nsswitch.conf",
        "/etc/passwd",
        "/etc/pki",
        "/etc/ssl",
    ];
    let java = fs::read_dir("/etc").into_iter().flatten().flatten().map(|entry| entry.path());
    let java = java.filter(|path| path.to_string_lossy().starts_with("/etc/java"));
    fixed.into_iter().map(PathBuf::from).chain(java).collect()
}

/// Devices that hold nothing; the random ones only for reading.
pub(super) const DEVICES: [&str; 5] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/// Where the run's folder keeps what the program sees as `/tmp`.
pub(super) const TMP: &str = ".tmp";

/// What multiprocessing and the like may share; a container gets the same.
const SHARED_MEMORY: &str = "size=64m,mode=1777";

/// Moves this process into the new root. It must be process 1 of its namespace, and still hold its capabilities.
pub(super) fn enter(launch: &Launch) -> Result<(), Failure> {
    let grants = Grants::of(launch).or_fail(None, "look at the granted paths")?;
    build(&grants).map_err(|(what, error)| Failure { layer: Some(Layer::Root), error: format!("{what}: {error}") })
}

type Step = Result<(), (String, io::Error)>;

/// For `map_err`: names the step that failed.
fn at<E: Into<io::Error>>(what: impl std::fmt::Display) -> impl FnOnce(E) -> (String, io::Error) {
    move |error| (what.to_string(), error.into())
}

fn build(grants: &Grants) -> Step {
    unshare(CloneFlags::CLONE_NEWNS).map_err(at("own mount namespace"))?;
    let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    mount(None::<&str>, "/", None::<&str>, private, None::<&str>).map_err(at("keep mounts private"))?;
    switch(&grants.folder)?;
    for link in &grants.links {
        symlink(&link.1, &link.0).map_err(at(link.0.display()))?;
    }
    // First, because what was granted may lie in it.
    bind(&grants.folder.join(TMP), Path::new("/tmp"), Access::Write)?;
    for path in &grants.read_only {
        bind(path, path, Access::Read)?;
    }
    bind(&grants.folder, &grants.folder, Access::Write)?;
    for (alias, path) in &grants.aliases {
        let access = if *path == grants.folder { Access::Write } else { Access::Read };
        bind(path, alias, access)?;
    }
    devices()?;
    fs::create_dir("/proc").map_err(at("/proc"))?;
    let plain = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    mount(Some("proc"), "/proc", Some("proc"), plain, None::<&str>).map_err(at("own /proc"))?;
    umount2(OLD, MntFlags::MNT_DETACH).map_err(at("let go of the old root"))?;
    fs::remove_dir(OLD).map_err(at("let go of the old root"))?;
    remount("/", MsFlags::MS_RDONLY | MsFlags::MS_NOSUID | MsFlags::MS_NODEV).map_err(at("make the root read-only"))
}

/// The old root, while the new one is filled from it.
const OLD: &str = "/.old";

/// Puts an empty file system over the run's folder (a place that exists for sure) and makes it the root.
fn switch(folder: &Path) -> Step {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(Some("root"), folder, Some("tmpfs"), flags, Some("mode=755,size=1m")).map_err(at("an empty file system"))?;
    std::env::set_current_dir(folder).map_err(at("an empty file system"))?;
    fs::create_dir(&OLD[1..]).map_err(at("a place for the old root"))?;
    pivot_root(".", &OLD[1..]).map_err(at("change the root"))?;
    std::env::set_current_dir("/").map_err(at("change the root"))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

/// Shows `source` of the old root at `target` of the new one.
fn bind(source: &Path, target: &Path, access: Access) -> Step {
    let old = within_old(source);
    let seen = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino()));
    let there = seen(&old).map_err(at(source.display()))?;
    let visible = seen(target).is_ok_and(|found| found == there);
    if visible && (access == Access::Read || writable(target)) {
        return Ok(()); // Below a folder bound before, or reached through a link.
    }
    make_place(&old, target).map_err(at(target.display()))?;
    let flags = MsFlags::MS_BIND | MsFlags::MS_REC;
    mount(Some(&old), target, None::<&str>, flags, None::<&str>).map_err(at(target.display()))?;
    let flags = match access {
        Access::Read => MsFlags::MS_RDONLY | MsFlags::MS_NOSUID,
        Access::Write => MsFlags::MS_NOSUID | MsFlags::MS_NODEV,
    };
    remount(target, flags).map_err(at(target.display()))
}

fn writable(path: &Path) -> bool {
    statvfs(path).is_ok_and(|found| !found.flags().contains(FsFlags::ST_RDONLY))
}

fn within_old(path: &Path) -> PathBuf {
    Path::new(OLD).join(path.strip_prefix("/").unwrap_or(path))
}

/// Something to mount on: a folder for a folder, a file for anything else.
fn make_place(source: &Path, target: &Path) -> io::Result<()> {
    if source.is_dir() {
        return fs::DirBuilder::new().recursive(true).mode(0o755).create(target);
    }
    if let Some(parent) = target.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o755).create(parent)?;
    }
    if target.exists() { Ok(()) } else { fs::write(target, "") }
}

/// Changes the flags of one mount. Flags that came with it stay: in a user namespace they are locked.
fn remount(target: impl AsRef<Path>, flags: MsFlags) -> io::Result<()> {
    let now = statvfs(target.as_ref())?.flags();
    let kept = [
        (FsFlags::ST_NODEV, MsFlags::MS_NODEV),
        (FsFlags::ST_NOEXEC, MsFlags::MS_NOEXEC),
        (FsFlags::ST_NOSUID, MsFlags::MS_NOSUID),
        (FsFlags::ST_RDONLY, MsFlags::MS_RDONLY),
    ];
    let kept = kept.into_iter().filter(|(is, _)| now.contains(*is)).map(|(_, flag)| flag);
    let flags = kept.fold(flags | MsFlags::MS_BIND | MsFlags::MS_REMOUNT, |all, flag| all | flag);
    Ok(mount(None::<&str>, target.as_ref(), None::<&str>, flags, None::<&str>)?)
}

/// `/dev` with the few devices that hold nothing, the usual links, and shared memory of the run's own.
fn devices() -> Step {
    for device in DEVICES {
        let device = Path::new(device);
        make_place(&within_old(device), device).map_err(at(device.display()))?;
        let flags = MsFlags::MS_BIND;
        mount(Some(&within_old(device)), device, None::<&str>, flags, None::<&str>).map_err(at(device.display()))?;
    }
    let links = [("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")];
    for (name, target) in links {
        symlink(target, Path::new("/dev").join(name)).map_err(at(name))?;
    }
    fs::create_dir("/dev/shm").map_err(at("/dev/shm"))?;
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    mount(Some("shm"), "/dev/shm", Some("tmpfs"), flags, Some(SHARED_MEMORY)).map_err(at("/dev/shm"))
}

/// The granted paths, looked at while the old root is still the root.
struct Grants {
    /// `/bin -> usr/bin` and the like.
    links: Vec<(PathBuf, PathBuf)>,
    /// Where they really lie. Sorted, so that a folder comes before what lies in it.
    read_only: BTreeSet<PathBuf>,
    /// Other names by which they were granted, through links.
    aliases: BTreeMap<PathBuf, PathBuf>,
    /// The run's folder, where it really lies.
    folder: PathBuf,
}

impl Grants {
    fn of(launch: &Launch) -> io::Result<Grants> {
        let folder = real(&launch.folder)?;
        let (links, read_only, aliases) = (root_links()?, BTreeSet::new(), BTreeMap::new());
        let mut grants = Grants { links, read_only, aliases, folder };
        for path in system_paths().iter().filter(|path| path.exists()).chain(&launch.read_only) {
            let real = real(path)?;
            if real != *path {
                grants.aliases.insert(path.clone(), real.clone());
            }
            grants.read_only.insert(real);
        }
        if grants.folder != launch.folder {
            grants.aliases.insert(launch.folder.clone(), grants.folder.clone());
        }
        Ok(grants)
    }
}

fn real(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize().map_err(|error| io::Error::other(format!("{}: {error}", path.display())))
}

/// Links that stand directly in the root, such as `/bin`, or `/home` on some systems.
fn root_links() -> io::Result<Vec<(PathBuf, PathBuf)>> {
    let entries = fs::read_dir("/")?.flatten().map(|entry| entry.path());
    Ok(entries.filter_map(|path| Some((path.clone(), fs::read_link(&path).ok()?))).collect())
}
