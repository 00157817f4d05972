//! ListCrawls: every crawl of a crawler, newest first.

use labrun_wire::page::{page, position};
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::super::error;
use super::crawl::{self, Crawl, Outcome};
use super::find;
use super::report::{GROUP, stream_name};
use crate::sandbox::Tx;

/// "The default is 20, and maximum is 100."
const PAGE: i64 = 20;
const MOST: i64 = 100;
/// Glue's price list: a crawl is billed for ten minutes at least. How many DPUs it takes is not documented: one is counted.
const LEAST_HOURS: f64 = 10.0 / 60.0;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    crawler_name: String,
    max_results: Option<i64>,
    filters: Option<Vec<Filter>>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    field_name: Option<String>,
    filter_operator: Option<String>,
    field_value: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    crawls: Vec<Shown>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    crawl_id: String,
    state: Outcome,
    start_time: Timestamp,
    end_time: Option<Timestamp>,
    summary: Option<String>,
    error_message: Option<String>,
    log_group: &'static str,
    log_stream: String,
    message_prefix: String,
    #[serde(rename = "DPUHour")]
    dpu_hour: f64,
}

fn dpu_hours(crawl: &Crawl) -> f64 {
    if crawl.ended.is_none() { 0.0 } else { (crawl.milliseconds as f64 / 3_600_000.0).max(LEAST_HOURS) }
}

fn shown(crawl: &Crawl) -> Shown {
    Shown {
        crawl_id: crawl.id.clone(),
        state: crawl.outcome,
        start_time: crawl.started,
        end_time: crawl.ended,
        summary: crawl.changes.summary(),
        error_message: crawl.error.clone(),
        log_group: GROUP,
        log_stream: stream_name(&crawl.crawler),
        message_prefix: crawl.id.clone(),
        dpu_hour: dpu_hours(crawl),
    }
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    find(tx, &input.crawler_name)?;
    let filters = input.filters.unwrap_or_default();
    let context = format!("glue.ListCrawls/{}/{filters:?}", input.crawler_name);
    let before = match input.next_token.as_deref().filter(|token| !token.is_empty()) {
        Some(token) => position(&context, token).and_then(|number| number.parse().ok()).ok_or_else(error::bad_token)?,
        None => u64::MAX,
    };
    let mut found = Vec::new();
    for crawl in crawl::of(tx, &input.crawler_name).into_iter().rev().filter(|crawl| crawl.number < before) {
        if filters.iter().try_fold(true, |all, filter| AwsResult::Ok(all && filter.holds(&crawl)?))? {
            found.push(crawl);
        }
    }
    let size = usize::try_from(input.max_results.unwrap_or(PAGE).min(MOST)).unwrap_or(1);
    let taken = page(found.into_iter(), size, &context, |crawl| crawl.number.to_string());
    Ok(Listed { crawls: taken.items.iter().map(|crawl| shown(crawl)).collect(), next_token: taken.next })
}

impl Filter {
    fn holds(&self, crawl: &Crawl) -> AwsResult<bool> {
        let value = self.field_value.as_deref().unwrap_or_default();
        let field = self.field_name.as_deref().unwrap_or_default();
        let number = || value.parse::<f64>().map_err(|_| error::invalid_input(format!("{value} is no number for {field}.")));
        let state = serde_json::to_value(crawl.outcome).ok().and_then(|state| state.as_str().map(str::to_owned));
        let order = match field {
            "CRAWL_ID" => Some(crawl.id.as_str().cmp(value)),
            "STATE" => state.map(|state| state.as_str().cmp(value)),
            "START_TIME" => (crawl.started.millis() as f64).partial_cmp(&number()?),
            "END_TIME" => match crawl.ended {
                Some(ended) => (ended.millis() as f64).partial_cmp(&number()?),
                None => None,
            },
            "DPU_HOUR" => dpu_hours(crawl).partial_cmp(&number()?),
            _ => return Err(error::invalid_input("A filter needs a FieldName.")),
        };
        let Some(order) = order else { return Ok(false) };
        match self.filter_operator.as_deref() {
            Some("GT") => Ok(order.is_gt()),
            Some("GE") => Ok(order.is_ge()),
            Some("LT") => Ok(order.is_lt()),
            Some("LE") => Ok(order.is_le()),
            Some("EQ") => Ok(order.is_eq()),
            Some("NE") => Ok(order.is_ne()),
            _ => Err(error::invalid_input("A filter needs a FilterOperator.")),
        }
    }
}
