//! A crawler's schedule, in the sandbox's time: a task of the outbox for its next moment, which makes the one after it.

use labrun_wire::{AwsError, AwsResult};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::super::catalog::Nothing;
use super::super::error;
use super::cron::Cron;
use super::{CRAWLERS, Crawler, State, crawl, find};
use crate::sandbox::outbox::Task;
use crate::sandbox::{Cx, Tx};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Schedule {
    pub(super) expression: String,
    pub(super) on: bool,
    /// Which task holds: those of schedules that were changed or stopped find another mark here.
    mark: String,
}

impl Schedule {
    pub(super) fn new(tx: &Tx, expression: String) -> AwsResult<Self> {
        Cron::parse(&expression)?;
        Ok(Schedule { expression, on: true, mark: tx.ids().hex(16) })
    }
}

/// Sees to it that the next moment is not missed.
pub(super) fn arm(tx: &mut Tx, crawler: &Crawler) {
    let Some(schedule) = crawler.schedule.as_ref().filter(|schedule| schedule.on) else { return };
    let next = Cron::parse(&schedule.expression).ok().and_then(|cron| cron.after(tx.now()));
    if let Some(next) = next {
        tx.at(next, "glue", "CrawlOnSchedule", json!({"crawler": crawler.name, "mark": schedule.mark}));
    }
}

/// The moment has come. A crawler that still runs is left alone.
pub(super) async fn tick(cx: Cx, task: Task) {
    let name = task.payload["crawler"].as_str().unwrap_or_default();
    let mark = task.payload["mark"].as_str().unwrap_or_default();
    let ticked = cx.write(|tx| {
        let Ok(found) = find(tx, name) else { return Ok(()) };
        let mut crawler = (*found).clone();
        let Some(schedule) = crawler.schedule.as_mut().filter(|schedule| schedule.on && schedule.mark == mark) else {
            return Ok(());
        };
        // A task that is delivered twice counts once.
        schedule.mark = tx.ids().hex(16);
        arm(tx, &crawler);
        let ready = crawler.state == State::Ready;
        tx.put(&CRAWLERS, name, crawler);
        if ready { crawl::begin(tx, name) } else { Ok(()) }
    });
    // If this can't be written, nothing can, and whoever writes next is told.
    drop(ticked);
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    crawler_name: String,
}

pub(super) fn start(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    switch(tx, &input.crawler_name, true, error::schedule_running)
}

pub(super) fn stop(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    switch(tx, &input.crawler_name, false, error::schedule_not_running)
}

fn switch(tx: &mut Tx, name: &str, on: bool, refused: fn(&str) -> AwsError) -> AwsResult<Nothing> {
    let mut crawler = (*find(tx, name)?).clone();
    let mark = tx.ids().hex(16);
    match crawler.schedule.as_mut() {
        None if on => return Err(error::no_schedule(name)),
        None => return Err(refused(name)),
        Some(schedule) if schedule.on == on => return Err(refused(name)),
        Some(schedule) => (schedule.on, schedule.mark) = (on, mark),
    }
    arm(tx, &crawler);
    tx.put(&CRAWLERS, name, crawler);
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Update {
    crawler_name: String,
    schedule: Option<String>,
}

/// Without an expression the crawler has no schedule any more.
pub(super) fn update(tx: &mut Tx, input: Update) -> AwsResult<Nothing> {
    let mut crawler = (*find(tx, &input.crawler_name)?).clone();
    crawler.schedule = match input.schedule.filter(|text| !text.is_empty()) {
        Some(text) => Some(Schedule::new(tx, text)?),
        None => None,
    };
    crawler.updated = tx.now();
    crawler.version += 1;
    arm(tx, &crawler);
    tx.put(&CRAWLERS, &input.crawler_name, crawler);
    Ok(Nothing {})
}
