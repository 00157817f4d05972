//! Workgroups: who queries with which settings. `primary` is always there.

use std::collections::BTreeMap;
use std::sync::Arc;

use labrun_wire::page::page;
use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::error;
use super::query::QUERIES;
use super::tag::{self, Tag};
use crate::sandbox::{Scope, Table, Tx};

pub(super) const GROUPS: Table<WorkGroup> = Table::new("athena.workgroups", Scope::Regional);

pub(super) const PRIMARY: &str = "primary";
const AUTO: &str = "AUTO";
/// What runs, whatever is selected.
pub(super) const ENGINE: &str = "Athena engine version 3";
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

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Settings {
    pub(super) output_location: Option<String>,
    /// Whether these settings win over those of a query.
    pub(super) enforced: bool,
    metrics: bool,
    requester_pays: bool,
    /// What was selected; AUTO where nothing was.
    engine: Option<String>,
}

impl Settings {
    pub(super) fn engine_version(&self) -> EngineVersion {
        EngineVersion {
            selected_engine_version: self.engine.clone().unwrap_or_else(|| AUTO.to_owned()),
            effective_engine_version: Some(ENGINE.to_owned()),
        }
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EngineVersion {
    selected_engine_version: String,
    effective_engine_version: Option<String>,
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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    result_configuration: Option<ResultConfiguration>,
    enforce_work_group_configuration: Option<bool>,
    #[serde(rename = "PublishCloudWatchMetricsEnabled")]
    publish_metrics: Option<bool>,
    requester_pays_enabled: Option<bool>,
    engine_version: Option<EngineVersion>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResultConfiguration {
    output_location: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Nothing {}

pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<Nothing> {
    if input.name == PRIMARY || tx.has(&GROUPS, &input.name) {
        return Err(error::invalid("WorkGroup is already created"));
    }
    let mut settings = Settings::default();
    if let Some(given) = input.configuration {
        settings.enforced = given.enforce_work_group_configuration.unwrap_or_default();
        settings.metrics = given.publish_metrics.unwrap_or_default();
        settings.requester_pays = given.requester_pays_enabled.unwrap_or_default();
        settings.engine = given.engine_version.map(selected).transpose()?;
        settings.output_location = given.result_configuration.and_then(|result| result.output_location);
    }
    settings.output_location.as_deref().map(check_location).transpose()?;
    let tags = tag::merged(BTreeMap::new(), input.tags.unwrap_or_default())?;
    let (name, created) = (input.name.clone(), Some(tx.now()));
    let group = WorkGroup { name, description: input.description, enabled: true, created, settings, tags };
    tx.put(&GROUPS, &input.name, group);
    Ok(Nothing {})
}

/// The version that is asked for, if it is one that Athena has.
fn selected(version: EngineVersion) -> AwsResult<String> {
    match version.selected_engine_version.as_str() {
        AUTO | ENGINE => Ok(version.selected_engine_version),
        other => Err(error::invalid(format!("Engine version {other} is not supported here; labrun runs {ENGINE}."))),
    }
}

/// Results go to a bucket, `s3://bucket/` and perhaps a prefix.
pub(super) fn check_location(location: &str) -> AwsResult<()> {
    let bucket = location.strip_prefix("s3://").and_then(|path| path.split('/').next());
    if bucket.is_some_and(|bucket| !bucket.is_empty()) { Ok(()) } else { Err(error::bad_output_location()) }
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

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownConfiguration {
    result_configuration: ShownResult,
    enforce_work_group_configuration: bool,
    #[serde(rename = "PublishCloudWatchMetricsEnabled")]
    publish_metrics: bool,
    requester_pays_enabled: bool,
    engine_version: EngineVersion,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownResult {
    output_location: Option<String>,
}

fn state(group: &WorkGroup) -> &'static str {
    if group.enabled { "ENABLED" } else { "DISABLED" }
}

pub(super) fn get(tx: &Tx, input: Named) -> AwsResult<Got> {
    let group = find(tx, &input.work_group)?;
    let settings = &group.settings;
    Ok(Got {
        work_group: Shown {
            name: group.name.clone(),
            state: state(&group),
            configuration: ShownConfiguration {
                result_configuration: ShownResult { output_location: settings.output_location.clone() },
                enforce_work_group_configuration: settings.enforced,
                publish_metrics: settings.metrics,
                requester_pays_enabled: settings.requester_pays,
                engine_version: settings.engine_version(),
            },
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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Updates {
    enforce_work_group_configuration: Option<bool>,
    result_configuration_updates: Option<ResultUpdates>,
    #[serde(rename = "PublishCloudWatchMetricsEnabled")]
    publish_metrics: Option<bool>,
    requester_pays_enabled: Option<bool>,
    engine_version: Option<EngineVersion>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResultUpdates {
    output_location: Option<String>,
    remove_output_location: Option<bool>,
}

/// Changes what is named, and leaves the rest.
pub(super) fn update(tx: &mut Tx, input: Update) -> AwsResult<Nothing> {
    let mut group = (*find(tx, &input.work_group)?).clone();
    if let Some(updates) = input.configuration_updates {
        amend(&mut group.settings, updates)?;
    }
    group.description = input.description.or(group.description);
    group.enabled = input.state.map_or(group.enabled, |state| state == "ENABLED");
    tx.put(&GROUPS, &input.work_group, group);
    Ok(Nothing {})
}

fn amend(settings: &mut Settings, updates: Updates) -> AwsResult<()> {
    settings.enforced = updates.enforce_work_group_configuration.unwrap_or(settings.enforced);
    settings.metrics = updates.publish_metrics.unwrap_or(settings.metrics);
    settings.requester_pays = updates.requester_pays_enabled.unwrap_or(settings.requester_pays);
    if let Some(version) = updates.engine_version {
        settings.engine = Some(selected(version)?);
    }
    if let Some(result) = updates.result_configuration_updates {
        if result.remove_output_location == Some(true) {
            settings.output_location = None;
        }
        if let Some(location) = result.output_location {
            check_location(&location)?;
            settings.output_location = Some(location);
        }
    }
    Ok(())
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

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Versions {
    engine_versions: Vec<EngineVersion>,
    next_token: Option<String>,
}

pub(super) fn engine_versions(_: &Tx, _: List) -> AwsResult<Versions> {
    let version = |selected: &str| EngineVersion {
        selected_engine_version: selected.to_owned(),
        effective_engine_version: Some(ENGINE.to_owned()),
    };
    Ok(Versions { engine_versions: vec![version(AUTO), version(ENGINE)], next_token: None })
}
