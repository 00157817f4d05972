//! Each limit stops a run with its own sentence, and what the kernel limits fails inside as it does anywhere.

use std::time::Duration;

use labrun_emulator::contain::{Exit, Layer, spawn};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::support::{Place, finish, patient, python, run};

#[tokio::test]
async fn memory_of_the_whole_tree() {
    let place = Place::new();
    let script = "
import os, time
for _ in range(3): os.fork()
mine = []
while True:
    mine.append(b'x' * (4 << 20)); time.sleep(0.01)
";
    let mut launch = python(&place, script);
    launch.limits.memory_bytes = 256 << 20;
    let outcome = run(launch).await;
    assert_eq!(outcome.reason(), "The run used more than 256 MiB of memory and was stopped.", "{outcome:?}");
    assert!(outcome.ended.peak_memory > 256 << 20, "{outcome:?}");
}

#[tokio::test]
async fn shared_memory_counts_once() {
    let place = Place::new();
    let script = "
import os, time
big = b'x' * (120 << 20)
for _ in range(2):
    os.fork()
time.sleep(0.7)
print('done')
";
    let mut launch = python(&place, script);
    launch.limits.memory_bytes = 256 << 20;
    let outcome = run(launch).await;
    assert_eq!((outcome.ended.exit, outcome.ended.reason.clone()), (Exit::Code(0), None), "{outcome:?}");
    assert!(outcome.ended.peak_memory > 120 << 20, "{outcome:?}");
}

#[tokio::test]
async fn wall_time_from_the_start() {
    let place = Place::new();
    let mut launch = python(&place, "import time\ntime.sleep(600)");
    launch.limits.wall = Some(Duration::from_millis(400));
    let outcome = run(launch).await;
    assert_eq!(outcome.reason(), "The run took longer than 400 milliseconds and was stopped.");
    assert_eq!(outcome.ended.exit, Exit::Signal(9));
}

#[tokio::test]
async fn wall_time_starts_when_the_emulator_says_so_and_can_be_stopped() {
    let place = Place::new();
    let script = "
import socket, time
control = socket.socket(fileno=0)
control.recv(1)
time.sleep(0.6)
control.sendall(b'2')
control.recv(1)
";
    let mut contained = patient(spawn(python(&place, script))).await.expect("starts");
    contained.run.start_clock(Duration::from_millis(300));
    contained.run.stop_clock();
    patient(contained.control.write_all(b"1")).await.expect("it listens");
    // Twice the limit later, but the clock stands.
    assert_eq!(patient(contained.control.read_u8()).await.expect("it goes on"), b'2');
    contained.run.start_clock(Duration::from_millis(300));
    let outcome = finish(contained).await;
    assert_eq!(outcome.reason(), "The run took longer than 300 milliseconds and was stopped.", "{outcome:?}");
}

#[tokio::test]
async fn processor_time_of_the_whole_tree() {
    let place = Place::new();
    let script = "
import os
os.fork()
while True:
    if os.fork() == 0:
        for _ in range(10**6): pass
        os._exit(0)
    os.wait()
";
    let mut launch = python(&place, script);
    launch.limits.cpu_seconds = 1;
    let outcome = run(launch).await;
    assert_eq!(outcome.reason(), "The run used more than 1 second of processor time and was stopped.", "{outcome:?}");
    assert!(outcome.ended.cpu >= Duration::from_secs(1), "{outcome:?}");
}

#[tokio::test]
async fn size_of_the_folder() {
    let place = Place::new();
    let script = "
import os
os.makedirs('a/b')
for number in range(10**6):
    with open(f'a/b/{number}', 'wb') as file: file.write(bytes(1 << 20))
";
    let mut launch = python(&place, script);
    launch.limits.folder_bytes = 8 << 20;
    let outcome = run(launch).await;
    assert_eq!(outcome.reason(), "The run kept more than 8 MiB in its folder and was stopped.", "{outcome:?}");
}

#[tokio::test]
async fn output_on_both_streams_together() {
    let place = Place::new();
    let script = "
import sys
while True:
    sys.stdout.write('o' * 1000); sys.stdout.flush(); sys.stderr.write('e' * 1000)
";
    let mut launch = python(&place, script);
    launch.limits.output_bytes = 64 << 10;
    let outcome = run(launch).await;
    assert_eq!(outcome.reason(), "The run wrote more than 64 KiB of output and was stopped.");
    assert_eq!(outcome.stdout.len() + outcome.stderr.len(), 64 << 10);
}

#[tokio::test]
async fn size_of_one_file_fails_as_an_ordinary_error() {
    let place = Place::new();
    let script = "
try:
    with open('big', 'wb') as file: file.write(bytes(2 << 20))
except OSError as error:
    print(error.strerror)
";
    let mut launch = python(&place, script);
    launch.limits.file_bytes = 1 << 20;
    let outcome = run(launch).await;
    assert_eq!((outcome.stdout.as_str(), outcome.ended.reason.as_deref()), ("File too large\n", None), "{outcome:?}");
}

#[tokio::test]
async fn open_files_fail_as_an_ordinary_error() {
    let place = Place::new();
    let script = "
files = []
try:
    while True: files.append(open('/dev/null'))
except OSError as error:
    print(error.strerror, len(files) < 64)
";
    let mut launch = python(&place, script);
    launch.limits.open_files = 64;
    assert_eq!(run(launch).await.stdout, "Too many open files True\n");
}

const FORKS: &str = "
import os, signal
signal.signal(signal.SIGCHLD, signal.SIG_DFL)
made = 0
try:
    while True:
        if os.fork() == 0:
            signal.pause()
        made += 1
except OSError as error:
    print(error.strerror, made, flush=True)
";

#[tokio::test]
async fn processes_are_limited_for_this_tree_alone() {
    let place = Place::new();
    let mut launch = python(&place, FORKS);
    launch.limits.processes = 40;
    let contained = patient(spawn(launch)).await.expect("starts");
    let by_kernel = contained.run.enforcement().enforces(Layer::Limits);
    let outcome = finish(contained).await;
    if by_kernel {
        let made = outcome.stdout.strip_prefix("Resource temporarily unavailable ").and_then(|made| made.trim().parse().ok());
        assert!(made.is_some_and(|made: u64| (35..=42).contains(&made)), "{outcome:?}");
    } else {
        assert_eq!(outcome.reason(), "The run had more than 40 processes and threads at once and was stopped.");
    }
}

#[tokio::test]
async fn processes_are_counted_where_the_kernel_cannot() {
    let place = Place::new();
    let script = FORKS.replace("made += 1", "made += 1\n        if made > 60: signal.pause()");
    let mut launch = python(&place, &script).without(Layer::Namespaces);
    launch.limits.processes = 40;
    let outcome = run(launch).await;
    assert_eq!(outcome.reason(), "The run had more than 40 processes and threads at once and was stopped.", "{outcome:?}");
}

#[tokio::test]
async fn a_single_huge_allocation_is_refused_not_made() {
    let place = Place::new();
    let script = "
try:
    b'x' * (8 << 30)
except MemoryError:
    print('refused')
";
    let mut launch = python(&place, script);
    launch.limits.memory_bytes = 1 << 30;
    assert_eq!(run(launch).await.stdout, "refused\n");
}
