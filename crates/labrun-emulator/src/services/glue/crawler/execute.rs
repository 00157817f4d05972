//! A crawl from RUNNING to READY: role, listing, reading, classifying, writing. Whatever happens, it ends with a reason.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use labrun_wire::{AwsError, AwsResult};

use super::super::classify::{Custom, Found, Unread, classify};
use super::super::{classifier, role};
use super::apply::Writer;
use super::catalog::{Database, text};
use super::configuration::Configuration;
use super::crawl::{CRAWLS, Crawl, Outcome, row};
use super::definition::{Recrawl, Target};
use super::layout::{self, File, Planned, Rules};
use super::plan;
use super::report::{Changes, Log};
use super::source::{self, Object};
use super::{CRAWLERS, Crawler, State, find};
use crate::sandbox::outbox::Task;
use crate::sandbox::{Cx, Tx};

/// How a crawl ended before its time.
enum End {
    Stopped,
    Failed(String),
}

impl From<AwsError> for End {
    fn from(fault: AwsError) -> Self {
        End::Failed(format!("{} ({})", fault.message, fault.code))
    }
}

/// What a crawl leaves.
struct Done {
    changes: Changes,
    folders: BTreeSet<String>,
}

/// The task behind StartCrawler.
pub(super) async fn execute(cx: Cx, task: Task) {
    let name = task.payload["crawler"].as_str().unwrap_or_default();
    let row = row(name, task.payload["number"].as_u64().unwrap_or_default());
    let Ok(Some(crawl)) = cx.read(|tx| Ok(tx.get(&CRAWLS, &row))) else { return };
    if crawl.outcome != Outcome::Running {
        return;
    }
    let began = Instant::now();
    let mut log = Log::open(&cx, &crawl).await;
    let end = match &mut log {
        _ if task.redelivered() || crawl.started < cx.sandbox().opened() => {
            Err(End::Failed("The emulator was stopped while this crawl was under way. Start the crawler again.".to_owned()))
        }
        Ok(log) => attempt(&cx, &crawl, log).await,
        Err(fault) => Err(fault.clone().into()),
    };
    if let Ok(log) = &mut log {
        last_words(log, &end);
        // The end counts more than its log.
        drop(log.flush().await);
    }
    let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or_default().max(1);
    finish(&cx, &crawl, end, milliseconds);
}

fn last_words(log: &mut Log, end: &Result<Done, End>) {
    match end {
        Ok(_) => log.say("BENCHMARK", "Finished writing to Catalog"),
        Err(End::Stopped) => log.say("INFO", "The crawl was stopped"),
        Err(End::Failed(reason)) => log.say("ERROR", reason),
    }
    log.say("BENCHMARK", "Crawler has finished running and is in state READY");
}

/// Records the end. One DPU is counted: how many a crawl takes is not documented.
fn finish(cx: &Cx, crawl: &Crawl, end: Result<Done, End>, milliseconds: u64) {
    cx.sandbox().meter().count("glue.dpu-milliseconds", milliseconds);
    let recorded = cx.write(|tx| {
        let now = tx.now();
        let (outcome, error, done) = match end {
            Ok(done) => (Outcome::Completed, None, Some(done)),
            Err(End::Stopped) => (Outcome::Stopped, None, None),
            Err(End::Failed(reason)) => (Outcome::Failed, Some(reason), None),
        };
        let (changes, folders) = done.map(|done| (done.changes, done.folders)).unzip();
        tx.update(&CRAWLS, &crawl.row(), |crawl| {
            (crawl.outcome, crawl.error, crawl.ended, crawl.milliseconds) = (outcome, error, Some(now), milliseconds);
            crawl.changes = changes.unwrap_or_default();
        });
        tx.update(&CRAWLERS, &crawl.crawler, |crawler| {
            crawler.state = State::Ready;
            crawler.folders.extend(folders.unwrap_or_default());
        });
        Ok(())
    });
    // A state that takes no write has said so to the client; the task stays in the outbox and is delivered again.
    drop(recorded);
}

async fn attempt(cx: &Cx, crawl: &Crawl, log: &mut Log) -> Result<Done, End> {
    let crawler = cx.read(|tx| find(tx, &crawl.crawler))?;
    let definition = &crawler.definition;
    log.say("BENCHMARK", format_args!("Running Start Crawl for Crawler {}", crawler.name));
    let role = role::assume(cx, &definition.role, "AWSGlueCrawlerSession").map_err(End::Failed)?;
    let as_role = cx.with_caller(role.caller);
    let custom = cx.read(|tx| classifier::all(tx, &definition.classifiers))?;
    // A database that is not there is told before anything is read.
    as_role.read(|tx| Database(&definition.database).tables(tx))?;
    let mut targets = Vec::new();
    for target in &definition.targets {
        targets.push((target, look(&as_role, &crawler, target, &custom, log).await?));
        log.flush().await?;
    }
    log.say("BENCHMARK", format_args!("Classification complete, writing results to database {}", definition.database));
    log.policies(&crawler);
    let folders = targets.iter().flat_map(|(_, seen)| seen.folders.clone()).collect();
    if stopping(cx, &crawler) {
        return Err(End::Stopped);
    }
    let (changes, lines) = as_role.write(|tx| write(tx, &crawler, targets))?;
    lines.iter().for_each(|line| log.say("INFO", line));
    Ok(Done { changes, folders })
}

/// What was seen of a target.
struct Seen {
    files: Vec<File>,
    folders: BTreeSet<String>,
    /// The include path is itself an object.
    is_file: bool,
}

async fn look(cx: &Cx, crawler: &Arc<Crawler>, target: &Target, custom: &[Custom], log: &mut Log) -> Result<Seen, End> {
    let unreachable =
        |fault: AwsError| End::Failed(format!("The S3 path {} can't be read: {} ({})", target.path, fault.message, fault.code));
    let mut objects = source::list(cx, target).await.map_err(unreachable)?;
    let folders = source::folders(target, &objects);
    if incremental(crawler) {
        objects.retain(|object| !crawler.folders.contains(&source::location(target, &object.folders)));
    }
    let is_file = objects.iter().any(|object| object.key == target.prefix);
    let mut files = Vec::new();
    for object in objects {
        if stopping(cx, crawler) {
            return Err(End::Stopped);
        }
        match found(cx, target, &object, custom).await? {
            Ok((found, read)) => {
                if found.as_ref().is_some_and(|found| found.classification == "UNKNOWN") {
                    log.say("WARN", format_args!("s3://{}/{} is UNKNOWN: no classifier knows it", target.bucket, object.key));
                }
                files.push(File { folders: object.folders, name: object.name, size: object.size, read, found });
            }
            Err(Unread(reason)) => log.say("WARN", format_args!("s3://{}/{} is left out: {reason}", target.bucket, object.key)),
        }
    }
    Ok(Seen { files, folders, is_file })
}

/// An object that is gone by now, or that the role may not read, fails the crawl.
async fn found(cx: &Cx, target: &Target, object: &Object, custom: &[Custom]) -> Result<Result<Counted, Unread>, End> {
    if !object.read {
        return Ok(Ok((None, 0)));
    }
    let bytes = source::read(cx, target, object).await?;
    Ok(classify(&bytes.sample(), custom).map(|found| (Some(found), bytes.counted(object))))
}

/// What an object is, and in how much of it the records were counted.
type Counted = (Option<Found>, u64);

/// "Crawl new folders only": from the second crawl on.
fn incremental(crawler: &Crawler) -> bool {
    crawler.definition.recrawl == Recrawl::NewFoldersOnly && !crawler.folders.is_empty()
}

fn write(tx: &mut Tx, crawler: &Crawler, targets: Vec<(&Target, Seen)>) -> AwsResult<(Changes, Vec<String>)> {
    let definition = &crawler.definition;
    let database = Database(&definition.database);
    let mut writer = Writer {
        crawler,
        configuration: Configuration::parse(definition.configuration.as_deref())?,
        tables: database.tables(tx)?,
        database,
        incremental: incremental(crawler),
        seen: Vec::new(),
        changes: Changes::default(),
        lines: Vec::new(),
    };
    let prefix = definition.table_prefix.as_deref().unwrap_or_default();
    for (target, seen) in targets {
        let base = if seen.is_file { target.parent() } else { target.base() };
        for planned in planned(&writer, target, seen) {
            let ready = plan::ready(&planned, &base, prefix, &crawler.name, writer.configuration.inherit);
            writer.write(tx, ready)?;
        }
    }
    writer.gone(tx)?;
    Ok((writer.changes, writer.lines))
}

fn planned(writer: &Writer, target: &Target, seen: Seen) -> Vec<Planned> {
    if seen.is_file {
        return seen.files.into_iter().filter_map(|file| layout::single(file, &[])).collect();
    }
    let holds_tables = |folders: &[String]| {
        let here = source::location(target, folders);
        let below = |table: &serde_json::Value| {
            let location = text(&table["StorageDescriptor"], "Location");
            location.starts_with(&here) && location != here
        };
        writer.incremental && writer.tables.iter().any(below)
    };
    let level = writer.configuration.level.map(|level| level.saturating_sub(target.level()));
    layout::tables(seen.files, &Rules { combine: writer.configuration.combine, level, holds_tables: &holds_tables })
}

fn stopping(cx: &Cx, crawler: &Crawler) -> bool {
    matches!(cx.read(|tx| Ok(tx.get(&CRAWLERS, &crawler.name).map(|crawler| crawler.state))), Ok(Some(State::Stopping)))
}
