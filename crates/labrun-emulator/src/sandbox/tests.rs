//! Laws of the sandbox: all or nothing, durable, forked, in order, at least once, and never back in time.

use std::sync::Mutex as StdMutex;
use std::time::Duration;

use super::*;
use crate::registry::Service;
use outbox::Task;

const NOTES: Table<String> = Table::new("test.notes", Scope::Regional);
/// What the test service did, in order, with the sandbox's time.
const DONE: Table<i64> = Table::new("test.done", Scope::Regional);

/// A service whose tasks write down when they ran. `slow` takes a moment and then has one more done, due at once.
fn service() -> Service {
    Service::new("test").task("Note", note).task("Slow", slow).task("Hang", hang)
}

async fn note(cx: Cx, task: Task) {
    let name = task.payload.as_str().unwrap_or_default().to_owned();
    let name = if task.redelivered() { format!("{name} again") } else { name };
    cx.write(|tx| {
        let now = tx.now().millis();
        tx.put(&DONE, &name, now);
        Ok(())
    })
    .unwrap();
}

async fn slow(cx: Cx, task: Task) {
    tokio::time::sleep(Duration::from_millis(120)).await;
    note(cx.clone(), task).await;
    tokio::time::sleep(Duration::from_millis(5)).await;
    cx.write(|tx| {
        tx.later("test", "Note", "child".into(), "child".into());
        Ok(())
    })
    .unwrap();
}

async fn hang(cx: Cx, task: Task) {
    if task.redelivered() {
        return note(cx, task).await;
    }
    std::future::pending().await
}

fn shared() -> Shared {
    Shared { registry: Arc::new(Registry::new(vec![service()])), keys: Arc::default(), emulator: Weak::new() }
}

fn descriptor() -> Descriptor {
    Descriptor {
        id: "s".into(),
        kind: Kind::Session,
        account: "400000000001".into(),
        region: "us-east-1".into(),
        access_key_id: "AKIALRTEST".into(),
        secret_access_key: "secret".into(),
        user_arn: "arn:aws:iam::400000000001:user/learner".into(),
        time_scale: 1.0,
    }
}

fn caller() -> Arc<Caller> {
    Arc::new(Caller::service("400000000001", "us-east-1"))
}

struct World {
    folder: tempfile::TempDir,
    shared: Shared,
    sandbox: Arc<Sandbox>,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let shared = shared();
        let sandbox = Sandbox::create(&folder.path().join("s"), descriptor(), shared.clone()).unwrap();
        World { folder, shared, sandbox }
    }

    fn put(&self, key: &str, text: &str) {
        put(&self.sandbox, key, text);
    }

    /// Leaves the sandbox as a killed process would, and opens it anew.
    fn killed(self) -> Self {
        let World { folder, shared, sandbox } = self;
        sandbox.outbox.hold(true);
        // The file is one process's alone; what a killed one held is free.
        *sandbox.lock_writer() = None;
        drop(sandbox);
        let sandbox = Sandbox::open(&folder.path().join("s"), shared.clone()).unwrap();
        World { folder, shared, sandbox }
    }
}

fn put(sandbox: &Arc<Sandbox>, key: &str, text: &str) {
    sandbox
        .write(&caller(), |tx| {
            tx.put(&NOTES, key, text.to_owned());
            Ok(())
        })
        .unwrap();
}

fn notes(sandbox: &Arc<Sandbox>) -> Vec<(String, String)> {
    let list = |tx: &Tx| Ok(tx.list(&NOTES, "").into_iter().map(|(key, note)| (key, (*note).clone())).collect());
    sandbox.read(&caller(), list).unwrap()
}

/// Names in the order of their times.
fn done(sandbox: &Arc<Sandbox>) -> Vec<(String, i64)> {
    let mut done: Vec<(String, i64)> =
        sandbox.read(&caller(), |tx| Ok(tx.list(&DONE, "").into_iter().map(|(key, time)| (key, *time)).collect())).unwrap();
    done.sort_by_key(|(_, time)| *time);
    done
}

#[tokio::test]
async fn a_write_that_fails_changes_nothing() {
    let world = World::new();
    let before = world.sandbox.commit();
    let failed: AwsResult<()> = world.sandbox.write(&caller(), |tx| {
        tx.put(&NOTES, "a", "x".to_owned());
        tx.later("test", "Note", "never".into(), "never".into());
        Err(AwsError::new("No", "no"))
    });
    assert!(failed.is_err());
    assert!(notes(&world.sandbox).is_empty());
    assert_eq!(world.sandbox.commit(), before);
    assert!(world.sandbox.busy().is_empty());
}

#[tokio::test]
async fn an_acknowledged_write_survives_the_process() {
    let world = World::new();
    world.put("a", "x");
    world.put("b", "y");
    let commit = world.sandbox.commit();
    let world = world.killed();
    assert_eq!(notes(&world.sandbox), [("a".into(), "x".into()), ("b".into(), "y".into())]);
    assert!(world.sandbox.commit() > commit, "what was kept of before must not look fresh");
    assert!(world.shared.keys.find("AKIALRTEST").is_some());
}

#[tokio::test]
async fn scopes_part_accounts_and_regions() {
    let world = World::new();
    world.put("a", "x");
    let elsewhere = Arc::new(Caller::service("400000000001", "eu-west-1"));
    assert!(world.sandbox.read(&elsewhere, |tx| Ok(tx.list(&NOTES, "").is_empty())).unwrap());
}

#[tokio::test]
async fn a_fork_goes_its_own_way_and_answers_to_its_own_keys() {
    let world = World::new();
    world.put("a", "x");
    let fork = world.sandbox.fork(&world.folder.path().join("f"), "f".into()).await.unwrap();
    put(&fork, "a", "changed");
    world.put("b", "y");
    assert_eq!(notes(&world.sandbox), [("a".into(), "x".into()), ("b".into(), "y".into())]);
    assert_eq!(notes(&fork), [("a".into(), "changed".into())]);
    let (inherited, _) = world.shared.keys.find("AKIALRTEST").unwrap();
    assert_eq!(inherited.id(), "s");
    let (own, _) = world.shared.keys.find(&fork.descriptor().access_key_id).unwrap();
    assert_eq!(own.id(), "f");
    fork.close().await;
    assert!(world.shared.keys.find(&fork.descriptor().access_key_id).is_none());
    assert!(world.shared.keys.find("AKIALRTEST").is_some());
}

#[tokio::test]
async fn a_task_is_delivered_once_and_leaves_the_outbox() {
    let world = World::new();
    world
        .sandbox
        .write(&caller(), |tx| {
            tx.later("test", "Note", "one".into(), "one".into());
            Ok(())
        })
        .unwrap();
    while !world.sandbox.busy().is_empty() {
        world.sandbox.task_ended(Duration::from_secs(5)).await;
    }
    assert_eq!(done(&world.sandbox).len(), 1);
    assert_eq!(done(&world.sandbox)[0].0, "one");
}

#[tokio::test]
async fn what_ran_when_the_process_died_is_delivered_again_and_told_so() {
    let world = World::new();
    world
        .sandbox
        .write(&caller(), |tx| {
            tx.later("test", "Hang", "hanging".into(), "hanging".into());
            Ok(())
        })
        .unwrap();
    while world.sandbox.outbox.is_idle() {
        tokio::task::yield_now().await;
    }
    world.sandbox.outbox.stop_all().await;
    let world = world.killed();
    while done(&world.sandbox).is_empty() {
        world.sandbox.task_ended(Duration::from_secs(5)).await;
    }
    assert_eq!(done(&world.sandbox)[0].0, "hanging again");
}

#[tokio::test]
async fn advance_fires_in_order_and_waits_for_what_it_started() {
    let world = World::new();
    let start = world.sandbox.now();
    world
        .sandbox
        .write(&caller(), |tx| {
            tx.at(start.plus_millis(7_200_000), "test", "Note", "second".into());
            tx.at(start.plus_millis(3_600_000), "test", "Slow", "first".into());
            tx.at(start.plus_millis(90_000_000), "test", "Note", "tomorrow".into());
            Ok(())
        })
        .unwrap();
    let fired = world.sandbox.advance(86_400_000).await.unwrap();
    assert_eq!(fired, ["test Slow", "child", "test Note"]);
    let done = done(&world.sandbox);
    let names: Vec<&str> = done.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["first", "child", "second"]);
    let after = |at: usize| done[at].1 - start.millis();
    assert!((3_600_100..3_660_000).contains(&after(0)), "the slow one takes real time from its due time on: {}", after(0));
    assert!((7_200_000..7_260_000).contains(&after(2)), "{}", after(2));
    let passed = world.sandbox.now().millis() - start.millis();
    assert!((86_400_000..86_460_000).contains(&passed), "{passed}");
    assert_eq!(world.sandbox.pending().len(), 1);
}

#[tokio::test]
async fn a_clock_never_goes_back_and_keeps_its_offset() {
    let world = World::new();
    world.sandbox.advance(1000).await.unwrap();
    let offset = world.sandbox.offset();
    world.sandbox.advance(-5000).await.unwrap();
    assert!(world.sandbox.offset() >= offset);
    world.sandbox.advance(3_600_000).await.unwrap();
    let offset = world.sandbox.offset();
    let world = world.killed();
    assert_eq!(world.sandbox.offset(), offset);
}

#[tokio::test]
async fn reset_leaves_the_learner_and_nothing_else() {
    let world = World::new();
    world.put("a", "x");
    world.sandbox.advance(60_000).await.unwrap();
    let commit = world.sandbox.commit();
    world.sandbox.reset().await.unwrap();
    assert!(notes(&world.sandbox).is_empty());
    assert_eq!(world.sandbox.offset(), 0);
    assert!(world.sandbox.commit() > commit, "a kept answer of before must not look fresh");
    assert!(world.shared.keys.find("AKIALRTEST").is_some());
}

#[tokio::test]
async fn state_of_a_newer_labrun_is_refused_by_name() {
    let world = World::new();
    let folder = world.folder.path().join("s");
    *world.sandbox.lock_writer() = None;
    let connection = rusqlite::Connection::open(folder.join("state.db")).unwrap();
    connection.execute("UPDATE meta SET value = '999' WHERE name = 'format'", []).unwrap();
    drop(connection);
    let fault = Sandbox::open(&folder, shared()).err().unwrap().to_string();
    assert!(fault.contains("newer labrun (format 999)"), "{fault}");
}

/// `fixtures/state-1` was written by the first release's format; every later one must open it.
#[tokio::test]
async fn a_state_of_format_1_opens() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = include_bytes!("../../tests/fixtures/state-1.db");
    std::fs::write(folder.path().join("state.db"), bytes).unwrap();
    let sandbox = Sandbox::open(folder.path(), shared()).unwrap();
    assert_eq!(sandbox.descriptor().account, "400000000001");
    assert_eq!(notes(&sandbox), [("a".into(), "x".into())]);
}

/// Writers of different keys run at once on all cores and none is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_writers_lose_nothing() {
    let world = World::new();
    let counted = Arc::new(StdMutex::new(0));
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let (sandbox, counted) = (Arc::clone(&world.sandbox), Arc::clone(&counted));
            tokio::spawn(async move {
                for at in 0..50 {
                    put(&sandbox, &format!("{writer}/{at}"), "x");
                    *counted.lock().unwrap() += 1;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(*counted.lock().unwrap(), 400);
    assert_eq!(notes(&world.sandbox).len(), 400);
}
