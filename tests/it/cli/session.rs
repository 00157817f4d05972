//! A session as its learner types it: started, graded, helped, taken up again, left without a trace. What jobs do is `content`'s.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use super::{json, run};
use crate::support::{Background, Emulator, Ended, Home, Sandbox, door, heavy, learner, sdk, spark};

/// Runs in the session's folder.
fn inside(home: &Home, folder: &Path, words: &[&str]) -> Ended {
    let mut command = home.labrun(words);
    command.current_dir(folder);
    Ended::of(command)
}

#[test]
fn from_start_to_stop() {
    learner();
    spark();
    let _turn = heavy();
    let emulator = Background::of(Home::new());
    let home = &emulator.home;
    let started = run(home, "start glue-bookmarks");
    assert_eq!(started.code, Some(0), "{}", started.said());
    let talk = format!("{}{}", started.stdout, started.stderr);
    assert!(talk.contains("0/12") && talk.contains("http://127.0.0.1:"), "{}", started.said());
    let folder = home.path().join("glue-bookmarks");
    assert!(folder.join("brief.md").is_file() && folder.join("job.py").is_file());
    graded(home, &folder);
    helped(home, &folder);
    pointed_at_the_session(home, &folder);
    taken_up_again(home, &folder);
    stopped(home, &folder);
}

/// Red is no error: exit 1, and a score that scripts can read.
fn graded(home: &Home, folder: &Path) {
    let checked = inside(home, folder, &["check"]);
    assert!(checked.code == Some(1) && format!("{}{}", checked.stdout, checked.stderr).contains("0/12"), "{}", checked.said());
    // From anywhere else it is found as the only session.
    assert_eq!(run(home, "check").code, Some(1));
    let score = json(&inside(home, folder, &["check", "--format", "json"]));
    assert!(score["tasks"].as_array().is_some_and(|tasks| tasks.len() == 4), "{score}");
}

fn helped(home: &Home, folder: &Path) {
    let hint = inside(home, folder, &["hint"]);
    assert!(hint.code == Some(0) && format!("{}{}", hint.stdout, hint.stderr).contains("source folder"), "{}", hint.said());
    let brief = inside(home, folder, &["brief"]);
    assert!(brief.code == Some(0) && !brief.stdout.is_empty(), "{}", brief.said());
    let status = json(&run(home, "status --format json"));
    assert!(status.to_string().contains("glue-bookmarks"), "{status}");
}

/// The shell has an `aws` and a `python` with boto3, both of which speak to the session and read nothing of the user's.
fn pointed_at_the_session(home: &Home, folder: &Path) {
    let caller = |words: &[&str]| {
        let mut command = home.labrun(["shell", "--"]);
        // As on a machine with a real account.
        command.args(words).current_dir(folder).env("AWS_ACCESS_KEY_ID", "AKIAREAL").env("AWS_SECRET_ACCESS_KEY", "real");
        command.env("AWS_PROFILE", "production").env("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
        let ended = Ended::of(command);
        assert_eq!(ended.code, Some(0), "{}", ended.said());
        ended.stdout
    };
    let who: Value = serde_json::from_str(&caller(&["aws", "sts", "get-caller-identity"])).expect("JSON");
    let script = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])";
    assert_eq!(caller(&["python", "-c", script]).trim(), who["Arn"].as_str().expect("an ARN"));
    let account = who["Account"].as_str().expect("an account");
    assert!(account.len() == 12 && account != "000000000000", "{who}");
    let buckets = caller(&["aws", "s3", "ls"]);
    assert_eq!(buckets.lines().count(), 1, "{buckets}");
    let mut failing = home.labrun(["shell", "--", "sh", "-c", "exit 7"]);
    failing.current_dir(folder);
    assert_eq!(Ended::of(failing).code, Some(1), "what failed inside is said outside");
    let env = inside(home, folder, &["env"]);
    assert!(env.code == Some(0) && env.stdout.contains("AWS_CONFIG_FILE"), "{}", env.said());
}

/// `start` goes on with what is there, over an emulator that was stopped; a foreign folder is refused.
fn taken_up_again(home: &Home, folder: &Path) {
    std::fs::write(folder.join("notes.txt"), "mine").expect("a file");
    assert_eq!(run(home, "cloud down").code, Some(0));
    let again = run(home, "start glue-bookmarks");
    assert_eq!(again.code, Some(0), "{}", again.said());
    let sessions = json(&run(home, "status --format json"));
    assert_eq!(sessions["sessions"].as_array().map(Vec::len), Some(1), "{sessions}");
    let foreign = home.path().join("foreign");
    std::fs::create_dir(&foreign).expect("a folder");
    std::fs::write(foreign.join("work.py"), "precious").expect("a file");
    let refused = run(home, "start glue-bookmarks --dir foreign");
    assert!(refused.code == Some(2), "{}", refused.said());
    assert_eq!(std::fs::read_dir(&foreign).expect("the folder").count(), 1, "nothing was put there");
}

fn stopped(home: &Home, folder: &Path) {
    let stopped = inside(home, folder, &["stop"]);
    assert_eq!(stopped.code, Some(0), "{}", stopped.said());
    assert!(folder.join("notes.txt").is_file() && folder.join("job.py").is_file(), "the learner's files stay");
    let health = json(&run(home, "cloud status --format json"));
    assert_eq!(health["sandboxes"].as_array().map(Vec::len), Some(0), "{health}");
    assert_eq!(run(home, "check").code, Some(2), "no session is left");
}

#[test]
fn statements_run_in_the_session() {
    learner();
    let emulator = Background::of(Home::new());
    let home = &emulator.home;
    let started = run(home, "start s3-prefixes");
    assert_eq!(started.code, Some(0), "{}", started.said());
    let file = home.path().join("make.sql");
    let text = "CREATE DATABASE shop COMMENT 'one;\ntwo';\n\nCREATE EXTERNAL TABLE shop.orders (id bigint)\nLOCATION 's3://bucket/orders/';\n";
    std::fs::write(&file, text).expect("written");
    let made = home.run(&["sql", "-f", file.to_str().expect("text")]);
    assert!(made.code == Some(0) && made.stderr.contains("CREATE_TABLE: "), "{}", made.said());
    let shown = home.run(&["sql", "--database", "shop", "SHOW TABLES"]);
    assert_eq!((shown.code, shown.stdout.as_str()), (Some(0), "orders\n"), "{}", shown.said());
    let shown = json(&home.run(&["sql", "DESCRIBE shop.orders", "--format", "json"]));
    assert_eq!((shown["columns"].as_array().map(Vec::len), shown["state"].as_str()), (Some(3), Some("SUCCEEDED")), "{shown}");
    let failed = home.run(&["sql", "DROP TABLE shop.nothing"]);
    assert!(failed.code == Some(2) && failed.stderr.contains("Table not found nothing"), "{}", failed.said());
    let rows = home.run(&["sql", "SELECT 1 AS one, 'b' AS two"]);
    assert_eq!((rows.code, rows.stdout.as_str()), (Some(0), "one  two\n───  ───\n1    b\n"), "{}", rows.said());
    assert!(rows.stderr.contains("SELECT, 1 row: ") && rows.stderr.contains("0 bytes scanned"), "{}", rows.said());
    let refused = home.run(&["sql", "EXPLAIN SELECT 1"]);
    assert!(refused.code == Some(2) && refused.stderr.contains("Athena's EXPLAIN statements"), "{}", refused.said());
    let stopped = run(home, "stop");
    assert!(stopped.code == Some(0) && stopped.stderr.contains("0\u{a0}glue\u{a0}databases"), "{}", stopped.said());
}

/// Someone writes into the session's bucket whenever it is to go: AWS refuses to delete it.
#[test]
fn what_refuses_to_go_is_named_and_goes_later() {
    learner();
    let _turn = heavy();
    let emulator = Emulator::start();
    let home = &emulator.home;
    let started = run(home, "start s3-prefixes");
    assert_eq!(started.code, Some(0), "{}", started.said());
    let folder = home.path().join("s3-prefixes");
    let variables = json(&inside(home, &folder, &["env", "--format", "json"]));
    let bucket = variables["BUCKET"].as_str().expect("the lab's bucket").to_owned();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async { crawl(&sdk::glue(&emulator, &keys(&variables)).await, &bucket).await });
    let s3 = runtime.block_on(sdk::s3(&emulator, &keys(&variables)));
    // Each time the bucket is to be deleted, someone has just put something there.
    let (busy, handle) = (Arc::new(AtomicBool::new(true)), runtime.handle().clone());
    let (writes, late) = (Arc::clone(&busy), bucket.clone());
    door(home, emulator.port, move |piece| {
        let path = piece.strip_prefix("DELETE /").and_then(|rest| rest.split([' ', '?']).next());
        if writes.load(Ordering::SeqCst) && path.is_some_and(|path| path.trim_end_matches('/') == late) {
            let put = s3.put_object().bucket(&late).key("late").body(b"late".to_vec().into());
            handle.block_on(put.send()).expect("written");
        }
    });
    let refused = inside(home, &folder, &["stop"]);
    assert_eq!(refused.code, Some(2), "{}", refused.said());
    assert!(!refused.stderr.contains("left: glue"), "{}", refused.said());
    assert!(refused.stderr.contains(&format!("left: s3 buckets `{bucket}`")), "{}", refused.said());
    assert!(refused.stderr.contains("BucketNotEmpty"), "{}", refused.said());
    busy.store(false, Ordering::SeqCst);
    let stopped = inside(home, &folder, &["stop"]);
    assert!(stopped.code == Some(0) && stopped.stderr.contains("nothing is left"), "{}", stopped.said());
}

/// A crawler that runs, has a schedule and a classifier.
async fn crawl(glue: &aws_sdk_glue::Client, bucket: &str) {
    let csv = aws_sdk_glue::types::CreateCsvClassifierRequest::builder().name("csv").delimiter(";").build().expect("a name");
    glue.create_classifier().csv_classifier(csv).send().await.expect("a classifier");
    let target = aws_sdk_glue::types::S3Target::builder().path(format!("s3://{bucket}/")).build();
    let targets = aws_sdk_glue::types::CrawlerTargets::builder().s3_targets(target).build();
    let make = glue.create_crawler().name("crawler").role("none").database_name("none").targets(targets).classifiers("csv");
    make.schedule("cron(0/5 * * * ? *)").send().await.expect("a crawler");
    glue.start_crawler().name("crawler").send().await.expect("a crawl");
}

/// The keys of the session that these variables point at.
fn keys(variables: &Value) -> Sandbox {
    let file = variables["AWS_SHARED_CREDENTIALS_FILE"].as_str().expect("a file of keys");
    let text = std::fs::read_to_string(file).expect("the keys");
    let member = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix('='));
        line.expect(name).trim().to_owned()
    };
    Sandbox {
        id: String::new(),
        account: String::new(),
        key: member("aws_access_key_id"),
        secret: member("aws_secret_access_key"),
    }
}
