//! Crawlers: their definitions, their runs, which really list and read the objects, and what they write into the Data Catalog.
//!
//! Only S3 targets. JDBC, MongoDB, DynamoDB, catalog, Delta, Iceberg and Hudi targets, S3 events, connections, Lake Formation,
//! security configurations and lineage are refused by name.

mod apply;
mod catalog;
mod configuration;
mod crawl;
mod cron;
mod define;
mod definition;
mod exclude;
mod execute;
mod history;
mod layout;
mod metrics;
mod plan;
mod report;
mod schedule;
mod show;
mod source;

use std::sync::Arc;

use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use self::definition::Definition;
use self::schedule::Schedule;
use super::error;
use crate::registry::Service;
use crate::sandbox::{Scope, Table, Tx};

/// By name.
const CRAWLERS: Table<Crawler> = Table::new("glue.crawlers", Scope::Regional);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Crawler {
    name: String,
    definition: Definition,
    schedule: Option<Schedule>,
    state: State,
    created: Timestamp,
    updated: Timestamp,
    version: i64,
    /// Folders that a successful crawl has been through.
    folders: std::collections::BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum State {
    Ready,
    Running,
    Stopping,
}

impl Crawler {
    /// What can't be done while a crawl is under way.
    fn check_ready(&self) -> AwsResult<()> {
        match self.state {
            State::Ready => Ok(()),
            State::Running | State::Stopping => Err(error::crawler_running(&self.name)),
        }
    }
}

pub(super) fn find(tx: &Tx, name: &str) -> AwsResult<Arc<Crawler>> {
    tx.get(&CRAWLERS, name).ok_or_else(|| error::no_such_crawler(name))
}

fn arn(tx: &Tx, name: &str) -> String {
    tx.caller().arn("glue", &format!("crawler/{name}"))
}

/// Adds the operations.
pub(super) fn operations(service: Service) -> Service {
    service
        .op("CreateCrawler", define::create)
        .op("UpdateCrawler", define::update)
        .op("DeleteCrawler", define::delete)
        .read("GetCrawler", show::get)
        .read("GetCrawlers", show::list)
        .read("ListCrawlers", show::names)
        .read("BatchGetCrawlers", show::batch_get)
        .op("StartCrawler", crawl::start)
        .op("StopCrawler", crawl::stop)
        .read("GetCrawlerMetrics", metrics::get)
        .read("ListCrawls", history::list)
        .op("StartCrawlerSchedule", schedule::start)
        .op("StopCrawlerSchedule", schedule::stop)
        .op("UpdateCrawlerSchedule", schedule::update)
        .task("Crawl", execute::execute)
        .task("CrawlOnSchedule", schedule::tick)
}
