//! Crawls: begun, stopped, and what is remembered of them. What happens in between is `execute`'s.

use std::sync::Arc;

use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::super::catalog::Nothing;
use super::super::error;
use super::report::Changes;
use super::{CRAWLERS, State, find};
use crate::sandbox::{Scope, Table, Tx};

/// By crawler and number.
pub(super) const CRAWLS: Table<Crawl> = Table::new("glue.crawls", Scope::Regional);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Crawl {
    /// Which is also what its log lines begin with.
    pub(super) id: String,
    pub(super) crawler: String,
    pub(super) number: u64,
    pub(super) outcome: Outcome,
    pub(super) started: Timestamp,
    pub(super) ended: Option<Timestamp>,
    pub(super) error: Option<String>,
    pub(super) changes: Changes,
    pub(super) milliseconds: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Outcome {
    Running,
    Completed,
    Failed,
    Stopped,
}

pub(super) fn row(crawler: &str, number: u64) -> String {
    format!("{crawler}\0{number:010}")
}

impl Crawl {
    pub(super) fn row(&self) -> String {
        row(&self.crawler, self.number)
    }
}

/// Oldest first.
pub(super) fn of(tx: &Tx, crawler: &str) -> Vec<Arc<Crawl>> {
    tx.list(&CRAWLS, &format!("{crawler}\0")).into_iter().map(|(_, crawl)| crawl).collect()
}

/// API reference, ListCrawls: "only retains up to 12 months of crawls".
const KEPT: i64 = 365 * 24 * 3600 * 1000;

/// Forgets old crawls; the last one stays, for it is what GetCrawler shows.
fn forget_old(tx: &mut Tx, crawls: &[Arc<Crawl>]) {
    let since = tx.now().plus_millis(-KEPT);
    let (_, before) = crawls.split_last().unzip();
    for crawl in before.unwrap_or_default().iter().filter(|crawl| crawl.started < since) {
        tx.delete(&CRAWLS, &crawl.row());
    }
}

pub(super) fn forget(tx: &mut Tx, crawler: &str) {
    tx.delete_all(&CRAWLS, &format!("{crawler}\0"));
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    name: String,
}

pub(super) fn start(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    find(tx, &input.name)?.check_ready()?;
    begin(tx, &input.name)?;
    Ok(Nothing {})
}

/// Records the crawl; the outbox starts it.
pub(super) fn begin(tx: &mut Tx, name: &str) -> AwsResult<()> {
    let crawls = of(tx, name);
    forget_old(tx, &crawls);
    let number = crawls.last().map_or(1, |crawl| crawl.number + 1);
    let crawl = Crawl {
        id: tx.ids().uuid(),
        crawler: name.to_owned(),
        number,
        outcome: Outcome::Running,
        started: tx.now(),
        ended: None,
        error: None,
        changes: Changes::default(),
        milliseconds: 0,
    };
    tx.update(&CRAWLERS, name, |crawler| crawler.state = State::Running);
    tx.later("glue", "Crawl", format!("glue crawler {name}"), json!({"crawler": name, "number": number}));
    tx.put(&CRAWLS, &row(name, number), crawl);
    Ok(())
}

/// Marks the crawler STOPPING; `execute` sees it.
pub(super) fn stop(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    match find(tx, &input.name)?.state {
        State::Ready => Err(error::crawler_not_running(&input.name)),
        State::Stopping => Err(error::crawler_stopping(&input.name)),
        State::Running => {
            tx.update(&CRAWLERS, &input.name, |crawler| crawler.state = State::Stopping);
            Ok(Nothing {})
        }
    }
}
