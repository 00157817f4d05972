//! Parts that need no contained process: sentences, messages, filters, sizes, and the plain child of other systems.
//!
//! What runs are held to is tested from outside, with the real binary (`tests/it/contain/`).

use std::collections::BTreeMap;
use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::channel::{Command, Facts, Order, receive, send};
use super::contained::Exit;
use super::launch::{Launch, Layer, Layers, Network};
use super::report::Enforcement;
use super::{plain, seccomp, watch, words};

#[test]
fn sizes_and_times_read_well() {
    let sizes = [0, 300, 1 << 10, 3 << 19, 4 << 30].map(words::size);
    assert_eq!(sizes, ["0 bytes", "300 bytes", "1 KiB", "1.5 MiB", "4 GiB"]);
    let times = [0, 250, 1000, 90_000, 600_000].map(Duration::from_millis).map(words::time);
    assert_eq!(times, ["0 seconds", "250 milliseconds", "1 second", "90 seconds", "10 minutes"]);
}

#[test]
fn ordinary_exits_need_no_words_and_unknown_signals_still_get_some() {
    assert_eq!(words::exit(Exit::Code(1)), None);
    assert_eq!(words::exit(Exit::Signal(15)).as_deref(), Some("The run ended by signal SIGTERM."));
    assert_eq!(words::exit(Exit::Signal(63)).as_deref(), Some("The run ended by signal 63."));
}

#[test]
fn a_message_carries_its_descriptors_and_the_whole_launch() {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let (mut written, carried) = UnixStream::pair().unwrap();
    let mut launch = Launch::new("/usr/bin/python3", "/folder").without(Layer::Seccomp);
    launch.env = BTreeMap::from([("LARGE".to_owned(), "x".repeat(1 << 20))]);
    launch.network = Network::Loopback { expose: 4566, own_ports: Some((1, 2)) };
    let sender = std::thread::spawn(move || send(&ours, &Order::Supervise(launch), &[carried.as_fd()]).unwrap());
    let (order, fds) = receive::<Order>(&theirs).unwrap().unwrap();
    sender.join().unwrap();
    let Order::Supervise(launch) = order else { panic!("another order") };
    assert_eq!(launch.env["LARGE"].len(), 1 << 20);
    assert_eq!(launch.layers, Layers { seccomp: false, ..Layers::default() });
    let carried = UnixStream::from(fds.into_iter().next().unwrap());
    written.write_all(b"through").unwrap();
    drop(written);
    assert_eq!(std::io::read_to_string(carried).unwrap(), "through");
}

#[test]
fn a_closed_channel_is_an_end_and_half_a_message_is_an_error() {
    let (ours, theirs) = UnixStream::pair().unwrap();
    drop(ours);
    assert!(receive::<Command>(&theirs).unwrap().is_none());
    let (mut ours, theirs) = UnixStream::pair().unwrap();
    ours.write_all(&9u32.to_ne_bytes()).unwrap();
    drop(ours);
    assert!(receive::<Command>(&theirs).is_err());
}

#[test]
fn without_namespaces_there_is_no_private_root() {
    let mut layers = Layers::default();
    layers.remove(Layer::Namespaces);
    assert_eq!(layers, Layers { namespaces: false, root: false, ..Layers::default() });
    assert_eq!(layers.and(Layers { landlock: false, ..Layers::default() }), Layers { landlock: false, ..layers });
}

#[test]
fn filters_compile_and_are_stricter_without_a_network() {
    let loopback = Network::Loopback { expose: 4566, own_ports: None };
    let [with, clone3] = seccomp::programs(&loopback).unwrap();
    let [without, same] = seccomp::programs(&Network::None).unwrap();
    assert_eq!(clone3, same);
    assert!(with.len() > without.len(), "rules for kinds of sockets against none at all");
    // The kernel takes no longer ones (BPF_MAXINSNS).
    assert!(with.len() < 4096);
}

#[test]
fn the_folder_counts_blocks_and_does_not_follow_links() {
    let folder = std::env::temp_dir().join(format!("contain-size-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("sub")).unwrap();
    std::fs::write(folder.join("sub/file"), vec![1; 1 << 20]).unwrap();
    std::os::unix::fs::symlink("/", folder.join("everything")).unwrap();
    let size = watch::folder_size(&folder);
    std::fs::remove_dir_all(&folder).unwrap();
    assert!((1 << 20..2 << 20).contains(&size), "{size}");
    assert_eq!(watch::folder_size(Path::new("/no/such/folder")), 0);
}

#[test]
fn the_report_names_what_is_missing_and_why() {
    let all = Facts {
        uid: 65534,
        dropped: true,
        namespaces: true,
        root: true,
        landlock_abi: 6,
        seccomp: true,
        process_limit: true,
        ..Facts::default()
    };
    assert!(Enforcement::of(&all, &[]).complete());
    let old_kernel = Facts { landlock_abi: 2, namespaces: false, root: false, process_limit: false, ..all };
    let report = Enforcement::of(&old_kernel, &[(Layer::Namespaces, "unshare: not permitted".to_owned())]);
    let missing: Vec<&str> = report.missing().collect();
    assert_eq!(missing.len(), 4, "{missing:?}");
    assert!(missing[0].contains("(unshare: not permitted)") && missing[0].contains("6.7"), "{missing:?}");
    assert!(missing[2].contains("could kill its supervisor"), "{missing:?}");
}

#[tokio::test]
async fn the_plain_child_of_other_systems_talks_and_ends() {
    let mut launch = Launch::new("/bin/sh", std::env::temp_dir());
    launch.args = ["-c", "read line; echo \"$line $GIVEN\"; exit 3"].map(str::to_owned).into();
    launch.env = BTreeMap::from([("GIVEN".to_owned(), "value".to_owned())]);
    let mut child = plain::spawn(launch).await.unwrap();
    child.control.write_all(b"hello\n").await.unwrap();
    let mut text = String::new();
    child.stdout.read_to_string(&mut text).await.unwrap();
    assert_eq!((text.as_str(), child.run.wait().await.exit), ("hello value\n", Exit::Code(3)));
    assert!(!child.run.enforcement().layers.is_empty() && child.run.enforcement().missing().count() == 7);
}

#[tokio::test]
async fn the_plain_child_is_stopped_by_time_output_and_command() {
    let launch = |script: &str| {
        let mut launch = Launch::new("/bin/sh", std::env::temp_dir());
        launch.args = vec!["-c".to_owned(), script.to_owned()];
        launch
    };
    let mut slow = launch("sleep 600");
    slow.limits.wall = Some(Duration::from_millis(50));
    let mut child = plain::spawn(slow).await.unwrap();
    assert_eq!(child.run.wait().await.reason.unwrap(), "The run took longer than 50 milliseconds and was stopped.");
    let mut loud = launch("while :; do echo y; done");
    loud.limits.output_bytes = 10;
    let mut child = plain::spawn(loud).await.unwrap();
    let mut text = String::new();
    child.stdout.read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "y\ny\ny\ny\ny\n");
    assert_eq!(child.run.wait().await.reason.unwrap(), "The run wrote more than 10 bytes of output and was stopped.");
    let mut child = plain::spawn(launch("sleep 600")).await.unwrap();
    child.run.kill("Stopped by hand.");
    assert_eq!(child.run.wait().await.reason.unwrap(), "Stopped by hand.");
}
