//! GetCrawlerMetrics: what crawls took and changed, over all that are remembered.

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};

use super::Crawler;
use super::crawl::{self, Outcome};
use super::show::select;
use crate::sandbox::Tx;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Get {
    crawler_name_list: Option<Vec<String>>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Got {
    crawler_metrics_list: Vec<Metrics>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metrics {
    crawler_name: String,
    time_left_seconds: f64,
    still_estimating: bool,
    last_runtime_seconds: f64,
    median_runtime_seconds: f64,
    tables_created: usize,
    tables_updated: usize,
    tables_deleted: usize,
}

/// Names that no crawler has are left out.
pub(super) fn get(tx: &Tx, input: Get) -> AwsResult<Got> {
    let names = input.crawler_name_list.filter(|names| !names.is_empty());
    let context = format!("glue.GetCrawlerMetrics/{names:?}");
    let wanted = |name: &str| names.as_ref().is_none_or(|names| names.iter().any(|asked| asked == name));
    let (found, next_token) = select(tx, &context, input.next_token.as_deref(), input.max_results, wanted)?;
    Ok(Got { crawler_metrics_list: found.iter().map(|crawler| metrics(tx, crawler)).collect(), next_token })
}

fn metrics(tx: &Tx, crawler: &Crawler) -> Metrics {
    let crawls = crawl::of(tx, &crawler.name);
    let ended: Vec<_> = crawls.iter().filter(|crawl| crawl.outcome != Outcome::Running).collect();
    let mut seconds: Vec<f64> = ended.iter().map(|crawl| crawl.milliseconds as f64 / 1000.0).collect();
    let last = seconds.last().copied().unwrap_or_default();
    seconds.sort_by(f64::total_cmp);
    Metrics {
        crawler_name: crawler.name.clone(),
        time_left_seconds: 0.0,
        still_estimating: ended.len() < crawls.len(),
        last_runtime_seconds: last,
        median_runtime_seconds: seconds.get(seconds.len() / 2).copied().unwrap_or_default(),
        tables_created: ended.iter().map(|crawl| crawl.changes.tables_added.len()).sum(),
        tables_updated: ended.iter().map(|crawl| crawl.changes.tables_updated.len()).sum(),
        tables_deleted: ended.iter().map(|crawl| crawl.changes.tables_deleted.len()).sum(),
    }
}
