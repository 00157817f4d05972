//! Crawlers made, changed and deleted. Unlike UpdateJob, UpdateCrawler leaves what it is not sent.

use std::collections::{BTreeMap, BTreeSet};

use labrun_wire::AwsResult;
use serde::Deserialize;

use super::super::catalog::{CatalogId, Nothing};
use super::super::{error, tag};
use super::definition::{Parts, RecrawlPolicy, SchemaChangePolicy, Targets};
use super::schedule::{self, Schedule};
use super::{CRAWLERS, Crawler, State, arn, crawl, find};
use crate::sandbox::Tx;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    name: String,
    role: Option<String>,
    database_name: Option<String>,
    description: Option<String>,
    targets: Option<Targets>,
    schedule: Option<String>,
    classifiers: Option<Vec<String>>,
    table_prefix: Option<String>,
    schema_change_policy: Option<SchemaChangePolicy>,
    recrawl_policy: Option<RecrawlPolicy>,
    configuration: Option<String>,
    tags: Option<BTreeMap<String, String>>,
    #[serde(default)]
    catalog_id: CatalogId,
}

impl Create {
    fn parts(self) -> Parts {
        Parts {
            role: self.role,
            database: self.database_name,
            description: self.description,
            targets: Some(self.targets.unwrap_or_default()),
            classifiers: self.classifiers,
            table_prefix: self.table_prefix,
            policy: self.schema_change_policy,
            recrawl: self.recrawl_policy,
            configuration: self.configuration,
        }
    }
}

pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<Nothing> {
    input.catalog_id.check(tx, "CreateCrawler")?;
    if tx.has(&CRAWLERS, &input.name) {
        return Err(error::crawler_exists(&input.name));
    }
    let (name, now) = (input.name.clone(), tx.now());
    let tags = tag::checked(input.tags.clone().unwrap_or_default())?;
    let schedule = input.schedule.clone().filter(|text| !text.is_empty()).map(|text| Schedule::new(tx, text)).transpose()?;
    let crawler = Crawler {
        name: name.clone(),
        definition: input.parts().applied(tx, None)?,
        schedule,
        state: State::Ready,
        created: now,
        updated: now,
        version: 1,
        folders: BTreeSet::new(),
    };
    let arn = arn(tx, &name);
    tag::set(tx, &arn, tags);
    schedule::arm(tx, &crawler);
    tx.put(&CRAWLERS, &name, crawler);
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Update {
    name: String,
    role: Option<String>,
    database_name: Option<String>,
    description: Option<String>,
    targets: Option<Targets>,
    schedule: Option<String>,
    classifiers: Option<Vec<String>>,
    table_prefix: Option<String>,
    schema_change_policy: Option<SchemaChangePolicy>,
    recrawl_policy: Option<RecrawlPolicy>,
    configuration: Option<String>,
    #[serde(default)]
    catalog_id: CatalogId,
}

pub(super) fn update(tx: &mut Tx, input: Update) -> AwsResult<Nothing> {
    input.catalog_id.check(tx, "UpdateCrawler")?;
    let mut crawler = (*find(tx, &input.name)?).clone();
    crawler.check_ready()?;
    let parts = Parts {
        role: input.role,
        database: input.database_name,
        description: input.description,
        targets: input.targets,
        classifiers: input.classifiers,
        table_prefix: input.table_prefix,
        policy: input.schema_change_policy,
        recrawl: input.recrawl_policy,
        configuration: input.configuration,
    };
    crawler.definition = parts.applied(tx, Some(&crawler.definition))?;
    crawler.version += 1;
    crawler.updated = tx.now();
    if let Some(text) = input.schedule {
        crawler.schedule = if text.is_empty() { None } else { Some(Schedule::new(tx, text)?) };
        schedule::arm(tx, &crawler);
    }
    tx.put(&CRAWLERS, &input.name, crawler);
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    name: String,
}

/// What it made stays in the Data Catalog.
pub(super) fn delete(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    find(tx, &input.name)?.check_ready()?;
    crawl::forget(tx, &input.name);
    let arn = arn(tx, &input.name);
    tag::set(tx, &arn, BTreeMap::new());
    tx.delete(&CRAWLERS, &input.name);
    Ok(Nothing {})
}
