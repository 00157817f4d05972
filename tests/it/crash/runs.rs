//! Glue runs: one that is under way when the emulator is killed has failed with a reason, no process of it is left, and its
//! bookmark is the old one or the new one, at every point where it could be neither.

use std::process::Command;

use aws_sdk_glue::types::{JobCommand, JobRun, JobRunState, WorkerType};
use aws_sdk_s3::primitives::ByteStream;
use tokio::runtime::Runtime;

use super::runtime;
use crate::support::{Emulator, Ended, Sandbox, heavy, learner, sdk, spark, until, with_word};

const BUCKET: &str = "crash";

/// Where a run is when the emulator is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    Starting,
    Reading,
    Writing,
    BeforeCommit,
    AfterCommit,
}

const POINTS: [Point; 5] = [Point::Starting, Point::Reading, Point::Writing, Point::BeforeCommit, Point::AfterCommit];

impl Point {
    /// The job of its own, so that each point has a bookmark of its own.
    fn job(self) -> String {
        format!("{self:?}")
    }

    fn input(self, name: &str) -> String {
        format!("in/{self:?}/{name}")
    }

    fn output(self, run: &str) -> String {
        format!("out/{self:?}/{run}/")
    }

    fn has_written(self) -> bool {
        matches!(self, Point::BeforeCommit | Point::AfterCommit)
    }
}

#[test]
fn one_under_way_has_failed_and_its_bookmark_is_whole() {
    spark();
    let _turn = heavy();
    let mut emulator = Emulator::start();
    let sandbox = emulator.sandbox("judged");
    let runtime = runtime();
    make_role(&emulator, &sandbox);
    Cloud::of(&runtime, &emulator, &sandbox).provision();
    for point in POINTS {
        let cloud = Cloud::of(&runtime, &emulator, &sandbox);
        let run = cloud.start(point);
        match point {
            Point::Starting => until("the run has a log", || has_log(&emulator, &sandbox, &run)),
            _ => until("the run gets there", || cloud.reached(point, &run)),
        }
        emulator.kill();
        let folder = emulator.home.path().join("runs").display().to_string();
        until("no process of it is left", || with_word(&folder).is_empty().then_some(()));
        emulator.restart();
        Cloud::of(&runtime, &emulator, &sandbox).is_as_after_a_crash(point, &run);
    }
    Cloud::of(&runtime, &emulator, &sandbox).next_runs_are_right();
}

/// The SDK for IAM is no dependency of ours: the CLI makes the role.
pub(super) fn make_role(emulator: &Emulator, sandbox: &Sandbox) {
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"glue.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    let mut command: Command = emulator.home.command(&learner().join("venv/bin/aws"));
    command.args(["iam", "create-role", "--role-name", "worker", "--assume-role-policy-document", trust]);
    command.env("AWS_ACCESS_KEY_ID", &sandbox.key).env("AWS_SECRET_ACCESS_KEY", &sandbox.secret);
    command.env("AWS_DEFAULT_REGION", "us-east-1").env("AWS_ENDPOINT_URL", emulator.endpoint());
    let ended = Ended::of(command);
    assert_eq!(ended.code, Some(0), "{}", ended.said());
}

/// The sandbox, as long as its emulator lives.
struct Cloud<'r> {
    runtime: &'r Runtime,
    s3: aws_sdk_s3::Client,
    glue: aws_sdk_glue::Client,
}

impl<'r> Cloud<'r> {
    fn of(runtime: &'r Runtime, emulator: &Emulator, sandbox: &Sandbox) -> Self {
        let s3 = runtime.block_on(sdk::s3(emulator, sandbox));
        let glue = runtime.block_on(sdk::glue(emulator, sandbox));
        Cloud { runtime, s3, glue }
    }

    fn put(&self, key: &str, bytes: &'static [u8]) {
        let put = self.s3.put_object().bucket(BUCKET).key(key).body(ByteStream::from_static(bytes));
        self.runtime.block_on(put.send()).expect("an object");
    }

    /// A bucket with the script; a job for each point, with two files to read.
    fn provision(&self) {
        self.runtime.block_on(self.s3.create_bucket().bucket(BUCKET).send()).expect("a bucket");
        self.put("job.py", include_bytes!("job.py"));
        for point in POINTS {
            self.put(&point.input("a.json"), b"{\"id\": 1}\n{\"id\": 2}\n");
            self.put(&point.input("b.json"), b"{\"id\": 3}\n{\"id\": 4}\n");
            let command = JobCommand::builder().name("glueetl").script_location(format!("s3://{BUCKET}/job.py")).build();
            let make = self.glue.create_job().name(point.job()).role("worker").command(command).glue_version("5.0");
            let make = make.worker_type(WorkerType::G1X).number_of_workers(2).default_arguments("--bucket", BUCKET);
            let make =
                make.default_arguments("--job-bookmark-option", "job-bookmark-enable").default_arguments("--point", "None");
            self.runtime.block_on(make.send()).expect("a job");
        }
    }

    fn start(&self, point: Point) -> String {
        let start = self.glue.start_job_run().job_name(point.job()).arguments("--point", point.job());
        self.runtime.block_on(start.send()).expect("a run").job_run_id.expect("its id")
    }

    /// Whether the script says that it is there. A run that has ended never will.
    fn reached(&self, point: Point, run: &str) -> Option<()> {
        let shown = self.run(point, run);
        assert!(is_live(&shown), "{point:?}: {shown:?}");
        let head = self.s3.head_object().bucket(BUCKET).key(format!("reached/{}", point.job()));
        self.runtime.block_on(head.send()).ok().map(drop)
    }

    fn run(&self, point: Point, run: &str) -> JobRun {
        let got = self.runtime.block_on(self.glue.get_job_run().job_name(point.job()).run_id(run).send());
        got.expect("an answer").job_run.expect("the run")
    }

    fn ended(&self, point: Point, run: &str) -> JobRun {
        until("the run has ended", || Some(self.run(point, run)).filter(|run| !is_live(run)))
    }

    /// The run has failed with a reason, wrote all or nothing, and moved its bookmark only if its commit was answered.
    fn is_as_after_a_crash(&self, point: Point, run: &str) {
        let ended = self.ended(point, run);
        assert_eq!(ended.job_run_state(), Some(&JobRunState::Failed), "{point:?}: {ended:?}");
        assert!(ended.error_message().is_some_and(|reason| reason.contains("emulator was stopped")), "{point:?}: {ended:?}");
        assert_eq!(self.ids(point, run), if point.has_written() { vec![1, 2, 3, 4] } else { vec![] }, "{point:?}");
        let bookmark = self.runtime.block_on(self.glue.get_job_bookmark().job_name(point.job()).send());
        let committed = bookmark.ok().and_then(|got| got.job_bookmark_entry).and_then(|entry| entry.run_id);
        assert_eq!(committed.as_deref(), (point == Point::AfterCommit).then_some(run), "{point:?}");
    }

    /// Runs every job once more, all at once: what was not committed is read again, what was is not.
    fn next_runs_are_right(&self) {
        let start = |point: Point| {
            let started = self.runtime.block_on(self.glue.start_job_run().job_name(point.job()).send());
            (point, started.expect("a run").job_run_id.expect("its id"))
        };
        for (point, run) in POINTS.map(start) {
            let ended = self.ended(point, &run);
            assert_eq!(ended.job_run_state(), Some(&JobRunState::Succeeded), "{point:?}: {ended:?}");
            assert_eq!(self.ids(point, &run), if point == Point::AfterCommit { vec![] } else { vec![1, 2, 3, 4] }, "{point:?}");
        }
    }

    /// What a run wrote, sorted.
    fn ids(&self, point: Point, run: &str) -> Vec<u64> {
        let listed = self.s3.list_objects_v2().bucket(BUCKET).prefix(point.output(run));
        let listed = self.runtime.block_on(listed.send()).expect("a listing");
        let mut ids = Vec::new();
        for object in listed.contents() {
            let got = self.s3.get_object().bucket(BUCKET).key(object.key().expect("a key"));
            let got = self.runtime.block_on(got.send()).expect("an object");
            let bytes = self.runtime.block_on(got.body.collect()).expect("its bytes").into_bytes();
            let rows = std::str::from_utf8(&bytes).expect("text").lines();
            ids.extend(
                rows.map(|row| serde_json::from_str::<serde_json::Value>(row).expect("a row")["id"].as_u64().expect("an id")),
            );
        }
        ids.sort_unstable();
        ids
    }
}

/// A run makes its streams first; then it waits for a process, and is in STARTING until that has begun the script.
fn has_log(emulator: &Emulator, sandbox: &Sandbox, run: &str) -> Option<()> {
    let made = |event: &serde_json::Value| {
        event["operation"] == "CreateLogStream" && event["parameters"].as_str().is_some_and(|text| text.contains(run))
    };
    emulator.trail(sandbox).iter().any(made).then_some(())
}

fn is_live(run: &JobRun) -> bool {
    matches!(run.job_run_state(), Some(JobRunState::Starting | JobRunState::Running | JobRunState::Stopping))
}
