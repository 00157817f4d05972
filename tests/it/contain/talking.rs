//! What goes in and out: environment, control socket, descriptors, the way to the emulator, exit and its words.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use labrun_emulator::contain::{ContainError, Exit, Layer, Network, spawn};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::support::{Place, finish, patient, python, run};

#[tokio::test]
async fn the_environment_is_exactly_what_was_given() {
    let place = Place::new();
    let mut launch = python(&place, "");
    launch.program = "/usr/bin/env".into();
    launch.args = vec!["-0".into()];
    let given = launch.env.clone();
    let outcome = run(launch).await;
    let seen = outcome.stdout.split_terminator('\0').map(|line| line.split_once('=').expect("a variable"));
    let seen: BTreeMap<String, String> = seen.map(|(name, value)| (name.into(), value.into())).collect();
    assert_eq!(seen, given);
}

#[tokio::test]
async fn secrets_of_the_environment_stand_in_no_command_line_of_the_tree() {
    let place = Place::new();
    let mut launch = python(&place, "import sys\nsys.stdin.read()");
    launch.env.insert("SECRET".into(), "swordfish-7".into());
    let contained = patient(spawn(launch)).await.expect("starts");
    let command_lines = std::fs::read_dir("/proc").expect("processes").flatten();
    let command_lines = command_lines.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
    let command_lines: Vec<String> = command_lines.map(|line| String::from_utf8_lossy(&line).into_owned()).collect();
    assert!(command_lines.iter().any(|line| line.contains("__contain")), "the supervisor is there");
    assert!(!command_lines.iter().any(|line| line.contains("swordfish-7")));
    contained.run.kill("done");
    finish(contained).await;
}

#[tokio::test]
async fn no_other_descriptor_reaches_the_program() {
    let place = Place::new();
    // As inherited from a careless shell: without close-on-exec.
    let leaked = nix::unistd::dup(std::io::stderr()).expect("a descriptor that exec keeps");
    let script = "import os\nprint(sorted(map(int, os.listdir('/proc/self/fd')))[:-1])";
    for launch in [python(&place, script).without(Layer::Namespaces)] {
        let outcome = run(launch).await;
        assert_eq!(outcome.stdout, "[0, 1, 2]\n", "{outcome:?}");
    }
    drop(leaked);
}

#[tokio::test]
async fn the_control_socket_works_both_ways_and_ends_with_the_program() {
    let place = Place::new();
    let script = "
import socket
control = socket.socket(fileno=0)
with control.makefile('rw', buffering=1) as lines:
    print(lines.readline().strip())
    lines.write('{\"event\":\"started\"}\\n')
";
    let mut contained = patient(spawn(python(&place, script))).await.expect("starts");
    patient(contained.control.write_all(b"{\"script\":\"job.py\"}\n")).await.expect("writes");
    let mut answer = String::new();
    patient(contained.control.read_to_string(&mut answer)).await.expect("reads to the end");
    assert_eq!(answer, "{\"event\":\"started\"}\n");
    assert_eq!(finish(contained).await.stdout, "{\"script\":\"job.py\"}\n");
}

#[tokio::test]
async fn the_exposed_port_leads_to_the_emulator() {
    let place = Place::new();
    // Without a network namespace the run meets this one instead: the emulator's own port.
    let outside = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = outside.local_addr().expect("bound").port();
    let script = format!(
        "
import socket
with socket.create_connection(('127.0.0.1', {port}), timeout=10) as s:
    s.sendall(b'question')
    s.shutdown(socket.SHUT_WR)
    print(s.makefile().read())
"
    );
    let mut launch = python(&place, &script);
    launch.network = Network::Loopback { expose: port, own_ports: None };
    let mut contained = patient(spawn(launch)).await.expect("starts");
    assert_eq!(contained.listener.is_some(), contained.run.enforcement().enforces(Layer::Namespaces));
    let listener = contained.listener.take().unwrap_or(outside);
    let server = std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().expect("the run connects");
        let mut question = String::new();
        connection.read_to_string(&mut question).expect("reads");
        connection.write_all(b"answer").expect("writes");
        question
    });
    assert_eq!(finish(contained).await.stdout, "answer\n");
    assert_eq!(server.join().expect("served"), "question");
}

#[tokio::test]
async fn without_a_network_no_socket_can_be_made() {
    let place = Place::new();
    let script = "
import socket
try: socket.socket()
except OSError as error: print(error.strerror)
";
    let mut launch = python(&place, script);
    launch.network = Network::None;
    let contained = patient(spawn(launch)).await.expect("starts");
    let refused = contained.run.enforcement().enforces(Layer::Seccomp);
    assert!(contained.listener.is_none());
    let expected = if refused { "Operation not permitted\n" } else { "" };
    assert_eq!(finish(contained).await.stdout, expected);
}

#[tokio::test]
async fn exit_codes_and_signals_come_back_in_words() {
    let place = Place::new();
    let cases = [
        ("raise SystemExit(7)", Exit::Code(7), ""),
        ("import os; os.abort()", Exit::Signal(6), "SIGABRT"),
        ("import ctypes; ctypes.string_at(1)", Exit::Signal(11), "SIGSEGV"),
        ("import os; os.kill(os.getpid(), 9)", Exit::Signal(9), "SIGKILL"),
        ("import os; os.kill(os.getpid(), 15)", Exit::Signal(15), "The run ended by signal SIGTERM."),
    ];
    let launch = python(&place, "");
    for (script, exit, words) in cases {
        std::fs::write(launch.folder.join("script.py"), script).expect("the script");
        for launch in [launch.clone(), launch.clone().without(Layer::Namespaces)] {
            let outcome = run(launch).await;
            assert_eq!(outcome.ended.exit, exit, "{script}: {outcome:?}");
            assert!(outcome.reason().contains(words), "{script}: {outcome:?}");
            assert_eq!(outcome.reason().is_empty(), words.is_empty(), "{script}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn a_program_that_is_not_there_is_an_error_of_the_launch() {
    let place = Place::new();
    for mut launch in [python(&place, ""), python_again(&place).without(Layer::Namespaces)] {
        launch.program = "/usr/bin/no-such-program".into();
        match patient(spawn(launch)).await.map(|_| ()) {
            Err(ContainError::Launch(error)) => {
                assert!(error.contains("/usr/bin/no-such-program"), "{error}")
            }
            other => panic!("{other:?}"),
        }
    }
}

fn python_again(place: &Place) -> labrun_emulator::contain::Launch {
    let mut launch = labrun_emulator::contain::Launch::new(super::support::PYTHON, place.folder("again"));
    launch = launch.launcher(super::support::launcher());
    launch
}

#[tokio::test]
async fn a_granted_path_that_is_missing_is_an_error_of_the_launch() {
    let place = Place::new();
    let mut launch = python(&place, "");
    launch.read_only = vec![place.path("missing")];
    match patient(spawn(launch)).await.map(|_| ()) {
        Err(ContainError::Launch(error)) => assert!(error.contains("missing"), "{error}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_crowd_of_runs_stays_apart() {
    let place = Place::new();
    let script = "
import os, socket
server = socket.create_server(('127.0.0.1', 4040))
print(len([name for name in os.listdir('/proc') if name.isdigit()]) < 10)
";
    let launch = python(&place, script);
    let report = labrun_emulator::contain::report_of(&super::support::launcher()).await;
    if !report.enforces(Layer::Root) {
        // Nothing sets them apart here, and that is said.
        assert!(report.missing().any(|says| says.starts_with("A run can see")), "{report:?}");
        return;
    }
    let runs: Vec<_> = (0..8).map(|_| tokio::spawn(run(launch.clone()))).collect();
    for outcome in runs {
        let outcome = outcome.await.expect("ran");
        assert_eq!(outcome.stdout, "True\n", "{outcome:?}");
    }
}
