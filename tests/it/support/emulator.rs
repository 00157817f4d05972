//! A running emulator of a test's own: started, asked through its admin API, killed, started again over the same home.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStderr, Stdio};
use std::thread;

use serde_json::{Value, json};

use super::http::exchange;
use super::{Home, until};

pub(crate) struct Emulator {
    pub(crate) home: Home,
    pub(crate) port: u16,
    token: String,
    process: Child,
}

/// A sandbox, and the keys that open it.
#[derive(Clone, Debug)]
pub(crate) struct Sandbox {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) key: String,
    pub(crate) secret: String,
}

impl Emulator {
    /// In a fresh home, with the machine's requirement sets.
    pub(crate) fn start() -> Self {
        Emulator::over(Home::new())
    }

    /// In a fresh home without any set: no Spark starts, not even a stand-by.
    pub(crate) fn bare() -> Self {
        Emulator::over(Home::bare())
    }

    fn over(home: Home) -> Self {
        let mut process = launch(&home);
        let (port, token) = announced(&home, &mut process);
        Emulator { home, port, token, process }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// `kill -9`, and a new process over the same home.
    pub(crate) fn crash(&mut self) {
        self.kill();
        self.restart();
    }

    /// Starts over the home of one that was killed. Where it listens changes.
    pub(crate) fn restart(&mut self) {
        self.process = launch(&self.home);
        (self.port, self.token) = announced(&self.home, &mut self.process);
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("our child");
        self.process.wait().expect("our child");
    }

    /// Asks the admin API; an answer other than 200 fails the test.
    pub(crate) fn admin(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.ask(method, path, body);
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        exchange(self.port, &self.token, (method, path), body).unwrap_or_else(|fault| panic!("{method} {path}: {fault}"))
    }

    pub(crate) fn sandbox(&self, id: &str) -> Sandbox {
        self.sandbox_with(id, &json!({}))
    }

    /// With further members of the request (`time_scale`).
    pub(crate) fn sandbox_with(&self, id: &str, members: &Value) -> Sandbox {
        let mut body = json!({"id": id, "region": "us-east-1"});
        for (name, value) in members.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        Sandbox::of(&self.admin("POST", "sandboxes", &body))
    }

    /// What was called in a sandbox.
    pub(crate) fn trail(&self, sandbox: &Sandbox) -> Vec<Value> {
        let answer = self.admin("GET", &format!("sandboxes/{}/trail?after=0", sandbox.id), &Value::Null);
        answer["events"].as_array().cloned().unwrap_or_default()
    }
}

impl Sandbox {
    fn of(answer: &Value) -> Self {
        let text = |name: &str| answer[name].as_str().unwrap_or_else(|| panic!("no {name} in {answer}")).to_owned();
        Sandbox { id: text("id"), account: text("account"), key: text("access_key_id"), secret: text("secret_access_key") }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // One that was killed already is no fault.
        let _ended = self.process.kill();
        let _ended = self.process.wait();
        if thread::panicking() {
            let log = self.home.keep_log("test.log");
            let mut stderr = std::io::stderr();
            let _unheard = writeln!(stderr, "the emulator's log:\n{log}");
        }
        until("the home is gone", || std::fs::remove_dir_all(self.home.path()).ok());
    }
}

fn launch(home: &Home) -> Child {
    let mut command = home.labrun(["cloud", "serve", "--port", "0"]);
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts")
}

/// Waits until it says that it answers, then lets the rest of its talk go to a file.
fn announced(home: &Home, process: &mut Child) -> (u16, String) {
    let mut lines = BufReader::new(process.stderr.take().expect("piped"));
    let mut first = String::new();
    lines.read_line(&mut first).expect("a line");
    assert!(first.contains("emulator at http://127.0.0.1:"), "it said {first:?}");
    let path = home.path().join("emulator.json");
    let text = std::fs::read_to_string(&path).expect("emulator.json");
    let about: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(about["pid"], json!(process.id()));
    keep_reading(home, lines);
    let port = about["port"].as_u64().and_then(|port| u16::try_from(port).ok()).expect("a port");
    (port, about["token"].as_str().expect("a token").to_owned())
}

fn keep_reading(home: &Home, mut lines: BufReader<ChildStderr>) {
    let mut log = std::fs::File::options().create(true).append(true).open(home.path().join("test.log")).expect("a log");
    thread::spawn(move || std::io::copy(&mut lines, &mut log));
}
