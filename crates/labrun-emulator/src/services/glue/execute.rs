//! A run from STARTING to its end: role, script, Spark process, log, and how it went.
//!
//! Whatever happens, the run reaches a final state with a reason: the script's own end, a limit, a stop, or what failed before.

use std::sync::Arc;
use std::time::{Duration, Instant};

use labrun_wire::value::Map;
use labrun_wire::{AwsError, AwsResult, Value};
use serde_json::json;

use super::log::{self, Stream};
use super::role::{self, Role};
use super::run::{RUNS, Run, State};
use super::{arguments, bookmark};
use crate::emulator::Emulator;
use crate::engines::spark::{Driver, Event, Order};
use crate::gateway::body::Upload;
use crate::runs;
use crate::sandbox::outbox::Task;
use crate::sandbox::{Caller, Cx, Tx};

/// How a run ended.
struct End {
    state: State,
    error: Option<String>,
}

impl End {
    fn failed(reason: impl Into<String>) -> Self {
        End { state: State::Failed, error: Some(reason.into()) }
    }
}

impl From<AwsError> for End {
    fn from(fault: AwsError) -> Self {
        End::failed(format!("{} ({})", fault.message, fault.code))
    }
}

/// The task behind StartJobRun.
pub(super) async fn execute(cx: Cx, task: Task) {
    let job = task.payload["job"].as_str().unwrap_or_default();
    let row = super::run::row(job, task.payload["number"].as_u64().unwrap_or_default());
    let Ok(Some(run)) = cx.read(|tx| Ok(tx.get(&RUNS, &row))) else { return };
    if run.state.is_final() {
        return;
    }
    let mut began = None;
    let end = if task.redelivered() || run.started < cx.sandbox().opened() {
        End::failed("The emulator was stopped while this run was under way. Start the job again.")
    } else {
        match attempt(&cx, &run, &mut began).await {
            Ok(end) | Err(end) => end,
        }
    };
    let seconds =
        began.map_or(0, |began: Instant| i64::try_from(began.elapsed().as_secs_f64().round() as u64).unwrap_or_default());
    finish(&cx, &run, end, seconds);
    // The next run may follow soon, and this one's process is used up.
    if let Some(emulator) = cx.sandbox().emulator() {
        emulator.spark().warm(&emulator);
    }
}

/// Records the end; a run that was told to stop is STOPPED however it went.
fn finish(cx: &Cx, run: &Run, end: End, seconds: i64) {
    let milli_dpus = (run.capacity.dpus() * seconds as f64 * 1000.0) as u64;
    cx.sandbox().meter().count("glue.dpu-milliseconds", milli_dpus);
    let recorded = cx.write(|tx| {
        let now = tx.now();
        tx.update(&RUNS, &run.row(), |run| {
            let stopped = run.state == State::Stopping && end.state != State::Succeeded;
            run.state = if stopped { State::Stopped } else { end.state };
            run.error = if stopped { None } else { end.error };
            run.completed = Some(now);
            run.modified = now;
            run.seconds = seconds;
        });
        Ok(())
    });
    // A state that takes no write has said so to the client; the task stays in the outbox and is delivered again.
    drop(recorded);
}

async fn attempt(cx: &Cx, run: &Arc<Run>, began: &mut Option<Instant>) -> Result<End, End> {
    let emulator = cx.sandbox().emulator().ok_or_else(|| End::failed("The emulator is going down."))?;
    let role = role::assume(cx, &run.role, "GlueJobRunnerSession").map_err(End::failed)?;
    let as_role = cx.with_caller(role.caller.clone());
    let script = fetch_script(&as_role, run).await?;
    let service = cx.with_caller(Caller::service(&cx.caller().account, &cx.caller().region));
    let output = Stream::open(&service, log::OUTPUT, &run.id).await?;
    let errors = Stream::open(&service, log::ERROR, &run.id).await?;
    // A run that waits for a core can be stopped too.
    let driver = tokio::select! {
        driver = emulator.spark().driver(&emulator, &run.capacity.worker_type) => driver.map_err(|fault| End::failed(fault.to_string()))?,
        () = told_to_stop(cx, run) => return Err(End { state: State::Stopped, error: None }),
    };
    let token = format!("{}{}", run.id, cx.read(|tx| Ok(tx.ids().secret(32)))?);
    let _known = Known::register(&emulator, token.clone(), Arc::new(Context { cx: as_role, run: Arc::clone(run) }));
    if stopping(cx, run) {
        return Err(End { state: State::Stopped, error: None });
    }
    let notes: Vec<String> = arguments::idle(&run.arguments)
        .iter()
        .map(|name| format!("labrun: {name} is accepted, and nothing comes of it yet (SEMANTICS.md)."))
        .collect();
    output.put(notes).await?;
    let order = Order { line: order(cx, run, &role, &token)?, script, script_name: script_name(run).to_owned() };
    let limit = Duration::from_secs_f64(run.timeout as f64 * 60.0 / cx.sandbox().time_scale());
    Ok(follow(cx, run, Flow { driver, order, limit, output, errors }, began).await)
}

/// Scripts are text; a bigger one is none.
const MAX_SCRIPT: usize = 16 * 1024 * 1024;

async fn fetch_script(as_role: &Cx, run: &Run) -> Result<Vec<u8>, End> {
    let (bucket, key) = run.script.strip_prefix("s3://").and_then(|path| path.split_once('/')).unwrap_or_default();
    let input = Map::from([("Bucket".to_owned(), bucket.into()), ("Key".to_owned(), key.into())]);
    let missing = |fault: AwsError| {
        End::failed(format!(
            "LAUNCH ERROR | Error downloading from S3 for bucket: {bucket}, key: {key}. {} (Service: Amazon S3; Error Code: {})",
            fault.message, fault.code
        ))
    };
    let (_, download) = as_role.call("s3", "GetObject", Value::Map(input), Upload::empty()).await.map_err(missing)?;
    let mut script = Vec::new();
    if let Some(mut download) = download {
        while let Some(bytes) = download.next().await.map_err(missing)? {
            script.extend_from_slice(&bytes);
            if script.len() > MAX_SCRIPT {
                return Err(End::failed(format!("LAUNCH ERROR | The script {} is larger than 16 MiB.", run.script)));
            }
        }
    }
    Ok(script)
}

fn script_name(run: &Run) -> &str {
    run.script.rsplit('/').next().unwrap_or("script.py")
}

/// The run, as the driver's protocol has it.
fn order(cx: &Cx, run: &Run, role: &Role, token: &str) -> AwsResult<serde_json::Value> {
    let port = cx.sandbox().emulator().map_or(0, |emulator| emulator.port());
    let endpoint = format!("http://127.0.0.1:{port}");
    let region = &cx.caller().region;
    let conf = run.arguments.get("--conf").map(|text| arguments::spark_conf(text)).transpose()?.unwrap_or_default();
    Ok(json!({
        "script_name": script_name(run),
        "arguments": arguments::command_line(&run.arguments, &run.job, &run.id),
        "env": {
            "AWS_ACCESS_KEY_ID": role.access_key_id,
            "AWS_SECRET_ACCESS_KEY": role.secret_access_key,
            "AWS_SESSION_TOKEN": role.session_token,
            "AWS_DEFAULT_REGION": region,
            "AWS_REGION": region,
            "AWS_ENDPOINT_URL": endpoint,
        },
        "token": token,
        "endpoint": endpoint,
        "clock_offset_ms": cx.sandbox().offset(),
        "job": {
            "name": run.job, "run_id": run.id, "attempt": run.attempt, "glue_version": run.glue_version,
            "worker_type": run.capacity.worker_type, "workers": run.capacity.workers,
        },
        "spark_conf": conf,
    }))
}

/// Everything that a run under way is made of.
struct Flow {
    driver: Driver,
    order: Order,
    limit: Duration,
    output: Stream,
    errors: Stream,
}

/// Gives the order, follows the driver's events, and sees to it that nothing is left when it returns.
async fn follow(cx: &Cx, run: &Run, flow: Flow, began: &mut Option<Instant>) -> End {
    let Flow { mut driver, order, limit, output, errors } = flow;
    let (stdout, stderr) = driver.take_output();
    let pumps = async { tokio::join!(output.pump(stdout), errors.pump(stderr)) };
    tokio::pin!(pumps);
    let mut logs_done = false;
    if let Err(fault) = driver.give(order).await {
        return End::failed(fault.to_string());
    }
    let mut changes = cx.sandbox().changes();
    let mut deadline = Deadline::of_boot();
    let mut end = None;
    while end.is_none() {
        tokio::select! {
            event = driver.event() => match event {
                Some(Event::Started) => {
                    *began = Some(Instant::now());
                    deadline = Deadline::of_run(run, limit);
                    running(cx, run);
                }
                Some(Event::Finished { error: None }) => end = Some(End { state: State::Succeeded, error: None }),
                Some(Event::Finished { error: Some(error) }) => end = Some(End::failed(error)),
                Some(Event::Ready) => {}
                None => break,
            },
            _ = &mut pumps, if !logs_done => logs_done = true,
            () = tokio::time::sleep_until(deadline.at) => {
                driver.kill(&deadline.reason);
                end = Some(End { state: deadline.state, error: Some(deadline.reason.clone()) });
            }
            _ = changes.changed() => if stopping(cx, run) {
                driver.kill("The job run was stopped.");
                end = Some(End { state: State::Stopped, error: None });
            }
        }
    }
    let died = driver.end().await;
    if !logs_done {
        // The tree is gone, so the pipes end; what they still hold belongs to the log.
        let (out, err) = pumps.await;
        if let Err(fault) = out.and(err) {
            return end.unwrap_or_else(|| End::failed(fault.message));
        }
    }
    end.unwrap_or_else(|| End::failed(died))
}

/// When a run is ended, and how it then ended.
struct Deadline {
    at: tokio::time::Instant,
    state: State,
    reason: String,
}

impl Deadline {
    /// Spark that has not begun by then never will.
    fn of_boot() -> Self {
        let at = tokio::time::Instant::now() + Duration::from_secs(180);
        Deadline { at, state: State::Failed, reason: "Spark was not ready after three minutes.".to_owned() }
    }

    fn of_run(run: &Run, limit: Duration) -> Self {
        let reason = format!("The job run exceeded its timeout of {} minutes.", run.timeout);
        Deadline { at: tokio::time::Instant::now() + limit, state: State::Timeout, reason }
    }
}

async fn told_to_stop(cx: &Cx, run: &Run) {
    let mut changes = cx.sandbox().changes();
    while !stopping(cx, run) {
        if changes.changed().await.is_err() {
            return std::future::pending().await;
        }
    }
}

fn stopping(cx: &Cx, run: &Run) -> bool {
    let state = cx.read(|tx: &Tx| Ok(tx.get(&RUNS, &run.row()).map(|run| run.state)));
    matches!(state, Ok(Some(State::Stopping)))
}

fn running(cx: &Cx, run: &Run) {
    let moved = cx.write(|tx| {
        let now = tx.now();
        tx.update(&RUNS, &run.row(), |run| {
            if run.state == State::Starting {
                (run.state, run.modified) = (State::Running, now);
            }
        });
        Ok(())
    });
    // If this can't be written, the end can't either, and that one is told.
    drop(moved);
}

/// A run's token, good for as long as the run is.
struct Known {
    emulator: Arc<Emulator>,
    token: String,
}

impl Known {
    fn register(emulator: &Arc<Emulator>, token: String, run: Arc<dyn runs::Run>) -> Self {
        emulator.runs().add(token.clone(), run);
        Known { emulator: Arc::clone(emulator), token }
    }
}

impl Drop for Known {
    fn drop(&mut self) {
        self.emulator.runs().remove(&self.token);
    }
}

/// What a run may ask of Glue: its job's bookmark.
struct Context {
    cx: Cx,
    run: Arc<Run>,
}

impl runs::Run for Context {
    fn cx(&self) -> &Cx {
        &self.cx
    }

    fn read_bookmark(&self) -> AwsResult<serde_json::Value> {
        let run = &self.run;
        self.cx.read(|tx| {
            let at = |name: &str| match run.arguments.get(name) {
                Some(id) => bookmark::state_at(tx, &run.job, id),
                None => Ok(None),
            };
            Ok(json!({
                "option": run.bookmark_option(),
                "state": bookmark::state(tx, &run.job),
                "from": at("--job-bookmark-from")?,
                "to": at("--job-bookmark-to")?,
            }))
        })
    }

    fn write_bookmark(&self, body: &[u8]) -> AwsResult<serde_json::Value> {
        let body: serde_json::Value =
            serde_json::from_slice(body).map_err(|fault| super::error::invalid_input(fault.to_string()))?;
        if self.run.bookmark_option() != "job-bookmark-enable" {
            return Err(super::error::invalid_input("This run's bookmark does not move."));
        }
        self.cx.write(|tx| {
            bookmark::commit(tx, &self.run, body["state"].clone());
            Ok(json!({}))
        })
    }
}
