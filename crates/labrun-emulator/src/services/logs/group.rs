//! Log groups: made, found, kept for a time, removed.

use std::collections::BTreeMap;
use std::sync::Arc;

use labrun_wire::AwsResult;
use labrun_wire::page::{page, position};
use serde::{Deserialize, Serialize};

use super::event::BATCHES;
use super::stream::STREAMS;
use super::{error, tag};
use crate::sandbox::{Scope, Table, Tx};

const GROUPS: Table<Group> = Table::new("logs.groups", Scope::Regional);

/// What a listing gives where nothing else is asked.
pub(super) const PAGE: i64 = 50;

const DAY_MILLIS: i64 = 86_400_000;

/// API Reference, PutRetentionPolicy.
const RETENTIONS: [i64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) name: String,
    created: i64,
    retention_days: Option<i64>,
    pub(super) tags: BTreeMap<String, String>,
    /// The number of the next batch of events: it orders what came at the same time.
    pub(super) next_batch: i64,
}

impl Group {
    /// Events before this moment are gone.
    pub(super) fn keeps_from(&self, tx: &Tx) -> i64 {
        self.retention_days.map_or(0, |days| tx.now().millis() - days * DAY_MILLIS)
    }

    fn stored_bytes(&self, tx: &Tx) -> i64 {
        let below = format!("{}\0", self.name);
        if self.retention_days.is_none() {
            return tx.list(&STREAMS, &below).iter().map(|(_, stream)| stream.bytes).sum();
        }
        let from = self.keeps_from(tx);
        tx.list(&BATCHES, &below).iter().map(|(_, batch)| batch.bytes_from(from)).sum()
    }
}

pub(super) fn named(tx: &Tx, name: &str) -> AwsResult<Arc<Group>> {
    tx.get(&GROUPS, name).ok_or_else(error::no_group)
}

pub(super) fn change(tx: &mut Tx, name: &str, change: impl FnOnce(&mut Group)) -> AwsResult<()> {
    if tx.update(&GROUPS, name, change) { Ok(()) } else { Err(error::no_group()) }
}

pub(super) fn arn(tx: &Tx, name: &str) -> String {
    tx.caller().arn("logs", &format!("log-group:{name}"))
}

/// The group of a request that may name it in either of two members.
pub(super) fn of(tx: &Tx, name: Option<&str>, identifier: Option<&str>) -> AwsResult<Arc<Group>> {
    match (name, identifier) {
        (Some(_), Some(_)) => Err(error::invalid("LogGroup name and LogGroup identifier are mutually exclusive parameters.")),
        (Some(name), None) => named(tx, name),
        (None, Some(identifier)) => identified(tx, identifier),
        (None, None) => Err(error::invalid("Must provide either a LogGroup name or a LogGroup identifier.")),
    }
}

/// A group by its name or its ARN.
fn identified(tx: &Tx, identifier: &str) -> AwsResult<Arc<Group>> {
    if !identifier.starts_with("arn:") {
        return named(tx, identifier);
    }
    let name = identifier.strip_prefix(&arn(tx, "")).ok_or_else(error::no_group)?;
    named(tx, name)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Create {
    log_group_name: String,
    tags: Option<BTreeMap<String, String>>,
}

#[derive(Serialize)]
pub(super) struct Nothing {}

pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<Nothing> {
    let name = input.log_group_name;
    if name.to_lowercase().starts_with("aws/") {
        return Err(error::invalid("Log groups starting with AWS/ are reserved for AWS."));
    }
    if tx.has(&GROUPS, &name) {
        return Err(error::group_exists());
    }
    let tags = tag::merged(&name, &BTreeMap::new(), input.tags.unwrap_or_default())?;
    let group = Group { name: name.clone(), created: tx.now().millis(), retention_days: None, tags, next_batch: 0 };
    tx.put(&GROUPS, &name, group);
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Named {
    log_group_name: String,
}

pub(super) fn delete(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    let name = named(tx, &input.log_group_name)?.name.clone();
    tx.delete_all(&BATCHES, &format!("{name}\0"));
    tx.delete_all(&STREAMS, &format!("{name}\0"));
    tx.delete(&GROUPS, &name);
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Retention {
    log_group_name: String,
    retention_in_days: i64,
}

pub(super) fn put_retention(tx: &mut Tx, input: Retention) -> AwsResult<Nothing> {
    let days = input.retention_in_days;
    if !RETENTIONS.contains(&days) {
        let known: Vec<String> = RETENTIONS.iter().map(i64::to_string).collect();
        return Err(error::invalid(format!(
            "1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: \
             Member must satisfy enum value set: [{}]",
            known.join(", ")
        )));
    }
    change(tx, &input.log_group_name, |group| group.retention_days = Some(days))?;
    Ok(Nothing {})
}

pub(super) fn delete_retention(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    change(tx, &input.log_group_name, |group| group.retention_days = None)?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Describe {
    log_group_name_prefix: Option<String>,
    log_group_name_pattern: Option<String>,
    log_group_identifiers: Option<Vec<String>>,
    log_group_class: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Described {
    log_groups: Vec<Shown>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    log_group_name: String,
    creation_time: i64,
    arn: String,
    log_group_arn: Option<String>,
    retention_in_days: Option<i64>,
    metric_filter_count: Option<i64>,
    stored_bytes: Option<i64>,
    log_group_class: Option<&'static str>,
}

fn shown(tx: &Tx, group: &Group, whole: bool) -> Shown {
    let log_group_arn = arn(tx, &group.name);
    Shown {
        log_group_name: group.name.clone(),
        creation_time: group.created,
        arn: format!("{log_group_arn}:*"),
        log_group_arn: whole.then_some(log_group_arn),
        retention_in_days: group.retention_days.filter(|_| whole),
        metric_filter_count: whole.then_some(0),
        stored_bytes: whole.then(|| group.stored_bytes(tx)),
        log_group_class: whole.then_some(CLASS),
    }
}

/// The only class here.
const CLASS: &str = "STANDARD";

/// In the order of names; with a pattern, name, ARN and creation alone (API Reference, DescribeLogGroups).
pub(super) fn describe(tx: &Tx, input: Describe) -> AwsResult<Described> {
    let Describe { log_group_name_prefix: prefix, log_group_name_pattern: pattern, log_group_identifiers: ids, .. } = &input;
    if prefix.is_some() && pattern.is_some() {
        let message = "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.";
        return Err(error::invalid(message));
    }
    if ids.is_some() && (prefix.is_some() || pattern.is_some() || input.log_group_class.is_some()) {
        return Err(error::invalid("LogGroup identifiers cannot be combined with other filters."));
    }
    let context = format!("logs.DescribeLogGroups {prefix:?} {pattern:?} {ids:?} {:?}", input.log_group_class);
    let after = after(&context, input.next_token.as_deref())?;
    let standard = input.log_group_class.as_deref().is_none_or(|class| class == CLASS);
    let names: Option<Vec<String>> =
        ids.as_ref().map(|ids| ids.iter().filter_map(|id| identified(tx, id).ok()).map(|group| group.name.clone()).collect());
    let mut found = Vec::new();
    tx.each(&GROUPS, prefix.as_deref().unwrap_or_default(), after.as_deref(), |_, group| {
        let fits = pattern.as_ref().is_none_or(|pattern| group.name.contains(pattern.as_str()));
        if standard && fits && names.as_ref().is_none_or(|names| names.contains(&group.name)) {
            found.push(group);
        }
        true
    });
    let page = page(found.into_iter(), size(input.limit, PAGE), &context, |group| group.name.clone());
    let log_groups = page.items.iter().map(|group| shown(tx, group, pattern.is_none())).collect();
    Ok(Described { log_groups, next_token: page.next })
}

/// Where a listing goes on.
pub(super) fn after(context: &str, token: Option<&str>) -> AwsResult<Option<String>> {
    token.map(|token| position(context, token).ok_or_else(error::invalid_token)).transpose()
}

pub(super) fn size(limit: Option<i64>, otherwise: i64) -> usize {
    usize::try_from(limit.unwrap_or(otherwise)).unwrap_or(1)
}
