//! The command line: exit codes, what goes to which stream, refusals with their hints, and a session from start to stop.

mod lint;
mod quiz;
mod session;

use std::net::TcpListener;

use serde_json::Value;

use crate::support::{Background, Ended, Home};

/// Runs a command line that is one text.
fn run(home: &Home, line: &str) -> Ended {
    home.run(&line.split(' ').collect::<Vec<_>>())
}

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|fault| panic!("{fault}: {}", ended.said()))
}

#[test]
fn help_and_version_are_data() {
    let home = Home::bare();
    for line in ["--help", "start --help", "cloud --help", "cloud up --help", "runtimes --help"] {
        let ended = run(&home, line);
        assert!(ended.code == Some(0) && ended.stdout.contains("Usage: labrun") && ended.stderr.is_empty(), "{}", ended.said());
    }
    assert_eq!(run(&home, "--version").stdout, format!("labrun {}\n", env!("CARGO_PKG_VERSION")));
    let listed: Vec<_> = std::fs::read_dir(home.path()).expect("the home").collect();
    assert!(listed.is_empty(), "asking leaves nothing: {listed:?}");
}

#[test]
fn what_cannot_be_told_is_exit_2_with_a_sentence_and_a_hint() {
    let home = Home::bare();
    for (line, error, hint) in [
        ("nonsense", "unrecognized subcommand 'nonsense'", "--help"),
        ("check --sesion x", "unexpected argument '--sesion'", "--session"),
        ("check", "there is no session", "labrun start"),
        ("hint", "there is no session", "labrun start"),
        ("stop", "there is no session", "labrun start"),
        ("brief --session none", "there is no session `none`", "labrun status"),
        ("start no-such-lab", "there is no lab `no-such-lab`", "labrun list"),
        ("lint no-such-lab", "there is no lab `no-such-lab`", "labrun list"),
        ("test no-such-lab", "there is no lab `no-such-lab`", "labrun list"),
        ("cloud advance soon", "`soon` is not a duration", "90s, 20m, 1h or 1d"),
        ("cloud up --iam enforce", "--iam enforce", "--iam off"),
        ("cloud up --iam warn", "--iam warn", "--iam off"),
        ("runtimes install spak", "there is no set `spak`", "did you mean `spark`?"),
    ] {
        let ended = run(&home, line);
        let right =
            ended.code == Some(2) && ended.stdout.is_empty() && ended.stderr.contains(error) && ended.stderr.contains(hint);
        assert!(right, "labrun {line}: {}", ended.said());
        assert!(!ended.stderr.contains('\u{1b}'), "no colors where nobody looks: {line}");
    }
}

#[test]
fn a_variable_that_means_nothing_is_an_error() {
    let home = Home::bare();
    for (name, hint) in [("LABRUN_HOM", "did you mean LABRUN_HOME?"), ("LABRUN_XYZZY", "it knows LABRUN_HOME")] {
        let mut command = home.labrun(["list"]);
        command.env(name, "x");
        let ended = Ended::of(command);
        assert!(ended.code == Some(2) && ended.stderr.contains(name) && ended.stderr.contains(hint), "{}", ended.said());
    }
}

#[test]
fn lists_are_for_people_and_for_scripts() {
    let home = Home::bare();
    let text = run(&home, "list");
    assert!(text.code == Some(0) && text.stdout.contains("glue-bookmarks") && text.stderr.is_empty(), "{}", text.said());
    let labs = json(&run(&home, "list --format json"));
    let lab = labs.as_array().and_then(|labs| labs.iter().find(|lab| lab["id"] == "glue-bookmarks")).expect("the lab");
    assert_eq!((&lab["total"], &lab["best"]), (&Value::from(12), &Value::from(0)));
    let sets = json(&run(&home, "runtimes list --format json"));
    let names: Vec<_> = sets.as_array().into_iter().flatten().filter_map(|set| set["set"].as_str()).collect();
    assert_eq!(names, ["spark", "learner"]);
    assert!(sets[0]["folder"].is_null(), "nothing is made in a bare home: {sets}");
    let doctor = run(&home, "doctor");
    assert!(doctor.code.is_some_and(|code| code < 2), "{}", doctor.said());
}

#[test]
fn the_emulator_comes_and_goes() {
    let emulator = Background::of(Home::bare());
    let home = &emulator.home;
    assert_eq!(run(home, "cloud status").code, Some(1), "it does not run yet");
    let up = run(home, "cloud up --port 0");
    assert_eq!(up.code, Some(0), "{}", up.said());
    let address = up.stdout.trim();
    assert!(address.starts_with("http://127.0.0.1:"), "only the address is data: {}", up.said());
    let again = run(home, "cloud up");
    assert_eq!((again.code, again.stdout.trim()), (Some(0), address), "{}", again.said());
    let status = json(&run(home, "cloud status --format json"));
    assert_eq!(status["iam"], "off");
    assert_eq!(format!("http://127.0.0.1:{}", status["port"]), address);
    let text = run(home, "cloud status");
    assert!(text.stderr.contains("policies are stored, not evaluated"), "{}", text.said());
    assert_eq!(run(home, "cloud reset").code, Some(0));
    let down = run(home, "cloud down");
    assert!(down.code == Some(0) && down.stderr.contains("stopped"), "{}", down.said());
    let none = run(home, "cloud down");
    assert!(none.code == Some(0) && none.stderr.contains("was not running"), "{}", none.said());
}

#[test]
fn a_port_that_is_taken_is_passed_by_and_said() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("bound").port();
    let emulator = Background::of(Home::bare());
    let up = run(&emulator.home, &format!("cloud up --port {port}"));
    assert!(up.code == Some(0) && up.stderr.contains(&format!("{port} was not free")), "{}", up.said());
    assert_ne!(up.stdout.trim(), format!("http://127.0.0.1:{port}"));
}
