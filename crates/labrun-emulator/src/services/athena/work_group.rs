//! Workgroups: who queries with which settings. `primary` is always there.

use std::collections::BTreeMap;
use std::sync::Arc;

use labrun_wire::page::page;
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::error;
use super::query::QUERIES;
use super::settings::{Configuration, EngineVersion, Settings, ShownConfiguration, Updates};
use super::tag::{self, Tag};
use crate::sandbox::{Scope, Table, Tx};

pub(super) const GROUPS: Table<WorkGroup> = Table::new("athena.workgroups", Scope::Regional);

pub(super) const PRIMARY: &str = "primary";
const PAGE: i64 = 50;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct WorkGroup {
    pub(super) name: String,
    description: Option<String>,
    enabled: bool,
    created: Option<Timestamp>,
    pub(super) settings: Settings,
    pub(super) tags: BTreeMap<String, String>,
}

/// A workgroup by its name; `primary` needs no row.
pub(super) fn find(tx: &Tx, name: &str) -> AwsResult<Arc<WorkGroup>> {
    match tx.get(&GROUPS, name) {
        Some(group) => Ok(group),
        None if name == PRIMARY => Ok(Arc::new(primary())),
        None => Err(error::no_work_group(name)),
    }
}

fn primary() -> WorkGroup {
    let (name, settings) = (PRIMARY.to_owned(), Settings::default());
    WorkGroup { name, description: None, enabled: true, created: None, settings, tags: BTreeMap::new() }
}

/// One that takes queries.
pub(super) fn enabled(tx: &Tx, name: &str) -> AwsResult<Arc<WorkGroup>> {
    let group = find(tx, name)?;
    if group.enabled { Ok(group) } else { Err(error::invalid(format!("WorkGroup {name} is disabled."))) }
}

pub(super) fn arn(tx: &Tx, name: &str) -> String {
    tx.caller().arn("athena", &format!("workgroup/{name}"))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    name: String,
    configuration: Option<Configuration>,
    description: Option<String>,
    tags: Option<Vec<Tag>>,
}

#[derive(Serialize)]
pub(super) struct Nothing {}

pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<Nothing> {
    if input.name == PRIMARY || tx.has(&GROUPS, &input.name) {
        return Err(error::invalid("WorkGroup is already created"));
    }
    let settings = input.configuration.map(Settings::new).transpose()?.unwrap_or_default();
    let tags = tag::merged(BTreeMap::new(), input.tags.unwrap_or_default())?;
    let (name, created) = (input.name.clone(), Some(tx.now()));
    let group = WorkGroup { name, description: input.description, enabled: true, created, settings, tags };
    tx.put(&GROUPS, &input.name, group);
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    work_group: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Got {
    work_group: Shown,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    name: String,
    state: &'static str,
    configuration: ShownConfiguration,
    description: Option<String>,
    creation_time: Option<Timestamp>,
}

fn state(group: &WorkGroup) -> &'static str {
    if group.enabled { "ENABLED" } else { "DISABLED" }
}

pub(super) fn get(tx: &Tx, input: Named) -> AwsResult<Got> {
    let group = find(tx, &input.work_group)?;
    Ok(Got {
        work_group: Shown {
            name: group.name.clone(),
            state: state(&group),
            configuration: group.settings.shown(),
            description: group.description.clone(),
            creation_time: group.created,
        },
    })
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
    work_groups: Vec<Summary>,
    next_token: Option<String>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    name: String,
    state: &'static str,
    description: Option<String>,
    creation_time: Option<Timestamp>,
    engine_version: EngineVersion,
}

/// By name.
pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let mut groups: BTreeMap<String, Arc<WorkGroup>> = tx.list(&GROUPS, "").into_iter().collect();
    groups.entry(PRIMARY.to_owned()).or_insert_with(|| Arc::new(primary()));
    let context = "athena.ListWorkGroups";
    let after = after(context, input.next_token.as_deref())?;
    let left = groups.into_values().filter(|group| after.as_ref().is_none_or(|after| group.name > *after));
    let page = page(left, size(input.max_results, PAGE), context, |group| group.name.clone());
    let summary = |group: &Arc<WorkGroup>| Summary {
        name: group.name.clone(),
        state: state(group),
        description: group.description.clone(),
        creation_time: group.created,
        engine_version: group.settings.engine_version(),
    };
    Ok(Listed { work_groups: page.items.iter().map(summary).collect(), next_token: page.next })
}

/// Where a listing goes on.
pub(super) fn after(context: &str, token: Option<&str>) -> AwsResult<Option<String>> {
    let position = |token| labrun_wire::page::position(context, token).ok_or_else(|| error::invalid("Invalid NextToken"));
    token.map(position).transpose()
}

pub(super) fn size(asked: Option<i64>, otherwise: i64) -> usize {
    usize::try_from(asked.filter(|asked| *asked > 0).unwrap_or(otherwise)).unwrap_or(1)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Update {
    work_group: String,
    description: Option<String>,
    configuration_updates: Option<Updates>,
    state: Option<String>,
}

/// Changes what is named, and leaves the rest.
pub(super) fn update(tx: &mut Tx, input: Update) -> AwsResult<Nothing> {
    let mut group = (*find(tx, &input.work_group)?).clone();
    if let Some(updates) = input.configuration_updates {
        group.settings.amend(updates)?;
    }
    group.description = input.description.or(group.description);
    group.enabled = input.state.map_or(group.enabled, |state| state == "ENABLED");
    tx.put(&GROUPS, &input.work_group, group);
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Delete {
    work_group: String,
    recursive_delete_option: Option<bool>,
}

/// With what is in it, if that is asked for; `primary` stays (API Reference, DeleteWorkGroup).
pub(super) fn delete(tx: &mut Tx, input: Delete) -> AwsResult<Nothing> {
    let name = input.work_group;
    find(tx, &name)?;
    if name == PRIMARY {
        return Err(error::invalid("The primary workgroup cannot be deleted."));
    }
    let below = format!("{name}\0");
    let queries = tx.list(&QUERIES, "").into_iter().filter(|(_, query)| query.work_group == name).map(|(id, _)| id);
    let queries: Vec<String> = queries.collect();
    let saved = tx.any(&super::prepared::STATEMENTS, &below) || super::named::any_of(tx, &name);
    if (saved || !queries.is_empty()) && input.recursive_delete_option != Some(true) {
        return Err(error::invalid(format!("WorkGroup {name} is not empty")));
    }
    for id in &queries {
        tx.delete(&QUERIES, id);
    }
    tx.delete_all(&super::prepared::STATEMENTS, &below);
    super::named::forget(tx, &name);
    tx.delete(&GROUPS, &name);
    Ok(Nothing {})
}
