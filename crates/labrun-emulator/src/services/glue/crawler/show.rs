//! Crawlers as the API shows them.

use std::collections::BTreeMap;
use std::sync::Arc;

use labrun_wire::page::page;
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::super::catalog::{after, size};
use super::super::tag;
use super::crawl::{self, Crawl, Outcome};
use super::definition::{Definition, RecrawlPolicy, S3Target, SchemaChangePolicy};
use super::report::{GROUP, stream_name};
use super::schedule::Schedule;
use super::{CRAWLERS, Crawler, State, arn, find};
use crate::sandbox::Tx;

const PAGE: i64 = 100;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shown {
    name: String,
    role: String,
    targets: Targets,
    database_name: String,
    description: Option<String>,
    classifiers: Vec<String>,
    recrawl_policy: RecrawlPolicy,
    schema_change_policy: SchemaChangePolicy,
    lineage_configuration: Lineage,
    state: State,
    table_prefix: Option<String>,
    schedule: Option<ShownSchedule>,
    crawl_elapsed_time: i64,
    creation_time: Timestamp,
    last_updated: Timestamp,
    last_crawl: Option<LastCrawl>,
    version: i64,
    configuration: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Targets {
    s3_targets: Vec<S3Target>,
    jdbc_targets: Vec<()>,
    #[serde(rename = "MongoDBTargets")]
    mongodb_targets: Vec<()>,
    #[serde(rename = "DynamoDBTargets")]
    dynamodb_targets: Vec<()>,
    catalog_targets: Vec<()>,
    delta_targets: Vec<()>,
    iceberg_targets: Vec<()>,
    hudi_targets: Vec<()>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Lineage {
    crawler_lineage_settings: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownSchedule {
    schedule_expression: String,
    state: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LastCrawl {
    status: &'static str,
    error_message: Option<String>,
    log_group: &'static str,
    log_stream: String,
    message_prefix: String,
    start_time: Timestamp,
}

fn last_crawl(crawl: &Crawl) -> LastCrawl {
    let status = match crawl.outcome {
        Outcome::Completed => "SUCCEEDED",
        Outcome::Stopped => "CANCELLED",
        Outcome::Failed | Outcome::Running => "FAILED",
    };
    LastCrawl {
        status,
        error_message: crawl.error.clone(),
        log_group: GROUP,
        log_stream: stream_name(&crawl.crawler),
        message_prefix: crawl.id.clone(),
        start_time: crawl.started,
    }
}

fn targets(definition: &Definition) -> Targets {
    let s3_targets = definition.targets.iter().map(|target| S3Target {
        path: Some(target.path.clone()),
        exclusions: Some(target.exclusions.clone()),
        sample_size: target.sample.and_then(|size| i64::try_from(size).ok()),
    });
    Targets {
        s3_targets: s3_targets.collect(),
        jdbc_targets: Vec::new(),
        mongodb_targets: Vec::new(),
        dynamodb_targets: Vec::new(),
        catalog_targets: Vec::new(),
        delta_targets: Vec::new(),
        iceberg_targets: Vec::new(),
        hudi_targets: Vec::new(),
    }
}

fn shown_schedule(schedule: &Schedule) -> ShownSchedule {
    let state = if schedule.on { "SCHEDULED" } else { "NOT_SCHEDULED" };
    ShownSchedule { schedule_expression: schedule.expression.clone(), state }
}

fn policy(definition: &Definition) -> SchemaChangePolicy {
    SchemaChangePolicy { update_behavior: Some(definition.update), delete_behavior: Some(definition.delete) }
}

fn shown(tx: &Tx, crawler: &Crawler) -> Shown {
    let definition = &crawler.definition;
    let crawls = crawl::of(tx, &crawler.name);
    let running = crawls.last().filter(|crawl| crawl.outcome == Outcome::Running);
    let last = crawls.iter().rev().find(|crawl| crawl.outcome != Outcome::Running);
    Shown {
        name: crawler.name.clone(),
        role: definition.role.clone(),
        targets: targets(definition),
        database_name: definition.database.clone(),
        description: definition.description.clone(),
        classifiers: definition.classifiers.clone(),
        recrawl_policy: RecrawlPolicy { recrawl_behavior: Some(definition.recrawl) },
        schema_change_policy: policy(definition),
        lineage_configuration: Lineage { crawler_lineage_settings: "DISABLE" },
        state: crawler.state,
        table_prefix: definition.table_prefix.clone(),
        schedule: crawler.schedule.as_ref().map(shown_schedule),
        crawl_elapsed_time: running.map_or(0, |crawl| (tx.now().millis() - crawl.started.millis()).max(0)),
        creation_time: crawler.created.whole_second(),
        last_updated: crawler.updated.whole_second(),
        last_crawl: last.map(|crawl| last_crawl(crawl)),
        version: crawler.version,
        configuration: definition.configuration.clone(),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    crawler: Shown,
}

pub(super) fn get(tx: &Tx, input: Named) -> AwsResult<One> {
    Ok(One { crawler: shown(tx, &*find(tx, &input.name)?) })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    crawlers: Vec<Shown>,
    next_token: Option<String>,
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let (found, next_token) = select(tx, "glue.GetCrawlers", input.next_token.as_deref(), input.max_results, |_| true)?;
    Ok(Listed { crawlers: found.iter().map(|crawler| shown(tx, crawler)).collect(), next_token })
}

type Selected = (Vec<Arc<Crawler>>, Option<String>);

pub(super) fn select(
    tx: &Tx,
    context: &str,
    token: Option<&str>,
    most: Option<i64>,
    wanted: impl Fn(&str) -> bool,
) -> AwsResult<Selected> {
    let after = after(context, token.filter(|token| !token.is_empty()))?;
    let mut found = Vec::new();
    tx.each(&CRAWLERS, "", after.as_deref(), |name, crawler| {
        if wanted(name) {
            found.push(crawler);
        }
        true
    });
    let taken = page(found.into_iter(), size(most, PAGE), context, |crawler| crawler.name.clone());
    Ok((taken.items, taken.next))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListNames {
    next_token: Option<String>,
    max_results: Option<i64>,
    tags: Option<BTreeMap<String, String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Names {
    crawler_names: Vec<String>,
    next_token: Option<String>,
}

pub(super) fn names(tx: &Tx, input: ListNames) -> AwsResult<Names> {
    let asked = input.tags.unwrap_or_default();
    let context = format!("glue.ListCrawlers/{asked:?}");
    let tagged = |name: &str| {
        let tags = tag::of(tx, &arn(tx, name));
        asked.iter().all(|(key, value)| tags.get(key) == Some(value))
    };
    let (found, next_token) = select(tx, &context, input.next_token.as_deref(), input.max_results, tagged)?;
    Ok(Names { crawler_names: found.iter().map(|crawler| crawler.name.clone()).collect(), next_token })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Batch {
    crawler_names: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Found {
    crawlers: Vec<Shown>,
    crawlers_not_found: Vec<String>,
}

pub(super) fn batch_get(tx: &Tx, input: Batch) -> AwsResult<Found> {
    let mut answer = Found { crawlers: Vec::new(), crawlers_not_found: Vec::new() };
    for name in input.crawler_names {
        match find(tx, &name) {
            Ok(crawler) => answer.crawlers.push(shown(tx, &crawler)),
            Err(_) => answer.crawlers_not_found.push(name),
        }
    }
    Ok(answer)
}
